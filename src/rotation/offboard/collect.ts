/**
 * Gathers what offboarding is about from dossiers that come batch by batch: those that are not concerned are not kept, for
 * all of a large estate would not fit into memory.
 */
import type { Consumer, Dossier } from '../dossier.js';
import type { InventoryEntry, Party } from '../imports.js';
import { codePointOrder, sortedSet } from '../order.js';
import {
  type Archived,
  type EndedHolder,
  holderEnded,
  isArchived,
  isNamed,
  principalRetired,
  workloadRetired,
} from './ended.js';
import { type Concern, groundsByName, namesOf, type ReaderBook, readingGrounds } from './grounds.js';
import type { Ground, OffboardCase } from './offboard-case.js';
import { type Parties, personLeft } from './person-left.js';
import type { RetireSettings } from './retire.js';

export interface Collector {
  add(dossier: Dossier): void;
  /** None when nothing by the name is imported or known. */
  cases(): readonly OffboardCase[];
}

/** What all collectors of a run share. */
export interface OffboardBooks extends RetireSettings {
  readonly readers: ReaderBook;
  readonly parties: Parties;
  readonly archived: Archived;
  /** How exports that hide people call the person of an address. */
  readonly pseudonymOf: (email: string) => string;
}

/** The more urgent first, whatever the order they came in. */
function inOrder(dossiers: Iterable<Dossier>): readonly Dossier[] {
  return [...dossiers].sort(
    (a, b) => b.priority.score - a.priority.score || codePointOrder(a.fingerprint, b.fingerprint),
  );
}

/** Somebody whose secrets are looked for. */
export interface Somebody {
  readonly subject: string;
  readonly names: readonly string[];
  readonly party: Party | undefined;
}

export function somebodyOf(party: Party, { pseudonymOf }: Pick<OffboardBooks, 'pseudonymOf'>): Somebody {
  return { subject: party.id, names: namesOf(party, pseudonymOf), party };
}

/** Secrets that concern some people or vendors, gathered in one pass. */
class Concerns {
  readonly #books: OffboardBooks;
  readonly #byName = new Map<string, Somebody[]>();
  readonly #reading: { readonly of: Somebody; readonly canRead: ReadonlySet<string> }[] = [];
  readonly #found = new Map<Somebody, Concern[]>();

  constructor(people: readonly Somebody[], books: OffboardBooks) {
    this.#books = books;
    for (const one of people) {
      for (const name of one.names) this.#byName.set(name, [...(this.#byName.get(name) ?? []), one]);
      const canRead = new Set(one.party?.canRead ?? []);
      if (canRead.size > 0) this.#reading.push({ of: one, canRead });
    }
  }

  add(dossier: Dossier): void {
    const concerned = new Map<Somebody, Ground[]>();
    const enter = (one: Somebody, grounds: readonly Ground[]): void => {
      if (grounds.length > 0) concerned.set(one, [...(concerned.get(one) ?? []), ...grounds]);
    };
    for (const [name, grounds] of groundsByName(dossier, this.#books.readers)) {
      for (const one of this.#byName.get(name) ?? []) enter(one, grounds);
    }
    for (const { of: one, canRead } of this.#reading) enter(one, readingGrounds(dossier, canRead));
    for (const [one, grounds] of concerned) {
      const known = this.#found.get(one) ?? [];
      this.#found.set(one, known);
      known.push({ dossier, grounds });
    }
  }

  of(one: Somebody): readonly Concern[] {
    return [...(this.#found.get(one) ?? [])].sort((a, b) =>
      codePointOrder(a.dossier.fingerprint, b.dossier.fingerprint),
    );
  }
}

/** People who left, or are asked about. */
export function collectPeople(
  people: readonly Somebody[],
  books: OffboardBooks,
  controls: readonly string[],
): Collector {
  const concerns = new Concerns(people, books);
  return {
    add: (dossier) => concerns.add(dossier),
    cases: () =>
      people.flatMap((one) => {
        const own = concerns.of(one);
        // Nobody imported anything about them, and nothing names them.
        if (one.party === undefined && own.length === 0) return [];
        return [personLeft(one, own, books.parties, controls)];
      }),
  };
}

/** True when a fact of the dossier comes from the entry. */
function isOfEntry({ facts }: Dossier, { id, origin }: InventoryEntry): boolean {
  return facts.some(
    ({ origin: source, evidence }) =>
      source === 'inventory' &&
      evidence.some(
        ({ place, note }) => place === origin.file && note?.startsWith(`entry ${id} by `) === true,
      ),
  );
}

/** One principal, by its key or the id of its entry. */
export function collectPrincipal(
  key: string,
  entry: InventoryEntry | undefined,
  books: OffboardBooks,
  controls: readonly string[],
): Collector {
  const own: Dossier[] = [];
  return {
    add: (dossier) => {
      const isIt =
        dossier.principal.key === key ||
        dossier.otherPrincipals?.includes(key) === true ||
        (entry !== undefined && isOfEntry(dossier, entry));
      if (isIt) own.push(dossier);
    },
    cases: () => (own.length === 0 ? [] : [principalRetired(key, inOrder(own), books, controls)]),
  };
}

function gather(byName: Map<string, Dossier[]>, name: string, dossier: Dossier): void {
  const known = byName.get(name);
  if (known === undefined) byName.set(name, [dossier]);
  else if (known.at(-1) !== dossier) known.push(dossier);
}

/** Every principal that the inventory calls retired. */
export function collectRetired(books: OffboardBooks, controls: readonly string[]): Collector {
  const byKey = new Map<string, Dossier[]>();
  return {
    add: (dossier) => {
      if (dossier.principalStatus.value === 'retired') gather(byKey, dossier.principal.key, dossier);
    },
    cases: () =>
      sortedSet(byKey.keys()).map((key) =>
        principalRetired(key, inOrder(byKey.get(key) ?? []), books, controls),
      ),
  };
}

/** Workloads that `isMeant` names: of one name, or of archived places. */
export function collectWorkloads(
  nameFor: (consumer: Consumer) => string | undefined,
  books: OffboardBooks,
  controls: readonly string[],
): Collector {
  const byName = new Map<string, Dossier[]>();
  return {
    add: (dossier) => {
      for (const consumer of dossier.consumers) {
        const name = nameFor(consumer);
        if (name !== undefined) gather(byName, name, dossier);
      }
    },
    cases: () =>
      sortedSet(byName.keys()).map((name) =>
        workloadRetired(name, inOrder(byName.get(name) ?? []), books.archived, books, controls),
      ),
  };
}

export function workloadCalled(name: string): (consumer: Consumer) => string | undefined {
  return (consumer) => (isNamed(consumer, name) ? name : undefined);
}

export function archivedWorkload(archived: Archived): (consumer: Consumer) => string | undefined {
  return (consumer) => (isArchived(consumer, archived) ? consumer.name : undefined);
}

/** A vendor or an agent, with the party and the entries that are its own. */
export function collectHolder(
  holder: EndedHolder,
  own: { readonly somebody?: Somebody; readonly entries: readonly InventoryEntry[] },
  books: OffboardBooks,
  controls: readonly string[],
): Collector {
  const concerns = new Concerns(own.somebody === undefined ? [] : [own.somebody], books);
  const ofEntries: Concern[] = [];
  const users: Dossier[] = [];
  return {
    add: (dossier) => {
      concerns.add(dossier);
      for (const entry of own.entries) {
        if (!isOfEntry(dossier, entry)) continue;
        const evidence = [{ place: entry.origin.file, note: `entry ${entry.id}` }];
        const ground: Ground = { role: 'vendor', rule: 'inventory', confidence: 'asserted', evidence };
        ofEntries.push({ dossier, grounds: [ground] });
      }
      if (dossier.consumers.some(holder.isIts)) users.push(dossier);
    },
    cases: () => {
      const named = own.somebody === undefined ? [] : concerns.of(own.somebody);
      const all = [...ofEntries, ...named];
      if (own.somebody === undefined && all.length + users.length === 0) return [];
      return [holderEnded(holder, inOrder(users), all, controls)];
    },
  };
}
