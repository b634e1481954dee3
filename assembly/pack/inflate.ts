/**
 * zlib streams (RFC 1950, 1951) of known inflated size, against hostile data.
 *
 * The input may be read 16 bytes and the output written `PAD` bytes beyond their ends, both inside regions
 * that the caller owns; each iteration then checks once that neither end was passed. The Adler checksum is
 * compared: it costs about 4 % and turns a flipped bit into a failure instead of a wrong document.
 */
import { adler32 } from './checksums';
import { buildTable, END_OF_BLOCK, LINK, SPECIAL } from './huffman';
import {
  BAD_STREAM,
  CODE_LENGTHS,
  DISTANCE_CAPACITY,
  DISTANCE_SYMBOLS,
  DISTANCE_TABLE,
  FIXED_DISTANCES,
  FIXED_LITERALS,
  LITERAL_CAPACITY,
  LITERAL_SYMBOLS,
  LITERAL_TABLE,
  OK,
  OUTPUT_FULL,
  PRECODE_LENGTHS,
  PRECODE_TABLE,
} from './memory-map';

/** Primary table sizes in bits. 10 and 8 measured best on redis, whose streams are short. */
const LITERAL_BITS: u32 = 10;
const DISTANCE_BITS: u32 = 8;

/** Bytes of input that the last successful `inflate` used. */
export let consumed: u32 = 0;

/**
 * Inflates a zlib stream at [source, sourceEnd) to exactly `size` bytes at `target`.
 * `OUTPUT_FULL`: the stream is longer; the first `size` bytes are right unless it turns out corrupt later.
 */
export function inflate(source: usize, sourceEnd: usize, target: usize, size: u32): i32 {
  if (sourceEnd - source < 8) return BAD_STREAM;
  const header: u32 = ((<u32>load<u8>(source)) << 8) | <u32>load<u8>(source, 1);
  if (header % 31 != 0 || (header & 0x0f20) != 0x0800 || header >= 0x8000) return BAD_STREAM;
  const status = inflateRaw(source + 2, sourceEnd, target, size);
  if (status != OK) return status;
  const end = source + 2 + consumed;
  if (sourceEnd - end < 4) return BAD_STREAM;
  if (bswap<u32>(load<u32>(end)) != adler32(target, size)) return BAD_STREAM;
  consumed += 6;
  return OK;
}

/** Inflates a raw DEFLATE stream; see `inflate`. */
export function inflateRaw(source: usize, sourceEnd: usize, target: usize, size: u32): i32 {
  const targetEnd = target + size;
  // The bit buffer runs at most 7 bytes ahead of what is used.
  const sourceLimit = sourceEnd + 8;
  let out = target;
  let next = source;
  let bits: u64 = 0;
  let held: u64 = 0;
  let isLast: bool = false;

  do {
    bits |= load<u64>(next) << held;
    next += <usize>((63 - held) >> 3);
    held |= 56;
    if (next > sourceLimit) return BAD_STREAM;
    isLast = (bits & 1) != 0;
    const kind = <u32>(bits >> 1) & 3;
    bits >>= 3;
    held -= 3;

    let literals: usize = FIXED_LITERALS;
    let distances: usize = FIXED_DISTANCES;
    let literalMask: usize = 511;
    let distanceMask: usize = 31;

    if (kind == 0) {
      // Whole bytes that were read ahead go back.
      next -= <usize>(held >> 3);
      bits = 0;
      held = 0;
      if (next > sourceEnd || sourceEnd - next < 4) return BAD_STREAM;
      const length: u32 = load<u16>(next);
      if ((length ^ 0xffff) != <u32>load<u16>(next, 2)) return BAD_STREAM;
      next += 4;
      if (<u32>(sourceEnd - next) < length) return BAD_STREAM;
      const room = <u32>(targetEnd - out);
      if (length > room) {
        memory.copy(out, next, room);
        return OUTPUT_FULL;
      }
      memory.copy(out, next, length);
      out += length;
      next += length;
      continue;
    }
    if (kind == 3) return BAD_STREAM;
    if (kind == 2) {
      const literalCount = (<u32>bits & 31) + 257;
      const distanceCount = (<u32>(bits >> 5) & 31) + 1;
      const precodeCount = (<u32>(bits >> 10) & 15) + 4;
      bits >>= 14;
      held -= 14;
      if (literalCount > 286 || distanceCount > 30) return BAD_STREAM;
      bits |= load<u64>(next) << held;
      next += <usize>((63 - held) >> 3);
      held |= 56;
      v128.store(PRECODE_LENGTHS, v128.splat<u8>(0));
      store<u32>(PRECODE_LENGTHS, 0, 16);
      for (let i: u32 = 0; i < precodeCount; i++) {
        store<u8>(PRECODE_LENGTHS + precodePlace(i), <u8>(<u32>bits & 7));
        bits >>= 3;
        held -= 3;
        if (i == 15) {
          bits |= load<u64>(next) << held;
          next += <usize>((63 - held) >> 3);
          held |= 56;
        }
      }
      const precodeBits = buildTable(PRECODE_TABLE, 128, PRECODE_LENGTHS, 19, 0, 7, false);
      if (precodeBits == 0) return BAD_STREAM;
      const precodeMask: usize = (1 << precodeBits) - 1;
      const total = literalCount + distanceCount;
      let i: u32 = 0;
      while (i < total) {
        bits |= load<u64>(next) << held;
        next += <usize>((63 - held) >> 3);
        held |= 56;
        if (next > sourceLimit) return BAD_STREAM;
        // Four codes of at most 7 bits and 7 of their own fit into the 56 that are there at least.
        for (let turn = 0; turn < 4 && i < total; turn++) {
          const entry = load<u32>(PRECODE_TABLE + ((<usize>bits & precodeMask) << 2));
          bits >>= entry;
          held -= entry & 63;
          const symbol = entry >> 16;
          if (symbol < 16) {
            store<u8>(CODE_LENGTHS + i, <u8>symbol);
            i++;
            continue;
          }
          let repeat: u32;
          let value: v128 = v128.splat<u8>(0);
          if (symbol == 16) {
            if (i == 0) return BAD_STREAM;
            value = v128.splat<u8>(load<u8>(CODE_LENGTHS + i - 1));
            repeat = 3 + (<u32>bits & 3);
            bits >>= 2;
            held -= 2;
          } else if (symbol == 17) {
            repeat = 3 + (<u32>bits & 7);
            bits >>= 3;
            held -= 3;
          } else {
            repeat = 11 + (<u32>bits & 127);
            bits >>= 7;
            held -= 7;
          }
          if (i + repeat > total) return BAD_STREAM;
          for (let k: u32 = 0; k < repeat; k += 16) v128.store(CODE_LENGTHS + i + k, value);
          i += repeat;
        }
      }
      if (load<u8>(CODE_LENGTHS + 256) == 0) return BAD_STREAM;
      // A stored vector may have overrun the lengths; only those that were announced are read.
      const distanceBits = buildTable(
        DISTANCE_TABLE,
        DISTANCE_CAPACITY,
        CODE_LENGTHS + literalCount,
        distanceCount,
        DISTANCE_SYMBOLS,
        DISTANCE_BITS,
        true,
      );
      const literalBits = buildTable(
        LITERAL_TABLE,
        LITERAL_CAPACITY,
        CODE_LENGTHS,
        literalCount,
        LITERAL_SYMBOLS,
        LITERAL_BITS,
        true,
      );
      if (literalBits == 0 || distanceBits == 0) return BAD_STREAM;
      literals = LITERAL_TABLE;
      distances = DISTANCE_TABLE;
      literalMask = (1 << literalBits) - 1;
      distanceMask = (1 << distanceBits) - 1;
    }

    for (;;) {
      if (out > targetEnd) return OUTPUT_FULL;
      if (next > sourceLimit) return BAD_STREAM;
      bits |= load<u64>(next) << held;
      next += <usize>((63 - held) >> 3);
      held |= 56;
      let entry = load<u32>(literals + ((<usize>bits & literalMask) << 2));
      if (<i32>entry < 0) {
        bits >>= entry;
        held -= entry & 63;
        store<u8>(out, <u8>(entry >> 16));
        entry = load<u32>(literals + ((<usize>bits & literalMask) << 2));
        if (<i32>entry < 0) {
          bits >>= entry;
          held -= entry & 63;
          store<u8>(out, <u8>(entry >> 16), 1);
          entry = load<u32>(literals + ((<usize>bits & literalMask) << 2));
          if (<i32>entry < 0) {
            bits >>= entry;
            held -= entry & 63;
            store<u8>(out, <u8>(entry >> 16), 2);
            out += 3;
            continue;
          }
          out += 2;
        } else {
          out += 1;
        }
        bits |= load<u64>(next) << held;
        next += <usize>((63 - held) >> 3);
        held |= 56;
      }
      if ((entry & SPECIAL) != 0) {
        if ((entry & LINK) != 0) {
          bits >>= entry;
          held -= entry & 63;
          const mask: usize = (1 << ((entry >> 8) & 15)) - 1;
          entry = load<u32>(literals + ((((entry >> 16) as usize) + (<usize>bits & mask)) << 2));
          if (<i32>entry < 0) {
            bits >>= entry;
            held -= entry & 63;
            store<u8>(out, <u8>(entry >> 16));
            out++;
            continue;
          }
        }
        if ((entry & SPECIAL) != 0) {
          if ((entry & END_OF_BLOCK) == 0) return BAD_STREAM;
          bits >>= entry;
          held -= entry & 63;
          break;
        }
      }
      const length =
        (entry >> 16) + ((<u32>bits & ((<u32>1 << (entry & 31)) - 1)) >> ((entry >> 8) & 15));
      bits >>= entry;
      held -= entry & 63;
      let far = load<u32>(distances + ((<usize>bits & distanceMask) << 2));
      if ((far & SPECIAL) != 0) {
        if ((far & LINK) == 0) return BAD_STREAM;
        bits >>= far;
        held -= far & 63;
        const mask: usize = (1 << ((far >> 8) & 15)) - 1;
        far = load<u32>(distances + ((((far >> 16) as usize) + (<usize>bits & mask)) << 2));
        if ((far & SPECIAL) != 0) return BAD_STREAM;
      }
      const distance: u32 =
        (far >> 16) + ((<u32>bits & ((<u32>1 << (far & 31)) - 1)) >> ((far >> 8) & 15));
      bits >>= far;
      held -= far & 63;
      if (distance > <u32>(out - target)) return BAD_STREAM;

      const end = out + length;
      let from = out - distance;
      if (distance < 16) {
        // Each store repeats the pattern and doubles the distance to what is surely written.
        let reach = distance;
        do {
          v128.store(out, v128.load(from));
          out += reach;
          reach <<= 1;
        } while (reach < 16 && out < end);
      }
      while (out < end) {
        v128.store(out, v128.load(from));
        out += 16;
        from += 16;
      }
      out = end;
    }
  } while (!isLast);

  if (out > targetEnd) return OUTPUT_FULL;
  next -= <usize>(held >> 3);
  if (out != targetEnd || next > sourceEnd) return BAD_STREAM;
  consumed = <u32>(next - source);
  return OK;
}

/** Order in which the precode's lengths are sent (RFC 1951, 3.2.7), as two words of 5-bit numbers. */
function precodePlace(index: u32): u32 {
  // 16 17 18 0 8 7 9 6 10 5 11 4 | 12 3 13 2 14 1 15
  if (index < 12) {
    const low: u64 =
      16 | (17 << 5) | (18 << 10) | (0 << 15) | (8 << 20) | (7 << 25) |
      ((<u64>9) << 30) | ((<u64>6) << 35) | ((<u64>10) << 40) | ((<u64>5) << 45) |
      ((<u64>11) << 50) | ((<u64>4) << 55);
    return <u32>(low >> (index * 5)) & 31;
  }
  const high: u64 =
    12 | (3 << 5) | (13 << 10) | (2 << 15) | (14 << 20) | (1 << 25) | ((<u64>15) << 30);
  return <u32>(high >> ((index - 12) * 5)) & 31;
}
