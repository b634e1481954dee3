/**
 * Damage that chat clients, word processors and renderers do to pasted text: `plain` undoes what hides a
 * token, `compact` also what splits one. Both are extra views, never a replacement: a password may hold a
 * curly quote.
 */
import { composeMaps, identityMap } from './offset-map.js';
import type { TextView } from './view.js';
import { byteTable, type Replacement, type Rewritten, rewrite } from './view-writer.js';

const empty = Buffer.alloc(0);
const space = Buffer.from(' ');
const lineFeed = Buffer.from('\n');
const singleQuote = Buffer.from("'");
const doubleQuote = Buffer.from('"');
const hyphen = Buffer.from('-');
const twoHyphens = Buffer.from('--');
const dots = Buffer.from('...');

const plainText = new Map<number, Buffer>();
const invisible: readonly (readonly [number, number])[] = [
  [0xad, 0xad], // soft hyphen
  [0x200b, 0x200f], // zero-width space, joiners, marks of direction
  [0x202a, 0x202e],
  [0x2060, 0x2064],
  [0x2066, 0x2069],
  [0xfeff, 0xfeff],
];
for (const [first, last] of invisible) for (let c = first; c <= last; c++) plainText.set(c, empty);
for (const c of [0xa0, 0x202f, 0x2007, 0x3000]) plainText.set(c, space);
for (const c of [0x2028, 0x2029]) plainText.set(c, lineFeed);
for (const c of [0x2018, 0x2019, 0x201a, 0x201b, 0x2032]) plainText.set(c, singleQuote);
for (const c of [0x201c, 0x201d, 0x201e, 0x201f, 0x2033]) plainText.set(c, doubleQuote);

/** Two- or three-byte character at `at` (the only lengths that matter here); 0 when it is none. */
function codePointAt(input: Buffer, at: number): number {
  const first = input[at] as number;
  const second = input[at + 1] ?? 0;
  if (first === 0xc2) return 0x80 | (second & 0x3f);
  if (first < 0xe2 || first > 0xef) return 0;
  return ((first & 0x0f) << 12) | ((second & 0x3f) << 6) | ((input[at + 2] ?? 0) & 0x3f);
}

/** Bytes of an ANSI colour sequence `ESC [ … m` at `at`, of another control byte; 0 when it is text. */
function controlLength(input: Buffer, at: number): number {
  const byte = input[at] as number;
  if (byte === 0x1b && input[at + 1] === 0x5b) {
    for (let i = at + 2; i < at + 24 && i < input.length; i++) {
      const end = input[i] as number;
      if (end >= 0x40 && end <= 0x7e) return i + 1 - at;
    }
    return 2;
  }
  const isLayout = byte === 9 || byte === 10 || byte === 13;
  return byte < 32 && !isLayout ? 1 : 0;
}

function plainStep(input: Buffer, at: number): Replacement | undefined {
  const byte = input[at] as number;
  if (byte < 0x20) {
    const length = controlLength(input, at);
    return length === 0 ? undefined : { length, text: empty };
  }
  if (byte < 0xc2) return undefined;
  const text = plainText.get(codePointAt(input, at));
  return text === undefined ? undefined : { length: byte === 0xc2 ? 2 : 3, text };
}

/** Control bytes that are no layout, and first bytes of the characters above. */
const plainLeads = byteTable(
  Array.from({ length: 256 }, (_, byte) => byte).filter(
    (byte) => byte >= 0xc2 || (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13),
  ),
);
const everyByte = new Uint8Array(256).fill(1);

/** Invisible characters dropped, special spaces and curly quotes to ASCII, colour codes dropped. */
export function undoTypography(input: Buffer): Rewritten | undefined {
  return rewrite(input, plainLeads, plainStep);
}

function isAlphanumeric(byte: number): boolean {
  return (byte >= 0x30 && byte < 0x3a) || (byte >= 0x41 && byte < 0x5b) || (byte >= 0x61 && byte < 0x7b);
}

function compactStep(input: Buffer, at: number): Replacement | undefined {
  const byte = input[at] as number;
  if (byte === 0x20 || (byte >= 9 && byte <= 13)) return { length: 1, text: empty };
  if (byte !== 0xe2) return plainStep(input, at);
  const codePoint = codePointAt(input, at);
  if (codePoint === 0x2026) return { length: 3, text: dots };
  if (codePoint === 0x2014 || codePoint === 0x2015) return { length: 3, text: twoHyphens };
  if (codePoint === 0x2013) {
    // Between two letters it was one hyphen; before a word (`–password`) two.
    const isInner = at > 0 && isAlphanumeric(input[at - 1] ?? 0) && isAlphanumeric(input[at + 3] ?? 0);
    return { length: 3, text: isInner ? hyphen : twoHyphens };
  }
  if ((codePoint >= 0x2010 && codePoint <= 0x2012) || codePoint === 0x2212)
    return { length: 3, text: hyphen };
  return plainStep(input, at);
}

function viewOf(
  bytes: Buffer,
  start: number,
  end: number,
  view: 'plain' | 'compact',
  step: (input: Buffer, at: number) => Replacement | undefined,
): TextView | undefined {
  const rewritten = rewrite(bytes.subarray(start, end), everyByte, step);
  if (rewritten === undefined) return undefined;
  const map = composeMaps(identityMap(end - start, start), rewritten.map);
  return { bytes: rewritten.bytes, map, view, spelling: [] };
}

/** `plain` view of `bytes[start, end)`; undefined when there is nothing to undo. */
export function plainView(bytes: Buffer, start = 0, end: number = bytes.length): TextView | undefined {
  return viewOf(bytes, start, end, 'plain', plainStep);
}

/** `compact` view: like `plain`, with dashes mapped back and all white space removed. For token anchors only. */
export function compactView(bytes: Buffer, start = 0, end: number = bytes.length): TextView | undefined {
  return viewOf(bytes, start, end, 'compact', compactStep);
}
