/** All derivations over one estate, as the dossiers want them. */
import type { Location } from '../../model/exposure.js';
import type { Consumer, Resource } from '../dossier.js';
import type { Estate } from '../estate.js';
import type { Fact } from '../fact.js';
import { ownersOf } from './owners/owners.js';

export interface DerivedFacts {
  readonly facts: readonly Fact[];
  /** By fingerprint. */
  readonly consumers: ReadonlyMap<string, readonly Consumer[]>;
  readonly resources: ReadonlyMap<string, readonly Resource[]>;
  readonly containerOf: (location: Location) => string | undefined;
}

export async function deriveFacts(estate: Estate): Promise<DerivedFacts> {
  const owners = await ownersOf(estate);
  return { facts: owners, consumers: new Map(), resources: new Map(), containerOf: () => undefined };
}
