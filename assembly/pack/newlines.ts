/** Counts line feeds, 16 bytes a step. */
export function countNewlines(start: usize, length: u32): u32 {
  const newline = i8x16.splat(10);
  let at = start;
  let left = length;
  let total: u32 = 0;
  while (left >= 16) {
    // A lane counts at most 255 hits.
    let steps: u32 = left >> 4;
    if (steps > 255) steps = 255;
    left -= steps << 4;
    let counts = i8x16.splat(0);
    do {
      counts = i8x16.sub(counts, i8x16.eq(v128.load(at), newline));
      at += 16;
    } while (--steps != 0);
    const sums = i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(counts));
    total +=
      i32x4.extract_lane(sums, 0) +
      i32x4.extract_lane(sums, 1) +
      i32x4.extract_lane(sums, 2) +
      i32x4.extract_lane(sums, 3);
  }
  while (left > 0) {
    if (load<u8>(at) == 10) total++;
    at++;
    left--;
  }
  return total;
}
