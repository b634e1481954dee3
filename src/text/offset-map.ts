/**
 * The way back from a derived text to the raw document: sorted runs, built while a transform writes its
 * output, applied only where something was found.
 *
 * A run is a `copy` (positions move one to one), a `replace` (any position inside stands for the whole
 * input run, e.g. the four bytes of `&lt;`), a `delete` (no output, e.g. `=\r\n`) or an `insert` (no input,
 * e.g. the newline between two blocks). A delete lies inside the raw range of a match that spans it.
 */
import type { Span } from '../model/span.js';
import type { OffsetMap, RawRanges } from './view.js';

/** Joins ranges that touch or overlap; returns them ascending. */
export function mergeRanges(ranges: readonly Span[]): Span[] {
  const sorted = [...ranges].sort((a, b) => a.start - b.start || a.end - b.end);
  const merged: Span[] = [];
  for (const range of sorted) {
    const last = merged[merged.length - 1];
    if (last !== undefined && range.start <= last.end) {
      if (range.end > last.end) merged[merged.length - 1] = { start: last.start, end: range.end };
    } else merged.push(range);
  }
  return merged;
}

/** Map of a text that is its own origin; `base` is the raw offset of its first byte. */
export function identityMap(length: number, base = 0): OffsetMap {
  return {
    length,
    toRaw: (span) => ({ ranges: [{ start: base + span.start, end: base + span.end }], exact: true }),
  };
}

/** Map of a derived text that only its whole origin stands for, e.g. what was inflated. */
export function opaqueMap(length: number, origin: Span): OffsetMap {
  return { length, toRaw: () => ({ ranges: [origin], exact: false }) };
}

/** Undoes `inner` first, then `outer`: `inner` maps into the text that `outer` maps from. */
export function composeMaps(outer: OffsetMap, inner: OffsetMap): OffsetMap {
  return {
    length: inner.length,
    toRaw(span) {
      const middle = inner.toRaw(span);
      const ranges: Span[] = [];
      let exact = middle.exact;
      for (const part of middle.ranges) {
        const raw = outer.toRaw(part);
        ranges.push(...raw.ranges);
        if (!raw.exact) exact = false;
      }
      return { ranges: mergeRanges(ranges), exact };
    },
  };
}

/** The smallest span that holds all ranges. */
export function hullOf(raw: RawRanges): Span {
  const first = raw.ranges[0];
  const last = raw.ranges[raw.ranges.length - 1];
  return { start: first?.start ?? 0, end: last?.end ?? 0 };
}

const copyRun = 0;
const replaceRun = 1;

/** Records runs in output order. Input offsets are those of the raw text, or of the view it derives from. */
export class OffsetMapBuilder {
  // Four parallel lists instead of objects: a window of 4 KB of escapes makes a thousand runs.
  readonly #outStart: number[] = [];
  readonly #inStart: number[] = [];
  readonly #inEnd: number[] = [];
  readonly #kind: number[] = [];
  #length = 0;

  /** Bytes of output so far. */
  get length(): number {
    return this.#length;
  }

  /** `length` bytes stand in both texts. */
  copy(inStart: number, length: number): void {
    if (length === 0) return;
    const last = this.#kind.length - 1;
    if (last >= 0 && this.#kind[last] === copyRun && this.#inEnd[last] === inStart) {
      this.#inEnd[last] = inStart + length;
      this.#length += length;
      return;
    }
    this.#push(inStart, inStart + length, length, copyRun);
  }

  /** `inLength` bytes of input became `outLength` bytes; 0 of either is a delete or an insert. */
  replace(inStart: number, inLength: number, outLength: number): void {
    if (inLength === 0 && outLength === 0) return;
    this.#push(inStart, inStart + inLength, outLength, replaceRun);
  }

  #push(inStart: number, inEnd: number, outLength: number, kind: number): void {
    this.#outStart.push(this.#length);
    this.#inStart.push(inStart);
    this.#inEnd.push(inEnd);
    this.#kind.push(kind);
    this.#length += outLength;
  }

  build(): OffsetMap {
    return new RunMap(this.#outStart, this.#inStart, this.#inEnd, this.#kind, this.#length);
  }
}

class RunMap implements OffsetMap {
  readonly length: number;
  readonly #outStart: readonly number[];
  readonly #inStart: readonly number[];
  readonly #inEnd: readonly number[];
  readonly #kind: readonly number[];

  constructor(
    outStart: readonly number[],
    inStart: readonly number[],
    inEnd: readonly number[],
    kind: readonly number[],
    length: number,
  ) {
    this.#outStart = outStart;
    this.#inStart = inStart;
    this.#inEnd = inEnd;
    this.#kind = kind;
    this.length = length;
  }

  toRaw(span: Span): RawRanges {
    const ranges: Span[] = [];
    let exact = true;
    for (let run = this.#runAt(span.start); run < this.#kind.length; run++) {
      const outStart = this.#outStart[run] as number;
      const outEnd = this.#outStart[run + 1] ?? this.length;
      if (outStart >= span.end) break;
      const isDelete = outStart === outEnd;
      if (outEnd <= span.start && !(isDelete && outStart > span.start)) continue;
      let start = this.#inStart[run] as number;
      let end = this.#inEnd[run] as number;
      const cutLeft = Math.max(0, span.start - outStart);
      const cutRight = Math.max(0, outEnd - span.end);
      if (this.#kind[run] === copyRun) {
        start += cutLeft;
        end -= cutRight;
      } else if (cutLeft + cutRight > 0) exact = false;
      if (end > start) ranges.push({ start, end });
    }
    if (ranges.length === 0) return { ranges: [this.#pointAt(span.start)], exact: span.start === span.end };
    return { ranges: mergeRanges(ranges), exact };
  }

  /** Last run that starts at or before `position` and is not a mere delete before it. */
  #runAt(position: number): number {
    let low = 0;
    let high = this.#outStart.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#outStart[middle] as number) <= position) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Where an empty span, or one made only of inserted bytes, lies: a point. */
  #pointAt(position: number): Span {
    const run = this.#runAt(position);
    const start = this.#inStart[run] ?? 0;
    const end = this.#inEnd[run] ?? start;
    const inside = this.#kind[run] === copyRun ? position - (this.#outStart[run] ?? 0) : 0;
    const point = Math.min(start + inside, end);
    return { start: point, end: point };
  }
}
