/** What every report is made from, and what a renderer is. */
import type { Exposure, Location, PlaceCoverage } from '../model/exposure.js';
import type { Receipt } from '../model/receipt.js';
import type { ReportConditions } from './secret-conditions.js';
import type { Style } from './style.js';

/** Version of the record format of `--json`; fields are added within one, never renamed. */
export const outputFormatVersion = 1;

/**
 * Gives the value of a location again, re-read from its source and checked against the fingerprint by the
 * worker that has it; undefined when the source is gone. Set only under `--show-secrets`.
 */
export type RevealLocation = (location: Location) => Promise<string | undefined>;

export interface ReportInput {
  /** In the order to be printed; each with the locations that are to be printed. */
  readonly exposures: AsyncIterable<Exposure> | Iterable<Exposure>;
  /** Of the scan just made; absent for a report from the database. */
  readonly receipt?: Receipt;
  /** How far the answer reaches, place by place. */
  readonly coverage: readonly PlaceCoverage[];
  /** Number of the scan just made. */
  readonly scan?: number;
  readonly version: string;
  /** RFC 3339 UTC. */
  readonly generatedAt: string;
  readonly reveal?: RevealLocation;
  /** Conditions of the secrets, when the reader asked for them. */
  readonly conditions?: ReportConditions;
}

export interface RenderOptions {
  readonly style: Style;
  /** Most locations of one secret in reports for people; machines always get all. */
  readonly maxLocations: number;
}

/** Yields the report piece by piece, so that millions of locations never stand in memory at once. */
export type Renderer = (input: ReportInput, options: RenderOptions) => AsyncGenerator<string, void>;
