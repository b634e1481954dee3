/** Who owns a path after the CODEOWNERS file of its repository. */
import type { FilesView } from '../../estate.js';
import {
  type CodeownersDialect,
  type CodeownersRule,
  type CodeownersSection,
  parseCodeowners,
} from './codeowners-syntax.js';
import { matchesGlob } from './glob.js';

/** Where each host looks, first found first read, and only that one. */
const lookUp: Readonly<Record<CodeownersDialect, readonly string[]>> = {
  github: ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'],
  gitlab: ['CODEOWNERS', 'docs/CODEOWNERS', '.gitlab/CODEOWNERS'],
  bitbucket: ['.bitbucket/CODEOWNERS'],
};
/** Larger files are ignored, as GitHub does. */
const mostBytes = 3_000_000;

/** What the file says of a path. */
export interface CodeOwnership {
  /** As written, in order; empty: taken out on purpose. */
  readonly owners: readonly string[];
  /** Path of the file, line and pattern of the rule that decides. */
  readonly file: string;
  readonly line: number;
  readonly pattern: string;
  readonly isUnowned: boolean;
  /** Only an optional section names them. */
  readonly isOptional: boolean;
}

export interface CodeownersFile {
  readonly path: string;
  readonly dialect: CodeownersDialect;
  /** Undefined when no rule speaks of the path, or the one that does names nobody who can be told. */
  ownersOf(path: string): CodeOwnership | undefined;
}

function hostByName(name: string): CodeownersDialect | undefined {
  const found = /(?:^|[^a-z])(github|gitlab|bitbucket)(?:$|[^a-z])/i.exec(name);
  return found?.[1]?.toLowerCase() as CodeownersDialect | undefined;
}

/** The host by what only it reads; undefined when nothing tells. */
function hostByFiles(paths: ReadonlySet<string>, list: readonly string[]): CodeownersDialect | undefined {
  if (paths.has('.bitbucket/CODEOWNERS') || paths.has('bitbucket-pipelines.yml')) return 'bitbucket';
  if (paths.has('.gitlab/CODEOWNERS') || paths.has('.gitlab-ci.yml')) return 'gitlab';
  return list.some((path) => path.startsWith('.github/')) ? 'github' : undefined;
}

const gitLabHeading = /^\^?\[[^\]\n]+\](?:\[\d+\])?[ \t]*(?:@|\r?$)/m;

/** Finds and reads the file. @param place name of the repository, which may hold its host */
export async function findCodeowners(files: FilesView, place: string): Promise<CodeownersFile | undefined> {
  const paths = new Set(files.paths);
  // A repository may carry files of two hosts; its name is the better witness.
  const host = hostByName(place) ?? hostByFiles(paths, files.paths);
  const candidates = host === undefined ? Object.values(lookUp).flat() : lookUp[host];
  const path = candidates.find((candidate) => paths.has(candidate));
  if (path === undefined) return undefined;
  const text = await files.read(path, mostBytes);
  if (text === undefined) return undefined;
  const dialect = host ?? (gitLabHeading.test(text) ? 'gitlab' : 'github');
  return openCodeowners(text, dialect, path);
}

/** The rules of a section by the first name of their patterns: most files have one rule a folder. */
class SectionIndex {
  readonly #byHead = new Map<string, number[]>();
  readonly #anywhere: number[] = [];

  readonly section: CodeownersSection;

  constructor(section: CodeownersSection) {
    this.section = section;
    section.rules.forEach(({ glob }, index) => {
      if (glob.head === undefined) this.#anywhere.push(index);
      else {
        const known = this.#byHead.get(glob.head);
        if (known === undefined) this.#byHead.set(glob.head, [index]);
        else known.push(index);
      }
    });
  }

  /** The rule that decides: an exclusion wherever it stands, else the last that matches. */
  decide(names: readonly string[]): CodeownersRule | undefined {
    let best = -1;
    for (const list of [this.#byHead.get(names[0] ?? '') ?? [], this.#anywhere]) {
      for (let i = list.length - 1; i >= 0; i--) {
        const index = list[i] ?? -1;
        const rule = this.section.rules[index];
        if (rule === undefined || (index < best && !rule.isExclusion)) continue;
        if (!matchesGlob(rule.glob, names)) continue;
        if (rule.isExclusion) return rule;
        best = Math.max(best, index);
      }
    }
    return this.section.rules[best];
  }
}

/** A file whose text is known. */
export function openCodeowners(text: string, dialect: CodeownersDialect, path: string): CodeownersFile {
  const sections = parseCodeowners(text, dialect).map((section) => new SectionIndex(section));
  const known = new Map<string, CodeOwnership | undefined>();
  const find = (target: string): CodeOwnership | undefined => {
    const names = target.split('/');
    const decisions = sections.flatMap((index) => {
      const rule = index.decide(names);
      return rule === undefined ? [] : [{ rule, isOptional: index.section.isOptional }];
    });
    return ownershipOf(decisions, path);
  };
  return {
    path,
    dialect,
    ownersOf: (target) => {
      if (!known.has(target)) known.set(target, find(target));
      return known.get(target);
    },
  };
}

interface Decision {
  readonly rule: CodeownersRule;
  readonly isOptional: boolean;
}

/** Every section adds its owners; those of an optional one count where no other names any. */
function ownershipOf(decisions: readonly Decision[], file: string): CodeOwnership | undefined {
  const named = decisions.filter(({ rule }) => rule.owners.length > 0);
  const required = named.filter(({ isOptional }) => !isOptional);
  const counting = required.length > 0 ? required : named;
  // A section that excludes a path says nothing for the others.
  const unowning = decisions.filter(({ rule }) => !rule.isNameless);
  const decisive = counting[0] ?? (unowning.length === decisions.length ? unowning[0] : undefined);
  if (decisive === undefined) return undefined;
  return {
    owners: [...new Set(counting.flatMap(({ rule }) => rule.owners))],
    file,
    line: decisive.rule.line,
    pattern: `${decisive.rule.isExclusion ? '!' : ''}${decisive.rule.pattern}`,
    isUnowned: counting.length === 0,
    isOptional: counting.length > 0 && required.length === 0,
  };
}
