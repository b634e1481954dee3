/**
 * Hits that were looked at and held nothing, known again where all is the same that decides about them: of the hits near
 * a change two thirds. What decides is what the locality contract says (src/detect/detector-reach.ts), and nothing beyond.
 *
 * Two such windows are told apart by NH, a universal hash, under keys drawn anew for each instance, twice over and then
 * closed by SipHash: nobody can make a window that is taken for another, the chance is 2^-64 a pair.
 */
import { NEWLINE, nextNewline, lineStart } from './spans';
import { QUIET_KEYS, QUIET_SEEN, QUIET_SEEN_BITS, QUIET_WINDOW, QUIET_WORK } from './memory-map';
import { sipHash } from './tags';

/** As in src/detect/detector-reach.ts. */
export const REACH_BEFORE: u32 = 640;
export const NEXT_NAME_REACH: u32 = 110;
export const NEXT_VALUE_REACH: u32 = 1024;
export const BESIDE_REACH: u32 = 380;

/** Longer lines cost more than they spare. */
const MOST_LINE: u32 = 4096;

let isAsked: bool = false;
/** The window that was hashed last: its hash stands in QUIET_WORK. */
let hashedFrom: u32 = 0;
let hashedTo: u32 = 0;

/** From now on hits are remembered; the keys have been drawn. */
export function askQuiet(): void {
  isAsked = true;
}

/** Begins another text. */
export function startQuiet(): void {
  hashedFrom = 0;
  hashedTo = 0;
}

/** True when a hit with this tag was found to hold nothing. */
export function isQuiet(tag: u64): bool {
  return load<u64>(QUIET_SEEN + (<usize>(<u32>tag & ((1 << QUIET_SEEN_BITS) - 1)) << 3)) == tag;
}

/** Tag of the keyword's hit at [start, end) with all that decides about it; 0 when none is made. */
export function quietTag(text: usize, length: u32, keyword: u32, start: u32, end: u32): u64 {
  if (!isAsked) return 0;
  const floor: u32 = start > MOST_LINE ? start - MOST_LINE : 0;
  const line = lineStart(text, start, floor);
  if (line == floor && floor > 0 && load<u8>(text + floor - 1) != NEWLINE) return 0;
  const lineEnd = nextNewline(text, end, length - end < MOST_LINE ? length : end + MOST_LINE);
  if (lineEnd < length && load<u8>(text + lineEnd) != NEWLINE) return 0;
  const from: u32 = line > REACH_BEFORE ? line - REACH_BEFORE : 0;
  // Detectors count from behind the newline.
  const to = reachBehind(text, length, lineEnd < length ? lineEnd + 1 : length);
  if (from != hashedFrom || to != hashedTo) {
    // What is longest, both reaches and a line, has room.
    if (to - from > QUIET_WINDOW) return 0;
    hashWindow(text + from, to - from);
    hashedFrom = from;
    hashedTo = to;
  }
  store<u32>(QUIET_WORK, keyword, 32);
  store<u32>(QUIET_WORK, start - from, 36);
  store<u32>(QUIET_WORK, to - from, 40);
  // At the ends of a text less is known than that it goes on in the same way.
  store<u32>(QUIET_WORK, (from == 0 ? 1 : 0) | (to == length ? 2 : 0), 44);
  const tag = sipHash(QUIET_WORK, 48);
  return tag == 0 ? 1 : tag;
}

/** Offset up to which bytes may decide about a keyword whose line ends, with its newline, at `end`. */
function reachBehind(text: usize, length: u32, end: u32): u32 {
  if (length - end <= NEXT_NAME_REACH) return length;
  const at = end + NEXT_NAME_REACH;
  const last = nextNewline(text, at, length - at < NEXT_VALUE_REACH ? length : at + NEXT_VALUE_REACH);
  return length - last < BESIDE_REACH ? length : last + BESIDE_REACH;
}

/** NH of a window under two parts of the keys: 32 bytes in QUIET_WORK. */
function hashWindow(place: usize, size: u32): void {
  let a = i64x2.splat(0);
  let b = i64x2.splat(0);
  const whole = size & ~31;
  for (let at: u32 = 0; at < whole; at += 32) {
    const first = v128.load(place + at);
    const second = v128.load(place + at, 16);
    const keys = QUIET_KEYS + at;
    a = i64x2.add(a, products(i32x4.add(first, v128.load(keys)), i32x4.add(second, v128.load(keys, 16))));
    b = i64x2.add(b, products(i32x4.add(first, v128.load(keys, 32)), i32x4.add(second, v128.load(keys, 48))));
  }
  if (whole < size) {
    // The rest with zeros behind it: the window's size is part of the tag.
    const rest = QUIET_WORK + 64;
    memory.fill(rest, 0, 32);
    memory.copy(rest, place + whole, size - whole);
    const keys = QUIET_KEYS + whole;
    const first = v128.load(rest);
    const second = v128.load(rest, 16);
    a = i64x2.add(a, products(i32x4.add(first, v128.load(keys)), i32x4.add(second, v128.load(keys, 16))));
    b = i64x2.add(b, products(i32x4.add(first, v128.load(keys, 32)), i32x4.add(second, v128.load(keys, 48))));
  }
  v128.store(QUIET_WORK, a);
  v128.store(QUIET_WORK, b, 16);
}

// @ts-ignore: decorator
@inline
function products(x: v128, y: v128): v128 {
  return i64x2.add(i64x2.extmul_low_i32x4_u(x, y), i64x2.extmul_high_i32x4_u(x, y));
}
