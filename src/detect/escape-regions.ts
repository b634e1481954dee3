/**
 * Where a text must also be read with its escapes undone: round those keyword hits that have an escape
 * nearby. Most hits have none, and most documents have few kinds.
 */
import type { Span } from '../model/span.js';
import { isNewline } from './byte-class.js';

/** Bytes before a hit that belong to its window: the longest name and its quotes. */
const regionBefore = 96;
/** Bytes behind a hit: operator and value. */
const regionAfter = 320;
/** How near to the hit an escape must stand to matter: before it `\"`, behind it the value. */
const escapeBefore = 48;
const escapeAfter = 200;

function isHex(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  const folded = byte | 32;
  return (byte >= 0x30 && byte <= 0x39) || (folded >= 0x61 && folded <= 0x66);
}

/** True when the byte at `at` begins an escape that a value or its quotes may be written with. */
function isEscape(bytes: Uint8Array, at: number): boolean {
  const next = bytes[at + 1];
  switch (bytes[at]) {
    case 0x5c:
      // `\"`, `\'`, `\\`, `\/`, `\uXXXX`, `\xNN`, `\=`, `\:`. Not `\n`, `\t`, `\r` alone: C strings are full of them.
      return (
        next === 0x22 ||
        next === 0x27 ||
        next === 0x5c ||
        next === 0x2f ||
        next === 0x75 ||
        next === 0x78 ||
        next === 0x3d ||
        next === 0x3a ||
        next === 0x6e
      );
    case 0x25:
      return isHex(next) && isHex(bytes[at + 2]);
    case 0x26:
      return next === 0x23 || next === 0x71 || next === 0x61 || next === 0x6c || next === 0x67;
    case 0x3d:
      // Quoted-printable: `=3D` or a soft line break.
      return (next === 0x33 && bytes[at + 2] === 0x44) || (next === 0x0d && bytes[at + 2] === 0x0a);
    default:
      return false;
  }
}

const leads = [0x5c, 0x25, 0x26, 0x3d] as const;

/** Next escape of each kind, found by native search and remembered, since hits come in order. */
class EscapeFinder {
  readonly #bytes: Buffer;
  readonly #next: number[] = leads.map(() => -1);

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  hasBetween(from: number, to: number): boolean {
    let has = false;
    for (let kind = 0; kind < leads.length; kind++) {
      let at = this.#next[kind] as number;
      if (at < from) {
        at = this.#search(leads[kind] as number, from);
        this.#next[kind] = at;
      }
      if (at < to) has = true;
    }
    return has;
  }

  /** The first escape with this lead byte at or behind `from`. */
  #search(lead: number, from: number): number {
    let at = this.#bytes.indexOf(lead, from);
    while (at >= 0 && !isEscape(this.#bytes, at)) at = this.#bytes.indexOf(lead, at + 1);
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
    if (!this.#finder.hasBetween(Math.max(0, hitStart - escapeBefore), hitEnd + escapeAfter)) return;
    const start = snapped(this.#bytes, Math.max(0, hitStart - regionBefore));
    const end = Math.min(this.#bytes.length, hitEnd + regionAfter);
    if (last !== undefined && start <= last.end)
      this.regions[this.regions.length - 1] = { start: last.start, end: Math.max(last.end, end) };
    else this.regions.push({ start, end });
  }
}
