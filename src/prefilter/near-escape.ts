/**
 * Whether an escape stands near a keyword, so that the text round it must also be read with escapes undone.
 * The twin of assembly/scan/escapes.ts.
 */

/** How far before a hit an escape may stand: `\\"` before the name. */
const escapeBefore = 48;
/** Behind a hit: what ends names and values stands near, what a value is written with reaches to its end. */
const nearAfter = 64;
const farAfter = 200;

/** 1 for the bytes that names of settings are made of. */
const nameByte = new Uint8Array(256);
for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.$') {
  nameByte[char.charCodeAt(0)] = 1;
}

function isName(byte: number | undefined): boolean {
  return byte !== undefined && nameByte[byte] === 1;
}

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

/** `ESC [`: a colour ends with a letter, which then stands before the token that it is for. */
function isColour(bytes: Uint8Array, at: number): boolean {
  return bytes[at + 1] === 0x5b;
}

/** 1 for the first bytes of escapes. */
const leads = new Uint8Array(256);
for (const lead of [0x5c, 0x25, 0x26, 0x3d, 0x1b]) leads[lead] = 1;

/** How far behind a hit the escape at `at` matters; 0 when none stands there. */
function reachOf(bytes: Uint8Array, at: number): number {
  switch (bytes[at]) {
    case 0x5c:
      return isValueEscape(bytes, at) ? farAfter : isStringEscape(bytes, at) ? nearAfter : 0;
    case 0x25:
      return isPercent(bytes, at) ? farAfter : 0;
    case 0x26:
      return isEntity(bytes, at) ? farAfter : 0;
    case 0x1b:
      return isColour(bytes, at) ? farAfter : 0;
    default:
      return isQuotedPrintable(bytes, at) ? nearAfter : 0;
  }
}

/** Offsets in ascending order, taken from the front. */
class OffsetQueue {
  readonly #offsets: number[] = [];
  #head = 0;

  push(offset: number): void {
    this.#offsets.push(offset);
  }

  /** True when an offset lies in `[from, to)`; `from` never goes back. */
  hasWithin(from: number, to: number): boolean {
    const offsets = this.#offsets;
    while (this.#head < offsets.length && (offsets[this.#head] as number) < from) this.#head++;
    return this.#head < offsets.length && (offsets[this.#head] as number) < to;
  }
}

/**
 * Escapes near hits, which come in the order of their starts. Each byte near a hit is read once, and no other:
 * a native search for each kind ran on to its next occurrence, across texts that have none, and stopped at
 * every `=`.
 */
export class EscapeFinder {
  readonly #bytes: Uint8Array;
  readonly #near = new OffsetQueue();
  readonly #far = new OffsetQueue();
  #read = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  hasNear(hitStart: number, hitEnd: number): boolean {
    const from = Math.max(0, hitStart - escapeBefore);
    this.#readTo(from, Math.min(this.#bytes.length, hitEnd + farAfter));
    const isNear = this.#near.hasWithin(from, hitEnd + nearAfter);
    return this.#far.hasWithin(from, hitEnd + farAfter) || isNear;
  }

  #readTo(from: number, to: number): void {
    const bytes = this.#bytes;
    for (let at = Math.max(from, this.#read); at < to; at++) {
      if (leads[bytes[at] as number] === 0) continue;
      const reach = reachOf(bytes, at);
      if (reach === farAfter) this.#far.push(at);
      else if (reach === nearAfter) this.#near.push(at);
    }
    this.#read = Math.max(this.#read, to);
  }
}
