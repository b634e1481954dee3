/**
 * Numbers of entry names. The caller gives them out; what it said is remembered here, so that it is asked once for a
 * name and not once for each of millions of entries. A full memory is emptied: nothing depends on it.
 *
 * 16 bytes a slot: hash, number + 1, address and length of the name.
 */
import { NUMBER_NAME, object } from './receiver';

const SLOTS: u32 = 1 << 15;
const MOST_NAMES: u32 = SLOTS >> 1;
const NAME_BYTES: u32 = 1 << 19;
/** What {@link resetNames} wants to lie free. */
export const NAME_AREA: u32 = (SLOTS << 4) + NAME_BYTES;

let slots: usize = 0;
let count: u32 = 0;
let used: u32 = 0;
let seed: u32 = 0;

export function resetNames(area: usize, secret: u32): void {
  slots = area;
  seed = secret;
  empty();
}

function empty(): void {
  memory.fill(slots, 0, SLOTS << 4);
  count = 0;
  used = 0;
}

export function nameNumber(at: usize, length: u32): i32 {
  const hash = hashOf(at, length);
  let slot = hash & (SLOTS - 1);
  for (;;) {
    const there = slots + (<usize>slot << 4);
    const number = load<u32>(there, 4);
    if (number == 0) break;
    if (
      load<u32>(there) == hash &&
      load<u32>(there, 12) == length &&
      isSame(load<u32>(there, 8), at, length)
    ) {
      return number - 1;
    }
    slot = (slot + 1) & (SLOTS - 1);
  }
  const number = object(0, at, length, 0, 0, NUMBER_NAME);
  if (length > NAME_BYTES >> 3) return number;
  if (count == MOST_NAMES || used + length > NAME_BYTES) {
    empty();
    slot = hash & (SLOTS - 1);
  }
  const copy = slots + (SLOTS << 4) + used;
  memory.copy(copy, at, length);
  const there = slots + (<usize>slot << 4);
  store<u32>(there, hash);
  store<u32>(there, number + 1, 4);
  store<u32>(there, <u32>copy, 8);
  store<u32>(there, length, 12);
  used += length;
  count++;
  return number;
}

/** Eight bytes at a time; the last eight overlap those before. */
// @ts-ignore: decorator
@inline
function hashOf(at: usize, length: u32): u32 {
  let hash: u64 = (<u64>seed << 32) | length;
  if (length < 8) {
    for (let i: u32 = 0; i < length; i++) hash = (hash ^ load<u8>(at + i)) * 0x9e3779b97f4a7c15;
  } else {
    const last = at + length - 8;
    for (let word = at; word < last; word += 8) hash = mixed(hash ^ load<u64>(word));
    hash = mixed(hash ^ load<u64>(last));
  }
  return <u32>(hash >> 32);
}

// @ts-ignore: decorator
@inline
function mixed(word: u64): u64 {
  const product = word * 0x9e3779b97f4a7c15;
  return product ^ (product >> 29);
}

// @ts-ignore: decorator
@inline
function isSame(a: usize, b: usize, length: u32): bool {
  if (length < 8) {
    for (let i: u32 = 0; i < length; i++) if (load<u8>(a + i) != load<u8>(b + i)) return false;
    return true;
  }
  const last = length - 8;
  for (let i: u32 = 0; i < last; i += 8) if (load<u64>(a + i) != load<u64>(b + i)) return false;
  return load<u64>(a + last) == load<u64>(b + last);
}
