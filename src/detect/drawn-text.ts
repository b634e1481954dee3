/** Was a text with signs drawn by a machine, or is it part of a program? Asked of what looks like code before it is dropped. */
import { letterBitsBetween } from './randomness.js';
import { signPairRows, signsInOrder } from './sign-pair-table.js';

const cellOffset = 48;
const lower = 0;
const upper = 1;
const digit = 2;
const unknown = 255;

const symbols = new Uint8Array(128).fill(unknown);
for (let code = 0x61; code <= 0x7a; code++) symbols[code] = lower;
for (let code = 0x41; code <= 0x5a; code++) symbols[code] = upper;
for (let code = 0x30; code <= 0x39; code++) symbols[code] = digit;
for (let i = 0; i < signsInOrder.length; i++) symbols[signsInOrder.charCodeAt(i)] = 3 + i;

/** Quarter bits that a character of a text has which is drawn from all 94 of ASCII. */
const drawnCost = 26;
const digitCost = 13;
/** A letter behind something else than a letter. */
const firstLetterCost = 17;
/** Letters of one case in a row, from which on each speaks for a word or an abbreviation. */
const longRun = 4;
const longRunCost = 16;

/**
 * How much likelier the text is as a draw than as a string of a program, in quarter bits: both models are asked for
 * each character behind the one before.
 */
function drawnEvidence(text: string): number {
  let evidence = 0;
  let before = unknown;
  let letterBefore = -1;
  let run = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const symbol = code < 128 ? (symbols[code] as number) : unknown;
    const letter = symbol <= upper ? (code | 32) - 0x61 : -1;
    run = symbol === before && letter >= 0 ? run + 1 : 1;
    if (before !== unknown && symbol !== unknown) {
      evidence += (signPairRows[before] as string).charCodeAt(symbol) - cellOffset - drawnCost;
      if (letter >= 0)
        evidence += letterBefore < 0 ? firstLetterCost : letterBitsBetween(letterBefore, letter);
      else if (symbol === digit) evidence += digitCost;
      if (run >= longRun) evidence -= longRunCost;
    }
    before = symbol;
    letterBefore = letter;
  }
  return evidence;
}

/** Formats that programs write and read, and expressions, each of which occurs in a draw now and then. */
const formats =
  /%[\da-f]{2}[^%]{0,2}%[\da-f]{2}|\\[AdDsSwWbBzZu][+*{[\\]?|\[[^\]]*[a-z\d]-[a-z\d][^\]]*\]|\(\?[:=!<P\d]|\.[*+][?)]|&(?:#\d{2,4}|\w{2,6});|=>|->|::|&&|\|\||[\w)\]]\(\)|\w\[[\w+-]{1,8}\]|\w\([\w+-]{1,8}\)|<\/|\d(?:\.\d+){3}|\w\?\w+:\w/gi;
/** Parts that something else is filled in for. */
const parts = /\$\{\w|\{\{|\}\}|<%|%>/;
const formatCost = 40;
const mostFormats = 4;

const leastEvidence = 40;
const leastEvidenceOfShort = 48;
const leastEvidenceOfAllSorts = 30;
const shortLength = 12;
const leastLength = 8;
const mostLength = 128;

/** All four sorts of characters in so few say something by themselves. */
function leastEvidenceOf(text: string): number {
  if (text.length >= shortLength) return leastEvidence;
  const isOfAllSorts = /\d/.test(text) && /[a-z]/.test(text) && /[A-Z]/.test(text);
  return isOfAllSorts ? leastEvidenceOfAllSorts : leastEvidenceOfShort;
}

/** One character of eight at most is the same: separators of lists are more. */
function isSeparated(text: string): boolean {
  const counts = new Uint8Array(128);
  const most = 2 + text.length / 8;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i) & 127;
    counts[code] = (counts[code] as number) + 1;
    if ((counts[code] as number) > most) return true;
  }
  return false;
}

/** Letters and digits, or letters of both cases and two signs. */
function isMixed(text: string): boolean {
  if (!/[^A-Za-z\d]/.test(text) || /\s/.test(text)) return false;
  if (/\d/.test(text)) return /[A-Za-z]/.test(text);
  return /[a-z]/.test(text) && /[A-Z]/.test(text) && /[^A-Za-z].*[^A-Za-z]/.test(text);
}

/** `K(+!A:VD9$U`, `$mcFgGPslGUY56`, `2($%#6^Hr/pg+#r7F`: what a generator of passwords draws from letters, digits and signs. */
export function isDrawnText(text: string): boolean {
  if (text.length < leastLength || text.length > mostLength || !isMixed(text) || parts.test(text))
    return false;
  const least = leastEvidenceOf(text);
  const evidence = drawnEvidence(text);
  if (evidence < least || isSeparated(text)) return false;
  const found = Math.min(mostFormats, text.match(formats)?.length ?? 0);
  return evidence - found * formatCost >= least;
}
