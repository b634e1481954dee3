/** Values behind an operator: `name = value`, `name: value`, `name => value`, on its line or the next. */
import {
  bareValue,
  behindFallback,
  behindType,
  fallbackHere,
  insideCall,
  withoutEmphasis,
} from './assigned-bytes.js';
import type { Assignment, Found, NameSpan } from './assigned-form.js';
import { behindMarkup } from './assigned-markup.js';
import { nestedValue, valueBelow } from './assigned-pair.js';
import { parallelValue } from './assigned-parallel.js';
import { wordBelow } from './assigned-prose.js';
import { arrowValue } from './assigned-returned.js';
import {
  hasFoldedAt,
  isAlphanumeric,
  isBlank,
  isIdentifier,
  isLetter,
  isName,
  isNewline,
  isQuote,
  lineStart,
  skipBlanks,
} from './byte-class.js';
import { heredocLine, literalAt, literalFrom, literalValue, skipSpace, type Value } from './literal.js';

const equals = 0x3d;
const colon = 0x3a;
const lessThan = 0x3c;
const greaterThan = 0x3e;
const backslash = 0x5c;
const hyphen = 0x2d;
const asterisk = 0x2a;
const openParen = 0x28;
const openBrace = 0x7b;
const slash = 0x2f;
const pipe = 0x7c;

export interface Operator {
  readonly end: number;
  /** `=`, `:` or what comes first in a comparison. */
  readonly sign: number;
  readonly isComparison: boolean;
}

const assigns = (end: number, sign: number): Operator => ({ end, sign, isComparison: false });

/** Behind the `=` or `==` that ends a comparison which begins with the byte before. */
function comparisonAt(bytes: Uint8Array, at: number): Operator {
  return { end: bytes[at + 2] === equals ? at + 3 : at + 2, sign: equals, isComparison: true };
}

/** `::=` of grammars and make, `:::=` of POSIX make. */
function grammarSign(bytes: Uint8Array, at: number): Operator | undefined {
  const end = bytes[at + 2] === colon ? at + 3 : at + 2;
  return bytes[end] === equals ? assigns(end + 1, equals) : undefined;
}

/**
 * `=`, `:`, `:=`, `::=`, `:::=`, `=>`, `<-`, `==`, `!=`, `?=`, `.=`, `||=`, ` - ` of notes, ` to ` of Kotlin behind
 * a quote, a full-width colon; undefined for everything else, `::` and `=~` included.
 */
export function operatorAt(bytes: Uint8Array, at: number): Operator | undefined {
  const byte = bytes[at];
  const next = bytes[at + 1];
  switch (byte) {
    case colon:
      if (next === equals) return assigns(at + 2, equals);
      return next === colon ? grammarSign(bytes, at) : assigns(at + 1, colon);
    case hyphen:
      return isBlank(next) && isBlank(bytes[at - 1]) ? assigns(at + 1, equals) : undefined;
    case equals:
      if (next === equals) return comparisonAt(bytes, at);
      if (next === 0x7e) return undefined;
      return assigns(next === greaterThan ? at + 2 : at + 1, equals);
    case 0x21:
      return next === equals ? comparisonAt(bytes, at) : undefined;
    case 0x3f:
    case 0x2b:
    case 0x2e:
      return next === equals ? assigns(at + 2, equals) : undefined;
    case pipe:
      return next === pipe && bytes[at + 2] === equals ? assigns(at + 3, equals) : undefined;
    case lessThan:
      return next === hyphen ? assigns(at + 2, equals) : undefined;
    case 0x74:
      return hasFoldedAt(bytes, at, 'to "') && bytes[at - 1] === 0x20 && isQuote(bytes[at - 2])
        ? assigns(at + 2, equals)
        : undefined;
    case 0xef:
      // U+FF1A and U+FF1D, the colon and the equals sign of CJK text.
      return next === 0xbc && (bytes[at + 2] === 0x9a || bytes[at + 2] === 0x9d)
        ? assigns(at + 3, colon)
        : undefined;
    default:
      return undefined;
  }
}

function isQueryParameter(bytes: Uint8Array, nameStart: number): boolean {
  const before = bytes[nameStart - 1];
  if (before === 0x26) return bytes[nameStart - 2] !== 0x26;
  // `x ? name = y` is code; in a URL a path stands before the mark.
  const path = bytes[nameStart - 2];
  return (
    before === 0x3f &&
    (isAlphanumeric(path) || path === slash || path === 0x5f || path === hyphen || isQuote(path))
  );
}

/** `"token=x&next=y"`: a string that begins with the name and goes on with another parameter ends the value there. */
function withoutNextParameter(
  bytes: Uint8Array,
  nameStart: number,
  value: Value | undefined,
): Value | undefined {
  if (value === undefined || value.quote !== 0 || !isQuote(bytes[nameStart - 1])) return value;
  for (let end = value.start + 1; end < value.end; end++) {
    if (bytes[end] !== 0x26 || !isLetter(bytes[end + 1])) continue;
    let behind = end + 1;
    while (isName(bytes[behind]) && behind - end < 40) behind++;
    if (bytes[behind] === equals) return { ...value, end };
  }
  return value;
}

/** `"New password: "`: the quote behind the operator ends the string that the name itself stands in. */
function closesString(bytes: Uint8Array, nameStart: number, at: number): boolean {
  const quote = bytes[at];
  const from = lineStart(bytes, nameStart, 240);
  if (nameStart - from >= 240) return false;
  let count = 0;
  for (let i = from; i < nameStart; i++) {
    if (bytes[i] === backslash) i++;
    else if (bytes[i] === quote) count++;
  }
  return count % 2 === 1;
}

/** A longer word behind `&` is no anchor, and would be walked for each name in it. */
const mostAnchorBytes = 128;

/** Behind `&anchor` and `!!tag` of YAML. */
function behindYamlMarks(bytes: Uint8Array, at: number): number {
  let i = at;
  for (let marks = 0; marks < 2; marks++) {
    const isAnchor = bytes[i] === 0x26 && isLetter(bytes[i + 1]);
    const isTag =
      hasFoldedAt(bytes, i, '!!str ') ||
      hasFoldedAt(bytes, i, '!!binary ') ||
      hasFoldedAt(bytes, i, '!unsafe ');
    if (!isAnchor && !isTag) break;
    let behind = i;
    const most = Math.min(bytes.length, i + mostAnchorBytes);
    while (behind < most && !isBlank(bytes[behind]) && !isNewline(bytes[behind])) behind++;
    if (behind === i + mostAnchorBytes) break;
    behind = skipBlanks(bytes, behind);
    // `key: &str = "x"` is a type.
    if (bytes[behind] === equals) break;
    i = behind;
  }
  return i;
}

/** `|`, `>-`, `|2`: behind the mark of a block scalar that ends the line; -1 when it is none. */
function behindBlockMark(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== pipe && bytes[at] !== greaterThan) return -1;
  let i = at + 1;
  while (bytes[i] === hyphen || bytes[i] === 0x2b || (isAlphanumeric(bytes[i]) && i - at < 4)) i++;
  i = skipBlanks(bytes, i);
  return isNewline(bytes[i]) ? i : -1;
}

/** Blanks of running text: U+00A0, U+3000 and `&nbsp;` too. */
function skipWideBlanks(bytes: Uint8Array, at: number): number {
  let i = skipBlanks(bytes, at);
  for (;;) {
    if (bytes[i] === 0xc2 && bytes[i + 1] === 0xa0) i += 2;
    else if (bytes[i] === 0xe3 && bytes[i + 1] === 0x80 && bytes[i + 2] === 0x80) i += 3;
    else if (bytes[i] === 0x26 && hasFoldedAt(bytes, i, '&nbsp;')) i += 6;
    else return i;
    i = skipBlanks(bytes, i);
  }
}

/** `s/name=x/name=value/`: the sign that opened the replacement ends it. */
function withoutSedTail(bytes: Uint8Array, nameStart: number, value: Value | undefined): Value | undefined {
  const sign = bytes[nameStart - 1];
  if (value === undefined || value.quote !== 0 || (sign !== slash && sign !== pipe)) return value;
  let end = value.start;
  while (end < value.end && bytes[end] !== sign) end++;
  return end - value.start >= 4 ? { ...value, end } : value;
}

/** What is assigned behind `operator`; `at` is where the operator stands, `blank` where the name ended. */
export function assigned(
  bytes: Buffer,
  name: NameSpan,
  at: number,
  blank: number,
  operator: Operator,
  found: Found,
): Assignment | undefined {
  const { sign } = operator;
  let i = sign === colon ? skipWideBlanks(bytes, operator.end) : skipBlanks(bytes, operator.end);
  const isTight = i === operator.end && blank === at;
  while (bytes[i] === asterisk && (bytes[name.start - 1] === asterisk || isQuote(bytes[i + 1])))
    i = skipBlanks(bytes, i + 1);
  // `_Password:_ x`
  if (sign === colon && bytes[i] === 0x5f && bytes[name.start] === 0x5f && isBlank(bytes[i + 1]))
    i = skipBlanks(bytes, i + 1);
  const heredoc = heredocLine(bytes, i);
  if (heredoc !== undefined) return found(heredoc, 'quoted', sign);
  const parallel = sign === equals ? parallelValue(bytes, name.start, i) : undefined;
  if (parallel !== undefined) return found(parallel, 'quoted', sign);
  const direct = literalAt(bytes, i);
  if (direct >= 0) {
    if (sign === colon && !isQuote(bytes[name.end]) && closesString(bytes, name.start, direct))
      return undefined;
    const form = operator.isComparison ? 'comparison' : 'quoted';
    return found(literalValue(bytes, direct), form, sign, isTight);
  }
  if (operator.isComparison) return undefined;
  const arrow = bytes[i] === openParen ? arrowValue(bytes, i) : undefined;
  if (arrow !== undefined) return found(arrow, 'wrapped', sign);
  const below = onLaterLine(bytes, name, sign, i, found);
  if (below !== undefined) return below;
  if (sign === colon) {
    i = behindYamlMarks(bytes, i);
    const tagged = literalAt(bytes, i);
    if (tagged >= 0) return found(literalValue(bytes, tagged), 'quoted', sign);
    const behind = behindType(bytes, i);
    if (behind >= 0) return typed(bytes, behind, found);
    // `${PASSWORD:-x}`: the default begins behind the hyphen; `:?` and `:+` give none.
    if (isTight && bytes[name.start - 1] === openBrace && bytes[name.start - 2] === 0x24) {
      if (bytes[i] === 0x3f || bytes[i] === 0x2b) return undefined;
      if (bytes[i] === hyphen) i++;
    }
    // `<b>Password:</b> x`
    if (bytes[i] === lessThan) return found(behindMarkup(bytes, i), 'markup', sign);
  }
  return computed(bytes, name, i, sign, isTight, found);
}

/** Behind a type and `=`: a literal, or the literal that a call wraps. */
function typed(bytes: Uint8Array, at: number, found: Found): Assignment | undefined {
  const literal = literalAt(bytes, at);
  if (literal >= 0) return found(literalValue(bytes, literal), 'quoted', equals);
  const call = insideCall(bytes, at);
  return call < 0 ? undefined : found(literalValue(bytes, call), 'wrapped', equals);
}

/** `password=password=`: the name and its sign once more, so that no value begins here. */
function repeatsName(bytes: Uint8Array, { start, end }: NameSpan, at: number): boolean {
  const length = end - start;
  for (let i = 0; i < length; i++) if (bytes[at + i] !== bytes[start + i]) return false;
  return bytes[at + length] === equals;
}

/** A default behind an expression, a literal within a call, or a bare word. */
function computed(
  bytes: Uint8Array,
  name: NameSpan,
  at: number,
  sign: number,
  isTight: boolean,
  found: Found,
): Assignment | undefined {
  // Told before the value is read: a long row of such would cost its length at each name in it.
  if (sign === equals && repeatsName(bytes, name, at)) return undefined;
  const fallback = isIdentifier(bytes[at]) ? behindFallback(bytes, at) : -1;
  if (fallback >= 0) return found(literalValue(bytes, fallback), 'wrapped', sign);
  const call = insideCall(bytes, at);
  if (call >= 0) return found(literalValue(bytes, call), 'wrapped', sign);
  if (isQueryParameter(bytes, name.start)) return found(bareValue(bytes, at, 0x26), 'query', sign, isTight);
  const word = withoutSedTail(bytes, name.start, withoutEmphasis(bytes, bareValue(bytes, at, 0)));
  const bare = isTight && sign === equals ? withoutNextParameter(bytes, name.start, word) : word;
  return found(bare, bytes[name.start] === hyphen ? 'flag' : 'bare', sign, isTight);
}

/** `{'x'}` of JSX and `{"S": "x"}` of DynamoDB. */
function bracedLiteral(bytes: Uint8Array, at: number): Value | undefined {
  const isTyped = hasFoldedAt(bytes, at + 1, '"s":');
  const value = literalFrom(bytes, isTyped ? at + 5 : at + 1);
  if (value === undefined) return undefined;
  return bytes[skipBlanks(bytes, value.end + 1)] === 0x7d ? value : undefined;
}

/** A value behind `(`, `{` or a line end: `= (\n "x"`, `=\n "x"`, `key:\n  x`, `key: |\n  x`, `"key": {"default": x}`. */
function onLaterLine(
  bytes: Buffer,
  name: NameSpan,
  sign: number,
  at: number,
  found: Found,
): Assignment | undefined {
  const byte = bytes[at];
  if (byte === openBrace) {
    const braced = bracedLiteral(bytes, at);
    return braced === undefined
      ? found(nestedValue(bytes, at + 1), 'pair', sign)
      : found(braced, 'quoted', sign);
  }
  if (sign === equals) {
    const isContinued = byte === backslash && isNewline(bytes[at + 1]);
    if (byte !== openParen && !isNewline(byte) && !isContinued) return undefined;
    const literal = literalAt(bytes, skipSpace(bytes, isNewline(byte) ? at : at + 1, 80));
    return literal < 0 ? undefined : found(literalValue(bytes, literal), 'quoted', sign);
  }
  if (sign !== colon) return undefined;
  const block = behindBlockMark(bytes, at);
  if (block < 0 && !isNewline(byte)) return undefined;
  const below = valueBelow(bytes, name.start, block < 0 ? at : block);
  if (below !== undefined || block >= 0) return found(below, 'pair', sign);
  // `Password:` on a line of a chat, the value on the next.
  return found(wordBelow(bytes, at), 'prose', sign);
}

/** `process.env.X || "x"`, `ENV['X'] || 'x'`, `ENV.fetch('X') { 'x' }`: the default of what the name stands for. */
export function defaultBehind(
  bytes: Uint8Array,
  name: NameSpan,
  at: number,
  found: Found,
): Assignment | undefined {
  // "`password` or `salt`" is prose.
  const fallback = bytes[name.end] === 0x60 ? -1 : fallbackHere(bytes, at);
  if (fallback >= 0) return found(literalValue(bytes, fallback), 'wrapped', equals);
  if (bytes[skipBlanks(bytes, at)] !== openBrace || bytes[at - 1] !== 0x29) return undefined;
  return isQuote(bytes[name.end])
    ? found(bracedLiteral(bytes, skipBlanks(bytes, at)), 'wrapped', equals)
    : undefined;
}
