/** All derivations over one estate, as the dossiers want them. */
import type { Consumer, Resource } from '../dossier.js';
import type { Estate } from '../estate.js';
import type { Fact } from '../fact.js';
import { containerKey } from './consumers/containers.js';
import { deriveConsumers } from './consumers/derive-consumers.js';
import type { ContainerOf } from './copy-facts.js';
import { environmentsOf } from './environments/environments.js';
import { ownersOf } from './owners/owners.js';
import { deriveResources } from './resources/derive-resources.js';

export interface DerivedFacts {
  readonly facts: readonly Fact[];
  /** By fingerprint. */
  readonly consumers: ReadonlyMap<string, readonly Consumer[]>;
  readonly resources: ReadonlyMap<string, readonly Resource[]>;
  readonly containerOf: ContainerOf;
}

export async function deriveFacts(estate: Estate): Promise<DerivedFacts> {
  const owners = await ownersOf(estate);
  const environments = await environmentsOf(estate);
  const { consumers, containers } = await deriveConsumers(estate);
  return {
    facts: [...owners, ...environments],
    consumers,
    resources: await deriveResources(estate),
    containerOf: (location) => containers.get(containerKey(location)),
  };
}
