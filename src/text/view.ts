/**
 * A derived text and the way back: what detectors read is `bytes`, what locations need are raw ranges.
 */
import type { Spelling, View } from '../model/finding.js';
import type { Span } from '../model/span.js';

export interface RawRanges {
  /** Ascending, not touching; one piece unless the match was joined from several. */
  readonly ranges: readonly Span[];
  /** False when an edge fell inside a replaced run, so that the range is larger than the match. */
  readonly exact: boolean;
}

/** Sorted runs from derived to raw offsets (text/offset-map.ts builds, composes and applies it). */
export interface OffsetMap {
  /** Length of the derived text in bytes. */
  readonly length: number;
  toRaw(span: Span): RawRanges;
}

export interface TextView {
  readonly bytes: Buffer;
  readonly map: OffsetMap;
  readonly view: View;
  /** Layers undone to get here, outermost first; empty for the document itself. */
  readonly spelling: readonly Spelling[];
}
