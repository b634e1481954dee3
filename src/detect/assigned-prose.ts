/** Values that running text gives round a name: `x is the password`, `password (x)`, a heading and what it heads. */
import { proseWord } from './assigned-bytes.js';
import { proseWordOrQuoted } from './assigned-markup.js';
import { hasFoldedAt, isBlank, isLetter, isNewline, isQuote, lineStart, skipBlanks } from './byte-class.js';
import { skipSpace, type Value } from './literal.js';

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

/** `name=x`, of letters before the sign. */
function namesItsValue(bytes: Uint8Array, { start, end }: Value): boolean {
  let i = start;
  while (i < end && (isLetter(bytes[i]) || bytes[i] === 0x5f)) i++;
  return i - start >= 3 && i + 1 < end && bytes[i] === 0x3d && bytes[i + 1] !== 0x3d;
}

/** `password x`: the word behind the blank. `Password config1 = ` is a type and its variable. */
export function nextWord(bytes: Uint8Array, at: number): Value | undefined {
  // An option: `sshpass -p x`.
  if (bytes[at] === 0x2d) return undefined;
  const word = valueInParentheses(bytes, at) ?? proseWord(bytes, at);
  if (word === undefined || word.quote !== 0) return word;
  // `Token token=x`: a setting of its own.
  const isSetting = bytes[skipBlanks(bytes, word.end)] === 0x3d || namesItsValue(bytes, word);
  return isSetting ? undefined : word;
}
