/**
 * Runs of base64 characters that may be encoded text: those in which some place where decoding could begin gives
 * a few bytes that look like it. src/text/encoded-runs.ts decodes them.
 */
import { BASE64_VALUES, HEX_VALUES, PROBE, RUN_CAPACITY, RUNS } from './memory-map';

/** Decoded bytes that are looked at: fewer than the shortest run gives. */
const PROBE_BYTES: usize = 12;
const MIN_RUN: u32 = 20;
const MIN_HEX_RUN: u32 = 32;
/** Starts inside a run are tried within its first bytes only. */
const MAX_INNER_START: u32 = 256;

let resume: u32 = 0;

export function resumeEncodedAt(): u32 {
  return resume;
}

/**
 * Lists the runs in [from, to), which begins and ends with a line, of the `length` bytes at `text`. Ends
 * early, with `resumeEncodedAt` below `to`, when the list is full.
 */
export function encodedRuns(text: usize, from: u32, to: u32): u32 {
  let count: u32 = 0;
  let at = from;
  while (at < to) {
    const both = maskAt(text + at);
    // A run that goes on behind these 64 bytes is looked at from its start in the next step.
    const open = <u32>clz(~both);
    let next = at + 64 - open;
    if (open == 64) {
      let end = at + 64;
      while (end < to && load<u8>(BASE64_VALUES + load<u8>(text + end)) != 255) end++;
      if (end > to) end = to;
      if (mayDecode(text, at, end)) count = list(count, at, end);
      next = end;
    } else {
      let twenty = both & (both >> 1);
      twenty &= twenty >> 2;
      const four = twenty;
      twenty &= twenty >> 4;
      twenty &= twenty >> 8;
      twenty &= four >> 16;
      let starts = twenty & ~(twenty << 1);
      while (starts != 0) {
        const offset = <u32>ctz(starts);
        starts &= starts - 1;
        const size = <u32>ctz(~(both >> offset));
        if (offset + size >= 64) break;
        const start = at + offset;
        const end = start + size > to ? to : start + size;
        if (end < start + MIN_RUN) break;
        if (mayDecode(text, start, end)) count = list(count, start, end);
      }
    }
    at = next;
    if (count + 4 > RUN_CAPACITY) break;
  }
  resume = at;
  return count;
}

function list(count: u32, start: u32, end: u32): u32 {
  store<u32>(RUNS + (count << 3), start);
  store<u32>(RUNS + (count << 3), end, 4);
  return count + 1;
}

// @ts-ignore: decorator
@inline
function maskAt(place: usize): u64 {
  return <u64>mask16(place) | (<u64>mask16(place + 16) << 16) | (<u64>mask16(place + 32) << 32) | (<u64>mask16(place + 48) << 48);
}

/** A bit for each byte of [A-Za-z0-9+/_-]. */
// @ts-ignore: decorator
@inline
function mask16(place: usize): u32 {
  const bytes = v128.load(place);
  const letters = i8x16.lt_u(i8x16.sub(v128.or(bytes, i8x16.splat(0x20)), i8x16.splat(0x61)), i8x16.splat(26));
  // The digits and, one before them, the slash.
  const digits = i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(0x2f)), i8x16.splat(11));
  const signs = v128.or(
    v128.or(i8x16.eq(bytes, i8x16.splat(0x2b)), i8x16.eq(bytes, i8x16.splat(0x2d))),
    i8x16.eq(bytes, i8x16.splat(0x5f)),
  );
  return i8x16.bitmask(v128.or(v128.or(letters, digits), signs));
}

function mayDecode(text: usize, start: u32, end: u32): bool {
  let from = start;
  if (start > 0 && load<u8>(text + start - 1) == 0x5c) from++;
  if (end < from + MIN_RUN) return false;
  const limit = end - MIN_RUN;
  const last = limit < from + MAX_INNER_START ? limit : from + MAX_INNER_START;
  let at = from;
  while (at <= last) {
    if (mayBegin(text, at, end)) return true;
    while (at < last && !isSeparator(load<u8>(text + at))) at++;
    at++;
  }
  return false;
}

// @ts-ignore: decorator
@inline
function isSeparator(byte: u32): bool {
  return byte == 0x2f || byte == 0x2d || byte == 0x5f || byte == 0x2b;
}

/** Whether what comes out of base64 or of hex may be a text or a compressed one. */
function mayBegin(text: usize, at: u32, end: u32): bool {
  const place = text + at;
  const a: u32 = load<u8>(BASE64_VALUES + load<u8>(place));
  const b: u32 = load<u8>(BASE64_VALUES + load<u8>(place + 1));
  if (isHopeful((a << 2) | (b >> 4)) && probeBase64(place)) return true;
  if (end - at < MIN_HEX_RUN) return false;
  const skip: u32 = load<u8>(place) == 0x30 && (load<u8>(place + 1) | 0x20) == 0x78 ? 2 : 0;
  return at + skip + MIN_HEX_RUN <= end && probeHex(place + skip);
}

function probeBase64(place: usize): bool {
  for (let i: usize = 0; i < PROBE_BYTES; i += 3) {
    const group = place + (i / 3) * 4;
    const a: u32 = load<u8>(BASE64_VALUES + load<u8>(group));
    const b: u32 = load<u8>(BASE64_VALUES + load<u8>(group + 1));
    const c: u32 = load<u8>(BASE64_VALUES + load<u8>(group + 2));
    const d: u32 = load<u8>(BASE64_VALUES + load<u8>(group + 3));
    store<u8>(PROBE + i, <u8>((a << 2) | (b >> 4)));
    store<u8>(PROBE + i, <u8>((b << 4) | (c >> 2)), 1);
    store<u8>(PROBE + i, <u8>((c << 6) | d), 2);
  }
  return looksLikeText();
}

function probeHex(place: usize): bool {
  for (let i: usize = 0; i < PROBE_BYTES; i++) {
    const high: u32 = load<u8>(HEX_VALUES + load<u8>(place + i * 2));
    const low: u32 = load<u8>(HEX_VALUES + load<u8>(place + i * 2 + 1));
    if (high == 255 || low == 255) return false;
    store<u8>(PROBE + i, <u8>((high << 4) | low));
    if (i == 0 && !isHopeful((high << 4) | low)) return false;
  }
  return looksLikeText();
}

/** The twin of src/text/decoded-text.ts, for the bytes at `PROBE`. */
function looksLikeText(): bool {
  const first: u32 = load<u8>(PROBE);
  const second: u32 = load<u8>(PROBE, 1);
  if (first == 0x1f && second == 0x8b) return load<u8>(PROBE, 2) == 8;
  if (first == 0x78 && (second == 0x01 || second == 0x5e || second == 0x9c || second == 0xda)) return true;
  if (second == 0) return first != 0 && load<u8>(PROBE, 3) == 0 && load<u8>(PROBE, 5) == 0;
  if (first == 0xff && second == 0xfe) return true;
  let expected: u32 = 0;
  for (let i: usize = 0; i < PROBE_BYTES; i++) {
    const byte: u32 = load<u8>(PROBE + i);
    if (!isPrintable(byte)) return false;
    const goesOn = (byte & 0xc0) == 0x80;
    if (goesOn != expected > 0) return false;
    if (goesOn) expected--;
    else if (byte >= 0xc2) expected = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1;
  }
  return true;
}

// @ts-ignore: decorator
@inline
function isPrintable(byte: u32): bool {
  if (byte < 0x20) return byte == 9 || byte == 10 || byte == 13 || byte == 0x1b;
  return byte < 0x7f || (byte >= 0x80 && byte < 0xc0) || (byte >= 0xc2 && byte < 0xf5);
}

/** The opposite of `hopeless` in src/text/encoded-runs.ts. */
function isHopeful(value: u32): bool {
  const byte = value & 0xff;
  if (byte < 0x20) return byte == 9 || byte == 10 || byte == 13 || byte == 0x1b || byte == 0x1f;
  return byte < 0x7f || (byte >= 0xc2 && byte < 0xf5) || byte == 0xff;
}
