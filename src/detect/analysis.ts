/**
 * The contract between a source's reader and the engine: bytes in, findings and sweep tags out.
 *
 * The engine is synchronous and keeps no state between documents that could alter a verdict, so any
 * division of the documents among workers gives the same findings.
 */
import type { AnchorTable } from '../identity/sweep.js';
import type { Finding, PublicFact } from '../model/finding.js';
import type { InputProblemCode } from '../model/problem.js';
import type { RunVisitor as TagRunVisitor } from '../prefilter/tag-table.js';
import type { Encoding } from '../text/encoding.js';
import type { DocumentDelta, DocumentMemory } from './document-memory.js';

export { type Encoding, encodings } from '../text/encoding.js';

/**
 * Part of a document too large for memory. Segments overlap, a finding belongs to the segment in whose
 * owned range its value starts, so that every one is reported exactly once.
 */
export interface Segment {
  /** Offset of `bytes[0]` in the document. */
  readonly baseOffset: number;
  /** Line and column (from 1) of `bytes[0]`. */
  readonly baseLine: number;
  readonly baseColumn: number;
  /** Half-open range within `bytes` whose findings count. */
  readonly ownedStart: number;
  readonly ownedEnd: number;
  /** Decided once per document, from its first segment. */
  readonly encoding: Encoding;
}

export interface AnalysisInput {
  readonly bytes: Buffer;
  readonly segment?: Segment;
  /** Container entries that lead to these bytes, outermost first. */
  readonly chain: readonly string[];
  /** Whether to compute sweep tags; off in the hook. */
  readonly collectTags: boolean;
  /** Takes the tags instead of the result; those that a base has already are left out. */
  readonly tagSink?: TagSink;
  /** How the document follows from one that was analysed before, in full or in the same way. */
  readonly delta?: DocumentDelta;
  /** Whether to give the memory that documents made from this one need. */
  readonly remembers?: boolean;
}

/** Receives the sweep tags of a document. */
export interface TagSink {
  /** Tags the strong runs that touch `bytes[from, to)`; `visit` sees those whose tag may be a known secret's. */
  tagRuns(bytes: Buffer, from: number, to: number, visit: TagRunVisitor | undefined): void;
  /**
   * Tags the strong runs in all that changed in the document that the core looked at last (prefilter/document-look.ts).
   * False, or absent, where that is of no use: then the ranges are asked for one by one.
   */
  tagLooked?(bytes: Buffer): boolean;
  /** Adds tags that were computed elsewhere. */
  add(tags: Float64Array): void;
}

export interface Analysis {
  readonly findings: readonly Finding[];
  /** What stands in the document and says something of secrets elsewhere; absent when nothing does. */
  readonly publicFacts?: readonly PublicFact[];
  /** Distinct keyed tags of all strong token runs, ascending; empty when `collectTags` is false. */
  readonly tags: Float64Array;
  readonly encoding: Encoding;
  /** Caps that were hit, each one a gap of the receipt. */
  readonly caps: readonly InputProblemCode[];
  /** Absent when it was not asked for, and when documents made from this one must be read from end to end. */
  readonly memory?: DocumentMemory;
}

/** Bare copies in one document, and what kept some of it from being read. */
export interface SweptDocument {
  readonly findings: readonly Finding[];
  readonly caps: readonly InputProblemCode[];
}

export interface Analyzer {
  /** Detects, and finds bare copies of the secrets that were known when the analyzer was made. */
  analyze(input: AnalysisInput): Analysis;
  /** Only bare copies of the given secrets, in every spelling; rule `known-value`. */
  sweep(input: AnalysisInput, known: AnchorTable): SweptDocument;
}
