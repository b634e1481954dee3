/**
 * Where a text must also be read with its escapes undone: round those keyword hits that have an escape
 * nearby (src/prefilter/near-escape.ts). Most hits have none, and most documents have few kinds.
 */
import type { Span } from '../model/span.js';
import { isNewline } from './byte-class.js';

/** Bytes before a hit that belong to its window: the longest name and its quotes. */
const regionBefore = 96;
/** Bytes behind a hit: operator and value. */
const regionAfter = 320;
/** A hit that starts so many bytes before a region, or behind it, cannot become part of it: see `add`. */
export const regionMarginBefore: number = regionAfter + 64;
export const regionMarginBehind: number = regionBefore + 64;

/**
 * How far before and behind a region the text may still decide about it, through hits there that make it longer
 * and the escapes that stand near those.
 */
export const regionReachBefore: number = regionAfter + 192;
export const regionReachBehind: number = regionBefore + 320;

/** Moves a cut so that it does not split an escape: to just behind a newline, blank or comma where one is near. */
function snapped(bytes: Uint8Array, at: number): number {
  for (let i = at; i > Math.max(0, at - 48); i--) {
    const before = bytes[i - 1];
    if (isNewline(before) || before === 0x20 || before === 0x2c) return i;
  }
  return at;
}

export class EscapeRegions {
  readonly #bytes: Buffer;
  readonly regions: Span[] = [];

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Takes a hit that has an escape nearby; hits come in ascending order of their starts. */
  add(hitStart: number, hitEnd: number): void {
    const last = this.regions[this.regions.length - 1];
    const start = snapped(this.#bytes, Math.max(0, hitStart - regionBefore));
    const end = Math.min(this.#bytes.length, hitEnd + regionAfter);
    if (last !== undefined && start <= last.end)
      this.regions[this.regions.length - 1] = {
        start: Math.min(last.start, start),
        end: Math.max(last.end, end),
      };
    else this.regions.push({ start, end });
  }
}
