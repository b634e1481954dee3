/**
 * Finds keywords by their rarest three or four bytes. Most positions of a text are turned away by one look into a
 * table of 64 KB, without a branch; so the time does not depend on how many keywords there are.
 *
 * src/prefilter/keyword-hits.ts is the twin in TypeScript and the oracle.
 */
import { isNearEscape, isNextEscapeNear } from './escapes';
import {
  CANDIDATE_CAPACITY,
  CANDIDATES,
  ENTRIES,
  FOLDED,
  GATE_BORDERS,
  GATE_REACHES,
  GATE_RUNS,
  GATE_SETS,
  GRAM_BITS,
  GRAMS,
  HIT_CAPACITY,
  HITS,
  KEYWORD_EXACT,
  KEYWORD_LENGTHS,
  KEYWORD_STARTS,
  KEYWORD_TEXT,
  QUIET_TAGS,
  SETS_OF_BYTE,
  STARTS,
} from './memory-map';
import { isQuiet, quietTag } from './quiet';

/** Flags of a hit: its keyword's gate is open; an escape stands near. */
const IS_OPEN: u32 = 0x40000000;
const IS_ESCAPED: u32 = 0x80000000;
const KEYWORD_MASK: u32 = 0x7fff;
/** In the set of a gate: an at sign must stand behind; as of a byte: it ends a URL. As in src/prefilter/keyword-gates.ts. */
const URL_END: u32 = 128;
const MOST_URL: u32 = 1152;
/** Most keywords that are found by the same bytes: those of one position are never divided. */
const ROOM: u32 = 4096;

let hitCount: u32 = 0;
/** Where a search that filled the list goes on. */
let resume: u32 = 0;
/** While hits are kept as they are found, whatever stands near them: where the next goes, and where room ends. */
let keptAt: usize = 0;
let keptFloor: usize = 0;
let keptEnd: usize = 0;
let isKeeping: bool = false;

export function resumeKeywordsAt(): u32 {
  return resume;
}

/**
 * Hits of keywords within [from, to) of the `length` bytes at `text`, in the order of their starts: those
 * whose gate is open or, if asked, near which an escape stands. Ends early when the list is full; `goOn` is then
 * `resumeKeywordsAt` of the call before, else `from`.
 */
export function findKeywords(
  text: usize,
  length: u32,
  from: u32,
  to: u32,
  goOn: u32,
  asksEscapes: bool,
): u32 {
  hitCount = 0;
  isKeeping = false;
  search(text, length, from, to, goOn, asksEscapes);
  sortHits();
  return hitCount;
}

/**
 * Adds all hits within [from, to) to the sorted list [first, at), with no question asked. Returns the list's new end; 0 when it
 * has no room.
 */
export function keepKeywords(text: usize, from: u32, to: u32, first: usize, at: usize, end: usize): usize {
  isKeeping = true;
  keptFloor = first;
  keptAt = at;
  keptEnd = end;
  search(text, to, from, to, from, false);
  return resume < to ? 0 : keptAt;
}

/** Puts a hit at the end of the sorted list [first, at), or where it belongs. */
export function keepHit(first: usize, at: usize, keyword: u32, start: u32): void {
  let to = at;
  while (to > first) {
    const before: u32 = load<u32>(to - 8, 4);
    if (before < start || (before == start && orderOf(load<u64>(to - 8)) <= orderOf(<u64>keyword | (<u64>start << 32)))) break;
    store<u64>(to, load<u64>(to - 8));
    to -= 8;
  }
  store<u32>(to, keyword);
  store<u32>(to, start, 4);
}

/** Forgets the hits in `HITS`, which {@link passKept} fills. */
export function clearHits(): void {
  hitCount = 0;
}

export function foundHits(): u32 {
  return hitCount;
}

/**
 * Lists a kept hit in `HITS` if it is due and its gate is open, or an escape stands near; starts never fall from
 * one call to the next behind `clearHits`. False when the list is full.
 */
export function passKept(text: usize, length: u32, hit: usize, isDue: bool): bool {
  const keyword = load<u32>(hit);
  const start = load<u32>(hit, 4);
  const end = endOf(keyword, start);
  let flags: u32 = isDue && isOpen(text, length, keyword, start) ? IS_OPEN : 0;
  const tag = flags == 0 ? 0 : quietTag(text, length, keyword, start, end);
  if (tag != 0 && isQuiet(tag)) flags = 0;
  if (isNextEscapeNear(text, length, start, end)) flags |= IS_ESCAPED;
  if (flags == 0) return true;
  if (hitCount == HIT_CAPACITY) return false;
  store<u64>(QUIET_TAGS + (hitCount << 3), tag);
  const entry = HITS + (hitCount << 3);
  store<u32>(entry, keyword | flags);
  store<u32>(entry, start, 4);
  hitCount++;
  return true;
}

/** Closes the hits in `HITS` that are known to hold nothing, and takes those out that no escape stands near. */
export function dropQuiet(text: usize, length: u32): void {
  let left: u32 = 0;
  for (let i: u32 = 0; i < hitCount; i++) {
    let hit = load<u64>(HITS + (i << 3));
    const keyword = <u32>hit & KEYWORD_MASK;
    const start = <u32>(hit >> 32);
    const tag = (<u32>hit & IS_OPEN) == 0 ? 0 : quietTag(text, length, keyword, start, endOf(keyword, start));
    if (tag != 0 && isQuiet(tag)) {
      hit &= ~(<u64>IS_OPEN);
      if ((<u32>hit & IS_ESCAPED) == 0) continue;
    }
    store<u64>(HITS + (left << 3), hit);
    store<u64>(QUIET_TAGS + (left << 3), tag);
    left++;
  }
  hitCount = left;
}

export function endOf(keyword: u32, start: u32): u32 {
  return start + load<u16>(KEYWORD_LENGTHS + (keyword << 1));
}

function search(text: usize, length: u32, from: u32, to: u32, goOn: u32, asksEscapes: bool): void {
  resume = to;
  if (to < 3 || goOn > to - 3) return;
  const last = to - 3;
  const fold = i8x16.splat(0x1f);
  const letter = i8x16.splat(0x20);
  const low = i8x16.splat(7);
  const bits = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0);
  let at = goOn;
  while (at <= last) {
    let list = CANDIDATES;
    const full = CANDIDATES + (CANDIDATE_CAPACITY << 3);
    while (at <= last && list < full) {
      const place = text + at;
      const first = v128.load(place);
      const second = v128.load(place, 1);
      const third = v128.load(place, 2);
      const a = v128.or(v128.and(first, fold), v128.and(i8x16.shr_u(first, 1), letter));
      const b = v128.or(v128.and(second, fold), v128.and(i8x16.shr_u(second, 1), letter));
      const c = v128.or(v128.and(third, fold), v128.and(i8x16.shr_u(third, 1), letter));
      const frontMixes = v128.xor(
        v128.xor(i16x8.shl(i16x8.extend_low_i8x16_u(a), 10), i16x8.shl(i16x8.extend_low_i8x16_u(b), 5)),
        i16x8.extend_low_i8x16_u(c),
      );
      const backMixes = v128.xor(
        v128.xor(i16x8.shl(i16x8.extend_high_i8x16_u(a), 10), i16x8.shl(i16x8.extend_high_i8x16_u(b), 5)),
        i16x8.extend_high_i8x16_u(c),
      );
      // What the table says of each position: two chains, since each look waits for the one before.
      let front = i8x16.splat(0);
      let back = i8x16.splat(0);
      front = v128.load_lane<u8>(STARTS + <usize>i16x8.extract_lane_u(frontMixes, 0), front, 0);
      back = v128.load_lane<u8>(STARTS + <usize>i16x8.extract_lane_u(backMixes, 0), back, 8);
      front = v128.load_lane<u8>(STARTS + <usize>i16x8.extract_lane_u(frontMixes, 1), front, 1);
      back = v128.load_lane<u8>(STARTS + <usize>i16x8.extract_lane_u(backMixes, 1), back, 9);
      front = v128.load_lane<u8>(STARTS + <usize>i16x8.extract_lane_u(frontMixes, 2), front, 2);
      back = v128.load_lane<u8>(STARTS + <usize>i16x8.extract_lane_u(backMixes, 2), back, 10);
      front = v128.load_lane<u8>(STARTS + <usize>i16x8.extract_lane_u(frontMixes, 3), front, 3);
      back = v128.load_lane<u8>(STARTS + <usize>i16x8.extract_lane_u(backMixes, 3), back, 11);
      front = v128.load_lane<u8>(STARTS + <usize>i16x8.extract_lane_u(frontMixes, 4), front, 4);
      back = v128.load_lane<u8>(STARTS + <usize>i16x8.extract_lane_u(backMixes, 4), back, 12);
      front = v128.load_lane<u8>(STARTS + <usize>i16x8.extract_lane_u(frontMixes, 5), front, 5);
      back = v128.load_lane<u8>(STARTS + <usize>i16x8.extract_lane_u(backMixes, 5), back, 13);
      front = v128.load_lane<u8>(STARTS + <usize>i16x8.extract_lane_u(frontMixes, 6), front, 6);
      back = v128.load_lane<u8>(STARTS + <usize>i16x8.extract_lane_u(backMixes, 6), back, 14);
      front = v128.load_lane<u8>(STARTS + <usize>i16x8.extract_lane_u(frontMixes, 7), front, 7);
      back = v128.load_lane<u8>(STARTS + <usize>i16x8.extract_lane_u(backMixes, 7), back, 15);
      const next = i8x16.swizzle(bits, v128.and(v128.load(place, 3), low));
      const mask: u32 = i8x16.bitmask(i8x16.ne(v128.and(v128.or(front, back), next), i8x16.splat(0)));
      // Without a branch: whether one passes is not to be foreseen.
      store<u32>(list, at);
      store<u32>(list, mask, 4);
      list += mask != 0 ? 8 : 0;
      at += 16;
    }
    for (let entry = CANDIDATES; entry < list; entry += 8) {
      const start = load<u32>(entry);
      let mask = load<u32>(entry, 4);
      while (mask != 0) {
        const candidate = start + ctz(mask);
        mask &= mask - 1;
        if (candidate > last) break;
        if (isKeeping ? keptAt + (ROOM << 3) > keptEnd : hitCount + ROOM > HIT_CAPACITY) {
          resume = candidate;
          return;
        }
        report(text, length, candidate, from, to, asksEscapes);
      }
    }
  }
}

/** Reports the keywords of which the bytes at `at` are the rarest part, and that lie within [from, to). */
function report(text: usize, length: u32, at: u32, from: u32, to: u32, asksEscapes: bool): void {
  const place = text + at;
  const key = folded(place) | (folded(place + 1) << 8) | (folded(place + 2) << 16);
  let slot = (key * 0x9e3779b1) >> (32 - GRAM_BITS);
  for (;;) {
    const found = load<u32>(GRAMS + (slot << 5));
    if (found == 0) return;
    if (found == key + 1) break;
    slot = (slot + 1) & ((1 << GRAM_BITS) - 1);
  }
  const gram = GRAMS + (slot << 5);
  // A shift counts modulo 32, and both cases of a letter have the same five low bits.
  const sides = (load<u32>(gram, 12) >> <u32>load<u8>(place, 3)) & (load<u32>(gram, 16) >> <u32>load<u8>(place, 4));
  if ((sides & 1) == 0) return;
  if (at > from && ((load<u32>(gram, 20) >> <u32>load<u8>(place - 1)) & 1) == 0) return;
  const exact = load<u32>(gram, 24);
  if (exact != 0 && exact != (load<u32>(place) & 0xffffff)) return;
  let entry = ENTRIES + (load<u32>(gram, 4) << 2);
  const end = entry + (load<u32>(gram, 8) << 2);
  for (; entry < end; entry += 4) {
    const keyword: u32 = load<u16>(entry);
    const offset: u32 = load<u16>(entry, 2);
    if (at < from + offset) continue;
    const start = at - offset;
    if (start + load<u16>(KEYWORD_LENGTHS + (keyword << 1)) > to) continue;
    if (!isThere(keyword, text + start)) continue;
    if (isKeeping) {
      keepHit(keptFloor, keptAt, keyword, start);
      keptAt += 8;
    } else emit(text, length, keyword, start, asksEscapes);
  }
}

// @ts-ignore: decorator
@inline
function folded(place: usize): u32 {
  return load<u8>(FOLDED + load<u8>(place));
}

function isThere(keyword: u32, place: usize): bool {
  const wanted = KEYWORD_TEXT + load<u32>(KEYWORD_STARTS + (keyword << 2));
  const isExact = load<u8>(KEYWORD_EXACT + keyword) != 0;
  for (let i: i32 = <i32>load<u16>(KEYWORD_LENGTHS + (keyword << 1)) - 1; i >= 0; i--) {
    const byte: u32 = load<u8>(place + i);
    if ((isExact ? byte : <u32>load<u8>(FOLDED + byte)) != load<u8>(wanted + i)) return false;
  }
  return true;
}

/**
 * Brings the hits in order: by start, the shortest first, the last keyword first. They are nearly so, since a
 * keyword's rarest part is never far behind its start.
 */
function sortHits(): void {
  for (let i: u32 = 1; i < hitCount; i++) {
    const hit = load<u64>(HITS + (i << 3));
    const order = orderOf(hit);
    let to = i;
    while (to > 0) {
      const before = load<u64>(HITS + ((to - 1) << 3));
      if (orderOf(before) <= order) break;
      store<u64>(HITS + (to << 3), before);
      to--;
    }
    store<u64>(HITS + (to << 3), hit);
  }
}

// @ts-ignore: decorator
@inline
function orderOf(hit: u64): u64 {
  const keyword = <u32>hit & KEYWORD_MASK;
  const length: u64 = load<u16>(KEYWORD_LENGTHS + (keyword << 1));
  return ((hit >> 32) << 32) | (length << 16) | <u64>(0xffff - keyword);
}

function emit(text: usize, length: u32, keyword: u32, start: u32, asksEscapes: bool): void {
  const end = start + load<u16>(KEYWORD_LENGTHS + (keyword << 1));
  let flags: u32 = isOpen(text, length, keyword, start) ? IS_OPEN : 0;
  if (asksEscapes && isNearEscape(text, length, start, end)) flags |= IS_ESCAPED;
  if (flags == 0) return;
  const entry = HITS + (hitCount << 3);
  store<u32>(entry, keyword | flags);
  store<u32>(entry, start, 4);
  hitCount++;
}

/** Whether an at sign stands in the URL that `start` is in, behind it. */
function hasAtSign(text: usize, length: u32, start: u32): bool {
  const ceiling: u32 = length - start < MOST_URL ? length : start + MOST_URL;
  for (let at = start; at < ceiling; at++) {
    const byte: u32 = load<u8>(text + at);
    if (byte == 0x40) return true;
    if ((load<u8>(SETS_OF_BYTE + byte) & URL_END) != 0) return false;
  }
  return false;
}

/** Whether the byte before and the sixteen from `start` are one letter: see src/prefilter/keyword-gates.ts. */
// @ts-ignore: decorator
@inline
function isAmidRun(text: usize, length: u32, start: u32): bool {
  if (start == 0 || start + 16 > length) return false;
  return i8x16.all_true(i8x16.eq(v128.load(text + start), i8x16.splat(load<i8>(text + start - 1))));
}

/** Whether enough bytes in a row stand near the keyword, and none that may not before it; reads few of those between. */
function isOpen(text: usize, length: u32, keyword: u32, start: u32): bool {
  if (isAmidRun(text, length, start)) return false;
  const border: u32 = load<u8>(GATE_BORDERS + keyword);
  if (border != 0 && start > 0 && (load<u8>(SETS_OF_BYTE + load<u8>(text + start - 1)) & border) != 0) return false;
  const set: u32 = load<u8>(GATE_SETS + keyword);
  if ((set & URL_END) != 0 && !hasAtSign(text, length, start)) return false;
  const run: u32 = load<u8>(GATE_RUNS + keyword);
  if (run == 0) return true;
  const before: u32 = load<u16>(GATE_REACHES + (keyword << 2));
  const behind: u32 = load<u16>(GATE_REACHES + (keyword << 2), 2);
  let from: u32 = start > before ? start - before : 0;
  const to: u32 = behind < length - start ? start + behind : length;
  while (from + run <= to) {
    let i: i32 = <i32>(from + run - 1);
    while (i >= <i32>from && (load<u8>(SETS_OF_BYTE + load<u8>(text + i)) & set) != 0) i--;
    if (i < <i32>from) return true;
    from = <u32>i + 1;
  }
  return false;
}
