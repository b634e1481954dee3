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
  if (!weak) return [...new Set(tallies.map((tally) => tally.place))].sort();
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

export function summaryOf(facts: GroupFacts, tallies: readonly Tally[]): SecretSummary {
  const places = linkedPlaces(facts.weak, tallies);
  const isOpen = (tally: Tally): boolean => tally.status === 0;
  const sum = (some: readonly Tally[]): number => some.reduce((total, tally) => total + tally.count, 0);
  const inPlaces = new Set(places);
  const linked = tallies.filter((tally) => inPlaces.has(tally.place));
  return {
    ...facts,
    confidence: wordOf<Confidence>(confidences, Math.max(0, ...tallies.map((tally) => tally.confidence))),
    status: wordOf<Status>(statuses, Math.min(statuses.length - 1, ...tallies.map((tally) => tally.status))),
    locationCount: sum(tallies),
    openLocationCount: sum(tallies.filter(isOpen)),
    places,
    systems: [...new Set(linked.map((tally) => tally.system))].sort(),
    live: tallies.some((tally) => tally.live),
    firstSeen: tallies.map((tally) => tally.firstSeen).sort()[0] ?? '',
    lastSeen:
      tallies
        .map((tally) => tally.lastSeen)
        .sort()
        .at(-1) ?? '',
  };
}

/**
 * The order of `list`: the status that most needs an act, then confidence, live copies, number of places
 * and of open locations, and last the fingerprint, so that the order is total.
 */
export function comparePriority(a: SecretSummary, b: SecretSummary): number {
  return (
    statuses.indexOf(a.status) - statuses.indexOf(b.status) ||
    confidences.indexOf(b.confidence) - confidences.indexOf(a.confidence) ||
    Number(b.live) - Number(a.live) ||
    b.places.length - a.places.length ||
    b.openLocationCount - a.openLocationCount ||
    (a.fingerprint < b.fingerprint ? -1 : 1)
  );
}
