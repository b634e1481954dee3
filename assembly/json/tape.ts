/**
 * Reads the objects of a JSON array into entries of numbers: which key, what sort of value, where it stands. It is strict:
 * what is not JSON to the letter ends the reading before its element, and is somebody else's to judge. No string is
 * undone; flags say what it holds.
 *
 * src/prefilter/json-tape.ts says what an entry is, and reads them.
 */
import { HEX_VALUES } from '../scan/memory-map';
import {
  JSON_TEXT,
  KEY_CAPACITY,
  KEY_SLOT_BITS,
  KEY_SLOTS,
  KEY_TEXT,
  KEYS,
  MOST_DEPTH,
  MOST_KEY_BYTES,
  OPEN,
  SEEN,
  TAPE,
  TAPE_BYTES,
  WORD_TABLES,
} from './memory-map';

const ENTRY: u32 = 20;

const IS_NULL: u32 = 0;
const IS_TRUE: u32 = 1;
const IS_FALSE: u32 = 2;
const IS_NUMBER: u32 = 3;
const IS_STRING: u32 = 4;
const IS_OBJECT: u32 = 5;
const IS_ARRAY: u32 = 6;

/** Flags of strings; of an object that is an element ODD alone: a key comes twice or is written with escapes. */
const ESCAPES: u32 = 1 << 3;
const ODD: u32 = 1 << 4;
const BEYOND_ASCII: u32 = 1 << 5;
/** `<`, `&`, `{`, `[` have the four bits from here on. */
const MARKS_SHIFT: u32 = 6;
const BACKSLASH: u32 = 1 << 10;
const WORD: u32 = 1 << 11;

let tape: usize = TAPE;
let lines: u32 = 0;
let flags: u32 = 0;
let isOdd: bool = false;
let endOfLast: usize = 0;
let linesToLast: u32 = 0;

export function jsonTape(): usize {
  return TAPE;
}

export function jsonText(): usize {
  return JSON_TEXT;
}

export function jsonWords(): usize {
  return WORD_TABLES;
}

/** Where a key that is to be added is put. */
export function jsonKeyText(index: u32): usize {
  return KEY_TEXT + (index << 5);
}

/** Forgets all keys. */
export function clearJsonKeys(): void {
  memory.fill(KEY_SLOTS, 0, 2 << KEY_SLOT_BITS);
}

/** Adds the key whose bytes were put at its place; those behind it must be zeros. */
export function addJsonKey(index: u32, length: u32): bool {
  if (index == 0 || index >= KEY_CAPACITY || length > MOST_KEY_BYTES) return false;
  const text = jsonKeyText(index);
  store<u32>(KEYS + (index << 3), <u32>text);
  store<u32>(KEYS + (index << 3), length, 4);
  let slot = slotOf(text, length);
  while (load<u16>(KEY_SLOTS + (slot << 1)) != 0) slot = (slot + 1) & ((1 << KEY_SLOT_BITS) - 1);
  store<u16>(KEY_SLOTS + (slot << 1), <u16>index);
  return true;
}

/** End of the last element that was read, and the newlines up to there. */
export function jsonEnd(): usize {
  return endOfLast;
}

export function jsonLines(): u32 {
  return linesToLast;
}

/**
 * Reads the elements from `from` on, the first of which begins there, until one ends at `stop` or behind it, or what
 * stands there is no whole object. Zeros must follow the text. Returns how many were read.
 */
export function readElements(from: usize, stop: usize): u32 {
  let at = from;
  let count: u32 = 0;
  tape = TAPE;
  lines = 0;
  endOfLast = from;
  linesToLast = 0;
  for (;;) {
    at = skip(at);
    if (load<u8>(at) != 0x7b) break;
    const start = tape;
    const linesBefore = lines;
    const end = element(at);
    if (end == 0) break;
    store<u32>(start, linesBefore, 16);
    if (isOdd) store<u32>(start, load<u32>(start) | ODD);
    count++;
    endOfLast = end;
    linesToLast = lines;
    if (end >= stop) break;
    at = skip(end);
    if (load<u8>(at) != 0x2c) break;
    at++;
  }
  return count;
}

/** First byte from `at` on that is no white space. */
// @ts-ignore: decorator
@inline
function skip(at: usize): usize {
  return load<u8>(at) > 0x20 ? at : skipSpaces(at);
}

function skipSpaces(from: usize): usize {
  let at = from;
  for (;;) {
    const bytes = v128.load(at);
    const newlines = i8x16.eq(bytes, i8x16.splat(0x0a));
    const spaces = v128.or(
      v128.or(i8x16.eq(bytes, i8x16.splat(0x20)), newlines),
      v128.or(i8x16.eq(bytes, i8x16.splat(0x09)), i8x16.eq(bytes, i8x16.splat(0x0d))),
    );
    const others: u32 = ~i8x16.bitmask(spaces) & 0xffff;
    const breaks: u32 = i8x16.bitmask(newlines);
    if (others != 0) {
      const count = ctz(others);
      lines += popcnt(breaks & ((1 << count) - 1));
      return at + count;
    }
    lines += popcnt(breaks);
    at += 16;
  }
  // The compiler does not see that the loop has no end.
  return at;
}

/** Reads the object at `from`; returns its end, or 0 when it is none. */
function element(from: usize): usize {
  let at = from;
  let depth: u32 = 0;
  let key: u32 = 0;
  isOdd = false;
  for (;;) {
    // A value begins here.
    if (<u32>(tape - TAPE) > TAPE_BYTES - 2 * ENTRY) return 0;
    const entry = tape;
    tape += ENTRY;
    const first: u32 = load<u8>(at);
    let kind: u32 = IS_STRING;
    if (first == 0x22) {
      const end = stringEnd(at + 1);
      if (end == 0) return 0;
      write(entry, IS_STRING | flags | (key << 16), at + 1, end);
      const size = <u32>(end - at - 1);
      if (size <= MOST_KEY_BYTES) store<u32>(entry, indexOf(at + 1, size), 16);
      at = end + 1;
    } else if (first == 0x7b || first == 0x5b) {
      if (depth == MOST_DEPTH) return 0;
      kind = first == 0x7b ? IS_OBJECT : IS_ARRAY;
      write(entry, kind | (key << 16), at, 0);
      const next = skip(at + 1);
      if (load<u8>(next) == first + 2) {
        // Empty.
        at = next + 1;
        close(entry, at);
      } else {
        store<u32>(OPEN + (depth << 2), <u32>entry);
        if (kind == IS_OBJECT) clearSeen(depth);
        depth++;
        at = next;
        key = 0;
        if (kind == IS_OBJECT) {
          key = keyAt(at, depth - 1);
          if (key == NO_KEY) return 0;
          at = behindKey;
        }
        continue;
      }
    } else {
      const end = wordEnd(at, first);
      if (end == 0) return 0;
      write(entry, wordKind | (key << 16), at, end);
      at = end;
    }
    // A value has ended.
    for (;;) {
      if (depth == 0) return at;
      at = skip(at);
      const byte: u32 = load<u8>(at);
      const open = <usize>load<u32>(OPEN + ((depth - 1) << 2));
      const isObject = (load<u32>(open) & 7) == IS_OBJECT;
      if (byte == 0x2c) {
        at = skip(at + 1);
        key = 0;
        if (isObject) {
          key = keyAt(at, depth - 1);
          if (key == NO_KEY) return 0;
          at = behindKey;
        }
        break;
      }
      if (byte != <u32>(isObject ? 0x7d : 0x5d)) return 0;
      at++;
      close(open, at);
      depth--;
    }
  }
  return 0;
}

// @ts-ignore: decorator
@inline
function write(entry: usize, head: u32, start: usize, end: usize): void {
  store<u32>(entry, head);
  store<u32>(entry, <u32>start, 4);
  store<u32>(entry, <u32>end, 8);
  store<u32>(entry, (<u32>(entry - TAPE) + ENTRY) >> 2, 12);
  store<u32>(entry, 0, 16);
}

// @ts-ignore: decorator
@inline
function close(entry: usize, end: usize): void {
  store<u32>(entry, <u32>end, 8);
  store<u32>(entry, <u32>(tape - TAPE) >> 2, 12);
}

// Keys.

const NO_KEY: u32 = 0xffffffff;
let behindKey: usize = 0;

/** Index of the key at `at`, 0 for one that nobody asked for; NO_KEY where none stands. Sets `behindKey`. */
function keyAt(at: usize, depth: u32): u32 {
  if (load<u8>(at) != 0x22) return NO_KEY;
  const start = at + 1;
  let size = plainBytes(start);
  if (size == 16) size += plainBytes(start + 16);
  let end = start + size;
  let key: u32 = 0;
  if (size < 32 && load<u8>(end) == 0x22) {
    key = indexOf(start, size);
    if (key != 0 && isSeen(depth, key)) isOdd = true;
  } else {
    end = stringEnd(start);
    if (end == 0) return NO_KEY;
    // It may be one of those asked for.
    if ((flags & ESCAPES) != 0) isOdd = true;
  }
  at = skip(end + 1);
  if (load<u8>(at) != 0x3a) return NO_KEY;
  behindKey = skip(at + 1);
  return key;
}

/** Bytes of the sixteen at `at` before the first that ends a plain string. */
// @ts-ignore: decorator
@inline
function plainBytes(at: usize): u32 {
  const stops: u32 = i8x16.bitmask(stopsIn(v128.load(at)));
  return stops == 0 ? 16 : ctz(stops);
}

// @ts-ignore: decorator
@inline
function stopsIn(bytes: v128): v128 {
  return v128.or(
    v128.or(i8x16.eq(bytes, i8x16.splat(0x22)), i8x16.eq(bytes, i8x16.splat(0x5c))),
    i8x16.lt_u(bytes, i8x16.splat(0x20)),
  );
}

function indexOf(text: usize, size: u32): u32 {
  let slot = slotOf(text, size);
  for (;;) {
    const key: u32 = load<u16>(KEY_SLOTS + (slot << 1));
    if (key == 0) return 0;
    if (load<u32>(KEYS + (key << 3), 4) == size && isSame(<usize>load<u32>(KEYS + (key << 3)), text, size)) return key;
    slot = (slot + 1) & ((1 << KEY_SLOT_BITS) - 1);
  }
  return 0;
}

// @ts-ignore: decorator
@inline
function slotOf(text: usize, size: u32): u32 {
  const first = size >= 8 ? load<u64>(text) : headOf(text, size);
  const last = size >= 8 ? load<u64>(text + size - 8) : 0;
  const mixed = ((first ^ size) * 0x9e3779b97f4a7c15) ^ (last * 0xc2b2ae3d27d4eb4f);
  return <u32>(mixed >> (64 - KEY_SLOT_BITS));
}

// @ts-ignore: decorator
@inline
function headOf(text: usize, size: u32): u64 {
  return size == 0 ? 0 : load<u64>(text) & (~(<u64>0) >> (64 - (size << 3)));
}

/** Whether the bytes at two places are the same. */
export function isSame(a: usize, b: usize, size: u32): bool {
  let at: u32 = 0;
  for (; at + 8 <= size; at += 8) if (load<u64>(a + at) != load<u64>(b + at)) return false;
  return headOf(a + at, size - at) == headOf(b + at, size - at);
}

// @ts-ignore: decorator
@inline
function clearSeen(depth: u32): void {
  v128.store(SEEN + (depth << 5), i64x2.splat(0));
  v128.store(SEEN + (depth << 5), i64x2.splat(0), 16);
}

// @ts-ignore: decorator
@inline
function isSeen(depth: u32, key: u32): bool {
  const place = SEEN + (depth << 5) + (key >> 3);
  const bits: u32 = load<u8>(place);
  const bit: u32 = 1 << (key & 7);
  store<u8>(place, bits | bit);
  return (bits & bit) != 0;
}

// Strings.

/** The closing quote of the string whose first byte is at `from`, 0 when it is none. Sets `flags`. */
function stringEnd(from: usize): usize {
  const low = v128.load(WORD_TABLES);
  const high = v128.load(WORD_TABLES, 16);
  let all = i64x2.splat(0);
  let marks = i64x2.splat(0);
  let words = i64x2.splat(0);
  let found: u32 = 0;
  let at = from;
  for (;;) {
    const bytes = v128.load(at);
    const stops: u32 = i8x16.bitmask(stopsIn(bytes));
    let inside = i8x16.splat(-1);
    let count: u32 = 16;
    if (stops != 0) {
      count = ctz(stops);
      inside = i8x16.lt_u(
        i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
        i8x16.splat(<i8>count),
      );
    }
    const own = v128.and(bytes, inside);
    all = v128.or(all, own);
    marks = v128.or(marks, marksIn(own));
    words = v128.or(words, v128.and(wordsAt(at, bytes, low, high), inside));
    if (stops == 0) {
      at += 16;
      continue;
    }
    at += count;
    const byte: u32 = load<u8>(at);
    if (byte == 0x22) break;
    if (byte != 0x5c) return 0;
    found |= ESCAPES;
    const escaped: u32 = load<u8>(at, 1);
    at += 2;
    if (escaped == 0x5c) found |= BACKSLASH;
    else if (escaped == 0x75) {
      if (!isHex(at) || !isHex(at + 1) || !isHex(at + 2) || !isHex(at + 3)) return 0;
      found |= ODD;
      at += 4;
    } else if (escaped == 0x62 || escaped == 0x66 || escaped == 0x72) found |= ODD;
    else if (escaped != 0x6e && escaped != 0x22 && escaped != 0x2f && escaped != 0x74) return 0;
  }
  if (i8x16.bitmask(all) != 0) found |= BEYOND_ASCII;
  if (v128.any_true(marks)) {
    const pair = i64x2.extract_lane(marks, 0) | i64x2.extract_lane(marks, 1);
    const half = <u32>(pair | (pair >> 32));
    const quarter = half | (half >> 16);
    const kinds = (quarter | (quarter >> 8)) & 0xff;
    found |= (kinds & 15) << MARKS_SHIFT;
    if ((kinds & 16) != 0) found |= BEYOND_ASCII;
  }
  if (v128.any_true(words)) found |= WORD;
  flags = found;
  return at;
}

/** A bit for each of `<`, `&`, `{`, `[` and DEL, in the places where they stand. */
// @ts-ignore: decorator
@inline
function marksIn(bytes: v128): v128 {
  const byLow = i8x16(0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 12, 1, 0, 0, 16);
  const byHigh = i8x16(0, 0, 2, 1, 0, 8, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0);
  return v128.and(
    v128.swizzle(byLow, v128.and(bytes, i8x16.splat(15))),
    v128.swizzle(byHigh, i8x16.shr_u(bytes, 4)),
  );
}

/** Not zero in the places where a word may begin. */
// @ts-ignore: decorator
@inline
function wordsAt(at: usize, bytes: v128, low: v128, high: v128): v128 {
  const one = v128.load(at, 1);
  const two = v128.load(at, 2);
  const three = v128.load(at, 3);
  const half = i8x16.splat(15);
  const first = v128.and(
    v128.swizzle(low, v128.and(bytes, half)),
    v128.swizzle(high, i8x16.shr_u(bytes, 4)),
  );
  const second = v128.and(
    v128.swizzle(v128.load(WORD_TABLES, 32), v128.and(one, half)),
    v128.swizzle(v128.load(WORD_TABLES, 48), i8x16.shr_u(one, 4)),
  );
  const third = v128.and(
    v128.swizzle(v128.load(WORD_TABLES, 64), v128.and(two, half)),
    v128.swizzle(v128.load(WORD_TABLES, 80), i8x16.shr_u(two, 4)),
  );
  const fourth = v128.and(
    v128.swizzle(v128.load(WORD_TABLES, 96), v128.and(three, half)),
    v128.swizzle(v128.load(WORD_TABLES, 112), i8x16.shr_u(three, 4)),
  );
  return v128.and(v128.and(first, second), v128.and(third, fourth));
}

// @ts-ignore: decorator
@inline
function isHex(at: usize): bool {
  return load<u8>(HEX_VALUES + load<u8>(at)) != 255;
}

// Numbers and words.

let wordKind: u32 = 0;

/** End of the number or word at `at`, 0 when it is none; sets `wordKind`. */
function wordEnd(at: usize, first: u32): usize {
  if (first == 0x6e || first == 0x74) {
    wordKind = first == 0x6e ? IS_NULL : IS_TRUE;
    return load<u32>(at) == <u32>(first == 0x6e ? 0x6c6c756e : 0x65757274) ? at + 4 : 0;
  }
  if (first == 0x66) {
    wordKind = IS_FALSE;
    return load<u32>(at, 1) == 0x65736c61 ? at + 5 : 0;
  }
  wordKind = IS_NUMBER;
  if (first == 0x2d) at++;
  if (load<u8>(at) == 0x30) at++;
  else if ((at = digitsEnd(at)) == 0) return 0;
  if (load<u8>(at) == 0x2e && (at = digitsEnd(at + 1)) == 0) return 0;
  if ((load<u8>(at) | 0x20) == 0x65) {
    const sign: u32 = load<u8>(at, 1);
    at = digitsEnd(at + (sign == 0x2b || sign == 0x2d ? 2 : 1));
  }
  return at;
}

/** Behind the digits at `at`; 0 when there is none. */
function digitsEnd(at: usize): usize {
  const from = at;
  while (<u32>load<u8>(at) - 0x30 < 10) at++;
  return at == from ? 0 : at;
}
