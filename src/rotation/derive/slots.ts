/**
 * Slots: named positions that hold secrets over time. The values that followed each other in one are its observed
 * rotations; the slot is what gets updated, the secret is what gets revoked.
 */
import type { GitBlobAppearance } from '../../model/appearance.js';
import type { Exposure, Location } from '../../model/exposure.js';
import type { Slot } from '../dossier.js';
import { codePointOrder, sortedSet } from '../order.js';
import { placeNames } from './place-names.js';
import { rfc3339, timeOf } from './sighting-dates.js';

/** A succession: one value took the place of another in a slot. */
export interface Succession {
  readonly slot: string;
  readonly from: string;
  readonly to: string;
  /** True when one commit took the old value out and put the new one in. */
  readonly isExact: boolean;
}

/** What the histories of all slots of an estate show. */
export interface SlotHistory {
  /** Sorted by id. A slot that never held another value is made when it is asked for: most are such. */
  slotsOf(exposure: Exposure): readonly Slot[];
  readonly successions: readonly Succession[];
  /** Fingerprints by slot whose value came back after another had replaced it. */
  readonly returned: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Path of a copy in a repository or folder; undefined for records and objects without one. */
export function pathOf({ appearance }: Location): string | undefined {
  return appearance.type === 'git-blob' || appearance.type === 'file' ? appearance.path?.text : undefined;
}

/** `<place name>:<path>#<key>`; undefined where nothing names the position. */
export function slotIdOf(location: Location): string | undefined {
  const position = positionIn(location);
  return position === undefined ? undefined : `${location.placeName}:${position}`;
}

/** What people may call the slot of a copy: its id, and that with another name of the place. */
export function slotNames(location: Location): readonly string[] {
  const position = positionIn(location);
  return position === undefined ? [] : placeNames(location).map((place) => `${place}:${position}`);
}

/** `<path>#<key>` */
function positionIn(location: Location): string | undefined {
  const path = pathOf(location);
  if (path === undefined || location.slot === undefined || location.slot === '') return undefined;
  return `${[path, ...location.chain].join('!/')}#${location.slot}`;
}

/**
 * A set of texts that mostly holds one or none. Three real sets for each of 500,000 stays would take a few hundred MB.
 */
class FewTexts implements Iterable<string> {
  #only: string | undefined;
  #all: Set<string> | undefined;

  add(text: string): void {
    if (this.#all !== undefined) this.#all.add(text);
    else if (this.#only === undefined) this.#only = text;
    else if (this.#only !== text) this.#all = new Set([this.#only, text]);
  }

  has(text: string): boolean {
    return this.#all?.has(text) ?? this.#only === text;
  }

  *[Symbol.iterator](): Iterator<string> {
    if (this.#all !== undefined) yield* this.#all;
    else if (this.#only !== undefined) yield this.#only;
  }
}

/** One value's stay in a slot. */
interface Stay {
  readonly fingerprint: string;
  first: number | undefined;
  /** Undefined while it is still there. */
  last: number | undefined;
  isCurrent: boolean;
  /** The contents that held it there: two values in one content did not follow each other. */
  readonly contents: FewTexts;
  readonly arrivals: FewTexts;
  readonly departures: FewTexts;
}

function newStay(fingerprint: string): Stay {
  return {
    fingerprint,
    first: undefined,
    last: undefined,
    isCurrent: false,
    contents: new FewTexts(),
    arrivals: new FewTexts(),
    departures: new FewTexts(),
  };
}

function addGit(stay: Stay, location: Location, appearance: GitBlobAppearance): void {
  const { introduced, removed } = appearance;
  const isTip = appearance.locationKind === 'git-head' || appearance.locationKind === 'git-other-tip';
  if (introduced !== undefined) {
    widen(stay, timeOf(introduced.committerDate), undefined);
    stay.arrivals.add(introduced.id);
    // A commit puts one content at a path: that names the content where its id is not known.
    if (location.content === undefined) stay.contents.add(introduced.id);
  }
  if (isTip && location.status.status !== 'vanished') stay.isCurrent = true;
  if (removed !== undefined) {
    widen(stay, undefined, timeOf(removed.committerDate));
    stay.departures.add(removed.id);
  }
}

function widen(stay: Stay, first: number | undefined, last: number | undefined): void {
  if (first !== undefined) stay.first = Math.min(first, stay.first ?? first);
  if (last !== undefined) stay.last = Math.max(last, stay.last ?? last);
}

function addLocation(stay: Stay, location: Location): void {
  if (location.content !== undefined) stay.contents.add(location.content);
  const { appearance } = location;
  if (appearance.type === 'git-blob') {
    addGit(stay, location, appearance);
    return;
  }
  // A folder has no history but that of its scans.
  widen(stay, timeOf(location.firstSeen), undefined);
  if (location.status.status === 'vanished') widen(stay, undefined, timeOf(location.lastSeen));
  else stay.isCurrent = true;
}

function intersects(a: Iterable<string>, b: { has(text: string): boolean }): boolean {
  for (const element of a) if (b.has(element)) return true;
  return false;
}

function byArrival(a: Stay, b: Stay): number {
  return (
    (a.first ?? Number.NEGATIVE_INFINITY) - (b.first ?? Number.NEGATIVE_INFINITY) ||
    Number(a.isCurrent) - Number(b.isCurrent) ||
    codePointOrder(a.fingerprint, b.fingerprint)
  );
}

/** Ids of the slots that held more than one value. */
function sharedIds(exposures: readonly Exposure[]): ReadonlySet<string> {
  const holders = new Map<string, string>();
  const shared = new Set<string>();
  for (const { fingerprint, locations } of exposures) {
    for (const location of locations) {
      const id = slotIdOf(location);
      if (id === undefined) continue;
      const holder = holders.get(id);
      if (holder === undefined) holders.set(id, fingerprint);
      else if (holder !== fingerprint) shared.add(id);
    }
  }
  return shared;
}

/** By slot and fingerprint. */
type Stays = ReadonlyMap<string, ReadonlyMap<string, Stay>>;

function staysOf(exposures: readonly Exposure[], isWanted: (id: string) => boolean): Stays {
  const slots = new Map<string, Map<string, Stay>>();
  for (const exposure of exposures) {
    for (const location of exposure.locations) {
      const id = slotIdOf(location);
      if (id === undefined || !isWanted(id)) continue;
      const stays = slots.get(id) ?? new Map<string, Stay>();
      slots.set(id, stays);
      const stay = stays.get(exposure.fingerprint) ?? newStay(exposure.fingerprint);
      stays.set(exposure.fingerprint, stay);
      addLocation(stay, location);
    }
  }
  return slots;
}

/** True when the slot held one value at a time; a name that a file repeats is several positions. */
function isSingle(stays: readonly Stay[]): boolean {
  const seen = new Set<string>();
  for (const { contents } of stays) {
    if (intersects(contents, seen)) return false;
    for (const content of contents) seen.add(content);
  }
  return true;
}

/** Each value with the one before it. Where a name stands several times, only a commit that swaps them is proof. */
function successionsOf(slot: string, stays: readonly Stay[]): Succession[] {
  if (isSingle(stays)) {
    return stays.slice(1).flatMap((to, index) => {
      const from = stays[index];
      // Both are there now: on two branches, or as two positions of one name.
      if (from === undefined || (from.isCurrent && to.isCurrent)) return [];
      return [
        {
          slot,
          from: from.fingerprint,
          to: to.fingerprint,
          isExact: intersects(from.departures, to.arrivals),
        },
      ];
    });
  }
  return stays.slice(1).flatMap((to, index) => {
    const before = stays.slice(0, index + 1);
    const swapped = before.filter(
      (from) => intersects(from.departures, to.arrivals) && !intersects(from.contents, to.contents),
    );
    // Two values that left when two came: which replaced which is not known.
    const from = swapped.length === 1 ? swapped[0] : undefined;
    return from === undefined ? [] : [{ slot, from: from.fingerprint, to: to.fingerprint, isExact: true }];
  });
}

/** Values that another one replaced and that stood there again afterwards. */
function returnedIn(stays: readonly Stay[]): Set<string> {
  const returned = new Set<string>();
  if (!isSingle(stays)) return returned;
  for (const [index, old] of stays.entries()) {
    const later = stays.slice(index + 1);
    const cameBack = later.some(
      (other) =>
        !other.isCurrent && other.last !== undefined && (old.isCurrent || isAfter(old.last, other.last)),
    );
    if (cameBack) returned.add(old.fingerprint);
  }
  return returned;
}

function isAfter(time: number | undefined, other: number): boolean {
  return time !== undefined && time > other;
}

type TimeText = (time: number) => string;

/** One text for each time: many values come and go with one commit. */
function timeTexts(): TimeText {
  const texts = new Map<number, string>();
  return (time) => {
    const known = texts.get(time);
    if (known !== undefined) return known;
    const text = rfc3339(time);
    texts.set(time, text);
    return text;
  };
}

function slotOf(id: string, stays: readonly Stay[], textOf: TimeText): Slot {
  return {
    id,
    values: stays.map(({ fingerprint, first, last, isCurrent }) => ({
      fingerprint,
      ...(first === undefined ? {} : { first: textOf(first) }),
      ...(last === undefined || isCurrent ? {} : { last: textOf(last) }),
    })),
  };
}

/** A name under which a file holds more values than this is a column of data, no position that is rotated. */
const mostValues = 200;

export function slotHistory(exposures: readonly Exposure[]): SlotHistory {
  const shared = sharedIds(exposures);
  const slots = new Map<string, Slot>();
  const successions: Succession[] = [];
  const returned = new Map<string, ReadonlySet<string>>();
  const textOf = timeTexts();
  const byId = [...staysOf(exposures, (id) => shared.has(id))].sort(([a], [b]) => codePointOrder(a, b));
  for (const [id, byFingerprint] of byId) {
    if (byFingerprint.size > mostValues) continue;
    const stays = [...byFingerprint.values()].sort(byArrival);
    slots.set(id, slotOf(id, stays, textOf));
    successions.push(...successionsOf(id, stays));
    const back = returnedIn(stays);
    if (back.size > 0) returned.set(id, back);
  }
  const slotsOf = (exposure: Exposure): readonly Slot[] => {
    const ids = sortedSet(exposure.locations.flatMap((location) => slotIdOf(location) ?? []));
    const own = staysOf([exposure], (id) => !shared.has(id));
    return ids.flatMap((id) => {
      const stays = own.get(id);
      return slots.get(id) ?? (stays === undefined ? [] : slotOf(id, [...stays.values()], textOf));
    });
  };
  return { slotsOf, successions, returned };
}

const day = 86_400_000;

export interface SlotRhythm {
  /** Number of observed rotations. */
  readonly rotations: number;
  /** Days between arrivals of values; absent with fewer than two. */
  readonly longestDays?: number;
  readonly medianDays?: number;
  /** RFC 3339: since when the value that is there now has been there. */
  readonly currentSince?: string;
}

/** How often a slot was rotated, as its history shows. */
export function slotRhythm(slot: Slot): SlotRhythm {
  const arrivals = slot.values.flatMap(({ first }) => timeOf(first) ?? []);
  const intervals = arrivals
    .slice(1)
    .map((arrival, index) => Math.floor((arrival - (arrivals[index] ?? arrival)) / day))
    .sort((a, b) => a - b);
  const longest = intervals.at(-1);
  const median = intervals[Math.floor((intervals.length - 1) / 2)];
  const current = slot.values.findLast(({ last }) => last === undefined)?.first;
  return {
    rotations: Math.max(0, slot.values.length - 1),
    ...(longest === undefined ? {} : { longestDays: longest }),
    ...(median === undefined ? {} : { medianDays: median }),
    ...(current === undefined ? {} : { currentSince: current }),
  };
}
