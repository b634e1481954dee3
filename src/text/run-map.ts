/** Offset maps of fixed-ratio codings: no table, only arithmetic over the characters of the run. */
import type { Span } from '../model/span.js';
import type { OffsetMap } from './view.js';

/** Piece of a run: characters that lie together in the raw text. */
export type Pieces = readonly Span[];

/** Raw offset of the `index`-th character of all pieces. */
function offsetIn(pieces: Pieces, index: number): number {
  let left = index;
  for (const piece of pieces) {
    const length = piece.end - piece.start;
    if (left < length) return piece.start + left;
    left -= length;
  }
  return pieces[pieces.length - 1]?.end ?? 0;
}

/**
 * Map of bytes that were written with `bitsPerCharacter` bits a character (6: base64, 4: hex). White space
 * between pieces lies inside a match that spans it. A match is inexact when an edge falls inside a character.
 */
export function fixedRatioMap(length: number, bitsPerCharacter: 4 | 6, pieces: Pieces): OffsetMap {
  return {
    length,
    toRaw(span) {
      const first = Math.floor((span.start * 8) / bitsPerCharacter);
      const last = Math.max(first, Math.ceil((span.end * 8) / bitsPerCharacter) - 1);
      const start = offsetIn(pieces, first);
      const end = span.end > span.start ? offsetIn(pieces, last) + 1 : start;
      const isWhole = (at: number): boolean => at === length || (at * 8) % bitsPerCharacter === 0;
      return { ranges: [{ start, end }], exact: isWhole(span.start) && isWhole(span.end) };
    },
  };
}
