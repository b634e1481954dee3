/** Values that running text gives: `the password for root is x`, `x is the password`, a heading and what it heads. */
import { proseWord } from './assigned-bytes.js';
import { proseWordOrQuoted } from './assigned-markup.js';
import { hasFoldedAt, isBlank, isLetter, isNewline, isQuote, lineStart, skipBlanks } from './byte-class.js';
import { skipSpace, type Value } from './literal.js';

const colon = 0x3a;
const equals = 0x3d;

/** UTF-8 bytes as the characters that {@link hasFoldedAt} compares. */
const asBytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

/** Between the words round a name and the value; blanks to both sides. */
const connectors = [
  ...['is', 'was', 'to', '->', '=>', '→', '➜'],
  ...['lautet', 'lautet:', 'ist', 'est', 'es', 'é', 'è', 'wynosi', 'is:', 'это'],
].map((word) => asBytes(` ${word} `));
/** Signs that join a name and a value when they stand right behind the name. */
const dashes = ['-', '–', '—', '→', '➜'].map((sign) => asBytes(` ${sign} `));
/** CJK and Korean particles, which take no blank. */
const particles = ['是', '为', '為', 'は', '는', '은', '→'].map(asBytes);
/** Behind a name: whose it is, so that a colon ends the phrase. */
const possessives = [
  'for',
  'of',
  'für',
  'pour',
  'de',
  'para',
  'di',
  'voor',
  'dla',
  'do',
  'от',
  'для',
  'к',
].map((word) => asBytes(` ${word} `));

const phraseReach = 60;

/** Behind `set to`, `now`, `:`: words that may follow a connector. */
function behindFillers(bytes: Uint8Array, at: number): number {
  let i = skipBlanks(bytes, at);
  for (const word of ['been ', 'changed ', 'reset ', 'set ', 'to', 'now ', 'still ']) {
    if (hasFoldedAt(bytes, i, word) && (word !== 'to' || bytes[i + 2] === 0x20 || bytes[i + 2] === colon)) {
      i = skipBlanks(bytes, i + word.length);
    }
  }
  return bytes[i] === colon ? skipBlanks(bytes, i + 1) : i;
}

/**
 * `password is "x"`, `password for user 'a' is 'x'`, `password for root: x`, `password to x`; plain words only
 * between the two. `at` is the blank behind the name.
 */
export function proseValue(bytes: Uint8Array, at: number): Value | undefined {
  const ceiling = Math.min(bytes.length, at + phraseReach);
  const dash = dashes.find((sign) => hasFoldedAt(bytes, at, sign));
  if (dash !== undefined) return proseWordOrQuoted(bytes, skipBlanks(bytes, at + dash.length));
  const isPossessed = possessives.some((word) => hasFoldedAt(bytes, at, word));
  for (let i = at; i < ceiling; i++) {
    const byte = bytes[i];
    if (isNewline(byte) || byte === 0x2e || byte === 0x3b || byte === 0x28) return undefined;
    if (isPossessed && (byte === colon || byte === equals)) {
      return bytes[i + 1] === 0x20 ? proseWordOrQuoted(bytes, skipBlanks(bytes, i + 1)) : undefined;
    }
    if (byte !== 0x20) continue;
    if (hasFoldedAt(bytes, i, ' has been ')) return proseWordOrQuoted(bytes, behindFillers(bytes, i + 5));
    const connector = connectors.find((word) => hasFoldedAt(bytes, i, word));
    if (connector !== undefined) return proseWordOrQuoted(bytes, behindFillers(bytes, i + connector.length));
  }
  return undefined;
}

/** `密码是x`, `パスワードはxです`: behind the particle at `at`; undefined without one. */
export function valueBehindParticle(bytes: Uint8Array, at: number): Value | undefined {
  if ((bytes[at] ?? 0) < 0xe0) return undefined;
  const particle = particles.find((sign) => hasFoldedAt(bytes, at, sign));
  return particle === undefined
    ? undefined
    : proseWordOrQuoted(bytes, skipBlanks(bytes, at + particle.length));
}

/** `password (x)`, `the pw ("x")`. */
export function valueInParentheses(bytes: Uint8Array, at: number): Value | undefined {
  if (bytes[at] !== 0x28) return undefined;
  const value = proseWordOrQuoted(bytes, at + 1);
  if (value === undefined) return undefined;
  return bytes[value.quote === 0 ? value.end : value.end + 1] === 0x29 ? value : undefined;
}

/** Most words between `is` or `as` and the name: `x is the new root password`. */
const mostWordsBefore = 4;
const longestSpoken = 128;

/** The run of bytes without blanks that ends at `end`, quotes and emphasis taken off. */
function wordBefore(bytes: Uint8Array, end: number): Value | undefined {
  let start = end;
  const floor = Math.max(0, end - longestSpoken);
  while (start > floor && !isBlank(bytes[start - 1]) && !isNewline(bytes[start - 1])) start--;
  let to = end;
  while (start < to && (isQuote(bytes[start]) || bytes[start] === 0x2a)) start++;
  while (to > start && (isQuote(bytes[to - 1]) || bytes[to - 1] === 0x2a)) to--;
  return to - start >= 4 ? { start, end: to, quote: 0 } : undefined;
}

/** `x is the password`, `use x as the api key`: the word before `is` or `as`. */
export function valueSpokenBefore(bytes: Uint8Array, nameStart: number): Value | undefined {
  let end = nameStart - 1;
  for (let words = 0; words <= mostWordsBefore; words++) {
    if (bytes[end] !== 0x20) return undefined;
    let start = end;
    while (isLetter(bytes[start - 1]) && end - start < 12) start--;
    if (start === end) return undefined;
    const isVerb = end - start === 2 && (hasFoldedAt(bytes, start, 'is') || hasFoldedAt(bytes, start, 'as'));
    if (isVerb) return bytes[start - 1] === 0x20 ? wordBefore(bytes, start - 1) : undefined;
    end = start - 1;
  }
  return undefined;
}

/** Longest name that is a heading of its own; lines of base64 are longer. */
const mostHeadingBytes = 24;

/** Nothing but marks of headings and lists stands before the name on its line. */
function beginsLine(bytes: Uint8Array, nameStart: number): boolean {
  const from = lineStart(bytes, nameStart, 16);
  if (from > 0 && !isNewline(bytes[from - 1])) return false;
  return /^[#*_>=\s-]*(?:h\d\.\s|\d{1,2}[.)]\s)?[*_]*$/.test(
    Buffer.from(bytes.buffer, bytes.byteOffset + from, nameStart - from).toString('latin1'),
  );
}

/** The word that is all of the next line that is not empty; `at` is the end of a line. */
export function wordBelow(bytes: Uint8Array, at: number): Value | undefined {
  const start = skipSpace(bytes, at, 4);
  if (isBlank(bytes[start - 1])) return undefined;
  const value = proseWordOrQuoted(bytes, start);
  if (value === undefined) return undefined;
  const end = value.quote === 0 ? value.end : skipQuotes(bytes, value.end, value.quote);
  return end >= bytes.length || isNewline(bytes[end]) ? value : undefined;
}

function skipQuotes(bytes: Uint8Array, at: number, quote: number): number {
  let i = at;
  while (bytes[i] === quote && i - at < 3) i++;
  return i;
}

/** A heading that is the name alone, and the word below it. */
export function valueBelowHeading(bytes: Uint8Array, nameStart: number, at: number): Value | undefined {
  return at - nameStart <= mostHeadingBytes && beginsLine(bytes, nameStart)
    ? wordBelow(bytes, at)
    : undefined;
}

/** `password x`: the word behind the blank. */
export function nextWord(bytes: Uint8Array, at: number): Value | undefined {
  // An option: `sshpass -p x`.
  if (bytes[at] === 0x2d) return undefined;
  return valueInParentheses(bytes, at) ?? proseWord(bytes, at);
}
