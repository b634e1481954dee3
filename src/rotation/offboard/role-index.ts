/** Who is concerned with which secret, by every name that somebody goes by. Made once, so that many cases cost little. */
import { factAttributes } from '../attributes.js';
import type { Dossier } from '../dossier.js';
import type { Fact, FactEvidence } from '../fact.js';
import type { Imports, Party } from '../imports.js';
import { codePointOrder } from '../order.js';
import type { Ground, GroundRole } from './offboard-case.js';
import { fewOf } from './standing.js';

interface Entry {
  readonly dossier: Dossier;
  readonly ground: Ground;
}

/** Secrets of one person or vendor, with all grounds of each. */
export interface Concern {
  readonly dossier: Dossier;
  readonly grounds: readonly Ground[];
}

const attributeOfRole: readonly (readonly [GroundRole, string])[] = [
  ['introducer', factAttributes.introducer],
  ['poster', factAttributes.poster],
];

function groundOf(role: GroundRole, fact: Fact): Ground {
  return { role, rule: fact.rule, confidence: fact.confidence, evidence: fewOf(fact.evidence) };
}

/** Owners that were chosen; where several of one rank compete, each of them is one. */
function ownerFacts({ owner }: Dossier): readonly Fact[] {
  if (owner.chosen !== undefined) return [owner.chosen];
  return owner.conflict ? owner.losers : [];
}

/** All names of a party, in lower case. @param pseudonymOf of an address, as exports know its person */
export function namesOf(
  { id, emails, handles }: Pick<Party, 'id' | 'emails' | 'handles'>,
  pseudonymOf: (email: string) => string,
): readonly string[] {
  const bare = handles.map((handle) => handle.replace(/^@/, ''));
  const names = [
    id,
    ...emails,
    ...handles,
    ...bare,
    ...bare.map((handle) => `@${handle}`),
    ...emails.map(pseudonymOf),
  ];
  return [...new Set(names.map((name) => name.toLowerCase()))];
}

export class RoleIndex {
  readonly #byName = new Map<string, Entry[]>();
  /** By system, by key and by name of a place; `*` for all. */
  readonly #bySpot = new Map<string, Set<Dossier>>();

  constructor(dossiers: readonly Dossier[], imports: Imports) {
    const readers = readersByPlace(imports);
    for (const dossier of dossiers) {
      for (const fact of ownerFacts(dossier)) this.#add('owner', fact, dossier);
      if (dossier.backupOwner.chosen !== undefined) {
        this.#add('backup-owner', dossier.backupOwner.chosen, dossier);
      }
      for (const [role, attribute] of attributeOfRole) {
        for (const fact of dossier.facts) if (fact.attribute === attribute) this.#add(role, fact, dossier);
      }
      this.#addReaders(dossier, readers);
      this.#addSpots(dossier);
    }
  }

  #addSpots(dossier: Dossier): void {
    for (const { location } of dossier.copies) {
      for (const spot of ['*', location.system, location.place, location.placeName]) {
        const known = this.#bySpot.get(spot);
        if (known === undefined) this.#bySpot.set(spot, new Set([dossier]));
        else known.add(dossier);
      }
    }
  }

  #add(role: GroundRole, fact: Fact, dossier: Dossier): void {
    this.#enter(String(fact.value), { dossier, ground: groundOf(role, fact) });
  }

  #enter(name: string, entry: Entry): void {
    const key = name.toLowerCase();
    const known = this.#byName.get(key);
    if (known === undefined) this.#byName.set(key, [entry]);
    else known.push(entry);
  }

  #addReaders(dossier: Dossier, readers: ReadonlyMap<string, readonly string[]>): void {
    if (readers.size === 0) return;
    const byReader = new Map<string, FactEvidence[]>();
    const places = new Map(dossier.copies.map(({ location }) => [location.place as string, location]));
    for (const [place, { placeName }] of places) {
      for (const reader of [...(readers.get(place) ?? []), ...(readers.get(placeName) ?? [])]) {
        const known = byReader.get(reader) ?? [];
        byReader.set(reader, known);
        known.push({ place, note: 'could read the place' });
      }
    }
    for (const [reader, evidence] of byReader) {
      const ground: Ground = {
        role: 'reader',
        rule: 'inventory',
        confidence: 'asserted',
        evidence: fewOf(evidence),
      };
      this.#enter(reader, { dossier, ground });
    }
  }

  /** True when any secret names somebody of these. */
  knows(names: readonly string[]): boolean {
    return names.some((name) => this.#byName.has(name.toLowerCase()));
  }

  /**
   * Secrets that concern who goes by these names, by fingerprint.
   *
   * @param canRead systems, places, or `*`, as the inventory says
   */
  concerns(names: readonly string[], canRead: readonly string[] = []): readonly Concern[] {
    const found = new Map<Dossier, Ground[]>();
    for (const spot of [...new Set(canRead)].sort(codePointOrder)) {
      for (const dossier of this.#bySpot.get(spot) ?? []) {
        const grounds = found.get(dossier) ?? [];
        found.set(dossier, grounds);
        const note = spot === '*' ? 'could read every place' : 'could read it';
        grounds.push({
          role: 'reader',
          rule: 'inventory',
          confidence: 'asserted',
          evidence: [{ place: spot, note }],
        });
      }
    }
    for (const name of new Set(names.map((text) => text.toLowerCase()))) {
      for (const { dossier, ground } of this.#byName.get(name) ?? []) {
        const grounds = found.get(dossier) ?? [];
        found.set(dossier, grounds);
        if (!grounds.some((known) => JSON.stringify(known) === JSON.stringify(ground))) grounds.push(ground);
      }
    }
    return [...found]
      .map(([dossier, grounds]) => ({ dossier, grounds }))
      .sort((a, b) => codePointOrder(a.dossier.fingerprint, b.dossier.fingerprint));
  }
}

/** By key or name of the place. */
function readersByPlace({ placeFacts }: Imports): ReadonlyMap<string, readonly string[]> {
  const byPlace = new Map<string, readonly string[]>();
  for (const { place, readers = [] } of placeFacts) {
    if (readers.length > 0) byPlace.set(place, [...(byPlace.get(place) ?? []), ...readers]);
  }
  return byPlace;
}
