/**
 * Sweep tags: SipHash-2-4 of each strong run, kept with a mask of the contents of the open chunk that have it.
 * src/identity/sweep.ts says what a strong run is and is the oracle, with src/identity/siphash.ts.
 */
import {
  ANCHOR_BITS,
  HEX_VALUES,
  RUN_CAPACITY,
  RUNS,
  TAG_CAPACITY,
  TAG_SLOT_BITS,
  TAGS,
  TAGS_USED,
  TAKEN_MASKS,
  TAKEN_TAGS,
} from './memory-map';

const MIN_RUN: u32 = 6;
const MIN_UNIFORM_RUN: u32 = 16;
const MAX_RUN: u32 = 4096;

let key0: u64 = 0;
let key1: u64 = 0;
let tagCount: u32 = 0;
/** Whether runs are compared with the tags that are looked for, and how many may be of them. */
let asksAnchors: bool = false;
let runCount: u32 = 0;
let resume: u32 = 0;

export function setSweepKey(k0: u64, k1: u64): void {
  key0 = k0;
  key1 = k1;
}

export function resumeTagsAt(): u32 {
  return resume;
}

// @ts-ignore: decorator
@inline
function isAlphanumeric(place: usize): bool {
  const byte: u32 = load<u8>(place);
  return byte - 0x30 < 10 || (byte | 0x20) - 0x61 < 26;
}

/** A bit for each of the 64 bytes at `place` that is an ASCII letter. */
// @ts-ignore: decorator
@inline
function lettersAt(place: usize): u64 {
  return <u64>letters16(place) | (<u64>letters16(place + 16) << 16) | (<u64>letters16(place + 32) << 32) | (<u64>letters16(place + 48) << 48);
}

// @ts-ignore: decorator
@inline
function digitsAt(place: usize): u64 {
  return <u64>digits16(place) | (<u64>digits16(place + 16) << 16) | (<u64>digits16(place + 32) << 32) | (<u64>digits16(place + 48) << 48);
}

// @ts-ignore: decorator
@inline
function letters16(place: usize): u32 {
  const lower = v128.or(v128.load(place), i8x16.splat(0x20));
  return i8x16.bitmask(i8x16.lt_u(i8x16.sub(lower, i8x16.splat(0x61)), i8x16.splat(26)));
}

// @ts-ignore: decorator
@inline
function digits16(place: usize): u32 {
  return i8x16.bitmask(i8x16.lt_u(i8x16.sub(v128.load(place), i8x16.splat(0x30)), i8x16.splat(10)));
}

/**
 * Tags the strong runs that touch [from, to) of the `length` bytes at `text`, each with `bit`; runs whose
 * tag may be looked for go to the list when `looks`. Ends early, with `resumeTagsAt` below `to`, when the
 * table or the list is full. Returns the number of listed runs.
 */
export function tagRuns(text: usize, length: u32, from: u32, to: u32, bit: u32, looks: bool): u32 {
  asksAnchors = looks;
  runCount = 0;
  const mask: u64 = <u64>1 << bit;
  let at = from;
  // A range so short that it ended as the table was full did not tell of it.
  if (isFull()) {
    resume = from;
    return 0;
  }
  // A range may begin inside a run.
  if (at < length && isAlphanumeric(text + at)) while (at > 0 && isAlphanumeric(text + at - 1)) at--;
  // Bits of the runs of six that began before, and where the run that is still open began.
  while (at < to) {
    const place = text + at;
    const letters = lettersAt(place);
    const digits = digitsAt(place);
    const both = letters | digits;
    // Runs that go on behind these 64 bytes are looked at from their start in the next step.
    let open: u32 = <u32>clz(~both);
    if (open > 63) {
      at = longRun(text, length, at, mask);
      if (isFull()) break;
      continue;
    }
    let six = both & (both >> 1);
    six = six & (six >> 2) & (both >> 4) & (both >> 5);
    // `six` lacks the runs cut by the step's end; all others begin where it has a border.
    let starts = six & ~(six << 1);
    let next = at + 64 - open;
    while (starts != 0) {
      const offset = <u32>ctz(starts);
      starts &= starts - 1;
      const size = <u32>ctz(~(both >> offset));
      const start = at + offset;
      if (offset + size >= 64) break;
      if (start >= to) break;
      const inside: u64 = (((<u64>1) << size) - 1) << offset;
      const isMixed = (digits & inside) != 0 && (letters & inside) != 0;
      strongRun(text, start, start + size, isMixed, mask);
    }
    if (isFull()) {
      at = next;
      break;
    }
    // An open run that fills less than the step starts the next one.
    at = next;
  }
  resume = at < length ? at : length;
  return runCount;
}

/** A run of 64 bytes or more that starts at `at`; returns its end. */
function longRun(text: usize, length: u32, at: u32, mask: u64): u32 {
  let end = at + 64;
  while (end < length && isAlphanumeric(text + end)) end++;
  if (end > length) end = length;
  const stop = end - at > MAX_RUN ? at + MAX_RUN : end;
  strongRun(text, at, stop, true, mask);
  return end;
}

/** Handles a run of six bytes or more; `isMixed` says that it has letters and digits. */
function strongRun(text: usize, start: u32, end: u32, isMixed: bool, mask: u64): void {
  if (isMixed || end - start >= MIN_UNIFORM_RUN) add(text, start, end, mask);
  const tail = escapeTail(text, start, end);
  if (tail > 0 && isStrong(text, start + tail, end)) add(text, start + tail, end, mask);
}

function isStrong(text: usize, start: u32, end: u32): bool {
  if (end - start < MIN_RUN) return false;
  if (end - start >= MIN_UNIFORM_RUN) return true;
  let hasDigit = false;
  let hasLetter = false;
  for (let at = start; at < end; at++) {
    if (<u32>load<u8>(text + at) - 0x30 < 10) hasDigit = true;
    else hasLetter = true;
  }
  return hasDigit && hasLetter;
}

/** Characters of an escape that ends inside the run; 0 when none does. */
function escapeTail(text: usize, start: u32, end: u32): u32 {
  if (start == 0) return 0;
  const before: u32 = load<u8>(text + start - 1);
  const size = end - start;
  const first: u32 = load<u8>(text + start);
  if (before == 0x25) {
    const isPair = size > 2 && isHex(first) && isHex(load<u8>(text + start + 1));
    return isPair ? 2 : 0;
  }
  if (before != 0x5c) return 0;
  if (first == 0x75) return size > 5 ? 5 : 0;
  if (first == 0x78) return size > 3 ? 3 : 0;
  return 1;
}

function isHex(byte: u32): bool {
  return load<u8>(HEX_VALUES + byte) != 255;
}

function add(text: usize, start: u32, end: u32, mask: u64): void {
  const tag = sipTag(text + start, end - start);
  addTag(tag, mask);
  if (!asksAnchors) return;
  const low = <u32>tag & 0xffff;
  if (((load<u8>(ANCHOR_BITS + (low >> 3)) >> (low & 7)) & 1) == 0) return;
  const entry = RUNS + (runCount << 3);
  store<u32>(entry, start);
  store<u32>(entry, end, 4);
  runCount++;
}

// @ts-ignore: decorator
@inline
function isFull(): bool {
  // One step of 64 bytes adds at most eight runs and their tails.
  return tagCount + 32 > TAG_CAPACITY || runCount + 32 > RUN_CAPACITY;
}

function addTag(tag: u64, mask: u64): void {
  const key = tag + 1;
  let slot = <u32>tag & ((1 << TAG_SLOT_BITS) - 1);
  for (;;) {
    const entry = TAGS + (slot << 4);
    const found = load<u64>(entry);
    if (found == key) {
      store<u64>(entry, load<u64>(entry, 8) | mask, 8);
      return;
    }
    if (found == 0) {
      store<u64>(entry, key);
      store<u64>(entry, mask, 8);
      store<u32>(TAGS_USED + (tagCount << 2), slot);
      tagCount++;
      return;
    }
    slot = (slot + 1) & ((1 << TAG_SLOT_BITS) - 1);
  }
}

/** Adds `count` tags (f64 each) that were computed elsewhere; returns how many fitted. */
export function addTags(list: usize, count: u32, bit: u32): u32 {
  for (let i: u32 = 0; i < count; i++) {
    if (tagCount == TAG_CAPACITY) return i;
    addTag(<u64>load<f64>(list + (i << 3)), <u64>1 << bit);
  }
  return count;
}

/**
 * Takes all tags and their masks out of the table. `parents` holds a byte for each of the `contents`
 * members: the bit whose tags the member has too, or 255. Members come behind their parents; bits from
 * `members` on are no contents and are left out of the masks. Returns the number of tags.
 */
export function takeTags(parents: usize, contents: u32, members: u32): u32 {
  const kept: u64 = members >= 64 ? ~(<u64>0) : ((<u64>1) << members) - 1;
  let taken: u32 = 0;
  for (let i: u32 = 0; i < tagCount; i++) {
    const entry = TAGS + (<usize>load<u32>(TAGS_USED + (i << 2)) << 4);
    let mask = load<u64>(entry, 8);
    for (let member: u32 = 0; member < contents; member++) {
      const parent: u32 = load<u8>(parents + member);
      if (parent != 255) mask |= ((mask >> parent) & 1) << member;
    }
    mask &= kept;
    if (mask != 0) {
      store<f64>(TAKEN_TAGS + (taken << 3), <f64>(load<u64>(entry) - 1));
      store<f64>(TAKEN_MASKS + (taken << 3), <f64>mask);
      taken++;
    }
    store<u64>(entry, 0);
  }
  tagCount = 0;
  return taken;
}

// @ts-ignore: decorator
@inline
function rotl(value: u64, bits: u64): u64 {
  return (value << bits) | (value >> (64 - bits));
}

/** The low 53 bits of SipHash-2-4 (Aumasson and Bernstein, 2012). */
export function sipTag(place: usize, length: u32): u64 {
  return sipHash(place, length) & 0x1fffffffffffff;
}

/** SipHash-2-4 under the sweep key. */
export function sipHash(place: usize, length: u32): u64 {
  let v0 = key0 ^ 0x736f6d6570736575;
  let v1 = key1 ^ 0x646f72616e646f6d;
  let v2 = key0 ^ 0x6c7967656e657261;
  let v3 = key1 ^ 0x7465646279746573;
  const whole = length & ~7;
  let word: u64 = 0;
  // Each whole word, the rest with the length in its top byte, and the finish.
  for (let at: u32 = 0; at <= whole + 8; at += 8) {
    const isFinish = at > whole;
    if (isFinish) v2 ^= 0xff;
    else {
      const rest = length & 7;
      if (at < whole) word = load<u64>(place + at);
      else {
        word = rest == 0 ? 0 : load<u64>(place + at) & (((<u64>1) << (rest << 3)) - 1);
        word |= <u64>(length & 0xff) << 56;
      }
      v3 ^= word;
    }
    const turns = isFinish ? 4 : 2;
    for (let turn = 0; turn < turns; turn++) {
      v0 += v1;
      v1 = rotl(v1, 13) ^ v0;
      v0 = rotl(v0, 32);
      v2 += v3;
      v3 = rotl(v3, 16) ^ v2;
      v0 += v3;
      v3 = rotl(v3, 21) ^ v0;
      v2 += v1;
      v1 = rotl(v1, 17) ^ v2;
      v2 = rotl(v2, 32);
    }
    if (!isFinish) v0 ^= word;
  }
  return v0 ^ v1 ^ v2 ^ v3;
}
