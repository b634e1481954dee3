/** Who uses what in one repository: each file is read once, and what it asks for looked up among the names of values seen. */
import type { ConsumerBook, Use } from './consumer-book.js';
import { type ContainerRule, isTemplate } from './containers.js';
import { isSpecificName } from './names.js';
import { mostValues, type OrganisationNames, type OwnerNames } from './owner-names.js';
import { pathWorkloads } from './path-workload.js';
import { asksByName, workloadsOf } from './read-workloads.js';
import { Replacements } from './replacements.js';
import { copiesByPath, type FileCopy, type NamedValue, type Repository, refine } from './repository.js';
import { folderOf, type Reference, type SourceFile, type StoredObject, type Workload } from './workload.js';

/** Narrowest workloads that a line belongs to; all of the file when it stands outside of each. */
function workloadsAt(
  workloads: readonly Workload[],
  line: number,
  rule: ContainerRule | undefined,
): readonly Workload[] {
  const around = workloads.filter(
    ({ from = 1, to = Number.POSITIVE_INFINITY }) => from <= line && line <= to,
  );
  // What stands beside the sources of a notebook is output, which nothing reads.
  return around.length > 0 || rule === 'C19' ? around : workloads;
}

/** What a file at the tip asks for. */
interface Request {
  readonly repository: Repository;
  readonly file: SourceFile;
  readonly workload: Workload;
  readonly reference: Reference;
}

/** How a request led to a secret. */
interface Link {
  readonly rule: 'N1' | 'N3' | 'N4';
  readonly confidence: 'asserted' | 'strong' | 'probable' | 'weak';
  readonly isReplaced: boolean;
  readonly note: string;
}

/** A copy in a Secret or ConfigMap: whoever reads the object uses it. */
interface StoredCopy {
  readonly copy: FileCopy;
  readonly store: StoredObject;
  readonly workload: Workload;
  isRead: boolean;
}

/** Reads the files of one repository and notes who uses what. */
export class RepositoryReader {
  readonly #repository: Repository;
  readonly #book: ConsumerBook;
  readonly #ofOwner: OwnerNames;
  readonly #ofOrganisation: OrganisationNames;
  readonly #byPath: ReadonlyMap<string, readonly FileCopy[]>;
  /** By kind and name. */
  readonly #stored = new Map<string, StoredCopy[]>();
  readonly #replacements = new Replacements();
  /** Objects may be defined behind those that read them. */
  readonly #objectRequests: Request[] = [];

  constructor(
    repository: Repository,
    book: ConsumerBook,
    ofOwner: OwnerNames,
    ofOrganisation: OrganisationNames,
  ) {
    this.#repository = repository;
    this.#book = book;
    this.#ofOwner = ofOwner;
    this.#ofOrganisation = ofOrganisation;
    this.#byPath = copiesByPath(repository.copies);
  }

  /** @param texts files that were read before */
  async read(texts: ReadonlyMap<string, string>): Promise<void> {
    for (const path of this.#repository.view?.paths ?? []) {
      if (isTemplate(path) || !this.#isWanted(path)) continue;
      const text = texts.get(path) ?? (await this.#repository.view?.read(path));
      if (text !== undefined) this.#readFile(path, text);
    }
    for (const request of this.#objectRequests) this.#addStored(request);
    this.#addUnreadStores();
    this.#addUnread();
    for (const [fingerprint, workload, use] of this.#replacements.uses((name) => this.#valuesOf(name))) {
      this.#book.add(fingerprint, workload, use);
    }
  }

  /** Values that run under a name now, here or elsewhere at the same owner. */
  #valuesOf(name: string): readonly string[] {
    const repository = this.#repository;
    const values = repository.names.get(name) ?? this.#ofOwner.valuesOf(repository, name);
    const current = values.filter(({ isReplaced, copy }) => !isReplaced && copy.current !== 'former');
    return current.length > mostValues ? [] : current.map(({ copy }) => copy.fingerprint);
  }

  #add(fingerprint: string, workload: Workload, use: Use): void {
    this.#replacements.used(fingerprint, workload, use);
    this.#book.add(fingerprint, workload, use);
  }

  #isWanted(path: string): boolean {
    if (this.#currentCopies(path).length > 0) return true;
    const repository = this.#repository;
    const rule = repository.ruleOf(path);
    if (!asksByName(rule)) return false;
    if (!this.#ofOrganisation.isEmpty) return true;
    return repository.names.size > 0 || this.#ofOwner.hasAny(repository) || repository.hasDocuments;
  }

  #currentCopies(path: string): readonly FileCopy[] {
    return (this.#byPath.get(path) ?? []).filter(({ current }) => current === 'yes');
  }

  #readFile(path: string, text: string): void {
    const repository = this.#repository;
    refine(repository, path, text);
    const file = repository.file(path, text);
    const rule = repository.ruleOf(path);
    const workloads = workloadsOf(rule, file, repository.components);
    for (const copy of this.#currentCopies(path)) {
      for (const workload of workloadsAt(workloads, copy.location.position.line, rule)) {
        this.#addLiteral(copy, workload);
      }
    }
    for (const workload of workloads) {
      this.#replacements.note(workload);
      for (const reference of workload.references) {
        this.#addReference({ repository, file, workload, reference });
      }
    }
  }

  #addLiteral(copy: FileCopy, workload: Workload): void {
    const store = workload.stores;
    if (store === undefined) {
      this.#addUse(copy, workload);
      return;
    }
    const key = `${store.kind} ${store.name}`;
    const known = this.#stored.get(key) ?? [];
    this.#stored.set(key, known);
    known.push({ copy, store, workload, isRead: false });
  }

  #addUse(copy: FileCopy, workload: Workload): void {
    const rule = this.#repository.ruleOf(copy.path);
    const { appearance, position } = copy.location;
    const commit = appearance.type === 'git-blob' ? appearance.introduced?.id : undefined;
    const sureness = workload.confidence ?? 'strong';
    this.#add(copy.fingerprint, workload, {
      how: 'literal',
      current: copy.current,
      rules: rule === undefined ? [] : [rule],
      confidence: copy.current !== 'yes' && sureness === 'strong' ? 'probable' : sureness,
      path: copy.path,
      place: this.#repository.place,
      line: position.line,
      ...(commit === undefined ? {} : { commit }),
    });
  }

  #addReference(request: Request): void {
    const { file, name, object } = request.reference;
    if (object !== undefined) this.#objectRequests.push(request);
    else if (file !== undefined) this.#addNamedFile(request, file);
    else if (name !== undefined) this.#addNamed(request, name);
  }

  #addNamed(request: Request, name: string): void {
    const { file, reference } = request;
    const values = this.#repository.names.get(name);
    for (const value of nearest(values ?? [], file)) {
      const { copy } = value;
      const isItself = copy.path === file.path && copy.location.position.line === reference.line;
      const confidence = isItself ? undefined : nearness(request, name, value);
      if (confidence === undefined) continue;
      const { isReplaced } = value;
      this.#addRequest(request, copy.fingerprint, {
        rule: 'N1',
        confidence,
        isReplaced,
        note: `asks for ${name}`,
      });
    }
    if (reference.isBare === true || this.#addOrganisations(request, name) || values !== undefined) return;
    for (const { copy, isReplaced } of this.#ofOwner.valuesOf(this.#repository, name)) {
      this.#addRequest(request, copy.fingerprint, {
        rule: 'N3',
        confidence: 'weak',
        isReplaced,
        note: `asks for ${name}`,
      });
    }
  }

  /** What a pipeline gets under a name that is one for the whole organisation. */
  #addOrganisations(request: Request, name: string): boolean {
    if (request.workload.kind !== 'ci') return false;
    const fingerprints = this.#ofOrganisation.valuesOf(this.#repository, name);
    const note = `asks for ${name}, a secret of the organisation`;
    for (const fingerprint of fingerprints) {
      this.#addRequest(request, fingerprint, {
        rule: 'N4',
        confidence: 'asserted',
        isReplaced: false,
        note,
      });
    }
    return fingerprints.length > 0;
  }

  /** All settings of a file are handed to a workload: `env_file`, `EnvironmentFile`. */
  #addNamedFile(request: Request, path: string): void {
    // Of a path on a machine only the end can be the repository's.
    const end = path.split('/').slice(-2).join('/');
    const isOnMachine = path.startsWith('/');
    const paths = isOnMachine
      ? [...this.#byPath.keys()].filter((known) => known === end || known.endsWith(`/${end}`))
      : [path];
    for (const copy of paths.flatMap((known) => this.#byPath.get(known) ?? [])) {
      if (isTemplate(copy.path)) continue;
      this.#addRequest(request, copy.fingerprint, {
        rule: 'N1',
        confidence: isOnMachine ? 'probable' : 'strong',
        isReplaced: copy.current === 'former',
        note: 'names the file',
      });
    }
  }

  #addStored(request: Request): void {
    const { object, key } = request.reference;
    if (object === undefined) return;
    for (const stored of this.#stored.get(`${object.kind} ${object.name}`) ?? []) {
      const name = stored.copy.location.slot?.split('.').at(-1);
      const isOtherKey = key !== undefined && name !== undefined && name !== key;
      if (isOtherKey || !mayBeSameNamespace(stored.store, object)) continue;
      stored.isRead = true;
      this.#addRequest(request, stored.copy.fingerprint, {
        rule: 'N1',
        confidence: 'strong',
        isReplaced: false,
        note: `reads ${object.kind} ${object.name}`,
      });
    }
  }

  #addRequest({ file, workload, reference }: Request, fingerprint: string, link: Link): void {
    const rule = this.#repository.ruleOf(file.path);
    this.#add(fingerprint, workload, {
      how: 'reference',
      current: link.isReplaced ? 'former' : 'yes',
      rules: [...(rule === undefined ? [] : [rule]), link.rule],
      confidence: link.confidence,
      place: this.#repository.place,
      path: file.path,
      line: reference.line,
      note: link.note,
    });
  }

  /** A Secret that nothing in the repository reads stands for readers elsewhere. */
  #addUnreadStores(): void {
    for (const { copy, workload, isRead } of [...this.#stored.values()].flat()) {
      if (!isRead) this.#addUse(copy, workload);
    }
  }

  /** Copies in files that cannot be read now: their paths must do. */
  #addUnread(): void {
    const repository = this.#repository;
    const present = new Set(repository.view?.paths ?? []);
    for (const copy of repository.copies) {
      if (isTemplate(copy.path) || (copy.current === 'yes' && present.has(copy.path))) continue;
      const rule = repository.ruleOf(copy.path);
      const file = repository.file(copy.path);
      for (const workload of pathWorkloads(rule, file, repository.components, copy.location.slot)) {
        this.#addUse(copy, workload);
      }
    }
  }
}

function isWithin(folder: string, other: string): boolean {
  return folder === other || other === '' || folder.startsWith(`${other}/`);
}

/** How sure it is that a name means the value seen under it in the same repository; undefined when it does not. */
function nearness(
  { repository, file, workload, reference }: Request,
  name: string,
  value: NamedValue,
): Link['confidence'] | undefined {
  const isSameComponent = value.component === file.component;
  if (reference.isBare === true) return isSameComponent ? 'weak' : undefined;
  const [own, other] = [folderOf(file.path), folderOf(value.copy.path)];
  if (repository.ruleOf(file.path) === 'C9' && !isWithin(own, other) && !isWithin(other, own))
    return undefined;
  // `password` means something only near by; a variable of the environment is the same all over the repository.
  const isNear = isSameComponent && (isWithin(own, other) || isWithin(other, own));
  if (!/[A-Z]/.test(name) && !isSpecificName(name) && !isNear) return undefined;
  // What a pipeline gets under a name is stored elsewhere and may differ.
  const isSure = workload.kind !== 'ci' && isSameComponent && repository.components.hasManifest(file.path);
  return isSure ? 'strong' : 'probable';
}

/** A component that has a value of its own under a name asks for that one. */
function nearest(values: readonly NamedValue[], { component }: SourceFile): readonly NamedValue[] {
  const own = values.filter((value) => value.component === component && value.copy.current === 'yes');
  const near = own.length > 0 ? own : values;
  return near.length > mostValues ? [] : near;
}

/** A namespace that one of the documents leaves open is no difference. */
function mayBeSameNamespace(a: StoredObject, b: StoredObject): boolean {
  return a.namespace === undefined || b.namespace === undefined || a.namespace === b.namespace;
}
