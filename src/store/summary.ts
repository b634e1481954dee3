/** Folds a secret's locations into its summary, and sorts summaries by priority. */
import type { LocationKind } from '../model/appearance.js';
import { type KindLabel, type SecretSummary, type Status, statuses } from '../model/exposure.js';
import { type Confidence, confidences } from '../model/finding.js';
import type { Fingerprint, PlaceKey } from '../model/ids.js';
import type { System } from '../model/place.js';
import { wordOf } from './codes.js';

/** Some locations of one secret that agree in place, account, status and liveness. */
export interface Tally {
  readonly place: PlaceKey;
  readonly system: System;
  /** Position in {@link statuses}. */
  readonly status: number;
  /** Position in {@link confidences}. */
  readonly confidence: number;
  readonly live: boolean;
  /** Empty when unknown. */
  readonly account: string;
  /** Number of locations. */
  readonly count: number;
  /** RFC 3339 UTC. */
  readonly firstSeen: string;
  readonly lastSeen: string;
}

/** What the secret's own rows say: one canonical fingerprint with all that strong aliases join to it. */
export interface GroupFacts {
  readonly fingerprint: Fingerprint;
  readonly labels: readonly KindLabel[];
  readonly weak: boolean;
  readonly strengthBits: number;
  readonly preview?: string;
  readonly lengthClass: string;
  readonly knownPublic?: string;
  readonly firstScan: number;
}

const liveKinds: ReadonlySet<LocationKind> = new Set([
  'git-head',
  'git-other-tip',
  'loose-file',
  'archive-entry',
  'ticket-body',
  'ticket-comment',
  'ticket-attachment',
  'chat-message',
  'chat-thread',
  'chat-file',
  'wiki-page',
  'mail',
  'notebook-output',
  'log',
  'dump',
  'profile',
]);

/** Whether a copy of this kind is in use, rather than in some past. */
export function isLive(kind: LocationKind, status: Status): boolean {
  return liveKinds.has(kind) && status !== 'vanished';
}

/**
 * Places that the secret links. A weak value links copies only within one account, and without a known
 * account it links nothing; so of a weak value these are the places of its most spread account.
 */
function linkedPlaces(weak: boolean, tallies: readonly Tally[]): PlaceKey[] {
  const first = tallies[0];
  // Of most secrets all copies stand in one place.
  if (first !== undefined && tallies.every(({ place }) => place === first.place)) return [first.place];
  if (!weak) return [...new Set(tallies.map(({ place }) => place))].sort();
  const byAccount = new Map<string, Set<PlaceKey>>();
  for (const { account, place } of tallies) {
    const unit = account === '' ? `\0${place}` : account;
    byAccount.set(unit, (byAccount.get(unit) ?? new Set()).add(place));
  }
  const units = [...byAccount].sort(
    ([a, x], [b, y]) =>
      y.size - x.size || Number(a.startsWith('\0')) - Number(b.startsWith('\0')) || (a < b ? -1 : 1),
  );
  return [...(units[0]?.[1] ?? [])].sort();
}

/** Systems of the linked places; of a strong value every place is linked. */
function linkedSystems(weak: boolean, tallies: readonly Tally[], places: readonly PlaceKey[]): System[] {
  const linked = weak ? tallies.filter(({ place }) => places.includes(place)) : tallies;
  const first = linked[0];
  if (first !== undefined && linked.every(({ system }) => system === first.system)) return [first.system];
  return [...new Set(linked.map(({ system }) => system))].sort();
}

export function summaryOf(facts: GroupFacts, tallies: readonly Tally[]): SecretSummary {
  const { fingerprint, labels, weak, strengthBits, preview, lengthClass, knownPublic, firstScan } = facts;
  const places = linkedPlaces(weak, tallies);
  let confidence = 0;
  let status = statuses.length - 1;
  let locationCount = 0;
  let openLocationCount = 0;
  let live = false;
  let firstSeen = tallies[0]?.firstSeen ?? '';
  let lastSeen = '';
  for (const tally of tallies) {
    confidence = Math.max(confidence, tally.confidence);
    status = Math.min(status, tally.status);
    locationCount += tally.count;
    if (tally.status === 0) openLocationCount += tally.count;
    live ||= tally.live;
    if (tally.firstSeen < firstSeen) firstSeen = tally.firstSeen;
    if (tally.lastSeen > lastSeen) lastSeen = tally.lastSeen;
  }
  // One by one: to spread the facts of twenty thousand secrets took longer than to add them up.
  return {
    fingerprint,
    labels,
    weak,
    strengthBits,
    ...(preview === undefined ? undefined : { preview }),
    lengthClass,
    ...(knownPublic === undefined ? undefined : { knownPublic }),
    firstScan,
    confidence: wordOf<Confidence>(confidences, confidence),
    status: wordOf<Status>(statuses, status),
    locationCount,
    openLocationCount,
    places,
    systems: linkedSystems(weak, tallies, places),
    live,
    firstSeen,
    lastSeen,
  };
}

/**
 * The order of `list`: the status that most needs an act, then confidence, live copies, number of places
 * and of open locations, and last the fingerprint, so that the order is total.
 */
export function byPriority<Item>(
  items: readonly Item[],
  summaryIn: (item: Item) => SecretSummary,
): readonly Item[] {
  const ranked = items.map((item) => {
    const { status, confidence, live, places, openLocationCount, fingerprint } = summaryIn(item);
    const certainty = confidences.length - confidences.indexOf(confidence);
    const rank = (statuses.indexOf(status) * 8 + certainty) * 2 + (live ? 0 : 1);
    return { item, rank, places: places.length, open: openLocationCount, fingerprint };
  });
  ranked.sort(
    (a, b) =>
      a.rank - b.rank ||
      b.places - a.places ||
      b.open - a.open ||
      (a.fingerprint < b.fingerprint ? -1 : a.fingerprint > b.fingerprint ? 1 : 0),
  );
  return ranked.map(({ item }) => item);
}
