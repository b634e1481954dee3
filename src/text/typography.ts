/**
 * Damage that chat clients, word processors and renderers do to pasted text and that hides a token: invisible
 * characters, special spaces, curly quotes, control codes. Undone in an extra view, never in the text itself: a
 * password may hold a curly quote.
 */
import { byteTable, type Replacement, type Rewritten, rewrite } from './view-writer.js';

const empty = Buffer.alloc(0);
const space = Buffer.from(' ');
const lineFeed = Buffer.from('\n');
const singleQuote = Buffer.from("'");
const doubleQuote = Buffer.from('"');

/** First and last code point of what is dropped. */
const dropped: readonly (readonly [number, number])[] = [
  [0x80, 0x84], // C1 controls
  [0x86, 0x9f],
  [0xad, 0xad], // soft hyphen
  [0x200b, 0x200f], // zero-width space, joiners, marks of direction
  [0x202a, 0x202e],
  [0x2060, 0x2064],
  [0x2066, 0x2069],
  [0xfeff, 0xfeff],
];
const spaces: readonly (readonly [number, number])[] = [
  [0xa0, 0xa0],
  [0x2000, 0x200a],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
];
const lineEnds = [0x85, 0x2028, 0x2029];
const singleQuotes = [0x2018, 0x2019, 0x201a, 0x201b, 0x2032];
const doubleQuotes = [0x201c, 0x201d, 0x201e, 0x201f, 0x2033];

/** What cannot be seen: nothing that a person typed on purpose. */
const unseenText = new Map<number, Buffer>();
for (const [first, last] of dropped) for (let c = first; c <= last; c++) unseenText.set(c, empty);
for (const [first, last] of spaces) for (let c = first; c <= last; c++) unseenText.set(c, space);
for (const c of lineEnds) unseenText.set(c, lineFeed);

const plainText = new Map(unseenText);
for (const c of singleQuotes) plainText.set(c, singleQuote);
for (const c of doubleQuotes) plainText.set(c, doubleQuote);

/**
 * Two- or three-byte character at `at` if it is in a block of those above, else 0. Decided by two bytes, since texts
 * in most of the world's scripts hold little but multi-byte characters.
 */
function damagedCharacterAt(input: Uint8Array, at: number): number {
  const first = input[at] as number;
  const second = input[at + 1] ?? 0;
  if (first === 0xc2) return second < 0xae ? 0x80 | (second & 0x3f) : 0;
  const isBlock =
    (first === 0xe2 && (second === 0x80 || second === 0x81)) ||
    (first === 0xe3 && second === 0x80) ||
    (first === 0xef && second === 0xbb);
  if (!isBlock) return 0;
  return ((first & 0x0f) << 12) | ((second & 0x3f) << 6) | ((input[at + 2] ?? 0) & 0x3f);
}

const escapeByte = 0x1b;
const bell = 0x07;
/** Bytes of a CSI sequence, of a string sequence (OSC, DCS, PM, APC): what is longer is none. */
const longestCsi = 64;
const longestString = 4096;

/** Offset behind the terminator (BEL, `ESC \\`) of the string sequence at `at`; -1 when it has none. */
export function stringSequenceEnd(input: Uint8Array, at: number): number {
  const limit = Math.min(input.length, at + longestString);
  for (let i = at + 2; i < limit; i++) {
    const byte = input[i] as number;
    if (byte === bell) return i + 1;
    if (byte === escapeByte) return input[i + 1] === 0x5c ? i + 2 : -1;
    if (byte === 0x0a) return -1;
  }
  return -1;
}

/** What follows the ESC of sequences that end with BEL or `ESC \`: OSC, DCS, PM, APC. */
const stringStarts = byteTable(Buffer.from(']P^_'));
/** Sequences of two bytes that terminals are sent: string end, keypad, cursor. */
const pairs = byteTable(Buffer.from('\\=>78cDEHMNOZ'));

/** Bytes of the terminal sequence (ECMA-48) whose ESC is at `at`. */
export function escapeSequenceLength(input: Uint8Array, at: number): number {
  const kind = input[at + 1] ?? 0;
  if (kind === 0x5b /* [ */) return csiLength(input, at);
  if (stringStarts[kind] === 1) {
    const end = stringSequenceEnd(input, at);
    return end < 0 ? 2 : end - at;
  }
  // Intermediate byte and a final one: `ESC ( B`.
  if (kind >= 0x20 && kind < 0x30) return isFinalByte(input[at + 2]) ? 3 : 2;
  return pairs[kind] === 1 ? 2 : 1;
}

/** Bytes of `ESC [ parameters final`; of its start when it does not end. */
function csiLength(input: Uint8Array, at: number): number {
  const limit = Math.min(input.length, at + longestCsi);
  let i = at + 2;
  while (i < limit && (input[i] as number) >= 0x20 && (input[i] as number) < 0x40) i++;
  return i < limit && isFinalByte(input[i]) ? i + 1 - at : 2;
}

function isFinalByte(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte < 0x7f;
}

/** Bytes of the terminal sequence or other control byte at `at`; 0 when it is text or layout. */
function controlLength(input: Uint8Array, at: number): number {
  const byte = input[at] as number;
  if (byte === escapeByte) return escapeSequenceLength(input, at);
  const isLayout = byte === 9 || byte === 10 || byte === 13;
  return (byte < 0x20 && !isLayout) || byte === 0x7f ? 1 : 0;
}

function stepWith(
  texts: ReadonlyMap<number, Buffer>,
): (input: Buffer, at: number) => Replacement | undefined {
  return (input, at) => {
    if ((input[at] as number) < 0x80) {
      const length = controlLength(input, at);
      return length === 0 ? undefined : { length, text: empty };
    }
    const text = texts.get(damagedCharacterAt(input, at));
    return text === undefined ? undefined : { length: input[at] === 0xc2 ? 2 : 3, text };
  };
}

/** Control bytes that are no layout. */
export const controlBytes: readonly number[] = [
  ...Array.from({ length: 32 }, (_, byte) => byte).filter((byte) => byte !== 9 && byte !== 10 && byte !== 13),
  0x7f,
];
/** First bytes of the characters above; {@link isDamagedAt} tells them from others. */
export const damagedLeads: readonly number[] = [0xc2, 0xe2, 0xe3, 0xef];

const leads = byteTable([...controlBytes, ...damagedLeads]);
const plainStep = stepWith(plainText);
const unseenStep = stepWith(unseenText);

/** Whether a character at a byte of {@link damagedLeads} is one that {@link undoTypography} replaces. */
export function isDamagedAt(input: Uint8Array, at: number): boolean {
  return plainText.has(damagedCharacterAt(input, at));
}

/** What the multi-byte character at `at` stands for when it cannot be seen: nothing, a blank, a line end. */
export function unseenTextAt(input: Uint8Array, at: number): Buffer | undefined {
  return unseenText.get(damagedCharacterAt(input, at));
}

/** Invisible characters and control codes dropped, special spaces and curly quotes to ASCII. */
export function undoTypography(input: Buffer): Rewritten | undefined {
  return rewrite(input, leads, plainStep);
}

/** As {@link undoTypography}, with quotes left alone: for code, in which a curly one stands on purpose or is a bug. */
export function undoUnseen(input: Buffer): Rewritten | undefined {
  return rewrite(input, leads, unseenStep);
}
