/**
 * Whether what an entry of the inventory says can still be relied on: nobody reviewed it for too long, or
 * what it is about changed since.
 */
import type { Exposure, Location } from '../../model/exposure.js';
import type { Estate } from '../estate.js';
import type { InventoryEntry } from '../imports.js';
import { isHumanCopy, presenceOf } from './copies.js';
import { timeOf } from './sighting-dates.js';
import { pathOf } from './slots.js';

const dayMs = 86_400_000;

/** Why facts of an entry are stale, in words. */
export interface EntryStaleness {
  /** Holds for everything that the entry says. */
  readonly all?: string;
  /** Holds for what it says of use: environments, and that the list of consumers is complete. */
  readonly use?: string;
  /** Holds for everything but who the owner is: the one who answered for it is gone. */
  readonly answers?: string;
}

/** From when to when it was reviewed, in milliseconds: a date is the whole day. */
function reviewOf({ reviewed, importedAt }: InventoryEntry): { from: number; to: number } | undefined {
  const from = timeOf(reviewed ?? importedAt);
  if (from === undefined) return undefined;
  const isDay = reviewed?.length === 10;
  return { from, to: isDay ? from + dayMs : from };
}

/** When the statement was made, as facts say it. */
export function statedAt({ reviewed, importedAt }: InventoryEntry): { readonly assertedAt?: string } {
  if (reviewed !== undefined)
    return { assertedAt: reviewed.length === 10 ? `${reviewed}T00:00:00Z` : reviewed };
  return importedAt === undefined ? {} : { assertedAt: importedAt };
}

function days(ms: number): string {
  return `${Math.floor(ms / dayMs)} d`;
}

/** A copy in a file that somebody may use. What people wrote to each other is a leak and no use of it. */
function isUse(location: Location): boolean {
  const presence = presenceOf(location);
  return (
    pathOf(location) !== undefined &&
    !isHumanCopy(location) &&
    (presence === 'head' || presence === 'present')
  );
}

function introducedAt({ appearance }: Location): number | undefined {
  return appearance.type === 'git-blob' ? timeOf(appearance.introduced?.committerDate) : undefined;
}

/** First scan that saw something in each place: what it found may have been there for years. */
function firstScans(exposures: readonly Exposure[]): ReadonlyMap<string, number> {
  const scans = new Map<string, number>();
  for (const { locations } of exposures) {
    for (const { place, firstScan } of locations) {
      const known = scans.get(place);
      if (known === undefined || firstScan < known) scans.set(place, firstScan);
    }
  }
  return scans;
}

/** @param ownerLeft when the owner left, in milliseconds; `unknown` when that is all that is known; undefined: has not */
export type StalenessOf = (
  entry: InventoryEntry,
  exposure: Exposure,
  ownerLeft: number | 'unknown' | undefined,
) => EntryStaleness;

export function stalenessReader(estate: Pick<Estate, 'exposures' | 'now' | 'settings'>): StalenessOf {
  const now = timeOf(estate.now) ?? 0;
  const { staleInventoryMs } = estate.settings;
  let scans: ReadonlyMap<string, number> | undefined;
  const isNew = (location: Location, since: number): boolean => {
    const introduced = introducedAt(location);
    if (introduced !== undefined && introduced > since && introduced <= now) return true;
    scans ??= firstScans(estate.exposures);
    const isSeenLater = location.firstScan > (scans.get(location.place) ?? location.firstScan);
    return isSeenLater && (timeOf(location.firstSeen) ?? 0) > since;
  };
  return (entry, exposure, ownerLeft) => {
    const review = reviewOf(entry);
    if (review === undefined) return {};
    if (now - review.from > staleInventoryMs)
      return { all: `stated ${days(now - review.from)} ago, more than ${days(staleInventoryMs)}` };
    // A day of grace: clocks and time zones differ.
    if (review.from > now + dayMs) return { all: 'reviewed in the future' };
    const moved = exposure.locations.find((location) => isUse(location) && isNew(location, review.to));
    const hasLeft = ownerLeft !== undefined && (ownerLeft === 'unknown' || ownerLeft >= review.from);
    return {
      ...(moved === undefined ? {} : { use: `${moved.placeName}:${pathOf(moved)} holds it since` }),
      ...(hasLeft ? { answers: 'its owner has left since' } : {}),
    };
  };
}
