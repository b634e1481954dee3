/** The exit code of commands that read the database: the table of design, asked of what is recorded. */
import type { PlaceCoverage } from '../model/exposure.js';
import { exitCodes, openGaps } from './exit-codes.js';
import type { JudgeFlags } from './flags.js';

/** True when a place was never read to its end, or with gaps that nobody accepted. */
export function isPlaceIncomplete(place: PlaceCoverage, accepted: readonly string[]): boolean {
  if (place.lastScan === undefined) return true;
  if (openGaps(place.gaps, accepted).length > 0) return true;
  return !place.complete && Object.keys(place.gaps).length === 0;
}

/** @param failing secrets that `--fail-on` objects to, among those asked for */
export function readerExitCode(
  flags: JudgeFlags,
  failing: number,
  coverage: readonly PlaceCoverage[],
  accepted: readonly string[],
): number {
  if (flags.exitZero === true) return exitCodes.clean;
  if (failing > 0) return exitCodes.open;
  const incomplete = coverage.length === 0 || coverage.some((place) => isPlaceIncomplete(place, accepted));
  return incomplete ? exitCodes.incomplete : exitCodes.clean;
}
