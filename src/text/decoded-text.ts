/** Decides whether decoded bytes are worth reading as text, and as which. */
import { isUtf8 } from 'node:buffer';
import { constants, inflateRawSync, inflateSync } from 'node:zlib';
import type { Spelling } from '../model/finding.js';
import type { DecodeBudget } from './decode-budget.js';
import { composeMaps, opaqueMap } from './offset-map.js';
import { wholeCharactersEnd } from './utf8.js';
import { hasUtf16Mark, utf16ToUtf8 } from './utf16.js';
import type { OffsetMap } from './view.js';

/** Decoded bytes that {@link looksLikeText} wants to see. */
export const probeBytes = 12;

/** 1 for bytes of text: printable ASCII, tab, newline, carriage return, and all of UTF-8's multi-byte range. */
const printable = new Uint8Array(256);
printable.fill(1, 0x20, 0x7f);
printable.fill(1, 0xc2, 0xf5);
printable.fill(1, 0x80, 0xc0);
for (const byte of [9, 10, 13, 0x1b]) printable[byte] = 1;

/**
 * Quick test on the first {@link probeBytes} decoded bytes (`length` of them are there). Random bytes pass
 * with a probability of 10^-4, text, gzip, zlib and UTF-16 always do.
 */
export function looksLikeText(probe: Uint8Array, length: number): boolean {
  const first = probe[0] as number;
  const second = probe[1] as number;
  if (first === 0x1f && second === 0x8b) return probe[2] === 8;
  if (first === 0x78 && (second === 0x01 || second === 0x5e || second === 0x9c || second === 0xda))
    return true;
  if (second === 0 && length >= 6) return first !== 0 && probe[3] === 0 && probe[5] === 0;
  return (first === 0xff && second === 0xfe) || isUtf8Prefix(probe, length);
}

/** Printable UTF-8 as far as lead and continuation bytes tell; the last character may be cut off. */
function isUtf8Prefix(probe: Uint8Array, length: number): boolean {
  let expected = 0;
  for (let i = 0; i < length; i++) {
    const byte = probe[i] as number;
    if (printable[byte] === 0) return false;
    const isContinuation = (byte & 0xc0) === 0x80;
    if (isContinuation !== expected > 0) return false;
    if (isContinuation) expected--;
    else if (byte >= 0xc2) expected = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1;
  }
  return true;
}

/**
 * True when at least 95 % of `bytes` is printable. Outside valid UTF-8 (whose cut-off last character is
 * forgiven) only ASCII counts as printable, so that one damaged byte does not hide a long text.
 */
export function isPrintableText(bytes: Buffer): boolean {
  const end = wholeCharactersEnd(bytes);
  if (end === 0) return false;
  const text = end === bytes.length ? bytes : bytes.subarray(0, end);
  const ceiling = isUtf8(text) ? 0x100 : 0x80;
  const limit = end / 20;
  let odd = 0;
  for (let i = 0; i < end; i++) {
    const byte = bytes[i] as number;
    if ((printable[byte] === 0 || byte >= ceiling) && ++odd > limit) return false;
  }
  return true;
}

export interface ReadableText {
  readonly bytes: Buffer;
  readonly map: OffsetMap;
  /** Layers undone here, outermost first. */
  readonly layers: readonly Spelling[];
}

function isUtf16Le(bytes: Buffer): boolean {
  if (bytes.length < 8) return false;
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return true;
  const end = Math.min(bytes.length & ~1, 256);
  let nuls = 0;
  for (let i = 0; i < end; i += 2) {
    if (bytes[i + 1] === 0) nuls++;
    if (bytes[i] === 0 && bytes[i + 1] === 0) return false;
  }
  return nuls * 2 > end * 0.7;
}

/** Inflates gzip or zlib data as far as it goes within the budget; undefined when it is neither. */
function inflate(bytes: Buffer, budget: DecodeBudget): Buffer | undefined {
  const { maxRatio, minInflatedBytes } = budget.limits;
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const isZlib = bytes[0] === 0x78 && (((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)) % 31 === 0;
  if (!isGzip && !isZlib) return undefined;
  const maxOutputLength = Math.min(
    budget.remainingBytes,
    budget.remainingInflatedBytes,
    Math.max(bytes.length * maxRatio, minInflatedBytes),
  );
  if (maxOutputLength < 1) {
    budget.exhaust();
    return undefined;
  }
  try {
    // A gzip member with optional fields or a broken trailer is read through its bare deflate stream.
    const body = isGzip ? gzipBody(bytes) : bytes;
    if (body === undefined) return undefined;
    // A sync flush at the end gives what a truncated stream holds, where a finish would only fail.
    const options = { maxOutputLength, finishFlush: constants.Z_SYNC_FLUSH };
    const inflated = isGzip ? inflateRawSync(body, options) : inflateSync(body, options);
    budget.noteInflated(inflated.length);
    return inflated;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      budget.noteInflated(maxOutputLength);
      budget.exhaust();
    }
    return undefined;
  }
}

/** Deflate stream of a gzip member (RFC 1952 §2.3). */
function gzipBody(bytes: Buffer): Buffer | undefined {
  const flags = bytes[3] ?? 0;
  let at = 10;
  if ((flags & 4) !== 0) at += 2 + ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8));
  for (const flag of [8, 16]) {
    if ((flags & flag) === 0) continue;
    const end = bytes.indexOf(0, at);
    if (end < 0) return undefined;
    at = end + 1;
  }
  if ((flags & 2) !== 0) at += 2;
  return at < bytes.length ? bytes.subarray(at) : undefined;
}

/** The text that decoded bytes hold, compressed or UTF-16 ones unwrapped; undefined when they hold none. */
export function readableText(bytes: Buffer, map: OffsetMap, budget: DecodeBudget): ReadableText | undefined {
  if (isUtf16Le(bytes) || hasUtf16Mark(bytes)) {
    const { text, map: inner } = utf16ToUtf8(bytes, bytes[0] === 0xfe ? 'utf-16be' : 'utf-16le');
    if (!isPrintableText(text)) return undefined;
    return { bytes: text, map: composeMaps(map, inner), layers: ['utf-16'] };
  }
  if (isPrintableText(bytes)) return { bytes, map, layers: [] };
  const inflated = inflate(bytes, budget);
  if (inflated === undefined || !isPrintableText(inflated)) return undefined;
  const inner = opaqueMap(inflated.length, { start: 0, end: bytes.length });
  return { bytes: inflated, map: composeMaps(map, inner), layers: ['gzip'] };
}
