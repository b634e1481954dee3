/** What a worker hands back for one range: plain data, no value, no document text. */
import type { KnownAnchor, PublicFact } from '../model/finding.js';
import type { ContentId } from '../model/ids.js';
import type { InputProblem } from '../model/problem.js';
import type { ExportCoverage, SkipReason } from '../model/receipt.js';
import type { EmbeddedPath } from '../sources/embedded/embedded-path.js';
import type { WorkRange } from '../sources/source.js';
import type { ContentResult, PackedChunk, SweepChunk } from '../store/store.js';

/** A content with findings that git must attribute. */
export interface ObjectHit {
  readonly content: ContentId;
  readonly oid: Uint8Array;
  readonly objectType: 'blob' | 'commit' | 'tag';
}

/** A content of a range. */
export interface RangeContent extends ContentResult {
  /** True when nothing was found in it, nor in the names of where it stands. */
  readonly isHarmless?: true;
}

/** All that was found in a range. */
export interface CollectedRange {
  readonly contents: readonly RangeContent[];
  readonly hits: readonly ObjectHit[];
  /** What stands in the range and says something of secrets elsewhere, each fact once. */
  readonly publicFacts: readonly PublicFact[];
  readonly chunks: readonly SweepChunk[];
  readonly problems: readonly InputProblem[];
  readonly skipped: readonly (readonly [SkipReason, number])[];
  readonly documents: number;
  readonly bytes: number;
  /** Blob ids (hex) of tracked files that equal the index, one a file: the blob stands for the file if it can be read. */
  readonly covered: readonly string[];
  /** Paths that hold something, of files whose content is empty or read elsewhere. */
  readonly names: readonly string[];
  /** What readers of exports handed over, one entry a file. */
  readonly exports: readonly ExportCoverage[];
  /** Repositories that lie in archives and bundles, to be opened as roots of their own. */
  readonly embedded: readonly EmbeddedPath[];
}

/** What crosses to the main thread. */
export interface RangeResult extends Omit<CollectedRange, 'chunks'> {
  /** Ids of more contents, 16 bytes each: objects of git that were analysed whole and have no finding. */
  readonly clean: Uint8Array;
  readonly chunks: readonly PackedChunk[];
}

/**
 * `analyze`: detect, sweep for what was known at the start, compute tags. `sweep`: only bare copies of the
 * given secrets, for secrets that this very run has learned.
 */
export type RangeTask =
  | { readonly mode: 'analyze'; readonly range: WorkRange }
  | { readonly mode: 'sweep'; readonly range: WorkRange; readonly known: readonly KnownAnchor[] };
