/**
 * Consumers of secrets by the files that hold or name them: who uses which, and the container of each copy. Every file
 * is read once and gives the names that it asks for; those are looked up among the names under which values were seen.
 */
import type { Location } from '../../../model/exposure.js';
import type { Consumer } from '../../dossier.js';
import type { Estate } from '../../estate.js';
import { environmentVocabulary } from '../environments/words.js';
import { ConsumerBook } from './consumer-book.js';
import { containerOfRecord, filePathOf } from './containers.js';
import { declaredConsumers, vaultReaders, withDeclared } from './declared.js';
import { type EntriesOf, OrganisationNames, OwnerNames } from './owner-names.js';
import { gatherRepositories, type Repository, readCopies } from './repository.js';
import { RepositoryReader } from './repository-reader.js';

export interface ConsumerFindings {
  /** By fingerprint; sorted by name. */
  readonly consumers: ReadonlyMap<string, readonly Consumer[]>;
  /** Container rule of a copy, `C1` ... `C23`. */
  readonly containerOf: (location: Location) => string | undefined;
}

/** Adds what inventory and vault map declare. */
function allConsumers(
  estate: Estate,
  found: ReadonlyMap<string, readonly Consumer[]>,
  entriesOf: EntriesOf,
): ReadonlyMap<string, readonly Consumer[]> {
  const readersOf = vaultReaders(estate);
  const all = new Map<string, readonly Consumer[]>();
  for (const exposure of estate.exposures) {
    const declared = entriesOf(exposure).flatMap((entry) => declaredConsumers(entry, estate.now));
    const own = withDeclared(found.get(exposure.fingerprint) ?? [], [...declared, ...readersOf(exposure)]);
    if (own.length > 0) all.set(exposure.fingerprint, own);
  }
  return all;
}

/** Texts of files with copies that are kept for the second look; the others are read again. */
const mostKeptCharacters = 32 * 1024 * 1024;

/** What was read at the first look, as long as it is little. */
class KeptTexts {
  readonly #texts = new Map<Repository, ReadonlyMap<string, string>>();
  #characters = 0;

  keep(repository: Repository, texts: ReadonlyMap<string, string>): void {
    let characters = 0;
    for (const text of texts.values()) characters += text.length;
    if (this.#characters + characters > mostKeptCharacters) return;
    this.#characters += characters;
    this.#texts.set(repository, texts);
  }

  take(repository: Repository): ReadonlyMap<string, string> {
    const texts = this.#texts.get(repository) ?? new Map<string, string>();
    this.#texts.delete(repository);
    return texts;
  }
}

/** Reader of the container of a copy; of a repository only what its paths are is kept. */
function containerReader(repositories: readonly Repository[]): ConsumerFindings['containerOf'] {
  const rules = new Map(repositories.map(({ place, rules: ofPath }) => [place, ofPath]));
  return (location) => {
    const record = containerOfRecord(location);
    if (record !== undefined) return record;
    const path = filePathOf(location);
    return path === undefined ? undefined : rules.get(location.place)?.get(path);
  };
}

/** Consumers of all secrets, and the container of each copy. */
export async function deriveConsumers(
  estate: Estate,
  entriesOf: EntriesOf = () => [],
): Promise<ConsumerFindings> {
  const repositories = gatherRepositories(estate);
  const book = new ConsumerBook({
    now: estate.now,
    vocabulary: environmentVocabulary(estate.imports.environments),
  });
  const ofOwner = new OwnerNames();
  const { organisationSecrets } = estate.imports;
  const ofOrganisation = new OrganisationNames(organisationSecrets, estate.exposures, entriesOf);
  const kept = new KeptTexts();
  for (const repository of repositories) {
    kept.keep(repository, await readCopies(repository));
    ofOwner.add(repository);
    ofOrganisation.add(repository);
  }
  for (const repository of repositories) {
    await new RepositoryReader(repository, book, ofOwner, ofOrganisation).read(kept.take(repository));
    for (const { path } of repository.copies) repository.ruleOf(path);
  }
  const found = book.consumers(estate.exposures.map(({ fingerprint }) => fingerprint));
  return {
    consumers: allConsumers(estate, found, entriesOf),
    containerOf: containerReader(repositories),
  };
}
