/** All derivations over one estate, as the dossiers want them. */
import type { Exposure } from '../../model/exposure.js';
import type { Consumer, Resource } from '../dossier.js';
import type { Estate } from '../estate.js';
import type { Fact } from '../fact.js';
import type { InventoryEntry } from '../imports.js';
import { deriveConsumers } from './consumers/derive-consumers.js';
import type { ContainerOf } from './copy-facts.js';
import { declaredFactsReader } from './declared-facts.js';
import { environmentsReader } from './environments/environments.js';
import { readInfrastructure } from './infrastructure/infrastructure.js';
import { entryOf, inventoryMatcher } from './inventory-match.js';
import { ownersReader } from './owners/owners.js';
import { resourcesReader } from './resources/derive-resources.js';

export interface SecretDerivations {
  readonly facts: readonly Fact[];
  /** By fingerprint. */
  readonly resources: ReadonlyMap<string, readonly Resource[]>;
}

export interface Derivations {
  /** Of all secrets, by fingerprint: who uses one secret may show in the files of another's place. */
  readonly consumers: ReadonlyMap<string, readonly Consumer[]>;
  readonly containerOf: ContainerOf;
  /** Of some secrets; those of a large estate together would not fit into memory. */
  of(exposures: readonly Exposure[]): Promise<SecretDerivations>;
}

export interface DerivedFacts extends SecretDerivations {
  readonly consumers: ReadonlyMap<string, readonly Consumer[]>;
  readonly containerOf: ContainerOf;
}

/** Reads what concerns all secrets; the rest is derived when asked. */
export async function openDerivations(estate: Estate): Promise<Derivations> {
  const matchOf = inventoryMatcher(estate);
  const entriesOf = (exposure: Exposure): readonly InventoryEntry[] => {
    const entry = entryOf(matchOf(exposure));
    return entry === undefined ? [] : [entry];
  };
  const declared = declaredFactsReader(estate, matchOf);
  const infrastructure = await readInfrastructure(estate);
  const owners = ownersReader(estate, infrastructure.creationsOf);
  const environments = environmentsReader(estate);
  const resources = resourcesReader(estate, entriesOf, infrastructure.resourcesOf);
  const { consumers, containerOf } = await deriveConsumers(estate, entriesOf);
  return {
    consumers,
    containerOf,
    of: async (exposures) => ({
      facts: [
        ...declared(exposures),
        ...(await owners(exposures)),
        ...(await environments(exposures)),
        ...infrastructure.facts(exposures, (fingerprint) => consumers.get(fingerprint) ?? []),
      ],
      resources: await resources(exposures),
    }),
  };
}

export async function deriveFacts(estate: Estate): Promise<DerivedFacts> {
  const { consumers, containerOf, of } = await openDerivations(estate);
  return { ...(await of(estate.exposures)), consumers, containerOf };
}
