/**
 * Decoding tables of DEFLATE's prefix codes (RFC 1951, 3.2.2): a primary table looked up by the next bits of
 * the stream, and subtables for the longer codes.
 *
 * Entry, 32 bits:
 *   0..7   bits to drop: code length plus extra bits (below 64, so that a shift may use the entry as is)
 *   8..11  code length; in a link, the subtable's bits
 *   13     end of block    14 link to a subtable    15 special: link, end of block or invalid
 *   16..30 literal byte, length base, distance base, or a link's first entry
 *   31     literal
 *
 * Accepted is what zlib accepts: complete codes, a lone code of one bit, and an empty distance code.
 */
import {
  DISTANCE_CAPACITY,
  DISTANCE_SYMBOLS,
  DISTANCE_TABLE,
  FIXED_DISTANCES,
  FIXED_LITERALS,
  CODE_LENGTHS,
  LENGTH_COUNTS,
  LENGTH_OFFSETS,
  LITERAL_CAPACITY,
  LITERAL_SYMBOLS,
  SORTED_SYMBOLS,
} from './memory-map';

export const LITERAL: u32 = 0x80000000;
export const SPECIAL: u32 = 0x8000;
export const LINK: u32 = 0x4000;
export const END_OF_BLOCK: u32 = 0x2000;

/**
 * Builds a table of the code whose lengths are `lengths[0..count)`. `symbols` are the entries before lengths
 * are added, 0 for "the symbol's own number". Returns the primary table's bits, 0 for a code that is not
 * accepted.
 */
export function buildTable(
  table: usize,
  capacity: u32,
  lengths: usize,
  count: u32,
  symbols: usize,
  primaryLimit: u32,
  mayBeIncomplete: bool,
): u32 {
  v128.store(LENGTH_COUNTS, v128.splat<u8>(0));
  v128.store(LENGTH_COUNTS, v128.splat<u8>(0), 16);
  for (let i: u32 = 0; i < count; i++) {
    const at = LENGTH_COUNTS + ((<usize>load<u8>(lengths + i)) << 1);
    store<u16>(at, load<u16>(at) + 1);
  }
  let max: u32 = 15;
  while (max > 0 && load<u16>(LENGTH_COUNTS + (max << 1)) == 0) max--;
  if (max == 0) {
    if (!mayBeIncomplete) return 0;
    store<u32>(table, SPECIAL);
    store<u32>(table, SPECIAL, 4);
    return 1;
  }
  let left: i32 = 1;
  let offset: u32 = 0;
  for (let length: u32 = 1; length <= 15; length++) {
    const used: u32 = load<u16>(LENGTH_COUNTS + (length << 1));
    store<u16>(LENGTH_OFFSETS + (length << 1), <u16>offset);
    offset += used;
    left = (left << 1) - <i32>used;
    if (left < 0) return 0;
  }
  if (left > 0) {
    if (max != 1 || !mayBeIncomplete) return 0;
    store<u32>(table, SPECIAL);
    store<u32>(table, SPECIAL, 4);
  }
  for (let i: u32 = 0; i < count; i++) {
    const length: u32 = load<u8>(lengths + i);
    if (length != 0) {
      const at = LENGTH_OFFSETS + (length << 1);
      const place: u32 = load<u16>(at);
      store<u16>(at, <u16>(place + 1));
      store<u16>(SORTED_SYMBOLS + (place << 1), <u16>i);
    }
  }

  const bits = max < primaryLimit ? max : primaryLimit;
  let sorted: usize = SORTED_SYMBOLS;
  let length: u32 = 1;
  let remaining: u32 = load<u16>(LENGTH_COUNTS + 2);
  while (remaining == 0) {
    length++;
    remaining = load<u16>(LENGTH_COUNTS + (length << 1));
  }
  // Codes count upward with their bits reversed. A table of 2^n entries is doubled whenever codes of
  // n bits are used up, which leaves each short code repeated as often as it must be.
  let code: u32 = 0;
  let mask: u32 = (1 << length) - 1;
  while (length <= bits) {
    do {
      const symbol: u32 = load<u16>(sorted);
      sorted += 2;
      const template = symbols ? load<u32>(symbols + (symbol << 2)) : symbol << 16;
      store<u32>(table + (code << 2), template + ((length << 8) | length));
      if (code == mask || left > 0) return bits;
      const bit: u32 = 0x80000000 >> clz(code ^ mask);
      code = (code & (bit - 1)) | bit;
    } while (--remaining != 0);
    do {
      if (length < bits) memory.copy(table + (4 << length), table, 4 << length);
      length++;
      remaining = load<u16>(LENGTH_COUNTS + (length << 1));
    } while (remaining == 0);
    mask = (1 << length) - 1;
  }

  const primaryMask: u32 = (1 << bits) - 1;
  let prefix: u32 = 0xffffffff;
  let start: u32 = 0;
  let next: u32 = 1 << bits;
  let subBits: u32 = 0;
  store<u16>(LENGTH_COUNTS + (length << 1), <u16>remaining);
  while (true) {
    if ((code & primaryMask) != prefix) {
      prefix = code & primaryMask;
      subBits = subtableBits(length, bits, max);
      start = next;
      next += 1 << subBits;
      if (next > capacity) return 0;
      store<u32>(table + (prefix << 2), (start << 16) | SPECIAL | LINK | (subBits << 8) | bits);
    }
    const symbol: u32 = load<u16>(sorted);
    sorted += 2;
    const template = symbols ? load<u32>(symbols + (symbol << 2)) : symbol << 16;
    const own = length - bits;
    const entry = template + ((own << 8) | own);
    for (let i = code >> bits; i < <u32>(1 << subBits); i += 1 << own) {
      store<u32>(table + ((start + i) << 2), entry);
    }
    if (code == mask) return bits;
    const bit: u32 = 0x80000000 >> clz(code ^ mask);
    code = (code & (bit - 1)) | bit;
    remaining--;
    store<u16>(LENGTH_COUNTS + (length << 1), <u16>remaining);
    while (remaining == 0) {
      length++;
      remaining = load<u16>(LENGTH_COUNTS + (length << 1));
    }
    mask = (1 << length) - 1;
  }
}

/** Bits of the subtable that the codes from `length` on, which share a prefix, fill. */
function subtableBits(length: u32, primaryBits: u32, max: u32): u32 {
  let bits = length - primaryBits;
  let room: i32 = 1 << bits;
  while (bits + primaryBits < max) {
    room -= <i32>load<u16>(LENGTH_COUNTS + ((bits + primaryBits) << 1));
    if (room <= 0) return bits;
    bits++;
    room <<= 1;
  }
  return bits;
}

/** Fills the symbol templates and the fixed code's tables. Once an instance. */
export function initTables(): void {
  for (let i: u32 = 0; i < 256; i++) store<u32>(LITERAL_SYMBOLS + (i << 2), LITERAL | (i << 16));
  store<u32>(LITERAL_SYMBOLS + (256 << 2), SPECIAL | END_OF_BLOCK);
  let base: u32 = 3;
  for (let i: u32 = 0; i < 28; i++) {
    const extra: u32 = i < 8 ? 0 : (i >> 2) - 1;
    store<u32>(LITERAL_SYMBOLS + ((257 + i) << 2), (base << 16) | extra);
    base += 1 << extra;
  }
  store<u32>(LITERAL_SYMBOLS + (285 << 2), 258 << 16);
  store<u32>(LITERAL_SYMBOLS + (286 << 2), SPECIAL);
  store<u32>(LITERAL_SYMBOLS + (287 << 2), SPECIAL);
  base = 1;
  for (let i: u32 = 0; i < 30; i++) {
    const extra: u32 = i < 4 ? 0 : (i >> 1) - 1;
    store<u32>(DISTANCE_SYMBOLS + (i << 2), (base << 16) | extra);
    base += 1 << extra;
  }
  store<u32>(DISTANCE_SYMBOLS + (30 << 2), SPECIAL);
  store<u32>(DISTANCE_SYMBOLS + (31 << 2), SPECIAL);

  for (let i: u32 = 0; i < 288; i++) {
    store<u8>(CODE_LENGTHS + i, i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8);
  }
  buildTable(FIXED_LITERALS, LITERAL_CAPACITY, CODE_LENGTHS, 288, LITERAL_SYMBOLS, 9, false);
  for (let i: u32 = 0; i < 32; i++) store<u8>(CODE_LENGTHS + i, 5);
  buildTable(FIXED_DISTANCES, DISTANCE_CAPACITY, CODE_LENGTHS, 32, DISTANCE_SYMBOLS, 5, false);
}
