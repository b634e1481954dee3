/**
 * Whether an escape stands near a keyword: the twin of the rules in src/detect/escape-regions.ts, which says
 * what each sort is and why it reaches so far.
 */
import { FOLDED } from './memory-map';

const ESCAPE_BEFORE: u32 = 48;
const NEAR_AFTER: u32 = 64;
const FAR_AFTER: u32 = 200;

/** @param end end of the keyword */
export function isNearEscape(text: usize, length: u32, start: u32, end: u32): bool {
  const from: u32 = start > ESCAPE_BEFORE ? start - ESCAPE_BEFORE : 0;
  const to: u32 = end + FAR_AFTER < length ? end + FAR_AFTER : length;
  const near: u32 = end + NEAR_AFTER;
  for (let at = from; at < to; at += 16) {
    let mask = leadsAt(text + at);
    while (mask != 0) {
      const place = at + ctz(mask);
      mask &= mask - 1;
      if (place >= to) break;
      const reach = reachOf(text, length, place);
      if (reach == FAR_AFTER || (reach == NEAR_AFTER && place < near)) return true;
    }
  }
  return false;
}

/** Where the next escape stands, once it was sought. */
let nextEscape: u32 = 0;
let isSought: bool = false;

/** Begins another text. */
export function startEscapes(): void {
  isSought = false;
}

/**
 * As {@link isNearEscape}, for keywords whose starts never fall from one call to the next behind `startEscapes`:
 * of most of them it is known from the one before that no escape stands near.
 */
export function isNextEscapeNear(text: usize, length: u32, start: u32, end: u32): bool {
  const from: u32 = start > ESCAPE_BEFORE ? start - ESCAPE_BEFORE : 0;
  const to: u32 = end + FAR_AFTER < length ? end + FAR_AFTER : length;
  if (!isSought || nextEscape < from) {
    nextEscape = escapeFrom(text, length, from);
    isSought = true;
  }
  if (nextEscape >= to) return false;
  if (nextEscape < end + NEAR_AFTER || reachOf(text, length, nextEscape) == FAR_AFTER) return true;
  return isNearEscape(text, length, start, end);
}

/** Offset of the first escape at `from` or behind; `length` when there is none. */
function escapeFrom(text: usize, length: u32, from: u32): u32 {
  for (let at = from; at < length; at += 16) {
    let mask = leadsAt(text + at);
    while (mask != 0) {
      const place = at + ctz(mask);
      mask &= mask - 1;
      if (place >= length) break;
      if (reachOf(text, length, place) != 0) return place;
    }
  }
  return length;
}

/** A bit for each of the sixteen bytes at `place` with which an escape may begin. */
// @ts-ignore: decorator
@inline
function leadsAt(place: usize): u32 {
  const bytes = v128.load(place);
  const next = v128.load(place, 1);
  // `=` stands everywhere; of those only `=3` and `=\r` can be quoted-printable.
  const isEquals = v128.and(
    i8x16.eq(bytes, i8x16.splat(0x3d)),
    v128.or(i8x16.eq(next, i8x16.splat(0x33)), i8x16.eq(next, i8x16.splat(0x0d))),
  );
  return i8x16.bitmask(
    v128.or(
      v128.or(i8x16.eq(bytes, i8x16.splat(0x5c)), i8x16.eq(bytes, i8x16.splat(0x25))),
      v128.or(v128.or(i8x16.eq(bytes, i8x16.splat(0x26)), i8x16.eq(bytes, i8x16.splat(0x1b))), isEquals),
    ),
  );
}

// @ts-ignore: decorator
@inline
function byteAt(text: usize, length: u32, at: u32): u32 {
  return at < length ? <u32>load<u8>(text + at) : 0;
}

function isHex(byte: u32): bool {
  const lower = byte | 32;
  return (byte >= 0x30 && byte <= 0x39) || (lower >= 0x61 && lower <= 0x66);
}

function isName(byte: u32): bool {
  const lower: u32 = load<u8>(FOLDED + byte);
  return (lower >= 0x61 && lower <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte == 0x5f || byte == 0x24 || byte == 0x2d || byte == 0x2e;
}

/** How far behind a keyword the escape at `at` matters; 0 when none stands there. */
function reachOf(text: usize, length: u32, at: u32): u32 {
  const lead: u32 = load<u8>(text + at);
  const next = byteAt(text, length, at + 1);
  const third = byteAt(text, length, at + 2);
  if (lead == 0x5c) {
    if (next == 0x2f || ((next == 0x75 || next == 0x78) && isHex(third))) return FAR_AFTER;
    if (next == 0x6e) return isName(third) && at + 2 < length ? NEAR_AFTER : 0;
    return next == 0x22 || next == 0x27 || next == 0x5c || next == 0x3d || next == 0x3a ? NEAR_AFTER : 0;
  }
  if (lead == 0x25) return isHex(next) && isHex(third) ? FAR_AFTER : 0;
  if (lead == 0x26) return next == 0x23 || next == 0x71 || next == 0x61 || next == 0x6c || next == 0x67 ? FAR_AFTER : 0;
  if (lead == 0x1b) return next == 0x5b ? FAR_AFTER : 0;
  return (next == 0x33 && third == 0x44) || (next == 0x0d && third == 0x0a) ? NEAR_AFTER : 0;
}
