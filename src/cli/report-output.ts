/** Prints exposures in the chosen format; used by every command that shows secrets with their copies. */
import type { Exposure, PlaceCoverage } from '../model/exposure.js';
import type { Receipt } from '../model/receipt.js';
import { type ReportFormat, renderers } from '../report/formats.js';
import type { RevealLocation } from '../report/report-input.js';
import type { ReportConditions } from '../report/secret-conditions.js';
import type { Context } from './context.js';

/** Copies of one secret that a list of many shows before it refers to `show`. */
const maxLocationsInLists = 20;

export interface Printed {
  readonly format: ReportFormat;
  readonly exposures: AsyncIterable<Exposure> | Iterable<Exposure>;
  readonly coverage: readonly PlaceCoverage[];
  readonly receipt?: Receipt;
  readonly scan?: number;
  readonly reveal?: RevealLocation;
  readonly conditions?: ReportConditions;
  /** Every copy, however many. */
  readonly unlimited?: boolean;
}

/** The pieces of a report. */
export function reportPieces(context: Context, printed: Printed): AsyncIterable<string> {
  const { format, unlimited, ...input } = printed;
  return renderers[format](
    { ...input, version: context.version, generatedAt: context.io.now() },
    {
      style: context.terminal.style,
      maxLocations: unlimited === true ? Number.POSITIVE_INFINITY : maxLocationsInLists,
    },
  );
}
