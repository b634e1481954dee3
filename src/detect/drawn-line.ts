/**
 * Where a value ends that was drawn from all signs of the keyboard. In `.env` files, YAML and properties nothing encloses it,
 * so that a quote, a bracket or a comma in it looks like its end; only the end of its line is one.
 */
import type { Assignment, NameSpan } from './assigned-form.js';
import { isBlank, isNewline, isQuote, lineStart, skipBlanks } from './byte-class.js';
import { isDrawnText } from './drawn-text.js';

const equals = 0x3d;
const colon = 0x3a;
const mostValue = 128;
/** Indentation and the word of a shell before a name. */
const mostHead = 64;
const leastValue = 8;
const head = /^\s*(?:(?:export|set|ENV|-|#|\/\/)\s+)?[\w.-]*$/;

/** Nothing but blanks, or a word of a shell, stands before the name on its line. */
function beginsLine(bytes: Buffer, nameStart: number): boolean {
  let i = nameStart;
  while (isBlank(bytes[i - 1])) i--;
  if (i === 0 || isNewline(bytes[i - 1])) return true;
  const from = lineStart(bytes, nameStart, mostHead);
  return nameStart - from < mostHead && head.test(bytes.toString('latin1', from, nameStart));
}

function isDrawnBetween(bytes: Uint8Array, start: number, end: number): boolean {
  return isDrawnText(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8'));
}

/** End of the word at `start` where its line ends behind it; -1 where more follows. */
function endOfLastWord(bytes: Uint8Array, start: number): number {
  let end = start;
  const ceiling = Math.min(bytes.length, start + mostValue + 1);
  while (end < ceiling && !isBlank(bytes[end]) && !isNewline(bytes[end])) end++;
  if (end - start < leastValue || end - start > mostValue) return -1;
  const behind = skipBlanks(bytes, end);
  const isLast =
    behind >= bytes.length || isNewline(bytes[behind]) || (behind > end && bytes[behind] === 0x23);
  return isLast ? end : -1;
}

/** Signs that close what stands round a value, and no part of it. */
function isClosing(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const byte = bytes[i] as number;
    const isSign =
      isQuote(byte) || byte === 0x2c || byte === 0x3b || byte === 0x29 || byte === 0x5d || byte === 0x7d;
    if (!isSign) return false;
  }
  return true;
}

/** `*value*`, `abc"def"`: emphasis, or a word that a shell joins. */
function isEnclosed(bytes: Uint8Array, start: number, end: number): boolean {
  const last = bytes[end - 1] as number;
  return bytes[start] === last || (isQuote(last) && bytes.subarray(start, end - 1).includes(last));
}

/** End of a drawn value that is the rest of its line; -1 when it is none, or ends at `readEnd` as it was read. */
export function drawnLineEnd(bytes: Buffer, nameStart: number, start: number, readEnd: number): number {
  if (isQuote(bytes[start])) return -1;
  const end = endOfLastWord(bytes, start);
  if (end < 0 || isClosing(bytes, Math.max(start, Math.min(end, readEnd)), end)) return -1;
  if (isEnclosed(bytes, start, end) || !beginsLine(bytes, nameStart)) return -1;
  return isDrawnBetween(bytes, start, end) ? end : -1;
}

/** End of a drawn value within the quoted string that `nameStart` stands in: at `;` or that quote; -1 when it is none. */
export function drawnKeyEnd(bytes: Buffer, nameStart: number, start: number, readEnd: number): number {
  let open = nameStart - 1;
  const floor = Math.max(0, nameStart - 2 * mostValue);
  while (open >= floor && !isQuote(bytes[open]) && !isNewline(bytes[open])) open--;
  if (open < floor || !isQuote(bytes[open])) return -1;
  let end = start;
  const ceiling = Math.min(bytes.length, start + mostValue + 1);
  while (end < ceiling && bytes[end] !== 0x3b && bytes[end] !== bytes[open] && !isNewline(bytes[end])) end++;
  if (end === ceiling || isNewline(bytes[end]) || end <= readEnd) return -1;
  return isDrawnBetween(bytes, start, end) ? end : -1;
}

/** The assignment whose value is the rest of its line and was drawn, where `read`, if anything, is less than that. */
export function drawnToLineEnd(
  bytes: Buffer,
  name: NameSpan,
  read: Assignment | undefined,
): Assignment | undefined {
  if (read !== undefined && (read.form !== 'bare' || read.quote !== 0)) return undefined;
  const at = skipBlanks(bytes, name.end);
  const operator = bytes[at] as number;
  if (operator !== equals && operator !== colon) return undefined;
  const start = skipBlanks(bytes, at + 1);
  const end = drawnLineEnd(bytes, name.start, start, read?.valueStart === start ? read.valueEnd : start);
  if (end < 0) return undefined;
  return {
    nameStart: name.start,
    nameEnd: name.end,
    valueStart: start,
    valueEnd: end,
    quote: 0,
    form: 'bare',
    isTight: at === name.end && start === at + 1,
    operator,
    isWholeLine: true,
  };
}
