/**
 * From a trigger word to the value assigned to it, over bytes, in whatever syntax the two stand: code, YAML,
 * JSON, XML, INI, shell, headers, command lines, name/value pairs, markup, prose.
 *
 * No string is made here: trigger words stand everywhere and most of them lead nowhere.
 */
import {
  anyValue,
  bareValue,
  behindFallback,
  behindTags,
  behindType,
  elementText,
  insideCall,
  literalAt,
  proseWord,
  quotedValue,
  skipSpace,
  type Value,
} from './assigned-bytes.js';
import { isValueOfOtherKey, nestedValue, pairedValue, valueBefore, valueBelow } from './assigned-pair.js';
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

/** Longest name to either side of the trigger. */
const mostNameBytes = 64;
const mostBlanks = 40;

export const forms = [
  'quoted',
  'bare',
  'xml-text',
  'pair',
  'flag',
  'prose',
  'comparison',
  'argument',
  'wrapped',
  'query',
  'juxtaposed',
  'call',
  'markup',
] as const;
/** Syntax in which name and value meet; the judge trusts them differently. */
export type Form = (typeof forms)[number];

export interface Assignment {
  readonly nameStart: number;
  readonly nameEnd: number;
  readonly valueStart: number;
  readonly valueEnd: number;
  /** Quote byte round the value; 0 when it is bare. */
  readonly quote: number;
  readonly form: Form;
  /** True when no blank stands between name, operator and value: `A=b`, not `a = b`. */
  readonly isTight: boolean;
  /** First byte of the operator; 0 when there is none. */
  readonly operator: number;
}

const equals = 0x3d;
const colon = 0x3a;
const lessThan = 0x3c;
const greaterThan = 0x3e;
const comma = 0x2c;
const backslash = 0x5c;
const hyphen = 0x2d;
const asterisk = 0x2a;
const openParen = 0x28;
const openBrace = 0x7b;

export interface NameSpan {
  readonly start: number;
  readonly end: number;
}

/** Extends a trigger to the whole name it stands in; undefined when that is too long to be one. */
export function nameAround(bytes: Uint8Array, hitStart: number, hitEnd: number): NameSpan | undefined {
  let start = hitStart;
  while (start > 0 && isName(bytes[start - 1])) {
    if (hitStart - start > mostNameBytes) return undefined;
    start--;
  }
  // A keyword may hold its operator: `pass=`, `pw: `.
  let end = hitEnd;
  while (end > hitStart + 1 && endsName(bytes[end - 1])) end--;
  if (end < hitEnd) return { start, end };
  while (isName(bytes[end])) {
    if (end - hitEnd > mostNameBytes) return undefined;
    end++;
  }
  while (end > hitEnd && !isAlphanumeric(bytes[end - 1])) end--;
  return { start, end };
}

function endsName(byte: number | undefined): boolean {
  return byte === equals || byte === colon || byte === 0x20 || isQuote(byte);
}

const connectors = [' is ', ' was ', ' to ', ' -> ', ' lautet ', ' ist '] as const;

/**
 * `password is "x"`, `password for user 'a' is 'x'`, `password for root: x`, `password to x`; plain words only
 * between the two.
 */
function proseValue(bytes: Uint8Array, at: number): Value | undefined {
  const ceiling = Math.min(bytes.length, at + 60);
  const isFor = hasFoldedAt(bytes, at, ' for ') || hasFoldedAt(bytes, at, ' of ');
  for (let i = at; i < ceiling; i++) {
    const byte = bytes[i];
    if (isNewline(byte) || byte === 0x2e || byte === 0x3b || byte === openParen) return undefined;
    if (isFor && (byte === colon || byte === equals)) {
      return bytes[i + 1] === 0x20 ? proseWordOrQuoted(bytes, skipBlanks(bytes, i + 1)) : undefined;
    }
    if (byte !== 0x20) continue;
    const connector = connectors.find((word) => hasFoldedAt(bytes, i, word));
    if (connector === undefined) continue;
    let start = skipBlanks(bytes, i + connector.length);
    if (hasFoldedAt(bytes, start, 'set to ')) start += 7;
    else if (hasFoldedAt(bytes, start, 'now ')) start += 4;
    if (bytes[start] === colon) start = skipBlanks(bytes, start + 1);
    return proseWordOrQuoted(bytes, start);
  }
  return undefined;
}

function proseWordOrQuoted(bytes: Uint8Array, at: number): Value | undefined {
  let start = at;
  while (bytes[start] === asterisk) start++;
  return isQuote(bytes[start]) ? quotedValue(bytes, start) : proseWord(bytes, start);
}

/** The value within `<password>value</password>`, `<string name="password">value<`, `<property name="password"><value>value<`. */
function xmlText(bytes: Uint8Array, nameStart: number, at: number): Value | undefined {
  const floor = Math.max(0, nameStart - 80);
  let tag = nameStart - 1;
  while (tag >= floor && bytes[tag] !== lessThan && bytes[tag] !== greaterThan && !isNewline(bytes[tag]))
    tag--;
  if (bytes[tag] !== lessThan) return undefined;
  const text = elementText(bytes, at + 1);
  if (text !== undefined) return text;
  const inner = skipSpace(bytes, at + 1, 80);
  return hasFoldedAt(bytes, inner, '<value>') ? elementText(bytes, inner + 7) : undefined;
}

/** `<wsse:Password Type="...">`: offset of the `>` that ends the tag whose name the trigger stands in; -1 when it is none. */
function tagEnd(bytes: Uint8Array, nameStart: number, at: number): number {
  let tag = nameStart;
  if (bytes[tag - 1] === colon)
    while (tag > 0 && nameStart - tag < 40 && (isName(bytes[tag - 1]) || bytes[tag - 1] === colon)) tag--;
  if (bytes[tag - 1] !== lessThan) return -1;
  for (let i = at; i < at + 200; i++) {
    if (bytes[i] === greaterThan) return bytes[i - 1] === 0x2f ? -1 : i;
    if (bytes[i] === lessThan || bytes[i] === undefined) return -1;
  }
  return -1;
}

interface Operator {
  readonly end: number;
  /** `=`, `:` or what comes first in a comparison. */
  readonly sign: number;
  readonly isComparison: boolean;
}

const assigns = (end: number, sign: number): Operator => ({ end, sign, isComparison: false });

/** `=`, `:`, `:=`, `=>`, `->`, `==`, `!=`, `?=`, `||=`, a full-width colon; undefined for everything else, `::` and `=~` included. */
function operatorAt(bytes: Uint8Array, at: number): Operator | undefined {
  const byte = bytes[at];
  const next = bytes[at + 1];
  if (byte === colon) {
    if (next === equals) return assigns(at + 2, equals);
    return next === colon ? undefined : assigns(at + 1, colon);
  }
  if (byte === equals) {
    if (next === equals)
      return { end: bytes[at + 2] === equals ? at + 3 : at + 2, sign: equals, isComparison: true };
    if (next === 0x7e) return undefined;
    return assigns(next === greaterThan ? at + 2 : at + 1, equals);
  }
  if (byte === 0x21 && next === equals) {
    return { end: bytes[at + 2] === equals ? at + 3 : at + 2, sign: equals, isComparison: true };
  }
  if ((byte === 0x3f || byte === 0x2b) && next === equals) return assigns(at + 2, equals);
  if (byte === 0x7c && next === 0x7c && bytes[at + 2] === equals) return assigns(at + 3, equals);
  // U+FF1A and U+FF1D, the colon and the equals sign of CJK text.
  if (byte === 0xef && next === 0xbc && (bytes[at + 2] === 0x9a || bytes[at + 2] === 0x9d))
    return assigns(at + 3, colon);
  return undefined;
}

function isQueryParameter(bytes: Uint8Array, nameStart: number): boolean {
  const before = bytes[nameStart - 1];
  if (before === 0x26) return bytes[nameStart - 2] !== 0x26;
  // `x ? name = y` is code; in a URL a path stands before the mark.
  const path = bytes[nameStart - 2];
  return before === 0x3f && (isAlphanumeric(path) || path === 0x2f || path === 0x5f || path === hyphen);
}

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

function followsSettingWord(bytes: Uint8Array, nameStart: number): boolean {
  return settingWords.some(
    (word) => nameStart >= word.length && hasFoldedAt(bytes, nameStart - word.length, word),
  );
}

/** Behind the name: `[]`, `[20]`, `']`, `)`, and the `*` of bold text that opened before the name. */
function behindName(bytes: Uint8Array, name: NameSpan, from: number): number {
  let i = from;
  if (bytes[i] === 0x5b) {
    let end = i + 1;
    while (isAlphanumeric(bytes[end]) && end - i < 12) end++;
    if (bytes[end] === 0x5d) i = end + 1;
  }
  while (bytes[i] === 0x5d || bytes[i] === 0x29) i++;
  if (bytes[name.start - 1] === asterisk || bytes[name.start - 1] === 0x5f) {
    while (bytes[i] === asterisk || bytes[i] === 0x5f) i++;
  }
  return i;
}

/** Reads what is assigned to the name that holds the trigger; undefined when nothing readable is. */
export function readAssignment(bytes: Buffer, name: NameSpan): Assignment | undefined {
  let i = name.end;
  const isNameQuoted = isQuote(bytes[i]);
  if (isNameQuoted) i++;
  i = behindName(bytes, name, i);
  const blank = i;
  i = skipBlanks(bytes, i);
  if (i - blank > mostBlanks) return undefined;
  const found = (
    value: Value | undefined,
    form: Form,
    operator = 0,
    isTight = false,
  ): Assignment | undefined =>
    value === undefined
      ? undefined
      : {
          nameStart: name.start,
          nameEnd: name.end,
          valueStart: value.start,
          valueEnd: value.end,
          quote: value.quote,
          form,
          isTight,
          operator,
        };
  const operator = operatorAt(bytes, i);
  if (operator !== undefined) return assigned(bytes, name, i, blank, operator, found);
  const next = bytes[i];
  if (blank === i) {
    if (next === greaterThan) return found(xmlText(bytes, name.start, i), 'xml-text');
    if (next === openParen || next === openBrace) return found(callValue(bytes, i), 'call');
    if (next === lessThan && bytes[i + 1] === 0x2f && !isNameQuoted)
      return found(behindMarkup(bytes, i), 'markup');
  }
  const tag = tagEnd(bytes, name.start, i);
  if (tag >= 0) return found(xmlText(bytes, name.start, tag), 'xml-text');
  if (next === comma) return afterComma(bytes, name, i, isNameQuoted, found);
  if (isNameQuoted && next === openBrace) return found(nestedValue(bytes, i + 1), 'pair');
  if (isNameQuoted || isNewline(next)) {
    if (isValueOfOtherKey(bytes, name.start)) return undefined;
    return found(pairedValue(bytes, name.end) ?? valueBefore(bytes, name.start), 'pair');
  }
  if (i === blank) return undefined;
  return juxtaposed(bytes, name, i, found);
}

/** `NAME value`: flags, shells' and servers' settings, typed declarations, tables, prose. */
function juxtaposed(bytes: Buffer, name: NameSpan, i: number, found: Found): Assignment | undefined {
  if (hasFoldedAt(bytes, i, 'value')) {
    const pair = pairedValue(bytes, name.end);
    if (pair !== undefined) return found(pair, 'pair');
  }
  if (bytes[name.start] === hyphen) {
    if (isQuote(bytes[i])) return found(quotedValue(bytes, i), 'flag');
    return bytes[i] === hyphen ? undefined : found(bareValue(bytes, i, 0), 'flag');
  }
  if (followsSettingWord(bytes, name.start) && !hasFoldedAt(bytes, i, 'is ')) {
    return found(anyValue(bytes, i), 'bare', 0, true);
  }
  if (isQuote(bytes[i])) return found(quotedValue(bytes, i), 'juxtaposed');
  // `| password | value |`
  if (bytes[i] === 0x7c && bytes[i + 1] === 0x20) {
    return found(proseWordOrQuoted(bytes, skipBlanks(bytes, i + 1)), 'markup');
  }
  const typed = behindTypeName(bytes, i);
  if (typed >= 0) return found(quotedValue(bytes, typed), 'quoted', equals);
  if (bytes[i] === 0x2d && bytes[i + 1] === greaterThan) {
    return found(proseWordOrQuoted(bytes, skipBlanks(bytes, i + 2)), 'prose');
  }
  const prose = proseValue(bytes, i - 1);
  if (prose !== undefined) return found(prose, 'prose');
  return found(proseWord(bytes, i), 'juxtaposed');
}

/** `password string = "x"`, `password As String = "x"`: offset of the quote; -1 without a type. */
function behindTypeName(bytes: Uint8Array, at: number): number {
  let i = hasFoldedAt(bytes, at, 'as ') ? skipBlanks(bytes, at + 3) : at;
  const start = i;
  while (i - start < 24 && isIdentifier(bytes[i])) i++;
  if (i === start || !isBlank(bytes[i])) return -1;
  i = skipBlanks(bytes, i);
  if (bytes[i] !== equals || bytes[i + 1] === equals) return -1;
  return literalAt(bytes, skipBlanks(bytes, i + 1));
}

/** `setPassword("x")`, `token{"x"}`: the first argument when it is a literal and nothing is joined to it. */
function callValue(bytes: Uint8Array, at: number): Value | undefined {
  const quote = literalAt(bytes, skipBlanks(bytes, at + 1));
  if (quote < 0) return undefined;
  const value = quotedValue(bytes, quote);
  if (value === undefined) return undefined;
  const behind = skipBlanks(bytes, value.end + 1);
  const closing = bytes[at] === openBrace ? 0x7d : 0x29;
  return bytes[behind] === closing ? value : undefined;
}

function behindMarkup(bytes: Uint8Array, at: number): Value | undefined {
  const text = behindTags(bytes, at);
  if (text < 0 || bytes[text] === lessThan) return undefined;
  return elementText(bytes, text) ?? proseWord(bytes, text);
}

/** `put("password", "x")`, `"--password", default="x"`, `{password, "x"}`, a pair. */
function afterComma(
  bytes: Buffer,
  name: NameSpan,
  at: number,
  isNameQuoted: boolean,
  found: Found,
): Assignment | undefined {
  const behind = skipSpace(bytes, at + 1, 60);
  if (isNameQuoted) {
    if (isValueOfOtherKey(bytes, name.start)) return undefined;
    const pair = pairedValue(bytes, name.end) ?? valueBefore(bytes, name.start);
    if (pair !== undefined) return found(pair, 'pair');
    const word = skipBlanks(bytes, behind);
    if (hasFoldedAt(bytes, word, 'default')) return found(nestedValue(bytes, word), 'argument');
  } else if (bytes[name.start - 1] !== openBrace && !hasFoldedAt(bytes, name.start - 7, 'define(')) {
    return undefined;
  }
  const quote = literalAt(bytes, behind);
  const value = quote < 0 ? undefined : quotedValue(bytes, quote);
  // `"a": "PASS",\n"next": ...`: the next key.
  return value === undefined || bytes[skipBlanks(bytes, value.end + 1)] === colon
    ? undefined
    : found(value, 'argument');
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

type Found = (
  value: Value | undefined,
  form: Form,
  operator?: number,
  isTight?: boolean,
) => Assignment | undefined;

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
    while (bytes[behind] !== undefined && !isBlank(bytes[behind]) && !isNewline(bytes[behind])) behind++;
    behind = skipBlanks(bytes, behind);
    // `key: &str = "x"` is a type.
    if (bytes[behind] === equals) break;
    i = behind;
  }
  return i;
}

/** `|`, `>-`, `|2`: behind the mark of a block scalar that ends the line; -1 when it is none. */
function behindBlockMark(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== 0x7c && bytes[at] !== greaterThan) return -1;
  let i = at + 1;
  while (bytes[i] === hyphen || bytes[i] === 0x2b || (isAlphanumeric(bytes[i]) && i - at < 4)) i++;
  i = skipBlanks(bytes, i);
  return isNewline(bytes[i]) ? i : -1;
}

function assigned(
  bytes: Buffer,
  name: NameSpan,
  at: number,
  blank: number,
  operator: Operator,
  found: Found,
): Assignment | undefined {
  const { sign } = operator;
  let i = skipBlanks(bytes, operator.end);
  const isTight = i === operator.end && blank === at;
  while (bytes[i] === asterisk && bytes[name.start - 1] === asterisk) i = skipBlanks(bytes, i + 1);
  const direct = literalAt(bytes, i);
  if (direct >= 0 && sign === colon && !isQuote(bytes[name.end]) && closesString(bytes, name.start, direct))
    return undefined;
  if (direct >= 0)
    return found(quotedValue(bytes, direct), operator.isComparison ? 'comparison' : 'quoted', sign, isTight);
  if (operator.isComparison) return undefined;
  const below = onLaterLine(bytes, name, sign, i, found);
  if (below !== undefined) return below;
  if (sign === colon) {
    i = behindYamlMarks(bytes, i);
    const tagged = literalAt(bytes, i);
    if (tagged >= 0) return found(quotedValue(bytes, tagged), 'quoted', sign);
    const behind = behindType(bytes, i);
    if (behind >= 0) {
      i = behind;
      const typed = literalAt(bytes, i);
      return typed >= 0 ? found(quotedValue(bytes, typed), 'quoted', equals) : undefined;
    }
    // `${PASSWORD:-x}`: the default begins behind the hyphen; `:?` and `:+` give none.
    if (isTight && bytes[name.start - 1] === openBrace && bytes[name.start - 2] === 0x24) {
      if (bytes[i] === 0x3f || bytes[i] === 0x2b) return undefined;
      if (bytes[i] === hyphen) i++;
    }
    // `<b>Password:</b> x`
    if (bytes[i] === lessThan) return found(behindMarkup(bytes, i), 'markup', sign);
  }
  const fallback = isIdentifier(bytes[i]) ? behindFallback(bytes, i) : -1;
  if (fallback >= 0) return found(quotedValue(bytes, fallback), 'wrapped', sign);
  const call = insideCall(bytes, i);
  if (call >= 0) return found(quotedValue(bytes, call), 'wrapped', sign);
  if (isQueryParameter(bytes, name.start)) return found(bareValue(bytes, i, 0x26), 'query', sign, isTight);
  return found(bareValue(bytes, i, 0), bytes[name.start] === hyphen ? 'flag' : 'bare', sign, isTight);
}

/** A value behind `(` or a line end: `= (\n "x"`, `=\n "x"`, `key:\n  x`, `key: |\n  x`, `"key": {"default": x}`. */
function onLaterLine(
  bytes: Buffer,
  name: NameSpan,
  sign: number,
  at: number,
  found: Found,
): Assignment | undefined {
  const byte = bytes[at];
  if (byte === openBrace) return found(nestedValue(bytes, at + 1), 'pair', sign);
  if (sign === equals) {
    const isContinued = byte === backslash && isNewline(bytes[at + 1]);
    if (byte !== openParen && !isNewline(byte) && !isContinued) return undefined;
    const literal = literalAt(bytes, skipSpace(bytes, isNewline(byte) ? at : at + 1, 80));
    return literal < 0 ? undefined : found(quotedValue(bytes, literal), 'quoted', sign);
  }
  if (sign !== colon) return undefined;
  const block = behindBlockMark(bytes, at);
  if (block < 0 && !isNewline(byte)) return undefined;
  const below = valueBelow(bytes, name.start, block < 0 ? at : block);
  if (below !== undefined || block >= 0) return found(below, 'pair', sign);
  // `Password:` on a line of a chat, the value on the next.
  const next = at + (byte === 0x0d ? 2 : 1);
  const word = isBlank(bytes[next]) ? undefined : proseWord(bytes, next);
  return word !== undefined && (word.end === bytes.length || isNewline(bytes[word.end]))
    ? found(word, 'prose', sign)
    : undefined;
}
