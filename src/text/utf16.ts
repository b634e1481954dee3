/** UTF-16 documents as UTF-8 views: what detectors read, with the way back to the raw bytes. */
import type { OffsetMap, RawRanges } from './view.js';

export type Utf16 = 'utf-16le' | 'utf-16be';

/** Derived bytes between two checkpoints; walking back from one costs at most this many steps. */
const checkpointBytes = 4096;

export function hasUtf16Mark(bytes: Uint8Array): boolean {
  return (
    bytes.length >= 2 &&
    ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
  );
}

/**
 * Decodes to UTF-8, dropping a byte order mark. Lone surrogates become U+FFFD, a trailing odd byte is
 * dropped; both keep the arithmetic of {@link utf16Map}: a sequence of 4 bytes was two units, any other one.
 */
export function utf16ToUtf8(
  bytes: Buffer,
  encoding: Utf16,
): { readonly text: Buffer; readonly map: OffsetMap } {
  const start = hasUtf16Mark(bytes) ? 2 : 0;
  const end = start + ((bytes.length - start) & ~1);
  let units = bytes.subarray(start, end);
  if (encoding === 'utf-16be') units = Buffer.from(units).swap16();
  const text = Buffer.from(units.toString('utf16le'), 'utf8');
  return { text, map: utf16Map(text, start) };
}

/**
 * Map of a UTF-8 text that was UTF-16 from raw offset `base`. A run per character would be larger than the
 * text, so checkpoints are laid at the first question and the rest is counted.
 */
export function utf16Map(text: Buffer, base: number): OffsetMap {
  let checkpoints: number[] | undefined;

  /** Raw offset of derived `position`; inside a character, of its start (`up`: of its end). */
  function rawOf(position: number, up: boolean): number {
    checkpoints ??= checkpointsOf(text, base);
    const slot = Math.floor(position / checkpointBytes);
    let raw = checkpoints[slot * 2] ?? base;
    let at = checkpoints[slot * 2 + 1] ?? 0;
    while (at < position) {
      const length = sequenceLength(text[at] as number);
      if (at + length > position && !up) return raw;
      raw += length === 4 ? 4 : 2;
      at += length;
    }
    return raw;
  }

  return {
    length: text.length,
    toRaw(span): RawRanges {
      const start = rawOf(span.start, false);
      const end = span.end > span.start ? rawOf(span.end, true) : start;
      return { ranges: [{ start, end }], exact: isBorder(text, span.start) && isBorder(text, span.end) };
    },
  };
}

function sequenceLength(first: number): number {
  return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

function isBorder(text: Buffer, at: number): boolean {
  return at >= text.length || ((text[at] as number) & 0xc0) !== 0x80;
}

/** Pairs (raw offset, derived offset) of the first character that starts at or after each multiple. */
function checkpointsOf(text: Buffer, base: number): number[] {
  const pairs: number[] = [];
  let raw = base;
  let next = 0;
  let beforeRaw = base;
  let beforeAt = 0;
  for (let at = 0; at < text.length; ) {
    if (at >= next) {
      // The character before the border when it reaches over it, so that counting can only go forward.
      if (at > next) pairs.push(beforeRaw, beforeAt);
      else pairs.push(raw, at);
      next += checkpointBytes;
    }
    beforeRaw = raw;
    beforeAt = at;
    const length = sequenceLength(text[at] as number);
    raw += length === 4 ? 4 : 2;
    at += length;
  }
  return pairs;
}
