/** What building dossiers shares over all secrets of a run: indexes, slots, relations, ranks. Made once. */
import { factAttributes, secretSubject } from '../attributes.js';
import { type PlaceBook, placeBook } from '../derive/copies.js';
import type { ContainerOf } from '../derive/copy-facts.js';
import { principalGroups } from '../derive/principal.js';
import { relationsOf } from '../derive/relations.js';
import { timeOf } from '../derive/sighting-dates.js';
import { type SlotHistory, slotHistory } from '../derive/slots.js';
import type { Consumer, Resource, SecretRelation } from '../dossier.js';
import type { Estate } from '../estate.js';
import type { Fact } from '../fact.js';
import { choose, FactIndex } from '../facts/choose.js';
import type { Party } from '../imports.js';
import { environmentRanks, type RankOf } from '../measure/environments.js';
import { liveKeyHashes } from '../measure/lifetime.js';
import { codePointOrder } from '../order.js';

export interface DossierOptions {
  /** Names the container rule of a location; without it copies have none. */
  readonly containerOf?: ContainerOf;
}

/** What is the same for all secrets of a run. */
export interface Workshop {
  readonly estate: Estate;
  readonly now: number;
  readonly index: FactIndex;
  readonly consumers: ReadonlyMap<string, readonly Consumer[]>;
  readonly resources: ReadonlyMap<string, readonly Resource[]>;
  readonly containerOf: ContainerOf | undefined;
  readonly book: PlaceBook;
  readonly slots: SlotHistory;
  /** Secrets that took, or lost, a slot. */
  readonly rotatedInPlace: ReadonlySet<string>;
  readonly returned: ReadonlySet<string>;
  readonly relations: ReadonlyMap<string, readonly SecretRelation[]>;
  readonly liveKeys: ReadonlySet<string>;
  readonly known: ReadonlySet<string>;
  /** By key of a principal: values that nobody attested dead. */
  readonly activeValues: ReadonlyMap<string, number>;
  readonly rankOf: RankOf;
  readonly parties: ReadonlyMap<string, Party>;
}

/** By id, handle and address; the lowest id wins where two parties share one. */
function partyBook(parties: readonly Party[]): ReadonlyMap<string, Party> {
  const book = new Map<string, Party>();
  for (const party of [...parties].sort((a, b) => codePointOrder(b.id, a.id))) {
    for (const name of [...party.handles, ...party.emails]) book.set(name.toLowerCase(), party);
  }
  for (const party of parties) book.set(party.id.toLowerCase(), party);
  return book;
}

function activeCounts(estate: Estate, index: FactIndex): ReadonlyMap<string, number> {
  const isDead = (fingerprint: string): boolean => {
    const about = index.about(secretSubject(fingerprint));
    return choose(about.filter(({ attribute }) => attribute === factAttributes.liveness)).value === 'dead';
  };
  const dead = new Set(estate.exposures.map(({ fingerprint }) => fingerprint as string).filter(isDead));
  const groups = principalGroups(estate.exposures);
  return new Map(
    [...groups].map(([key, members]) => [
      key,
      members.filter((fingerprint) => !dead.has(fingerprint)).length,
    ]),
  );
}

export function workshopOf(
  estate: Estate,
  facts: readonly Fact[],
  consumers: Workshop['consumers'],
  resources: Workshop['resources'],
  { containerOf }: DossierOptions,
): Workshop {
  const now = timeOf(estate.now);
  if (now === undefined) throw new TypeError('the time of the estate is no RFC 3339 date');
  const index = new FactIndex(facts);
  const slots = slotHistory(estate.exposures);
  return {
    estate,
    now,
    index,
    consumers,
    resources,
    containerOf,
    book: placeBook(estate),
    slots,
    rotatedInPlace: new Set(slots.successions.flatMap(({ from, to }) => [from, to])),
    returned: new Set([...slots.returned.values()].flatMap((fingerprints) => [...fingerprints])),
    relations: relationsOf(estate, slots),
    liveKeys: liveKeyHashes(estate.exposures, now),
    known: new Set(estate.exposures.map(({ fingerprint }) => fingerprint)),
    activeValues: activeCounts(estate, index),
    rankOf: environmentRanks(estate.imports.environments),
    parties: partyBook(estate.imports.parties),
  };
}
