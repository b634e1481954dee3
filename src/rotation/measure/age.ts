/** How old a secret is, how long it has been exposed, and how long its value has stood in its slots. */
import type { Audience } from '../../model/place.js';
import { copyTime, type SightingDates, timeOf } from '../derive/sighting-dates.js';
import type { Copy, Resolved, Slot } from '../dossier.js';

const day = 86_400_000;

export interface Age {
  readonly days: number;
  /** It may be older: only its first sighting is known. */
  readonly isLowerBound: boolean;
}

export function ageOf(issuedAt: Resolved<string>, { earliest }: SightingDates, now: number): Age {
  const issued = timeOf(issuedAt.value);
  // An issue date after the first sighting is wrong: what was seen existed.
  const isKnown = issued !== undefined && issued <= earliest;
  const since = isKnown ? issued : earliest;
  return { days: Math.max(0, Math.floor((now - since) / day)), isLowerBound: !isKnown };
}

/** Milliseconds of the earliest sighting among the copies of an audience: when the exposure window opens. */
export function windowStart(
  copies: readonly Copy[],
  audience: Audience,
  now: number,
  fallback: number,
): number {
  const times = copies
    .filter((copy) => copy.audience === audience)
    .flatMap(({ location }) => copyTime(location, now)?.time ?? timeOf(location.firstSeen) ?? []);
  return times.length === 0 ? fallback : Math.min(now, ...times);
}

/** Milliseconds that a value has stood in the slot where it stands longest; undefined when it stands in none now. */
export function longestInSlot(fingerprint: string, slots: readonly Slot[], now: number): number | undefined {
  let longest: number | undefined;
  for (const { values } of slots) {
    for (const value of values) {
      if (value.fingerprint !== fingerprint || value.last !== undefined) continue;
      const since = timeOf(value.first);
      if (since !== undefined) longest = Math.max(now - since, longest ?? Number.NEGATIVE_INFINITY);
    }
  }
  return longest;
}
