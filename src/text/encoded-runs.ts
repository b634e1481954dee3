/**
 * Finds encoded text inside a document and gives it decoded: base64 (both alphabets, wrapped or not), hex,
 * percent, and gzip, zlib or UTF-16 inside the first two; again inside what was found.
 *
 * This looks at every byte of gigabytes of source code, so a run of identifier-like bytes is rejected from
 * its first twelve decoded bytes without allocating anything, and since only runs of 20 bytes or more count,
 * the scan reads every 20th byte until one can be part of a run. Measured on source code: 0.8 GB/s.
 */
import type { Spelling } from '../model/finding.js';
import type { Span } from '../model/span.js';
import { DecodeBudget } from './decode-budget.js';
import { looksLikeText, probeBytes, readableText } from './decoded-text.js';
import { joinLines, joinReach } from './line-join.js';
import { composeMaps } from './offset-map.js';
import { hasPercentEscape, percentView } from './percent-runs.js';
import { base64Value, hexDigitValue } from './run-classes.js';
import { fixedRatioMap, type Pieces } from './run-map.js';
import type { TextView } from './view.js';

/** Shortest base64 run, in characters. */
export const minBase64Run = 20;
/** Shortest hex run, in digits. */
export const minHexRun = 32;
/** Starts inside a run (behind `/`, `-`, `_`, `+`) are tried within its first bytes only. */
const maxInnerStart = 256;

const probe = new Uint8Array(probeBytes);

/** True when the 16 characters at `start` decode to what may be text. */
function probeBase64(bytes: Uint8Array, start: number): boolean {
  // Seven of eight identifiers are out after the first four characters: a byte with the high bit set
  // before any multi-byte text is rare enough to leave to the full test.
  for (let i = 0, at = start; i < probeBytes; i += 3, at += 4) {
    const a = base64Value[bytes[at] as number] as number;
    const b = base64Value[bytes[at + 1] as number] as number;
    const c = base64Value[bytes[at + 2] as number] as number;
    const d = base64Value[bytes[at + 3] as number] as number;
    probe[i] = (a << 2) | (b >> 4);
    probe[i + 1] = (b << 4) | (c >> 2);
    probe[i + 2] = (c << 6) | d;
    if (i === 0 && hopeless[probe[0] as number] === 1) return false;
  }
  return looksLikeText(probe, probeBytes);
}

/** 1 for bytes that start neither text nor a magic of {@link looksLikeText}. */
const hopeless = new Uint8Array(256).fill(1, 0, 0x20).fill(1, 0x7f, 0xc2).fill(1, 0xf5, 0xff);
for (const byte of [9, 10, 13, 0x1b, 0x1f]) hopeless[byte] = 0;

function probeHex(bytes: Uint8Array, start: number): boolean {
  for (let i = 0, at = start; i < probeBytes; i++, at += 2) {
    const high = hexDigitValue[bytes[at] as number] as number;
    const low = hexDigitValue[bytes[at + 1] as number] as number;
    if (high === 255 || low === 255) return false;
    probe[i] = high * 16 + low;
    if (i === 0 && hopeless[probe[0] as number] === 1) return false;
  }
  return looksLikeText(probe, probeBytes);
}

function hexEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && hexDigitValue[bytes[at] as number] !== 255) at++;
  return start + ((at - start) & ~1);
}

/** End of the part of `[start, end)` that keeps to one of the two alphabets, and which. */
function alphabetOf(
  bytes: Uint8Array,
  pieces: Pieces,
): { readonly spelling: Spelling; readonly pieces: Span[] } {
  let spelling: Spelling | undefined;
  const kept: Span[] = [];
  for (const piece of pieces) {
    for (let at = piece.start; at < piece.end; at++) {
      const byte = bytes[at] as number;
      const isUrl = byte === 0x2d || byte === 0x5f;
      if (!isUrl && byte !== 0x2b && byte !== 0x2f) continue;
      const seen: Spelling = isUrl ? 'base64url' : 'base64';
      spelling ??= seen;
      if (seen === spelling) continue;
      if (at > piece.start) kept.push({ start: piece.start, end: at });
      return { spelling, pieces: kept };
    }
    kept.push(piece);
  }
  return { spelling: spelling ?? 'base64', pieces: kept };
}

/** Characters of all pieces, joined. Only called for runs that passed the probe. */
function joined(bytes: Buffer, pieces: Pieces): string {
  return pieces.map((piece) => bytes.toString('latin1', piece.start, piece.end)).join('');
}

/** Offset behind `0x`. */
function hexStartOf(bytes: Uint8Array, start: number): number {
  return bytes[start] === 0x30 && ((bytes[start + 1] as number) | 0x20) === 0x78 ? start + 2 : start;
}

function isHexProbe(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < minHexRun) return false;
  const hexStart = hexStartOf(bytes, start);
  return hexStart + minHexRun <= end && probeHex(bytes, hexStart);
}

class RunScan {
  readonly found: TextView[] = [];
  readonly #bytes: Buffer;
  readonly #budget: DecodeBudget;
  /** Bytes that joining lines may still look at, so that crafted lines cannot make it quadratic. */
  #joinAllowance: number;

  /** While probing: whether a run passed a probe. */
  mayDecode = false;
  readonly #isProbing: boolean;
  readonly #trace: EncodedTrace | undefined;

  /** @param isProbing decode nothing, only find out whether anything would be tried */
  constructor(bytes: Buffer, budget: DecodeBudget, isProbing = false, trace?: EncodedTrace) {
    this.#bytes = bytes;
    this.#budget = budget;
    this.#isProbing = isProbing;
    this.#trace = trace;
    this.#joinAllowance = bytes.length * 4;
  }

  /** Looks at runs that were found before: pairs (start, end), rising, each as long as it goes. */
  runOver(runs: readonly number[]): void {
    const bytes = this.#bytes;
    let low = 0;
    for (let i = 0; i < runs.length; i += 2) {
      const start = Math.max(low, runs[i] as number);
      const end = runs[i + 1] as number;
      if (end - start < minBase64Run) continue;
      low = this.#examine(start, end);
      // What was decoded may end inside a run of other lines.
      while (low > end && base64Value[bytes[low - 1] as number] !== 255) {
        let stop = low;
        while (stop < bytes.length && base64Value[bytes[stop] as number] !== 255) stop++;
        if (stop - low < minBase64Run) break;
        low = this.#examine(low, stop);
      }
    }
  }

  run(from: number, length: number): void {
    const bytes = this.#bytes;
    const stride = minBase64Run;
    let low = from;
    let at = from + stride - 1;
    while (at < length) {
      if (base64Value[bytes[at] as number] === 255) {
        at += stride;
        continue;
      }
      let start = at;
      while (start > low && base64Value[bytes[start - 1] as number] !== 255) start--;
      let end = at + 1;
      // Only as far as needed to know that it is long enough; most runs are not.
      if (end - start < stride) {
        const needed = Math.min(length, start + stride);
        while (end < needed && base64Value[bytes[end] as number] !== 255) end++;
        if (end - start < stride) {
          low = end;
          at = end + stride;
          continue;
        }
      }
      while (end < length && base64Value[bytes[end] as number] !== 255) end++;
      low = this.#examine(start, end);
      at = low + stride - 1;
    }
  }

  /** Looks at the run `[start, end)`; returns where the scan goes on. */
  #examine(start: number, end: number): number {
    const bytes = this.#bytes;
    let from = start;
    // The letter of a `\n` before the run is not part of it.
    if (start > 0 && bytes[start - 1] === 0x5c) from++;
    const lastStart = Math.min(end - minBase64Run, from + maxInnerStart);
    for (let at = from; at <= lastStart; ) {
      const done = this.#tryAt(at, end);
      if (done > 0) return done;
      at = nextInnerStart(bytes, at, lastStart);
    }
    return end;
  }

  #tryAt(start: number, end: number): number {
    const bytes = this.#bytes;
    if (this.#isProbing) {
      this.mayDecode ||= isHexProbe(bytes, start, end) || probeBase64(bytes, start);
      return this.mayDecode ? end : 0;
    }
    if (end - start >= minHexRun) {
      const hexStart = hexStartOf(bytes, start);
      if (hexStart + minHexRun <= end && probeHex(bytes, hexStart)) {
        const stop = hexEnd(bytes, hexStart, end);
        if (stop - hexStart >= minHexRun && this.#accept('hex', [{ start: hexStart, end: stop }], 4))
          return stop;
      }
    }
    return probeBase64(bytes, start) ? this.#tryBase64(start, end) : 0;
  }

  #tryBase64(start: number, end: number): number {
    const maxBytes = Math.min(this.#budget.limits.maxRunBytes, this.#joinAllowance);
    const lines = joinLines(this.#bytes, start, end, maxBytes);
    const lastEnd = lines[lines.length - 1]?.end ?? end;
    this.#joinAllowance -= lastEnd - end;
    if (lastEnd - start >= maxBytes) this.#trace?.markLimited();
    // What stands behind the last line decides whether it is the last.
    this.#trace?.probed.push(start, lastEnd + joinReach + end - start);
    // The last line may be a word that merely follows the block; the first alone may be one of a list.
    for (const count of new Set([lines.length, lines.length - 1, 1])) {
      if (count < 1) continue;
      const { spelling, pieces } = alphabetOf(this.#bytes, lines.slice(0, count));
      if (this.#accept(spelling, pieces, 6)) return pieces[pieces.length - 1]?.end ?? end;
    }
    return 0;
  }

  #accept(spelling: Spelling, pieces: Pieces, bits: 4 | 6): boolean {
    let characters = 0;
    for (const piece of pieces) characters += piece.end - piece.start;
    if (characters < minBase64Run) return false;
    if (characters > this.#budget.limits.maxRunBytes || characters * bits > this.#budget.remainingBytes * 8) {
      this.#budget.exhaust();
      return false;
    }
    const decoded = Buffer.from(joined(this.#bytes, pieces), bits === 4 ? 'hex' : 'base64');
    const map = fixedRatioMap(decoded.length, bits, pieces);
    const text = readableText(decoded, map, this.#budget);
    if (text === undefined || !this.#budget.take(text.bytes.length)) return false;
    this.found.push({
      bytes: text.bytes,
      map: text.map,
      view: 'decoded',
      spelling: [spelling, ...text.layers],
    });
    return true;
  }
}

/** The next byte behind a separator of paths and names. */
function nextInnerStart(bytes: Uint8Array, after: number, last: number): number {
  for (let at = after; at < last; at++) {
    const byte = bytes[at];
    if (byte === 0x2f || byte === 0x2d || byte === 0x5f || byte === 0x2b) return at + 1;
  }
  return last + 1;
}

function collect(
  bytes: Buffer,
  budget: DecodeBudget,
  depth: number,
  runs?: readonly number[],
  trace?: EncodedTrace,
): TextView[] {
  const scan = new RunScan(bytes, budget, false, trace);
  if (runs === undefined) scan.run(0, bytes.length);
  else scan.runOver(runs);
  const views = scan.found;
  const percent = percentView(bytes, budget);
  if (percent !== undefined) views.push(percent);
  if (views.length === 0 || depth >= budget.limits.maxDepth) return views;
  const nested: TextView[] = [];
  for (const view of views) {
    for (const inner of collect(view.bytes, budget, depth + 1)) {
      nested.push({
        bytes: inner.bytes,
        map: composeMaps(view.map, inner.map),
        view: 'decoded',
        spelling: [...view.spelling, ...inner.spelling],
      });
    }
  }
  return [...views, ...nested];
}

/** Where encoded runs were looked for: what the bytes there decide, they decide again. */
export class EncodedTrace {
  /** Pairs (start, end) of the texts that were read for a run, whether or not it was decoded. */
  readonly probed: number[] = [];
  /** True when the document as a whole had a part in it, through a limit that it came near. */
  isLimited = false;

  markLimited(): void {
    this.isLimited = true;
  }
}

/**
 * Decoded views of all encoded runs in `bytes`, nested ones included; their maps lead to offsets of `bytes`.
 * What the budget left out is told by {@link DecodeBudget.isExhausted}.
 * @param runs pairs (start, end) of all runs that may be encoded, when they are known already
 */
export function findEncodedRuns(
  bytes: Buffer,
  budget: DecodeBudget = new DecodeBudget(),
  runs?: readonly number[],
  trace?: EncodedTrace,
): TextView[] {
  return collect(bytes, budget, 1, runs, trace);
}

const noBudget = new DecodeBudget({ maxBytes: 0 });

/**
 * Whether {@link findEncodedRuns} could find anything that starts in the lines `bytes[from, to)`. A text of
 * whose lines this is false for each has no encoded runs, so that it need not be asked again about lines
 * that were seen before. @param from start of a line @param to end of a line or of the text
 * @param runs pairs (start, end) of the runs in it that may be encoded, when they are known already
 */
export function mayHoldEncodedRuns(
  bytes: Buffer,
  from: number,
  to: number,
  runs?: readonly number[],
): boolean {
  const scan = new RunScan(bytes, noBudget, true);
  if (runs === undefined) scan.run(from, to);
  else scan.runOver(runs);
  return scan.mayDecode || hasPercentEscape(bytes.subarray(from, to));
}
