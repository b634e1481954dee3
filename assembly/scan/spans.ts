/**
 * Lists of spans in memory: pairs (start, end) of u32, rising, apart from each other. src/detect/spans.ts is the
 * twin; no function makes a list longer than those it reads.
 */

export const NEWLINE: u32 = 0x0a;

/** Adds a span to the `count` at `list`, which starts no earlier than the last; returns the new count. */
export function addSpan(list: usize, count: u32, start: u32, end: u32): u32 {
  if (count > 0) {
    const last = list + ((count - 1) << 3);
    if (start <= load<u32>(last, 4)) {
      if (end > load<u32>(last, 4)) store<u32>(last, end, 4);
      return count;
    }
  }
  const place = list + (count << 3);
  store<u32>(place, start);
  store<u32>(place, end, 4);
  return count + 1;
}

/** The spans, those at most `gap` bytes apart made one. */
export function joinSpans(from: usize, count: u32, to: usize, gap: u32): u32 {
  let joined: u32 = 0;
  for (let i: u32 = 0; i < count; ) {
    const start = load<u32>(from + (i << 3));
    let end = load<u32>(from + (i << 3), 4);
    for (i++; i < count && load<u32>(from + (i << 3)) <= end + gap; i++) end = load<u32>(from + (i << 3), 4);
    store<u32>(to + (joined << 3), start);
    store<u32>(to + (joined << 3), end, 4);
    joined++;
  }
  return joined;
}

/** Each span longer by `before` and `behind`, within `[0, length)`, merged. */
export function widenSpans(from: usize, count: u32, to: usize, before: u32, behind: u32, length: u32): u32 {
  let widened: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const start = load<u32>(from + (i << 3));
    const end = load<u32>(from + (i << 3), 4);
    const stop: u32 = length - end < behind ? length : end + behind;
    widened = addSpan(to, widened, start > before ? start - before : 0, stop);
  }
  return widened;
}

/** Both lists as one; `to` has room for both. */
export function mergeSpans(a: usize, countA: u32, b: usize, countB: u32, to: usize): u32 {
  let merged: u32 = 0;
  let i: u32 = 0;
  let j: u32 = 0;
  while (i < countA || j < countB) {
    let place: usize;
    if (j == countB || (i < countA && load<u32>(a + (i << 3)) <= load<u32>(b + (j << 3)))) place = a + (i++ << 3);
    else place = b + (j++ << 3);
    merged = addSpan(to, merged, load<u32>(place), load<u32>(place, 4));
  }
  return merged;
}

/** Each span from the start of the line it begins in to the end of the line it ends in, merged. */
export function wholeLines(text: usize, length: u32, from: usize, count: u32, to: usize): u32 {
  let lines: u32 = 0;
  let floor: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const start = load<u32>(from + (i << 3));
    const end = load<u32>(from + (i << 3), 4);
    if (end <= floor) continue;
    const first = start <= floor ? floor : lineStart(text, start, floor);
    lines = addSpan(to, lines, first, lineEnd(text, length, end));
    floor = load<u32>(to + ((lines - 1) << 3), 4);
  }
  return lines;
}

/** Where the line that holds the byte before `at` starts, at `floor` at the earliest. */
export function lineStart(text: usize, at: u32, floor: u32): u32 {
  let start = at;
  while (start >= floor + 16) {
    const mask: u32 = newlinesAt(text + start - 16);
    if (mask != 0) return start - 16 + (32 - clz(mask));
    start -= 16;
  }
  while (start > floor && load<u8>(text + start - 1) != NEWLINE) start--;
  return start;
}

/** The first newline in [at, end); `end` when there is none. Text goes on behind it, or zeros do. */
export function nextNewline(text: usize, at: u32, end: u32): u32 {
  for (let place = at; place < end; place += 16) {
    const mask: u32 = newlinesAt(text + place);
    if (mask != 0) {
      const found = place + <u32>ctz(mask);
      return found < end ? found : end;
    }
  }
  return end;
}

/** Behind the newline of the line that holds the byte before `at`. */
function lineEnd(text: usize, length: u32, at: u32): u32 {
  if (at > 0 && load<u8>(text + at - 1) == NEWLINE) return at;
  for (let end = at; end < length; end += 16) {
    const mask: u32 = newlinesAt(text + end);
    if (mask != 0) {
      const newline = end + ctz(mask);
      return newline < length ? newline + 1 : length;
    }
  }
  return length;
}

// @ts-ignore: decorator
@inline
function newlinesAt(place: usize): u32 {
  return i8x16.bitmask(i8x16.eq(v128.load(place), i8x16.splat(0x0a)));
}
