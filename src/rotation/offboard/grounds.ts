/** Who is concerned with a secret, by every name that facts give somebody, and by the places they could read. */
import { factAttributes } from '../attributes.js';
import { placeNames } from '../derive/place-names.js';
import type { Dossier } from '../dossier.js';
import type { Fact, FactEvidence } from '../fact.js';
import type { Imports, Party } from '../imports.js';
import { sortedSet } from '../order.js';
import type { Ground, GroundRole } from './offboard-case.js';
import { fewOf } from './standing.js';

/** A secret with the grounds on which it concerns somebody. */
export interface Concern {
  readonly dossier: Dossier;
  readonly grounds: readonly Ground[];
}

/** Who can read a place, by its key or name. */
export type ReaderBook = ReadonlyMap<string, readonly string[]>;

export function readersByPlace({ placeFacts }: Imports): ReaderBook {
  const byPlace = new Map<string, readonly string[]>();
  for (const { place, readers = [] } of placeFacts) {
    if (readers.length > 0) byPlace.set(place, [...(byPlace.get(place) ?? []), ...readers]);
  }
  return byPlace;
}

const roleOfAttribute: ReadonlyMap<string, GroundRole> = new Map([
  [factAttributes.introducer, 'introducer'],
  [factAttributes.poster, 'poster'],
]);

/** Owners that were chosen; where several of one rank compete, each of them is one. */
function ownerFacts({ owner }: Dossier): readonly Fact[] {
  if (owner.chosen !== undefined) return [owner.chosen];
  return owner.conflict ? owner.losers : [];
}

function readerGround(evidence: readonly FactEvidence[]): Ground {
  return { role: 'reader', rule: 'inventory', confidence: 'asserted', evidence: fewOf(evidence) };
}

/** Grounds of one secret by name, in lower case. */
export function groundsByName(dossier: Dossier, readers: ReaderBook): ReadonlyMap<string, readonly Ground[]> {
  const byName = new Map<string, Ground[]>();
  const enter = (name: string, ground: Ground): void => {
    const key = name.toLowerCase();
    const known = byName.get(key);
    if (known === undefined) byName.set(key, [ground]);
    else known.push(ground);
  };
  const add = (role: GroundRole, { value, rule, confidence, evidence }: Fact): void =>
    enter(String(value), { role, rule, confidence, evidence: fewOf(evidence) });
  for (const fact of ownerFacts(dossier)) add('owner', fact);
  if (dossier.backupOwner.chosen !== undefined) add('backup-owner', dossier.backupOwner.chosen);
  for (const fact of dossier.facts) {
    const role = roleOfAttribute.get(fact.attribute);
    if (role !== undefined) add(role, fact);
  }
  for (const [reader, evidence] of readersOf(dossier, readers)) enter(reader, readerGround(evidence));
  return byName;
}

function readersOf(dossier: Dossier, readers: ReaderBook): ReadonlyMap<string, readonly FactEvidence[]> {
  const byReader = new Map<string, FactEvidence[]>();
  if (readers.size === 0) return byReader;
  const places = new Map(
    dossier.copies.map(({ location }) => [location.place as string, placeNames(location)]),
  );
  for (const [place, names] of places) {
    for (const reader of names.flatMap((name) => readers.get(name) ?? [])) {
      const known = byReader.get(reader) ?? [];
      byReader.set(reader, known);
      known.push({ place, note: 'could read the place' });
    }
  }
  return byReader;
}

/** What somebody could read of a secret. @param canRead systems, keys or names of places, or `*` */
export function readingGrounds(dossier: Dossier, canRead: ReadonlySet<string>): readonly Ground[] {
  if (canRead.size === 0) return [];
  const spots = dossier.copies.flatMap(({ location }) =>
    ['*', location.system, ...placeNames(location)].filter((spot) => canRead.has(spot)),
  );
  return sortedSet(spots).map((spot) =>
    readerGround([{ place: spot, note: spot === '*' ? 'could read every place' : 'could read it' }]),
  );
}

/** All names of a party, in lower case. @param pseudonymOf of an address, as exports know its person */
export function namesOf(
  { id, emails, handles }: Pick<Party, 'id' | 'emails' | 'handles'>,
  pseudonymOf: (email: string) => string,
): readonly string[] {
  const bare = handles.map((handle) => handle.replace(/^@/, ''));
  const signed = bare.map((handle) => `@${handle}`);
  return sortedSet(
    [id, ...emails, ...bare, ...signed, ...emails.map(pseudonymOf)].map((name) => name.toLowerCase()),
  );
}
