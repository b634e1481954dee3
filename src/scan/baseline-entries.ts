/** Entries of a baseline for what a scan found: read again from the sources, since nothing keeps the values. */
import type { Exposure, Location } from '../model/exposure.js';
import { type BaselineEntry, type BaselineHeader, baselineEntryOf } from '../suppress/baseline.js';
import { valuesOf, weakFactsOf } from './author-suppression.js';
import type { LocateDeps } from './locate.js';

export interface BaselinedFinding {
  readonly exposure: Exposure;
  readonly location: Location;
  /** Absent when the value cannot be read again, so that no entry can stand for it. */
  readonly entry?: BaselineEntry;
}

const noValue = Buffer.alloc(0);

/** One entry for each strong value, one for each copy of a weak one. @param locations copies that count */
export async function baselineFindings(
  header: BaselineHeader,
  exposure: Exposure,
  locations: readonly Location[],
  deps: LocateDeps,
): Promise<readonly BaselinedFinding[]> {
  if (exposure.weak) {
    return locations.map((location) => ({
      exposure,
      location,
      entry: baselineEntryOf(header, { weak: true, ...weakFactsOf(location) }, noValue),
    }));
  }
  const [location] = locations;
  if (location === undefined) return [];
  const values = await valuesOf(locations, deps);
  if (values.length === 0) return [{ exposure, location }];
  const facts = { weak: false, ...weakFactsOf(location) };
  return values.map((value) => ({ exposure, location, entry: baselineEntryOf(header, facts, value) }));
}
