/** Places with files: the copies in them, the names under which values were seen, and readers of what is there now. */
import type { Location } from '../../../model/exposure.js';
import type { Consumer } from '../../dossier.js';
import type { Estate, FilesView } from '../../estate.js';
import { codePointOrder, deepOrder, sortedSet } from '../../order.js';
import { type Components, componentsOf } from './components.js';
import {
  type ContainerRule,
  containerOfPath,
  containerOfRecord,
  containerOfText,
  filePathOf,
  isTemplate,
  isTestPath,
  mayBeRefined,
} from './containers.js';
import { nameOnLine } from './lines.js';
import { isLookedUp } from './names.js';
import { includedFiles } from './readers/gitlab-ci.js';
import { folderOf, type SourceFile } from './workload.js';

/** A copy in a file of a repository or folder. */
export interface FileCopy {
  readonly fingerprint: string;
  readonly location: Location;
  readonly path: string;
  /** `yes`: at the tip that can be read; `unknown`: at another branch's tip; `former`: in history. */
  readonly current: Consumer['current'];
}

/** A value seen under a name. */
export interface NamedValue {
  readonly copy: FileCopy;
  readonly component: string;
  /** The same name in the same file holds another value now. */
  readonly isReplaced: boolean;
}

/** A place with files: what stands in it, and how to read it. */
export class Repository {
  readonly place: string;
  readonly name: string;
  readonly view: FilesView | undefined;
  readonly components: Components;
  readonly charts: ReadonlySet<string>;
  readonly copies: FileCopy[] = [];
  readonly names: Map<string, NamedValue[]> = new Map();
  readonly rules: Map<string, ContainerRule | undefined> = new Map();

  constructor(place: string, name: string, view: FilesView | undefined) {
    this.place = place;
    this.name = withoutHost(name);
    this.view = view;
    const paths = view?.paths ?? [];
    this.components = componentsOf(paths);
    this.charts = new Set(paths.filter((path) => /(?:^|\/)Chart\.ya?ml$/.test(path)).map(folderOf));
  }

  /** Owner of the repository: names link the repositories of one. */
  get owner(): string {
    const slash = this.name.indexOf('/');
    return slash < 0 ? '' : this.name.slice(0, slash);
  }

  /** True when a copy stands in a document that may store settings for others. */
  get hasDocuments(): boolean {
    return this.copies.some(({ path, current }) => current === 'yes' && /\.(?:ya?ml|json)$/.test(path));
  }

  ruleOf(path: string): ContainerRule | undefined {
    if (!this.rules.has(path)) this.rules.set(path, containerOfPath(path, this.charts));
    return this.rules.get(path);
  }

  file(path: string, text = ''): SourceFile {
    return {
      repository: this.name,
      path,
      text,
      lines: text === '' ? [] : text.split(/\r\n|\n|\r/),
      component: this.components.of(path),
    };
  }
}

/** `github.com/acme/api` is called `acme/api`. */
function withoutHost(name: string): string {
  return name.replace(/^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?\/(?=.)/i, '').replace(/\.git$/, '');
}

function currentOf({ appearance, status }: Location): Consumer['current'] {
  if (status.status === 'vanished') return 'former';
  if (appearance.locationKind === 'git-head') return 'yes';
  if (appearance.type === 'git-blob') {
    return appearance.locationKind === 'git-other-tip' || appearance.locationKind === 'git-staged'
      ? 'unknown'
      : 'former';
  }
  return 'yes';
}

export function gatherRepositories(estate: Estate): readonly Repository[] {
  const repositories = new Map<string, Repository>();
  for (const exposure of estate.exposures) {
    for (const location of exposure.locations) {
      const path = filePathOf(location);
      // A notebook's output stands in a file, yet nothing reads it from there.
      if (path === undefined || containerOfRecord(location) !== undefined) continue;
      const repository =
        repositories.get(location.place) ??
        new Repository(location.place, location.placeName, estate.files.get(location.place));
      repositories.set(location.place, repository);
      repository.copies.push({
        fingerprint: exposure.fingerprint,
        location,
        path,
        current: currentOf(location),
      });
    }
  }
  for (const { copies } of repositories.values()) copies.sort(copyOrder);
  return [...repositories.values()].sort((a, b) => codePointOrder(a.place, b.place));
}

/** The same order whatever the order of the database's rows. */
function copyOrder(a: FileCopy, b: FileCopy): number {
  return (
    codePointOrder(a.path, b.path) ||
    a.location.position.line - b.location.position.line ||
    codePointOrder(a.fingerprint, b.fingerprint) ||
    deepOrder(a.location, b.location)
  );
}

export function copiesByPath(copies: readonly FileCopy[]): ReadonlyMap<string, readonly FileCopy[]> {
  const byPath = new Map<string, FileCopy[]>();
  for (const copy of copies) {
    const known = byPath.get(copy.path);
    if (known === undefined) byPath.set(copy.path, [copy]);
    else known.push(copy);
  }
  return byPath;
}

/** Names that one copy was seen under. @param lines of the file now; empty when it is not there */
function namesOf({ location, current }: FileCopy, lines: readonly string[]): readonly string[] {
  const { slot, position } = location;
  const assigned = current === 'yes' ? nameOnLine(lines[position.line - 1] ?? '') : undefined;
  // `postgres-url` is how the value stands there, not what it is called.
  const own = slot === undefined || slot.endsWith('-url') ? [] : [slot, slot.split(/[.#/]/).at(-1)];
  return sortedSet([...own, assigned].filter((name) => name !== undefined && isLookedUp(name)) as string[]);
}

/** Learns under which names the copies of one file were seen. */
function nameCopies(
  repository: Repository,
  path: string,
  copies: readonly FileCopy[],
  lines: readonly string[],
): void {
  // What a template or a test calls so is not what runs under that name.
  // Nor what a tree of others' code does.
  if (isTemplate(path) || isTestPath(path) || repository.ruleOf(path) === 'C21') return;
  const seen = copies.flatMap((copy) => namesOf(copy, lines).map((name) => ({ name, copy })));
  const held = new Map<string, Set<string>>();
  for (const { name, copy } of seen) {
    if (copy.current === 'yes') held.set(name, (held.get(name) ?? new Set()).add(copy.fingerprint));
  }
  const component = repository.components.of(path);
  for (const { name, copy } of seen) {
    const now = held.get(name);
    const isReplaced = copy.current === 'former' && now !== undefined && !now.has(copy.fingerprint);
    const known = repository.names.get(name) ?? [];
    repository.names.set(name, known);
    known.push({ copy, component, isReplaced });
  }
}

/** Reads files with copies: corrects what their paths say, and learns the names of their values. */
export async function readCopies(repository: Repository): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  await readIncludes(repository);
  const present = new Set(repository.view?.paths ?? []);
  const byPath = copiesByPath(repository.copies);
  for (const path of [...byPath.keys()].sort(codePointOrder)) {
    const copies = byPath.get(path) ?? [];
    const text = present.has(path) ? await repository.view?.read(path) : undefined;
    if (text !== undefined) {
      texts.set(path, text);
      refine(repository, path, text);
    }
    nameCopies(repository, path, copies, text === undefined ? [] : repository.file(path, text).lines);
  }
  return texts;
}

export function refine(repository: Repository, path: string, text: string): void {
  const rule = repository.ruleOf(path);
  if (!mayBeRefined(path, rule)) return;
  repository.rules.set(path, containerOfText(path, text) ?? rule);
}

/** A file that a pipeline includes is a pipeline, whatever it is called. */
async function readIncludes(repository: Repository): Promise<void> {
  if (repository.view?.paths.includes('.gitlab-ci.yml') !== true) return;
  const text = await repository.view.read('.gitlab-ci.yml');
  for (const path of text === undefined ? [] : includedFiles(text)) repository.rules.set(path, 'C2');
}
