/**
 * What is known of a document when another is made from it by copying most of its text: only what the other
 * does not have from it, and what that may decide about, is looked at again. The locality contract
 * (detector-reach.ts) makes this lawful; test/property/document-memory.test.ts is the gate.
 */
import type { KeptKeywords } from '../prefilter/document-look.js';
import type { Encoding } from '../text/encoding.js';
import { firstReaching, reachBefore } from './detector-reach.js';
import { regionReachBefore, regionReachBehind } from './escape-regions.js';
import { addSpan, joinedSpans, mergedSpans, wholeLines, widenedSpans } from './spans.js';

/** Found in one document, used for those that copy from it. Offsets are of that document. */
export interface DocumentMemory {
  /** Bytes of the document. */
  readonly length: number;
  readonly encoding: Encoding;
  /**
   * Pairs (start, end), by rising start: hits and regions in which something was found, and hits that may read on
   * far. They overlap: a part of a region may be copied without the rest, and so must be known by itself.
   */
  readonly loud: readonly number[];
  /** Pairs (start, end) of the text that was read for runs that might have been encoded. */
  readonly probed: readonly number[];
  /** True when something was found in decoded text. */
  readonly isEncodedLoud: boolean;
  /** Sweep tags of the decoded text. */
  readonly decodedTags: Float64Array;
  /** Where a core keeps the document's keywords. */
  readonly keywords?: KeptKeywords | undefined;
}

/** How a document follows from another one. */
export interface DocumentDelta {
  readonly base: DocumentMemory;
  /** Where the keywords of the document below it on the walk are kept, when that is not the base. */
  readonly below?: KeptKeywords | undefined;
  /** Pairs (start, end), rising: parts that the base does not have, or has at the side of other text. */
  readonly changed: ArrayLike<number>;
  /** Triples (start, end, start in the base), by rising start: the parts that it has. */
  readonly copies: ArrayLike<number>;
}

/** The first pair of `spans` that starts at `from` or behind. */
function firstFrom(spans: readonly number[], from: number): number {
  let low = 0;
  let high = spans.length / 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle * 2] as number) < from) low = middle + 1;
    else high = middle;
  }
  return low * 2;
}

/** Spans of the base that were copied whole, where they stand now: pairs by rising start. */
export function inheritedSpans(
  spans: readonly number[],
  copies: ArrayLike<number>,
  visit?: (index: number) => void,
): number[] {
  const inherited: number[] = [];
  if (spans.length === 0) return inherited;
  for (let i = 0; i < copies.length; i += 3) {
    const start = copies[i] as number;
    const from = copies[i + 2] as number;
    const to = from + (copies[i + 1] as number) - start;
    for (let at = firstFrom(spans, from); at < spans.length && (spans[at] as number) < to; at += 2) {
      const end = spans[at + 1] as number;
      if (end > to) continue;
      inherited.push((spans[at] as number) - from + start, end - from + start);
      visit?.(at / 2);
    }
  }
  return inherited;
}

/** Changes nearer to each other are looked at as one: what they decide about meets anyway, or nearly. */
const mergedGap = 1024;
/** What looks at changed parts takes steps of so many bytes; two parts in one step are one. */
const stepBytes = 64;

/** Pairs (start, end): the text about which a change may decide, up to the borders of lines. */
function touchedSpans(bytes: Buffer, changed: ArrayLike<number>): number[] {
  const touched: number[] = [];
  const parts = joinedSpans(changed, mergedGap);
  for (let i = 0; i < parts.length; i += 2) {
    const end = (parts[i + 1] as number) + reachBefore;
    addSpan(touched, firstReaching(bytes, parts[i] as number), Math.min(bytes.length, end));
  }
  return touched;
}

/** What must be looked at in a document that was made from another; worked out when it is asked for. */
export class DocumentChanges {
  /** What is loud in the base and was copied whole: rising, apart from each other. */
  readonly loud: readonly number[];
  readonly #bytes: Buffer;
  readonly #delta: DocumentDelta;
  #changed: readonly number[] | undefined;
  #lines: readonly number[] | undefined;
  #due: readonly number[] | undefined;
  #dueRegions: readonly number[] | undefined;

  constructor(bytes: Buffer, delta: DocumentDelta) {
    this.#bytes = bytes;
    this.#delta = delta;
    const loud = inheritedSpans(delta.base.loud, delta.copies);
    this.loud = loud.length === 0 ? loud : mergedSpans(loud);
  }

  /** The changed parts, those near each other as one. */
  get changed(): readonly number[] {
    this.#changed ??= joinedSpans(this.#delta.changed, stepBytes);
    return this.#changed;
  }

  /** Lines with a change. */
  get lines(): readonly number[] {
    this.#lines ??= wholeLines(this.#bytes, widenedSpans(this.changed, 1, 1, this.#bytes.length));
    return this.#lines;
  }

  /** Everything about which a change may decide, and all that is loud. */
  get due(): readonly number[] {
    this.#due ??= wholeLines(this.#bytes, this.#withLoud(touchedSpans(this.#bytes, this.changed)));
    return this.#due;
  }

  /** Text in which a region of escapes may not be as it was, and all that is loud. */
  get dueRegions(): readonly number[] {
    this.#dueRegions ??= this.#withLoud(
      widenedSpans(this.changed, regionReachBehind, regionReachBefore, this.#bytes.length),
    );
    return this.#dueRegions;
  }

  #withLoud(spans: readonly number[]): readonly number[] {
    return this.loud.length === 0 ? spans : mergedSpans([...spans, ...this.loud]);
  }

  get baseEncoding(): Encoding {
    return this.#delta.base.encoding;
  }

  /** Ranges in which a copy of a known value of at most `mostBytes` may have come into being, or stood. */
  sweepRanges(mostBytes: number): readonly number[] {
    return mergedSpans([
      ...widenedSpans(this.changed, mostBytes, mostBytes, this.#bytes.length),
      ...this.due,
    ]);
  }

  /** The base's probed runs where they stand now; undefined when one of them may not be as it was. */
  probedAsBefore(): number[] | undefined {
    const { base, copies } = this.#delta;
    const { probed, length } = base;
    if (probed.length === 0) return [];
    // What reaches to the end of the base is the same only at the end of this document.
    const last = copies.length - 3;
    const isEndSame =
      last >= 0 &&
      copies[last + 1] === this.#bytes.length &&
      (copies[last + 2] as number) + this.#bytes.length - (copies[last] as number) === length;
    const within = probed.map((offset) => Math.min(offset, length));
    const isInherited = new Uint8Array(probed.length / 2);
    const inherited = inheritedSpans(within, copies, (index) => {
      if ((probed[index * 2 + 1] as number) < length || isEndSame) isInherited[index] = 1;
    });
    return isInherited.includes(0) ? undefined : inherited;
  }
}
