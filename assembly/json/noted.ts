/**
 * Texts that were met before: exports repeat a person's profile in each message. A text is given in two parts, e.g. whose
 * it is and what it says, within a scope. Compared byte by byte; bounded.
 */
import { NOTED, NOTED_BITS, NOTED_BYTES, NOTED_TEXT } from './memory-map';
import { isSame } from './tape';

let end: usize = NOTED_TEXT;
let count: u32 = 0;

/** Forgets all texts. */
export function forgetNoted(): void {
  memory.fill(NOTED, 0, 8 << NOTED_BITS);
  end = NOTED_TEXT;
  count = 0;
}

/** Number of the text, from 1 in the order in which they were noted; 0 when it was not. */
export function notedAs(scope: u32, a: usize, sizeA: u32, b: usize, sizeB: u32): u32 {
  const text = <usize>load<u32>(placeOf(scope, a, sizeA, b, sizeB), 4);
  return text == 0 ? 0 : load<u32>(text, 12);
}

/** Its number; 0 when there is no more room. */
export function note(scope: u32, a: usize, sizeA: u32, b: usize, sizeB: u32): u32 {
  const place = placeOf(scope, a, sizeA, b, sizeB);
  const known = <usize>load<u32>(place, 4);
  if (known != 0) return load<u32>(known, 12);
  const size = sizeA + sizeB + HEAD;
  // The table stays half empty; words are compared eight bytes at a time.
  if (count == 1 << (NOTED_BITS - 1) || end + size + 8 > NOTED_TEXT + NOTED_BYTES) return 0;
  count++;
  store<u32>(place, hash);
  store<u32>(place, <u32>end, 4);
  store<u32>(end, scope);
  store<u32>(end, sizeA, 4);
  store<u32>(end, sizeB, 8);
  store<u32>(end, count, 12);
  memory.copy(end + HEAD, a, sizeA);
  memory.copy(end + HEAD + sizeA, b, sizeB);
  end += size;
  return count;
}

/** Bytes before those of a text. */
const HEAD: u32 = 16;
let hash: u32 = 0;

/** Place in the table of a text, or where it would be put. */
function placeOf(scope: u32, a: usize, sizeA: u32, b: usize, sizeB: u32): usize {
  hash = hashOf(hashOf(scope * 31 + sizeA, a, sizeA), b, sizeB);
  let slot = hash >> (32 - NOTED_BITS);
  for (;;) {
    const place = NOTED + (slot << 3);
    const text = <usize>load<u32>(place, 4);
    if (text == 0) return place;
    if (load<u32>(place) == hash && isText(text, scope, a, sizeA, b, sizeB)) return place;
    slot = (slot + 1) & ((1 << NOTED_BITS) - 1);
  }
  return 0;
}

function isText(text: usize, scope: u32, a: usize, sizeA: u32, b: usize, sizeB: u32): bool {
  if (load<u32>(text) != scope || load<u32>(text, 4) != sizeA || load<u32>(text, 8) != sizeB) return false;
  return isSame(text + HEAD, a, sizeA) && isSame(text + HEAD + sizeA, b, sizeB);
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
