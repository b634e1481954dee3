/** Checksums: Adler-32 of inflated data (RFC 1950, section 8) and CRC-32 of packed entries (pack .idx v2). */
import { CRC_TABLES } from './memory-map';

const MODULUS: u32 = 65521;
/** Most bytes, a multiple of 32, whose sums stay below 2^32 before they are reduced. */
const STRIDE: u32 = 5536;

export function adler32(start: usize, length: u32): u32 {
  let first: u32 = 1;
  let second: u32 = 0;
  let at = start;
  let left = length;
  const highWeights = i8x16(32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17);
  const lowWeights = i8x16(16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1);
  while (left >= 32) {
    const part = left < STRIDE ? left & ~31 : STRIDE;
    left -= part;
    second += first * part;
    const end = at + part;
    let sums = i32x4.splat(0);
    let before = i32x4.splat(0);
    let weighted = i32x4.splat(0);
    do {
      const a = v128.load(at);
      const b = v128.load(at, 16);
      before = i32x4.add(before, sums);
      sums = i32x4.add(
        sums,
        i32x4.extadd_pairwise_i16x8_u(
          i16x8.add(i16x8.extadd_pairwise_i8x16_u(a), i16x8.extadd_pairwise_i8x16_u(b)),
        ),
      );
      const low = i16x8.add(
        i16x8.extmul_low_i8x16_u(a, highWeights),
        i16x8.extmul_low_i8x16_u(b, lowWeights),
      );
      const high = i16x8.add(
        i16x8.extmul_high_i8x16_u(a, highWeights),
        i16x8.extmul_high_i8x16_u(b, lowWeights),
      );
      weighted = i32x4.add(
        weighted,
        i32x4.add(i32x4.extadd_pairwise_i16x8_u(low), i32x4.extadd_pairwise_i16x8_u(high)),
      );
      at += 32;
    } while (at < end);
    first = (first + laneSum(sums)) % MODULUS;
    second = <u32>((<u64>second + (<u64>laneSum(before) << 5) + laneSum(weighted)) % MODULUS);
  }
  while (left > 0) {
    first += load<u8>(at);
    second += first;
    at++;
    left--;
  }
  return ((second % MODULUS) << 16) | (first % MODULUS);
}

function laneSum(lanes: v128): u32 {
  return (
    i32x4.extract_lane(lanes, 0) +
    i32x4.extract_lane(lanes, 1) +
    i32x4.extract_lane(lanes, 2) +
    i32x4.extract_lane(lanes, 3)
  );
}

export function initCrc(): void {
  for (let i: u32 = 0; i < 256; i++) {
    let value = i;
    for (let bit = 0; bit < 8; bit++) value = (value >> 1) ^ (0xedb88320 & (0 - (value & 1)));
    store<u32>(CRC_TABLES + (i << 2), value);
  }
  for (let i: u32 = 256; i < 8 * 256; i++) {
    const former = load<u32>(CRC_TABLES + ((i - 256) << 2));
    store<u32>(CRC_TABLES + (i << 2), (former >> 8) ^ load<u32>(CRC_TABLES + ((former & 255) << 2)));
  }
}

export function crc32(start: usize, length: u32): u32 {
  let value: u32 = 0xffffffff;
  let at = start;
  let left = length;
  while (left >= 8) {
    const low = load<u32>(at) ^ value;
    const high = load<u32>(at, 4);
    value =
      tableAt(7, low & 255) ^
      tableAt(6, (low >> 8) & 255) ^
      tableAt(5, (low >> 16) & 255) ^
      tableAt(4, low >> 24) ^
      tableAt(3, high & 255) ^
      tableAt(2, (high >> 8) & 255) ^
      tableAt(1, (high >> 16) & 255) ^
      tableAt(0, high >> 24);
    at += 8;
    left -= 8;
  }
  while (left > 0) {
    value = (value >> 8) ^ tableAt(0, (value ^ load<u8>(at)) & 255);
    at++;
    left--;
  }
  return ~value;
}

// @ts-ignore: decorator
@inline
function tableAt(table: u32, index: u32): u32 {
  return load<u32>(CRC_TABLES + (table << 10) + (index << 2));
}
