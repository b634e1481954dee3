/** Sorted lists of half-open spans, apart from each other, as flat pairs (start, end). */

/** Spans by rising start, each once. Those that overlap stay apart. */
export function sortedSpans(pairs: readonly number[]): number[] {
  if (pairs.length <= 2) return [...pairs];
  const order = Array.from({ length: pairs.length / 2 }, (_, i) => i * 2).sort(
    (a, b) =>
      (pairs[a] as number) - (pairs[b] as number) || (pairs[a + 1] as number) - (pairs[b + 1] as number),
  );
  const sorted: number[] = [];
  for (const i of order) {
    const [start, end] = [pairs[i] as number, pairs[i + 1] as number];
    if (sorted.at(-2) !== start || sorted.at(-1) !== end) sorted.push(start, end);
  }
  return sorted;
}

/** Spans by rising start, merged where they touch or overlap. */
export function mergedSpans(pairs: readonly number[]): number[] {
  const sorted = sortedSpans(pairs);
  const merged: number[] = [];
  for (let i = 0; i < sorted.length; i += 2) addSpan(merged, sorted[i] as number, sorted[i + 1] as number);
  return merged;
}

/** Adds a span that starts no earlier than the last one of the list. */
export function addSpan(spans: number[], start: number, end: number): void {
  const last = spans.length - 1;
  if (last > 0 && start <= (spans[last] as number)) {
    if (end > (spans[last] as number)) spans[last] = end;
  } else spans.push(start, end);
}

/** The spans, those at most `gap` bytes apart made one. */
export function joinedSpans(spans: ArrayLike<number>, gap: number): number[] {
  const joined: number[] = [];
  for (let i = 0; i < spans.length; ) {
    const start = spans[i] as number;
    let end = spans[i + 1] as number;
    for (i += 2; i < spans.length && (spans[i] as number) <= end + gap; i += 2) end = spans[i + 1] as number;
    joined.push(start, end);
  }
  return joined;
}

/** Each span longer by `before` and `behind`, within `[0, length)`, merged. */
export function widenedSpans(
  spans: ArrayLike<number>,
  before: number,
  behind: number,
  length: number,
): number[] {
  const wide: number[] = [];
  for (let i = 0; i < spans.length; i += 2) {
    addSpan(
      wide,
      Math.max(0, (spans[i] as number) - before),
      Math.min(length, (spans[i + 1] as number) + behind),
    );
  }
  return wide;
}

/** Each span from the start of the line it begins in to the end of the line it ends in, merged. */
export function wholeLines(bytes: Buffer, spans: readonly number[]): number[] {
  const lines: number[] = [];
  for (let i = 0; i < spans.length; i += 2) {
    const floor = lines.length === 0 ? 0 : (lines[lines.length - 1] as number);
    const from = spans[i] as number;
    const to = spans[i + 1] as number;
    if (to <= floor) continue;
    const start = from <= floor ? floor : Math.max(floor, lineStart(bytes, from, floor));
    addSpan(lines, start, lineEnd(bytes, to));
  }
  return lines;
}

const newline = 0x0a;

function lineStart(bytes: Buffer, at: number, floor: number): number {
  let start = at;
  while (start > floor && bytes[start - 1] !== newline) start--;
  return start;
}

/** Behind the newline of the line that holds the byte before `at`. */
function lineEnd(bytes: Buffer, at: number): number {
  if (at > 0 && bytes[at - 1] === newline) return at;
  const end = bytes.indexOf(newline, at);
  return end < 0 ? bytes.length : end + 1;
}

/** Asks whether spans touch those of a list, from front to back. */
export class SpanCursor {
  readonly #spans: ArrayLike<number>;
  #at = 0;

  constructor(spans: ArrayLike<number>) {
    this.#spans = spans;
  }

  /** Whether `[start, end)` touches a span; `start` never falls from one call to the next. */
  touches(start: number, end: number): boolean {
    const spans = this.#spans;
    while (this.#at < spans.length && (spans[this.#at + 1] as number) <= start) this.#at += 2;
    return this.#at < spans.length && (spans[this.#at] as number) < end;
  }

  has(offset: number): boolean {
    return this.touches(offset, offset + 1);
  }
}
