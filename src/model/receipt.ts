/** Coverage receipt: what was read, skipped, truncated or failed. Part of every result. */
import type { PeopleMode } from './people-mode.js';
import type { Place, System } from './place.js';
import { contentGapCodes, type InputProblem, type InputProblemCode } from './problem.js';

export const skipReasons = [
  'binary',
  'vendor-tree',
  'excluded',
  'outside-target-link',
  'alternate-object',
  'submodule',
  'empty',
  'special-file',
  'lfs-pointer',
  'missing-promised-object',
  'direct-messages',
  'git-directory',
] as const;
/** Chosen scope: counted, never a gap. */
export type SkipReason = (typeof skipReasons)[number];

/** Records that an export holds of one place. */
export interface PlaceRecords {
  readonly place: Place;
  readonly count: number;
  /** When the first and the last of them were written, RFC 3339. */
  readonly first?: string;
  readonly last?: string;
}

/** What a reader of exports handed over, for one file or summed over many. */
export interface ExportCoverage {
  /** Id of the reader, e.g. `slack-messages`. */
  readonly reader: string;
  readonly system: System;
  readonly files: number;
  readonly records: number;
  readonly texts: number;
  /** What was not handed over, or not whole, by `CoverageNote`. */
  readonly notes: Readonly<Record<string, number>>;
  /** Keys with text that the reader does not know; their text was read all the same. Sorted, at most 50. */
  readonly unknownKeys: readonly string[];
  readonly places: readonly PlaceRecords[];
  /** Gaps of the file itself: damage, encrypted records. */
  readonly gaps: Readonly<Partial<Record<InputProblemCode, number>>>;
}

/** As a receipt tells it: places are counted. */
export interface ExportSummary extends Omit<ExportCoverage, 'places' | 'gaps'> {
  readonly places: number;
}

/** What a person asked for when a root was read, beyond what every scan reads: the next look has to read as much. */
export interface ReadingOptions {
  readonly vendor?: boolean;
  readonly includeDirect?: boolean;
  readonly people?: PeopleMode;
}

/** As much as either reading, authors as the later one kept them. */
export function joinedOptions(before: ReadingOptions, now: ReadingOptions): ReadingOptions {
  const people = now.people ?? before.people;
  return {
    ...(before.vendor === true || now.vendor === true ? { vendor: true } : {}),
    ...(before.includeDirect === true || now.includeDirect === true ? { includeDirect: true } : {}),
    ...(people === undefined ? {} : { people }),
  };
}

export interface Receipt {
  /** Documents (blobs, messages, files, archive entries) analysed in this run. */
  readonly documents: number;
  readonly bytes: number;
  /** Documents whose analysis was known already: from earlier scans, or from another place of the same run. */
  readonly cached: number;
  readonly skipped: Readonly<Partial<Record<SkipReason, number>>>;
  /** Count of problems by code; each one is a gap. */
  readonly gaps: Readonly<Partial<Record<InputProblemCode, number>>>;
  /** The first problems one by one, at most 100. */
  readonly problems: readonly InputProblem[];
  /** What was read record by record, by reader; absent when nothing was. */
  readonly exports?: readonly ExportSummary[];
  /** False when anything failed, hit a cap or could not be read, or the run was interrupted. */
  readonly complete: boolean;
  readonly interrupted: boolean;
  /** Of a root, as the database keeps it: how it was asked to be read. */
  readonly options?: ReadingOptions;
}

/**
 * True when everything was looked at, though some contents could not be read whole: reading the same state
 * again would tell nothing new, and what was not seen is gone.
 */
export function isSettled(receipt: Receipt): boolean {
  if (receipt.interrupted) return false;
  return Object.keys(receipt.gaps).every((code) => contentGapCodes.has(code as InputProblemCode));
}

export const emptyReceipt: Receipt = {
  documents: 0,
  bytes: 0,
  cached: 0,
  skipped: {},
  gaps: {},
  problems: [],
  complete: true,
  interrupted: false,
};
