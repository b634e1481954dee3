/** Values without an operator: flags, settings of shells and servers, arguments, declarations, comparisons. */
import { anyValue, bareValue } from './assigned-bytes.js';
import type { Assignment, Found, NameSpan } from './assigned-form.js';
import { nextCell, proseWordOrQuoted } from './assigned-markup.js';
import { isValueOfOtherKey, nestedValue, pairedValue, valueBefore } from './assigned-pair.js';
import { lastWordOfLine, phraseValue } from './assigned-phrase.js';
import { nextWord, valueSpokenBefore } from './assigned-prose.js';
import {
  hasFoldedAt,
  isAlphanumeric,
  isBlank,
  isIdentifier,
  isLetter,
  isQuote,
  skipBlanks,
} from './byte-class.js';
import { literalAt, literalFrom, literalValue, quotedValue, skipSpace, type Value } from './literal.js';

const equals = 0x3d;
const colon = 0x3a;
const greaterThan = 0x3e;
const hyphen = 0x2d;
const openParen = 0x28;
const openBrace = 0x7b;

/** Words of shells and servers behind which `NAME value` is an assignment. */
const settingWords = [
  'env ',
  'setx ',
  'setenv ',
  'set -x ',
  'set -gx ',
  'set -ux ',
  'proxy_set_header ',
  'fastcgi_param ',
  'add_header ',
  'requestheader set ',
  'arg ',
] as const;

function follows(bytes: Uint8Array, nameStart: number, words: readonly string[]): boolean {
  return words.some((word) => nameStart >= word.length && hasFoldedAt(bytes, nameStart - word.length, word));
}

/** `NAME value`: flags, shells' and servers' settings, typed declarations, tables, prose. */
export function juxtaposed(bytes: Buffer, name: NameSpan, i: number, found: Found): Assignment | undefined {
  if (hasFoldedAt(bytes, i, 'value')) {
    const pair = pairedValue(bytes, name.end);
    if (pair !== undefined) return found(pair, 'pair');
  }
  if (bytes[name.start] === hyphen) {
    if (isQuote(bytes[i])) return found(quotedValue(bytes, i), 'flag');
    // OpenSSL is told where the password stands: `-password pass:x`.
    const start = hasFoldedAt(bytes, i, 'pass:') ? i + 5 : i;
    return bytes[i] === hyphen ? undefined : found(bareValue(bytes, start, 0), 'flag');
  }
  if (follows(bytes, name.start, settingWords) && !hasFoldedAt(bytes, i, 'is ')) {
    return found(anyValue(bytes, i), 'bare', 0, true);
  }
  const literal = literalAt(bytes, i);
  if (literal >= 0) return found(literalValue(bytes, literal), 'juxtaposed');
  const cell = nextCell(bytes, i);
  if (cell !== undefined) return found(cell, 'markup');
  const defined = behindDeclaration(bytes, i);
  if (defined >= 0) return found(literalValue(bytes, defined), 'quoted', equals);
  // `variable db_password {`
  if (bytes[i] === openBrace && follows(bytes, name.start, ['variable '])) {
    return found(nestedValue(bytes, i + 1), 'pair');
  }
  if (bytes[i] === hyphen && bytes[i + 1] === greaterThan) {
    return found(proseWordOrQuoted(bytes, skipBlanks(bytes, i + 2)), 'prose');
  }
  const phrase = phraseValue(bytes, i - 1);
  if (phrase !== undefined) return found(phrase.value, 'prose', phrase.isTold ? equals : 0);
  const before = valueSpokenBefore(bytes, name.start);
  // "here is the token x": what stands before the verb is a word of the sentence.
  const spoken = before !== undefined && !isWord(bytes, before) ? before : lastWordOfLine(bytes, i);
  return spoken === undefined ? found(nextWord(bytes, i), 'juxtaposed') : found(spoken, 'prose');
}

/** Small letters, the first maybe a capital. */
function isWord(bytes: Uint8Array, { start, end }: Value): boolean {
  if (!isLetter(bytes[start])) return false;
  for (let i = start + 1; i < end; i++) {
    const byte = bytes[i] as number;
    if (byte < 0x61 || byte > 0x7a) return false;
  }
  return true;
}

/** Offset behind a type name with its length and array marks: `String`, `NVARCHAR(50)`, `byte[]`; `at` without one. */
function behindTypeName(bytes: Uint8Array, at: number): number {
  let i = at;
  while (i - at < 24 && isIdentifier(bytes[i])) i++;
  if (i === at || bytes[i] !== openParen) return i;
  let end = i + 1;
  while (end - i < 8 && (isAlphanumeric(bytes[end]) || bytes[end] === 0x2c || isBlank(bytes[end]))) end++;
  return bytes[end] === 0x29 ? end + 1 : i;
}

const accessors = ['{ get; set; }', '{ get; init; }', '{ get; }', '{ get; private set; }'] as const;

/** `password string = "x"`, `As String = "x"`, `{ get; set; } = "x"`, `VARCHAR2(30) := 'x'`: the literal; -1 without. */
function behindDeclaration(bytes: Uint8Array, at: number): number {
  const accessor = accessors.find((text) => hasFoldedAt(bytes, at, text));
  const type = hasFoldedAt(bytes, at, 'as ') ? skipBlanks(bytes, at + 3) : at;
  let i = accessor === undefined ? behindTypeName(bytes, type) : at + accessor.length;
  if (i === type || !isBlank(bytes[i])) return -1;
  i = skipBlanks(bytes, i);
  if (bytes[i] === colon && bytes[i + 1] === equals) i++;
  if (bytes[i] !== equals || bytes[i + 1] === equals) return -1;
  return literalAt(bytes, skipBlanks(bytes, i + 1));
}

/** `setPassword("x")`, `token{"x"}`: the first argument when it is a literal and nothing is joined to it. */
export function callValue(bytes: Uint8Array, at: number): Value | undefined {
  const value = literalFrom(bytes, at + 1);
  if (value === undefined) return undefined;
  const behind = skipBlanks(bytes, value.end + 1);
  const closing = bytes[at] === openBrace ? 0x7d : 0x29;
  return bytes[behind] === closing ? value : undefined;
}

const defining = ['define('] as const;
const comparing = [
  'strcmp(',
  'strcasecmp(',
  'strncmp(',
  'strcmpi(',
  'hash_equals(',
  'compare_digest(',
  'equals(',
  'compare(',
] as const;

/** `put("password", "x")`, `"--password", default="x"`, `{password, "x"}`, `{name: X, value: "x"}`, a pair. */
export function afterComma(
  bytes: Buffer,
  name: NameSpan,
  at: number,
  isNameQuoted: boolean,
  found: Found,
): Assignment | undefined {
  const behind = skipSpace(bytes, at + 1, 60);
  // `fill_in :password, with: "x"` of Capybara.
  if (hasFoldedAt(bytes, behind, 'with:'))
    return found(literalFrom(bytes, skipBlanks(bytes, behind + 5)), 'argument');
  if (isNameQuoted) {
    if (isValueOfOtherKey(bytes, name.start)) return undefined;
    const pair = pairedValue(bytes, name.end) ?? valueBefore(bytes, name.start);
    if (pair !== undefined) return found(pair, 'pair');
    const word = skipBlanks(bytes, behind);
    if (hasFoldedAt(bytes, word, 'default')) return found(nestedValue(bytes, word), 'argument');
  } else if (follows(bytes, name.start, ['name: ', 'key: ', 'name:', 'key:'])) {
    return found(pairedValue(bytes, name.end), 'pair');
  } else if (follows(bytes, name.start, comparing)) {
    return found(literalFrom(bytes, behind), 'comparison', equals);
  } else if (!follows(bytes, name.start, defining)) {
    // `{password, "x"}` of Erlang, not `is($row->{password}, "x")`.
    if (bytes[name.start - 1] !== openBrace || at !== name.end) return undefined;
  }
  const value = literalFrom(bytes, behind);
  if (value !== undefined && isNameQuoted && isAmongStrings(bytes, name, value)) return undefined;
  // `"a": "PASS",\n"next": ...`: the next key.
  return value === undefined || bytes[skipBlanks(bytes, value.end + 1)] === colon
    ? undefined
    : found(value, 'argument');
}

/** `"matt", "password1", "denver", "qwe123"`: one word of a list; an option among arguments is none. */
function isAmongStrings(bytes: Uint8Array, name: NameSpan, value: Value): boolean {
  if (bytes[name.start] === hyphen) return false;
  let before = name.start - 2;
  while (isBlank(bytes[before])) before--;
  if (bytes[before] !== 0x2c || !isQuote(bytes[before - 1])) return false;
  const behind = skipBlanks(bytes, value.end + 1);
  return bytes[behind] === 0x2c && isQuote(bytes[skipBlanks(bytes, behind + 1)]);
}

const equalsCalls = ['.equals', '.equalsignorecase', '.contentequals', '.compareto'] as const;

/** `password.equals("x")`: the length of the call's name at the end of `name`; 0 when it is none. */
export function comparingTail(bytes: Uint8Array, name: NameSpan): number {
  if (bytes[name.end] !== openParen) return 0;
  return equalsCalls.find((call) => hasFoldedAt(bytes, name.end - call.length, call))?.length ?? 0;
}

/** `"x" == password`: the literal before a comparison whose right side the name is. */
export function comparedAhead(bytes: Uint8Array, nameStart: number): Value | undefined {
  let end = nameStart;
  while (isBlank(bytes[end - 1]) && nameStart - end < 4) end--;
  const operatorEnd = end;
  while (bytes[end - 1] === equals && operatorEnd - end < 3) end--;
  if (bytes[end - 1] === 0x21) end--;
  if (operatorEnd - end < 2) return undefined;
  while (isBlank(bytes[end - 1]) && nameStart - end < 10) end--;
  return literalBefore(bytes, end - 1);
}

/** The string whose closing quote stands at `end`. */
function literalBefore(bytes: Uint8Array, end: number): Value | undefined {
  const quote = bytes[end];
  if (!isQuote(quote)) return undefined;
  let start = end;
  const floor = Math.max(0, end - 128);
  while (start > floor && bytes[start - 1] !== quote) start--;
  return bytes[start - 1] === quote && end > start ? { start, end, quote: quote as number } : undefined;
}

/** `"x".equals(password)`: the literal before the call whose argument the name is. */
export function comparedBefore(bytes: Uint8Array, nameStart: number): Value | undefined {
  const call = equalsCalls.find((text) => hasFoldedAt(bytes, nameStart - text.length - 1, text));
  if (call === undefined || bytes[nameStart - 1] !== openParen) return undefined;
  return literalBefore(bytes, nameStart - call.length - 2);
}
