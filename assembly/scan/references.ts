/**
 * Texts that were read shortly before, kept to compare others with. A pack may hold an object as a delta on one that is hardly
 * like it, though a version of the same file stands among the others of that base: of redis, as its server sends it, 95 %
 * of what deltas add is in objects of which they add a tenth or more, and three quarters of that went by just before.
 *
 * Two texts are compared by lines: a line that stands once in the kept text is an anchor, and what is the same on
 * either side of it, byte by byte, is a copy. The answer has the form of a delta's (assembly/pack/delta.ts).
 */
import { closeRun, finishRanges, startRanges } from '../pack/delta';
import { COPY_RANGES } from '../pack/memory-map';
import {
  LEVEL_CAPACITY,
  LEVELS,
  REFERENCE_BYTES,
  REFERENCE_COUNT,
  REFERENCE_KEYWORD_BYTES,
  REFERENCE_LINE_BITS,
  REFERENCES,
  SAMPLE_CAPACITY,
  SAMPLES,
} from './memory-map';

/** In place of a reference: the object says enough itself; or it does not, but no text is like it. */
const ENOUGH: i32 = -2;
const NONE: i32 = -1;

/** A comparison costs as much as some hundred bytes that need not be searched. */
const FEWEST_OWN: u32 = 2048;
/** An object is sought for when it has more than this part of its bytes anew; another must have as much more of them. */
const PART: u32 = 10;
/** Shorter lines stand everywhere. */
const FEWEST_IN_LINE: u32 = 8;
/** Shorter copies are taken for changed: their ends are, for 16 bytes each. */
const FEWEST_COPIED: u32 = 64;
const MARGIN: u32 = 16;
const NEWLINE: u32 = 0x0a;
/** Places of the table asked for one line: more only in texts that were made to collide. */
const MOST_PROBES: i32 = 64;
/** In the table: a line that stands more than once. */
const REPEATED: u32 = 0x80000000;

const TEXT_OFFSET: usize = REFERENCE_KEYWORD_BYTES;
const TABLE_OFFSET: usize = TEXT_OFFSET + REFERENCE_BYTES;
/** Behind the table: length of the text, 0 where there is none, and bits of the table. */
const HEAD_OFFSET: usize = TABLE_OFFSET + (8 << REFERENCE_LINE_BITS);
const STRIDE: usize = HEAD_OFFSET + 64;

/** Forgets all texts, and leaves none of them in memory. */
export function clearReferences(): void {
  for (let i: u32 = 0; i < REFERENCE_COUNT; i++) {
    memory.fill(referenceText(i), 0, referenceBytes(i));
    store<u32>(placeOf(i) + HEAD_OFFSET, 0);
  }
}

export function referenceText(reference: u32): usize {
  return placeOf(reference) + TEXT_OFFSET;
}

export function referenceBytes(reference: u32): u32 {
  return load<u32>(placeOf(reference) + HEAD_OFFSET);
}

// @ts-ignore: decorator
@inline
function placeOf(reference: u32): usize {
  return REFERENCES + <usize>reference * STRIDE;
}

/**
 * The kept text that has most lines of a text whose delta copies so little that another base may be the better one:
 * `copies` triples stand in COPY_RANGES. Else ENOUGH or NONE.
 */
export function seekReference(text: usize, length: u32, copies: u32): i32 {
  let copied: u32 = 0;
  for (let i: u32 = 0; i < copies; i++) {
    copied += load<u32>(COPY_RANGES + i * 12, 4) - load<u32>(COPY_RANGES + i * 12);
  }
  const own = length - copied;
  if (own < FEWEST_OWN || own < length / PART || length > REFERENCE_BYTES) return ENOUGH;
  const samples = takeSamples(text, length);
  let best: i32 = NONE;
  let most: u32 = samples * (copied / (length / 64) + 64 / PART) / 64;
  for (let i: u32 = 0; i < REFERENCE_COUNT; i++) {
    if (referenceBytes(i) == 0) continue;
    let shared: u32 = 0;
    for (let sample: u32 = 0; sample < samples; sample++) {
      if (lineAt(i, load<u64>(SAMPLES + (sample << 3))) != 0) shared++;
    }
    if (shared > most) {
      most = shared;
      best = <i32>i;
    }
  }
  return best;
}

/** Hashes of lines from all over the text. */
function takeSamples(text: usize, length: u32): u32 {
  const step: u32 = length / SAMPLE_CAPACITY;
  let samples: u32 = 0;
  let floor: u32 = 0;
  for (let i: u32 = 0; i < SAMPLE_CAPACITY; i++) {
    let at: u32 = i * step;
    if (at < floor) continue;
    if (at > 0) at = lineEnd(text, at, length) + 1;
    // Samples within one long line need not look for its end again.
    floor = at;
    while (at < length) {
      const end = lineEnd(text, at, length);
      floor = end + 1;
      if (end - at >= FEWEST_IN_LINE) {
        store<u64>(SAMPLES + (samples << 3), hashOf(text + at, end - at));
        samples++;
        break;
      }
      at = end + 1;
    }
  }
  return samples;
}

/** Writes the copies that the text has from a kept one to COPY_RANGES, and what it has not to DIRTY_RANGES. */
export function alignTo(reference: u32, text: usize, length: u32): void {
  const base = referenceText(reference);
  const baseLength = referenceBytes(reference);
  startRanges();
  let dirtyFrom: u32 = 0;
  /** End of the last copy. */
  let done: u32 = 0;
  let at: u32 = 0;
  let from: u32 = 0;
  for (;;) {
    let size = sameBehind(text + at, base + from, min(length - at, baseLength - from));
    const before = sameBefore(text + at, base + from, min(at - done, from));
    if (size + before >= FEWEST_COPIED) {
      dirtyFrom = closeRun(at - before, from - before, size + before, baseLength, length, MARGIN, dirtyFrom);
      done = at + size;
    }
    // The next line that stands once in the kept text.
    let next = lineEnd(text, at + size, length) + 1;
    let line: u32 = 0;
    while (next < length) {
      const end = lineEnd(text, next, length);
      if (end - next >= FEWEST_IN_LINE) {
        line = lineAt(reference, hashOf(text + next, end - next));
        if (line != 0 && (line & REPEATED) == 0) break;
        line = 0;
      }
      next = end + 1;
    }
    if (line == 0) break;
    at = next;
    from = line - 1;
  }
  finishRanges(dirtyFrom, length);
}

/** Keeps a text in place of another, with the keywords kept on a level; false when it has no room. */
export function keepReference(reference: u32, text: usize, length: u32, level: u32): bool {
  const first = <usize>load<u32>(LEVELS + (level << 3));
  const end = <usize>load<u32>(LEVELS + (level << 3), 4);
  if (length > REFERENCE_BYTES || end - first > REFERENCE_KEYWORD_BYTES) return false;
  const place = placeOf(reference);
  memory.copy(place, first, end - first);
  store<u32>(LEVELS + ((LEVEL_CAPACITY + reference) << 3), <u32>place);
  store<u32>(LEVELS + ((LEVEL_CAPACITY + reference) << 3), <u32>(place + (end - first)), 4);
  const kept = place + TEXT_OFFSET;
  memory.copy(kept, text, length);
  for (let slack: usize = 0; slack < 64; slack += 16) v128.store(kept + length + slack, i8x16.splat(0));
  store<u32>(place + HEAD_OFFSET, length);
  indexLines(place, kept, length);
  return true;
}

function indexLines(place: usize, text: usize, length: u32): void {
  let bits: u32 = 6;
  while (bits < REFERENCE_LINE_BITS && <u32>1 << bits < length / 12) bits++;
  store<u32>(place + HEAD_OFFSET, bits, 4);
  const table = place + TABLE_OFFSET;
  memory.fill(table, 0, 8 << bits);
  const last = (<u32>1 << bits) - 1;
  // Half full at most, so that what is not there is soon told.
  let room = <u32>1 << (bits - 1);
  for (let at: u32 = 0; at < length && room > 0; ) {
    const end = lineEnd(text, at, length);
    if (end - at >= FEWEST_IN_LINE) {
      const hash = hashOf(text + at, end - at);
      const check = <u32>hash | 1;
      let slot = <u32>(hash >> 32) & last;
      for (let probes = 0; probes < MOST_PROBES; probes++) {
        const entry = table + (slot << 3);
        const found = load<u32>(entry);
        if (found == 0) {
          store<u32>(entry, check);
          store<u32>(entry, at + 1, 4);
          room--;
          break;
        }
        if (found == check) {
          store<u32>(entry, load<u32>(entry, 4) | REPEATED, 4);
          break;
        }
        slot = (slot + 1) & last;
      }
    }
    at = end + 1;
  }
}

/** Offset + 1 of the line with a hash in the kept text, and whether there are more; 0 when there is none. */
function lineAt(reference: u32, hash: u64): u32 {
  const place = placeOf(reference);
  const table = place + TABLE_OFFSET;
  const last = (<u32>1 << load<u32>(place + HEAD_OFFSET, 4)) - 1;
  const check = <u32>hash | 1;
  let slot = <u32>(hash >> 32) & last;
  for (let probes = 0; probes < MOST_PROBES; probes++) {
    const entry = table + (slot << 3);
    const found = load<u32>(entry);
    if (found == check) return load<u32>(entry, 4);
    if (found == 0) return 0;
    slot = (slot + 1) & last;
  }
  return 0;
}

/** Of the first and last bytes of a line and its length; the same hash is no proof. */
// @ts-ignore: decorator
@inline
function hashOf(place: usize, length: u32): u64 {
  let hash: u64 = load<u64>(place) * 0x9e3779b97f4a7c15;
  hash = (hash ^ (hash >> 29) ^ load<u64>(place + length - 8) ^ length) * 0xbf58476d1ce4e5b9;
  if (length > 16) {
    const middle = place + (length >> 1);
    hash = (hash ^ (hash >> 31) ^ load<u64>(middle - 4)) * 0x94d049bb133111eb;
  }
  return hash ^ (hash >> 32);
}

/** Of the newline behind `at`, or the text's end. */
// @ts-ignore: decorator
@inline
function lineEnd(text: usize, at: u32, length: u32): u32 {
  const newline = i8x16.splat(<i8>NEWLINE);
  for (let end = at; end < length; end += 16) {
    const mask: u32 = i8x16.bitmask(i8x16.eq(v128.load(text + end), newline));
    if (mask != 0) return min(end + ctz(mask), length);
  }
  return length;
}

/** Bytes that are the same from both places on, at most `most`. */
function sameBehind(a: usize, b: usize, most: u32): u32 {
  for (let at: u32 = 0; at < most; at += 16) {
    const mask: u32 = i8x16.bitmask(i8x16.eq(v128.load(a + at), v128.load(b + at)));
    if (mask != 0xffff) return min(at + ctz(~mask), most);
  }
  return most;
}

/** Bytes that are the same before both places, at most `most`. */
function sameBefore(a: usize, b: usize, most: u32): u32 {
  let size: u32 = 0;
  while (size + 16 <= most) {
    const mask: u32 = i8x16.bitmask(i8x16.eq(v128.load(a - size - 16), v128.load(b - size - 16)));
    if (mask != 0xffff) return size + (clz(~mask << 16));
    size += 16;
  }
  while (size < most && load<u8>(a - size - 1) == load<u8>(b - size - 1)) size++;
  return size;
}
