/**
 * Where a text must also be read with its escapes undone: round those keyword hits that have an escape
 * nearby. Most hits have none, and most documents have few kinds.
 */
import type { Span } from '../model/span.js';
import { isName, isNewline } from './byte-class.js';

/** Bytes before a hit that belong to its window: the longest name and its quotes. */
const regionBefore = 96;
/** Bytes behind a hit: operator and value. */
const regionAfter = 320;
/** How far before a hit an escape may stand: `\\"` before the name. */
const escapeBefore = 48;
/** Behind a hit: what ends names and values stands near, what a value is written with reaches to its end. */
const nearAfter = 64;
const farAfter = 200;

function isHex(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  const folded = byte | 32;
  return (byte >= 0x30 && byte <= 0x39) || (folded >= 0x61 && folded <= 0x66);
}

/** `\"`, `\'`, `\\`, `\=`, `\:`, and `\n` before a name: ends of strings and lines within a string. */
function isStringEscape(bytes: Uint8Array, at: number): boolean {
  const next = bytes[at + 1];
  // C strings are full of `\n"`; only a line that goes on behind the newline can hold a setting.
  if (next === 0x6e) return isName(bytes[at + 2]);
  return next === 0x22 || next === 0x27 || next === 0x5c || next === 0x3d || next === 0x3a;
}

/** `\/`, `\uXXXX`, `\xNN`: characters of a value. */
function isValueEscape(bytes: Uint8Array, at: number): boolean {
  const next = bytes[at + 1];
  return next === 0x2f || ((next === 0x75 || next === 0x78) && isHex(bytes[at + 2]));
}

function isPercent(bytes: Uint8Array, at: number): boolean {
  return isHex(bytes[at + 1]) && isHex(bytes[at + 2]);
}

/** `&#x3D;`, `&quot;`, `&amp;`, `&lt;`, `&gt;`. */
function isEntity(bytes: Uint8Array, at: number): boolean {
  const next = bytes[at + 1];
  return next === 0x23 || next === 0x71 || next === 0x61 || next === 0x6c || next === 0x67;
}

/** Quoted-printable: `=3D` or a soft line break. */
function isQuotedPrintable(bytes: Uint8Array, at: number): boolean {
  const next = bytes[at + 1];
  return (next === 0x33 && bytes[at + 2] === 0x44) || (next === 0x0d && bytes[at + 2] === 0x0a);
}

interface EscapeKind {
  readonly lead: number;
  readonly after: number;
  readonly isAt: (bytes: Uint8Array, at: number) => boolean;
}

const kinds: readonly EscapeKind[] = [
  { lead: 0x5c, after: nearAfter, isAt: isStringEscape },
  { lead: 0x5c, after: farAfter, isAt: isValueEscape },
  { lead: 0x25, after: farAfter, isAt: isPercent },
  { lead: 0x26, after: farAfter, isAt: isEntity },
  { lead: 0x3d, after: nearAfter, isAt: isQuotedPrintable },
];

/** Next escape of each kind, found by native search and remembered, since hits come in order. */
class EscapeFinder {
  readonly #bytes: Buffer;
  readonly #next: number[] = kinds.map(() => -1);

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  hasNear(hitStart: number, hitEnd: number): boolean {
    const from = Math.max(0, hitStart - escapeBefore);
    let has = false;
    kinds.forEach((kind, index) => {
      let at = this.#next[index] as number;
      if (at < from) {
        at = this.#search(kind, from);
        this.#next[index] = at;
      }
      if (at < hitEnd + kind.after) has = true;
    });
    return has;
  }

  /** The first escape of a kind at or behind `from`. */
  #search(kind: EscapeKind, from: number): number {
    let at = this.#bytes.indexOf(kind.lead, from);
    while (at >= 0 && !kind.isAt(this.#bytes, at)) at = this.#bytes.indexOf(kind.lead, at + 1);
    return at < 0 ? Number.POSITIVE_INFINITY : at;
  }
}

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
  readonly #finder: EscapeFinder;
  readonly regions: Span[] = [];

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#finder = new EscapeFinder(bytes);
  }

  /** Takes a hit; hits come in ascending order of their ends. */
  add(hitStart: number, hitEnd: number): void {
    const last = this.regions[this.regions.length - 1];
    if (!this.#finder.hasNear(hitStart, hitEnd)) return;
    const start = snapped(this.#bytes, Math.max(0, hitStart - regionBefore));
    const end = Math.min(this.#bytes.length, hitEnd + regionAfter);
    if (last !== undefined && start <= last.end)
      this.regions[this.regions.length - 1] = { start: last.start, end: Math.max(last.end, end) };
    else this.regions.push({ start, end });
  }
}
