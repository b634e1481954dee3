/** Names that link the repositories of one owner: those that say enough (`N3`), and those of its whole organisation (`N4`). */
import type { Exposure } from '../../../model/exposure.js';
import type { InventoryEntry, OrganisationSecret } from '../../imports.js';
import { sortedSet } from '../../order.js';
import { isSpecificName } from './names.js';
import type { NamedValue, Repository } from './repository.js';

/** A name that stands for more values than this tells nothing about any of them. */
export const mostValues: number = 64;

/** Names that say enough to link the repositories of one owner. */
export class OwnerNames {
  readonly #values = new Map<string, NamedValue[]>();
  readonly #owners = new Set<string>();

  add(repository: Repository): void {
    if (repository.owner === '') return;
    for (const [name, values] of repository.names) {
      if (!isSpecificName(name)) continue;
      const key = `${repository.owner} ${name}`;
      this.#owners.add(repository.owner);
      const known = this.#values.get(key) ?? [];
      this.#values.set(key, known);
      for (const value of values) known.push(value);
    }
  }

  hasAny({ owner }: Repository): boolean {
    return this.#owners.has(owner);
  }

  valuesOf({ owner }: Repository, name: string): readonly NamedValue[] {
    const values = this.#values.get(`${owner} ${name}`) ?? [];
    return values.length > mostValues ? [] : values;
  }
}

/** Entries of the inventory that were matched to a secret. */
export type EntriesOf = (exposure: Exposure) => readonly InventoryEntry[];

/** CI secrets that somebody stated to be kept for a whole organisation. */
export class OrganisationNames {
  /** By name. */
  readonly #stated = new Map<string, OrganisationSecret[]>();
  /** By id of the entry. */
  readonly #ofEntries = new Map<string, string[]>();
  /** By owner and name: values seen under it, whatever the name says. */
  readonly #seen = new Map<string, Set<string>>();

  constructor(secrets: readonly OrganisationSecret[], exposures: readonly Exposure[], entriesOf: EntriesOf) {
    for (const secret of secrets) {
      this.#stated.set(secret.name, [...(this.#stated.get(secret.name) ?? []), secret]);
    }
    const named = new Set(secrets.flatMap(({ entry }) => entry ?? []));
    for (const exposure of named.size === 0 ? [] : exposures) {
      for (const { id } of entriesOf(exposure)) {
        if (named.has(id))
          this.#ofEntries.set(id, [...(this.#ofEntries.get(id) ?? []), exposure.fingerprint]);
      }
    }
  }

  add({ owner, names }: Repository): void {
    for (const name of this.#stated.keys()) {
      for (const { copy, isReplaced } of names.get(name) ?? []) {
        if (isReplaced || copy.current === 'former') continue;
        for (const key of [`${owner} ${name}`, ` ${name}`]) {
          this.#seen.set(key, (this.#seen.get(key) ?? new Set()).add(copy.fingerprint));
        }
      }
    }
  }

  get isEmpty(): boolean {
    return this.#stated.size === 0;
  }

  /** Fingerprints that a name means in the pipelines of a repository. */
  valuesOf({ owner }: Repository, name: string): readonly string[] {
    const secrets = (this.#stated.get(name) ?? []).filter(
      ({ organisation }) => organisation === undefined || organisation === owner,
    );
    return sortedSet(
      secrets.flatMap(({ entry, organisation = '' }) =>
        entry === undefined
          ? [...(this.#seen.get(`${organisation} ${name}`) ?? [])]
          : (this.#ofEntries.get(entry) ?? []),
      ),
    );
  }
}
