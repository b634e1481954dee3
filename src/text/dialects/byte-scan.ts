/** Tells texts in which nothing is to be undone from others, at the price of one look at each byte. */
import { controlBytes, damagedLeads, isDamagedAt } from '../typography.js';

const special = 1;
const lead = 2;
const colon = 3;

/** What a look at each byte tells of a text: nothing is to be done, it holds addresses, or it needs a second look. */
export type Scan = 'plain' | 'addresses' | 'special';

/** By byte: 0 for text, else what it may be the first byte of. */
export type ByteClasses = Uint8Array;

/** Classes of a dialect whose markup begins with one of `marks`; control codes and typography are always included. */
export function byteClasses(marks: string): ByteClasses {
  const classes = new Uint8Array(256);
  for (const byte of controlBytes) classes[byte] = special;
  for (const byte of damagedLeads) classes[byte] = lead;
  classes[0x3a] = colon;
  for (const byte of Buffer.from(marks)) classes[byte] = special;
  return classes;
}

/**
 * Apostrophes of English, and joiners between letters of other scripts or the parts of an emoji: far more texts have
 * them than have damage, and a view for each would have to be read.
 */
function isHarmless(bytes: Uint8Array, at: number): boolean {
  const before = bytes[at - 1] ?? 0;
  const behind = bytes[at + 3] ?? 0;
  if (bytes[at] !== 0xe2 || bytes[at + 1] !== 0x80) return false;
  if (bytes[at + 2] === 0x99 /* right single quote */) return isLetter(before) && endsWord(bytes, at + 3);
  const isJoiner = bytes[at + 2] === 0x8c || bytes[at + 2] === 0x8d;
  return isJoiner && before >= 0x80 && behind >= 0x80;
}

/** One or two letters and the end of a word: `'s`, `'ll`. */
function endsWord(bytes: Uint8Array, at: number): boolean {
  if (!isLetter(bytes[at] ?? 0)) return false;
  const second = bytes[at + 1] ?? 0;
  return !isWordByte(isLetter(second) ? (bytes[at + 2] ?? 0) : second);
}

function isLetter(byte: number): boolean {
  return (byte | 0x20) >= 0x61 && (byte | 0x20) < 0x7b;
}

function isWordByte(byte: number): boolean {
  return isLetter(byte) || (byte >= 0x30 && byte < 0x3a) || byte >= 0x80;
}

/** Stops at the first byte that needs a second look. */
export function scanBytes(bytes: Uint8Array, classes: ByteClasses): Scan {
  let found: Scan = 'plain';
  for (let i = 0; i < bytes.length; i++) {
    const kind = classes[bytes[i] as number];
    if (kind === 0) continue;
    if (kind === special || (kind === lead && isDamagedAt(bytes, i) && !isHarmless(bytes, i)))
      return 'special';
    if (kind === colon && bytes[i + 1] === 0x2f && bytes[i + 2] === 0x2f) found = 'addresses';
  }
  return found;
}
