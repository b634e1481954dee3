/** What `where` found out, before it is printed: copies with their ground, and how far the answer reaches. */
import type { Exposure, Location, PlaceCoverage } from '../model/exposure.js';
import type { Span } from '../model/span.js';
import type { SecretFacts } from '../report/finding-record.js';
import { documentKeyOf } from '../report/location-text.js';
import { ageDays } from '../report/receipt-text.js';
import { isPlaceIncomplete } from './reader-exit-code.js';

/**
 * `by value`: the bytes were looked for. `by detection`: only what a detector recognised is recorded.
 * `unverified`: the index says that a content may hold it, but its source cannot be read any more.
 */
export const grounds = ['by value', 'by detection', 'unverified'] as const;
export type Ground = (typeof grounds)[number];

/** One copy with the facts of its secret. */
export interface WhereCopy {
  readonly facts: SecretFacts;
  readonly location: Location;
  readonly ground: Ground;
}

export interface WhereAnswer {
  readonly copies: readonly WhereCopy[];
  readonly coverage: readonly PlaceCoverage[];
  /** How far "not found" would reach. */
  readonly ground: Ground;
  /** True when bare copies of this value are not recorded: too short, too weak, or not given by value. */
  readonly notRecorded: boolean;
  /** Under `--deep`: roots that were read again, roots that are gone, and what could not be read in them. */
  readonly deep?: { readonly read: number; readonly gone: number; readonly problems: number };
}

/** The rule id of copies that only the sweep found. */
const sweepRule = 'known-value';

/** Copies of recorded secrets. Vanished ones are history of the database, not places of the value. */
export function copiesOf(exposures: readonly Exposure[]): WhereCopy[] {
  return exposures.flatMap((facts) =>
    facts.locations
      .filter(({ status }) => status.status !== 'vanished')
      .map((location) => ({
        facts,
        location,
        ground: location.rule === sweepRule ? ('by value' as const) : ('by detection' as const),
      })),
  );
}

/**
 * Records that a newer export of their place no longer has: the older export still holds them, which says nothing of
 * the system.
 */
export function goneRecordsOf(exposures: readonly Exposure[]): Location[] {
  return exposures.flatMap(({ locations }) =>
    locations.filter(
      ({ appearance, status }) => appearance.type === 'record' && status.status === 'vanished',
    ),
  );
}

/** True for equal spans too: an unverified copy has none. */
function overlaps(one: Span, other: Span): boolean {
  const isEqual = one.start === other.start && one.end === other.end;
  return isEqual || (one.start < other.end && other.start < one.end);
}

function documentOf(location: Location): string {
  const { place, appearance } = location;
  const commit = appearance.type === 'git-text' ? (appearance.commit?.id ?? '') : '';
  return [place, appearance.locationKind, documentKeyOf(location), commit].join('\0');
}

/**
 * Adds copies that the sweep index led to, unless one that overlaps is there: a value given with its quotes
 * or as `KEY=value` is looked for as given and as unwrapped, and both readings meet in one copy.
 */
export class CopyCollector {
  readonly #spans = new Map<string, Span[]>();
  readonly #copies: WhereCopy[];

  /** @param gone copies that are known not to stand there any more, though an older source still shows them */
  constructor(recorded: readonly WhereCopy[], gone: readonly Location[] = []) {
    this.#copies = [...recorded];
    for (const { location } of recorded) this.#isNew(location);
    for (const location of gone) this.#isNew(location);
  }

  /** Notes the copy; false when one that overlaps was noted before. */
  #isNew(location: Location): boolean {
    const { span } = location;
    const document = documentOf(location);
    const spans = this.#spans.get(document);
    if (spans === undefined) this.#spans.set(document, [span]);
    else if (spans.some((other) => overlaps(span, other))) return false;
    else spans.push(span);
    return true;
  }

  add(facts: SecretFacts, location: Location): void {
    if (!this.#isNew(location)) return;
    const isUnverified = location.reasons.includes('source-unavailable');
    this.#copies.push({ facts, location, ground: isUnverified ? 'unverified' : 'by value' });
  }

  get copies(): readonly WhereCopy[] {
    return this.#copies;
  }
}

/** Copies that are certain. */
export function certainCopies(answer: WhereAnswer): readonly WhereCopy[] {
  return answer.copies.filter(({ ground }) => ground !== 'unverified');
}

/** Places whose last reading leaves the answer open: with gaps, or older than `maxAgeDays`. */
export function doubtfulPlaces(
  coverage: readonly PlaceCoverage[],
  accepted: readonly string[],
  maxAgeDays: number,
  now: string,
): readonly PlaceCoverage[] {
  return coverage.filter(
    (place) =>
      isPlaceIncomplete(place, accepted) ||
      (place.lastScan !== undefined && ageDays(place.lastScan, now) > maxAgeDays),
  );
}
