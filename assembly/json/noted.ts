/**
 * Texts that were met before: exports repeat a person's profile in each message. A text is given in two parts, e.g. whose
 * it is and what it says. Compared byte by byte; bounded.
 */
import { NOTED, NOTED_BITS, NOTED_BYTES, NOTED_TEXT } from './memory-map';
import { isSame } from './tape';

let end: usize = NOTED_TEXT;
let count: u32 = 0;

export function forgetNoted(): void {
  memory.fill(NOTED, 0, 8 << NOTED_BITS);
  end = NOTED_TEXT;
  count = 0;
}

export function isNoted(a: usize, sizeA: u32, b: usize, sizeB: u32): bool {
  return load<u32>(placeOf(a, sizeA, b, sizeB), 4) != 0;
}

/** False when there is no more room. */
export function note(a: usize, sizeA: u32, b: usize, sizeB: u32): bool {
  const place = placeOf(a, sizeA, b, sizeB);
  if (load<u32>(place, 4) != 0) return true;
  const size = sizeA + sizeB + 8;
  // The table stays half empty; words are compared eight bytes at a time.
  if (count == 1 << (NOTED_BITS - 1) || end + size + 8 > NOTED_TEXT + NOTED_BYTES) return false;
  store<u32>(place, hash);
  store<u32>(place, <u32>end, 4);
  store<u32>(end, sizeA);
  store<u32>(end, sizeB, 4);
  memory.copy(end + 8, a, sizeA);
  memory.copy(end + 8 + sizeA, b, sizeB);
  end += size;
  count++;
  return true;
}

let hash: u32 = 0;

/** Place in the table of a text, or where it would be put. */
function placeOf(a: usize, sizeA: u32, b: usize, sizeB: u32): usize {
  hash = hashOf(hashOf(sizeA, a, sizeA), b, sizeB);
  let slot = hash >> (32 - NOTED_BITS);
  for (;;) {
    const place = NOTED + (slot << 3);
    const text = <usize>load<u32>(place, 4);
    if (text == 0) return place;
    const isSize = load<u32>(place) == hash && load<u32>(text) == sizeA && load<u32>(text, 4) == sizeB;
    if (isSize && isSame(text + 8, a, sizeA) && isSame(text + 8 + sizeA, b, sizeB)) return place;
    slot = (slot + 1) & ((1 << NOTED_BITS) - 1);
  }
  return 0;
}

function hashOf(seed: u32, text: usize, size: u32): u32 {
  let mixed: u64 = (<u64>seed + 1) * 0x9e3779b97f4a7c15;
  let at: u32 = 0;
  for (; at + 8 <= size; at += 8) {
    mixed = (mixed ^ load<u64>(text + at)) * 0x9fb21c651e98df25;
    mixed ^= mixed >> 32;
  }
  for (; at < size; at++) mixed = (mixed ^ load<u8>(text + at)) * 0x9fb21c651e98df25;
  return <u32>((mixed ^ (mixed >> 29)) >> 16);
}
