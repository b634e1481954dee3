/** What building dossiers shares over all secrets of a run: indexes, slots, relations, ranks. Made once. */
import type { Exposure } from '../../model/exposure.js';
import { type PlaceBook, placeBook } from '../derive/copies.js';
import type { ContainerOf } from '../derive/copy-facts.js';
import { presentHeirs } from '../derive/heirs.js';
import { relationsOf } from '../derive/relations.js';
import { timeOf } from '../derive/sighting-dates.js';
import { type SlotHistory, slotHistory } from '../derive/slots.js';
import { type ValidValues, validValuesReader } from '../derive/valid-values.js';
import type { Consumer, Resource, SecretRelation } from '../dossier.js';
import type { Estate } from '../estate.js';
import type { FactIndex } from '../facts/choose.js';
import type { ProviderRow } from '../facts/provider-table.js';
import type { Liveness, Party } from '../imports.js';
import { environmentRanks, type RankOf } from '../measure/environments.js';
import { liveKeyHashes } from '../measure/lifetime.js';
import { codePointOrder } from '../order.js';

export interface DossierOptions {
  /** Names the container rule of a location; without it copies have none. */
  readonly containerOf?: ContainerOf;
}

/** What all secrets of a run show together. */
export interface SharedWorkshop {
  readonly estate: Estate;
  readonly now: number;
  readonly consumers: ReadonlyMap<string, readonly Consumer[]>;
  readonly containerOf: ContainerOf | undefined;
  readonly book: PlaceBook;
  readonly slots: SlotHistory;
  /** Secrets that took, or lost, a slot. */
  readonly rotatedInPlace: ReadonlySet<string>;
  readonly returned: ReadonlySet<string>;
  readonly relations: ReadonlyMap<string, readonly SecretRelation[]>;
  readonly liveKeys: ReadonlySet<string>;
  readonly known: ReadonlySet<string>;
  /** Values that may be valid beside a secret. */
  readonly validValuesOf: (exposure: Exposure, row: ProviderRow) => ValidValues;
  readonly rankOf: RankOf;
  readonly parties: ReadonlyMap<string, Party>;
}

/** With the facts and resources of the secrets at hand. */
export interface Workshop extends SharedWorkshop {
  readonly index: FactIndex;
  readonly resources: ReadonlyMap<string, readonly Resource[]>;
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

/** Fingerprints whose last statement is that they are dead; they stay so until attested live again. */
function deadSecrets({ exposures, imports }: Estate): ReadonlySet<string> {
  const last = new Map<string, Liveness>();
  for (const check of imports.liveness) {
    const known = last.get(check.fingerprint);
    if (check.result !== 'unknown' && (known === undefined || known.checkedAt < check.checkedAt)) {
      last.set(check.fingerprint, check);
    }
  }
  const dead = [...last.values()].filter(({ result }) => result === 'dead');
  const whole = new Set(dead.map(({ fingerprint }) => fingerprint));
  // A check may name a fingerprint as it is shown, shortened.
  const lengths = new Set(dead.map(({ fingerprint }) => fingerprint.length));
  const isDead = (fingerprint: string): boolean =>
    [...lengths].some((length) => whole.has(fingerprint.slice(0, length)));
  return new Set(exposures.map(({ fingerprint }) => fingerprint as string).filter(isDead));
}

/** @param consumers by fingerprint, merged and sorted */
export function sharedWorkshop(
  estate: Estate,
  consumers: SharedWorkshop['consumers'],
  { containerOf }: DossierOptions,
): SharedWorkshop {
  const now = timeOf(estate.now);
  if (now === undefined) throw new TypeError('the time of the estate is no RFC 3339 date');
  const slots = slotHistory(estate.exposures);
  return {
    estate,
    now,
    consumers,
    containerOf,
    book: placeBook(estate),
    slots,
    rotatedInPlace: new Set(slots.successions.flatMap(({ from, to }) => [from, to])),
    returned: new Set([...slots.returned.values()].flatMap((fingerprints) => [...fingerprints])),
    relations: relationsOf(estate, slots),
    liveKeys: liveKeyHashes(estate.exposures, now),
    known: new Set(estate.exposures.map(({ fingerprint }) => fingerprint)),
    validValuesOf: validValuesReader(estate, deadSecrets(estate)),
    rankOf: environmentRanks(estate.imports.environments),
    parties: presentHeirs(partyBook(estate.imports.parties)),
  };
}
