/** Joins the lines of a wrapped run: PEM-like blocks, MIME, YAML scalars, concatenated string literals. */
import type { Span } from '../model/span.js';
import { base64Value } from './run-classes.js';

/** Wrapped lines are at least this long; shorter ones are lists of words. */
const minWrappedLine = 32;
/** Most bytes between two lines of one run: newline, indentation, quotes, an operator. */
const maxGap = 160;
/** Bytes behind a run's last line that say that it is the last, beside a line's length. */
export const joinReach: number = maxGap + 2;

const gapByte = new Uint8Array(256);
for (const byte of Buffer.from(' \t\r\n"\'`,.#>*|')) gapByte[byte] = 1;

/** Letter of `\n`, `\r` or `\t`. */
function isLayoutLetter(byte: number | undefined): boolean {
  return byte === 0x6e || byte === 0x72 || byte === 0x74;
}

/**
 * Offset where the run goes on after a line break at `at`, or -1. A break is a newline (real, or written
 * `\n` or `\\n`) or a `+` between two string literals, with white space, quotes and comment marks around.
 */
function continuationAt(bytes: Uint8Array, at: number): number {
  const end = Math.min(bytes.length, at + maxGap);
  let isBroken = false;
  let i = at;
  while (i < end) {
    const byte = bytes[i] as number;
    if (byte === 0x0a) isBroken = true;
    if (gapByte[byte] === 1) {
      i++;
      continue;
    }
    if (byte === 0x5c /* \ */) {
      const next = bytes[i + 1];
      if (next === 0x6e /* n */) isBroken = true;
      i += isLayoutLetter(next) ? 2 : 1;
      continue;
    }
    if (byte === 0x2b /* + */ && i > at && base64Value[bytes[i + 1] ?? 0] === 255) {
      isBroken = true;
      i++;
      continue;
    }
    return isBroken && base64Value[byte] !== 255 ? i : -1;
  }
  return -1;
}

/**
 * Pieces of the run whose first line is `[start, end)`: following lines of the same length and one shorter
 * last line. `maxBytes` bounds the whole.
 */
export function joinLines(bytes: Uint8Array, start: number, end: number, maxBytes: number): Span[] {
  const pieces: Span[] = [{ start, end }];
  const width = end - start;
  if (width < minWrappedLine) return pieces;
  let lineEnd = end;
  while (lineEnd - start < maxBytes) {
    const next = continuationAt(bytes, lineEnd);
    if (next < 0) break;
    let nextEnd = next;
    const limit = Math.min(bytes.length, next + width + 1);
    while (nextEnd < limit && base64Value[bytes[nextEnd] as number] !== 255) nextEnd++;
    if (nextEnd - next > width) break;
    pieces.push({ start: next, end: nextEnd });
    lineEnd = nextEnd;
    if (nextEnd - next < width || bytes[nextEnd] === 0x3d) break;
  }
  return pieces;
}
