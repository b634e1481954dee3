/** What verdicts rest on: which roots held a copy, when each was read last, and how far that reading reaches. */
import type { Location } from '../../model/exposure.js';
import { chatSystems, type Place, recordSystems, type System } from '../../model/place.js';
import { isSettled, type SkipReason } from '../../model/receipt.js';
import type { RootReading } from '../../store/store.js';
import type { VerdictState } from '../log/state.js';
import type { Freshness } from './judge-root.js';

/**
 * `direct`: a clone, folder or file that is what it says now. `export`: a snapshot that others made of a place; what it
 * says is as old as its newest record. `mirror`: our copy of a remote, as old as the last fetch. `stream`: standard input.
 */
export type RootNature = 'direct' | 'export' | 'mirror' | 'stream';

export interface RootEvidence {
  readonly place: string;
  readonly placeName: string;
  readonly locator: string;
  readonly nature: RootNature;
  /** Nothing is there any more to be read. */
  readonly isGone: boolean;
  /** Number and start of the last scan that read it whole; 0: never. */
  readonly wholeScan: number;
  readonly readAt?: string;
  /** The last attempt to read it whole left something unread that may hold what was there. */
  readonly isUnsettled: boolean;
  /** Of what time its reading speaks, RFC 3339. */
  readonly asOf?: string;
  /** Gaps of the last reading that nobody has accepted, by code. */
  readonly gaps: Readonly<Record<string, number>>;
  readonly leftOut: Readonly<Partial<Record<SkipReason, number>>>;
  /** Records of the place that an export holds, and when the first and last were written. */
  readonly records?: { readonly count: number; readonly first?: string; readonly last?: string };
  readonly readers: readonly string[];
}

/** A copy as one root shows it. */
export interface HeldCopy {
  /** With its place it names a root. */
  readonly locator: string;
  readonly location: Location;
  /** False: the root was read since without it. */
  readonly isThere: boolean;
  /** The bytes were found just now, or by the index of values; else a detector recognised it. */
  readonly isByValue: boolean;
  /** It stands in a folder of other people's code or of build output, which scans leave out unless asked. */
  readonly isInVendorTree: boolean;
}

export interface VerifyInput {
  readonly fingerprint: string;
  readonly held: readonly HeldCopy[];
  /** All roots of the places that have or had a copy. */
  readonly roots: readonly RootEvidence[];
  /** When copies were last purged, RFC 3339: of a document or a place by its key, or (key '') anywhere (purge-times.ts). */
  readonly purgedAt: ReadonlyMap<string, string>;
  /** Number of the first scan that was made for this look; absent: the database alone is judged. */
  readonly sinceScan?: number;
  /** Bare copies would have been found wherever a root was read. */
  readonly isByValue: boolean;
  /** Verdicts of earlier looks, oldest first. */
  readonly earlier: readonly VerdictState[];
  /** Its slots show that it came back after another value (`OLD_VALUE_RETURNED`). */
  readonly isReturned: boolean;
  /** By commit: how many refs lead to it. */
  readonly refCounts: ReadonlyMap<string, number>;
}

const talk: ReadonlySet<System> = new Set<System>([...chatSystems, ...recordSystems]);

export interface RootFacts {
  readonly place: Place;
  /** The path is there no more. */
  readonly isMissing: boolean;
  /** When a mirror was fetched; absent for what is no mirror. */
  readonly fetchedAt?: string;
  readonly acceptedGaps: readonly string[];
}

export function rootEvidence(reading: RootReading, facts: RootFacts): RootEvidence {
  const { place, locator, main, last, whole, receipt, records } = reading;
  const nature = natureOf(reading, facts);
  const asOf = nature === 'export' ? reading.newestRecord : nature === 'mirror' ? facts.fetchedAt : whole?.at;
  const gaps = Object.entries(receipt?.gaps ?? {}).filter(
    ([code, count]) => count > 0 && !facts.acceptedGaps.includes(code),
  );
  return {
    place,
    placeName: facts.place.name,
    locator,
    nature,
    isGone: nature !== 'export' && (facts.isMissing || (reading.isGone && main === undefined)),
    wholeScan: whole?.scan ?? 0,
    ...(whole === undefined ? {} : { readAt: whole.at }),
    isUnsettled: receipt !== undefined && !isSettled(receipt) && (last?.scan ?? 0) > (whole?.scan ?? 0),
    ...(asOf === undefined ? {} : { asOf }),
    gaps: Object.fromEntries(gaps),
    leftOut: receipt?.skipped ?? {},
    ...(records === undefined ? {} : { records }),
    readers: reading.readers,
  };
}

function natureOf({ locator, main }: RootReading, { place, fetchedAt }: RootFacts): RootNature {
  if (locator === '-') return 'stream';
  if (main !== undefined && talk.has(place.system)) return 'export';
  return fetchedAt === undefined ? 'direct' : 'mirror';
}

/** What a reading of a place, or of one document of it, must be newer than. */
export function freshnessOf(
  { purgedAt, sinceScan }: VerifyInput,
  place: string,
  document: string = place,
): Freshness {
  const purged = purgedAt.get(document) ?? purgedAt.get(place) ?? purgedAt.get('');
  return {
    ...(purged === undefined ? {} : { purgedAt: purged }),
    ...(sinceScan === undefined ? {} : { sinceScan }),
  };
}

/** Name of a root. */
export function rootKey(place: string, locator: string): string {
  return `${place}\0${locator}`;
}
