/**
 * From a trigger word to the value assigned to it, over bytes, in whatever syntax the two stand: code, YAML,
 * JSON, XML, INI, shell, headers, command lines, name/value pairs, prose.
 *
 * No string is made here: trigger words stand everywhere and most of them lead nowhere.
 */
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
/** Longest value that an assignment may have. */
export const mostValueBytes = 1024;
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
  let end = hitEnd;
  while (isName(bytes[end])) {
    if (end - hitEnd > mostNameBytes) return undefined;
    end++;
  }
  while (end > hitEnd && !isAlphanumeric(bytes[end - 1])) end--;
  return { start, end };
}

interface Value {
  readonly start: number;
  readonly end: number;
  readonly quote: number;
}

/** End of a string that opened before `from`, or -1: newline, end of text or too long. */
function closingQuote(bytes: Uint8Array, from: number, quote: number): number {
  const ceiling = Math.min(bytes.length, from + mostValueBytes);
  for (let i = from; i < ceiling; i++) {
    const byte = bytes[i];
    if (byte === backslash) i++;
    else if (byte === quote) {
      // `''` inside a single-quoted YAML or SQL string is one quote.
      if (quote === 0x27 && bytes[i + 1] === quote && i > from) i++;
      else return i;
    } else if (isNewline(byte)) return -1;
  }
  return -1;
}

function quotedValue(bytes: Uint8Array, at: number): Value | undefined {
  const quote = bytes[at] as number;
  let start = at + 1;
  if (bytes[start] === quote && bytes[start + 1] === quote) start += 2;
  // `'"value"'`: quotes for the shell round quotes for the program.
  if (isQuote(bytes[start]) && bytes[start] !== quote) {
    const inner = closingQuote(bytes, start + 1, bytes[start] as number);
    if (inner > start + 1 && bytes[inner + 1] === quote) {
      return { start: start + 1, end: inner, quote: bytes[start] as number };
    }
  }
  const end = closingQuote(bytes, start, quote);
  return end <= start ? undefined : { start, end, quote };
}

/** Offset of the quote when a string literal begins here, its prefix (`b"`, `@"`, `N'`) skipped; else -1. */
function literalAt(bytes: Uint8Array, at: number): number {
  if (isQuote(bytes[at])) return at;
  for (let length = 1; length <= 2; length++) {
    const before = bytes[at + length - 1];
    if (!isLetter(before) && before !== 0x40 && before !== 0x24) return -1;
    if (isQuote(bytes[at + length])) return at + length;
  }
  return -1;
}

function endsBare(byte: number | undefined): boolean {
  return (
    byte === undefined ||
    isBlank(byte) ||
    isNewline(byte) ||
    isQuote(byte) ||
    byte === lessThan ||
    byte < 0x20
  );
}

function bareValue(bytes: Uint8Array, at: number, stop: number): Value | undefined {
  let end = at;
  const ceiling = Math.min(bytes.length, at + mostValueBytes);
  while (end < ceiling && !endsBare(bytes[end])) {
    const byte = bytes[end];
    if (byte === stop || byte === 0x3b) break;
    if (byte === comma && (endsBare(bytes[end + 1]) || isQuote(bytes[end + 1]))) break;
    end++;
  }
  // Brackets that the value did not open belong to the syntax round it.
  while (end > at && isTrailing(bytes, at, end)) end--;
  return end > at ? { start: at, end, quote: 0 } : undefined;
}

function isTrailing(bytes: Uint8Array, from: number, end: number): boolean {
  const byte = bytes[end - 1];
  if (byte === comma || byte === backslash) return true;
  const open = byte === 0x29 ? 0x28 : byte === 0x7d ? 0x7b : byte === 0x5d ? 0x5b : 0;
  return open !== 0 && !bytes.subarray(from, end - 1).includes(open);
}

/** `password: string = "x"`: offset behind the `=`; -1 when no type annotation stands here. */
function behindType(bytes: Uint8Array, at: number): number {
  let i = at;
  const ceiling = at + 40;
  while (i < ceiling && (isIdentifier(bytes[i]) || isBlank(bytes[i]) || isTypePunctuation(bytes[i]))) i++;
  if (i === at || bytes[i] !== equals || bytes[i + 1] === equals || bytes[i + 1] === greaterThan) return -1;
  return skipBlanks(bytes, i + 1);
}

function isTypePunctuation(byte: number | undefined): boolean {
  return (
    byte === 0x26 ||
    byte === 0x27 ||
    byte === 0x3f ||
    byte === 0x7c ||
    byte === 0x2e ||
    byte === 0x5b ||
    byte === 0x5d ||
    byte === 0x2a
  );
}

/** `decode("x")`, `new SecretString("x")`: offset of the quote; -1 when no call with a leading string stands here. */
function insideCall(bytes: Uint8Array, at: number): number {
  let i = at;
  const ceiling = at + 48;
  while (
    i < ceiling &&
    (isName(bytes[i]) || bytes[i] === colon || (isBlank(bytes[i]) && isLetter(bytes[i + 1])))
  )
    i++;
  if (bytes[i] !== 0x28 || i === at) return -1;
  return literalAt(bytes, skipBlanks(bytes, i + 1));
}

/** `process.env.X || "x"`: offset of the quote behind `||`, `??`, `or` or `?:` on the same line; -1 without. */
function behindFallback(bytes: Uint8Array, at: number): number {
  const ceiling = Math.min(bytes.length, at + 120);
  for (let i = at; i < ceiling; i++) {
    const byte = bytes[i];
    if (isNewline(byte) || byte === 0x3b) return -1;
    const isDouble = (byte === 0x7c || byte === 0x3f) && bytes[i + 1] === byte;
    const isElvis = byte === 0x3f && bytes[i + 1] === colon;
    const isOr = byte === 0x20 && bytes[i + 1] === 0x6f && bytes[i + 2] === 0x72 && bytes[i + 3] === 0x20;
    if (isDouble || isElvis || isOr) {
      const quote = skipBlanks(bytes, i + (isOr ? 4 : 2));
      return isQuote(bytes[quote]) ? quote : -1;
    }
  }
  return -1;
}

/** `value` of a name/value pair behind a name: `"key": "X", "value": "Y"`, `name="X" value="Y"`, YAML's `- name`. */
function pairedValue(bytes: Uint8Array, at: number): Value | undefined {
  let i = at;
  const ceiling = at + 60;
  while (i < ceiling && (isBlank(bytes[i]) || isNewline(bytes[i]) || isQuote(bytes[i]) || bytes[i] === comma))
    i++;
  if (i === at || !hasFoldedAt(bytes, i, 'value')) return undefined;
  i += 5;
  if (isQuote(bytes[i])) i++;
  i = skipBlanks(bytes, i);
  if (bytes[i] !== equals && bytes[i] !== colon) return undefined;
  i = skipBlanks(bytes, i + 1);
  return isQuote(bytes[i]) ? quotedValue(bytes, i) : bytes[i] === 0x7b ? undefined : bareValue(bytes, i, 0);
}

/** `password is "x"`, `password for user 'a' is 'x'`, `password "x"`; plain words only between the two. */
function proseValue(bytes: Uint8Array, at: number): Value | undefined {
  const ceiling = Math.min(bytes.length, at + 60);
  for (let i = at; i < ceiling; i++) {
    if (isNewline(bytes[i]) || bytes[i] === 0x2e) return undefined;
    if (!hasFoldedAt(bytes, i, ' is ') && !hasFoldedAt(bytes, i, ' was ')) continue;
    let quote = skipBlanks(bytes, bytes[i + 1] === 0x69 || bytes[i + 1] === 0x49 ? i + 4 : i + 5);
    if (hasFoldedAt(bytes, quote, 'set to ')) quote += 7;
    if (bytes[quote] === colon) quote = skipBlanks(bytes, quote + 1);
    return isQuote(bytes[quote]) ? quotedValue(bytes, quote) : undefined;
  }
  return undefined;
}

/** The value within `<password>value</password>`. */
function xmlText(bytes: Uint8Array, nameStart: number, at: number): Value | undefined {
  const floor = Math.max(0, nameStart - 80);
  let tag = nameStart - 1;
  while (tag >= floor && bytes[tag] !== lessThan && bytes[tag] !== greaterThan && !isNewline(bytes[tag]))
    tag--;
  if (bytes[tag] !== lessThan) return undefined;
  const start = at + 1;
  const ceiling = Math.min(bytes.length, start + mostValueBytes);
  let end = start;
  while (end < ceiling && bytes[end] !== lessThan && !isNewline(bytes[end])) end++;
  return bytes[end] === lessThan && bytes[end + 1] === 0x2f && end > start
    ? { start, end, quote: 0 }
    : undefined;
}

interface Operator {
  readonly end: number;
  readonly isComparison: boolean;
}

/** `=`, `:`, `:=`, `=>`, `==`, `!=`, `?=`, `||=`; undefined for everything else, `::` and `=~` included. */
function operatorAt(bytes: Uint8Array, at: number): Operator | undefined {
  const byte = bytes[at];
  const next = bytes[at + 1];
  if (byte === colon) {
    if (next === equals) return { end: at + 2, isComparison: false };
    return next === colon ? undefined : { end: at + 1, isComparison: false };
  }
  if (byte === equals) {
    if (next === equals) return { end: bytes[at + 2] === equals ? at + 3 : at + 2, isComparison: true };
    if (next === 0x7e) return undefined;
    return { end: next === greaterThan ? at + 2 : at + 1, isComparison: false };
  }
  if (byte === 0x21 && next === equals) {
    return { end: bytes[at + 2] === equals ? at + 3 : at + 2, isComparison: true };
  }
  if ((byte === 0x3f || byte === 0x2b) && next === equals) return { end: at + 2, isComparison: false };
  if (byte === 0x7c && next === 0x7c && bytes[at + 2] === equals) return { end: at + 3, isComparison: false };
  return undefined;
}

function isQueryParameter(bytes: Uint8Array, nameStart: number): boolean {
  const before = bytes[nameStart - 1];
  return before === 0x3f || before === 0x26;
}

/** Reads what is assigned to the name that holds the trigger; undefined when nothing readable is. */
export function readAssignment(bytes: Uint8Array, name: NameSpan): Assignment | undefined {
  let i = name.end;
  const isNameQuoted = isQuote(bytes[i]);
  if (isNameQuoted) i++;
  while (bytes[i] === 0x5d || bytes[i] === 0x29) i++;
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
  if (bytes[i] === greaterThan && blank === i) return found(xmlText(bytes, name.start, i), 'xml-text');
  if (bytes[i] === comma && isNameQuoted) {
    const pair = pairedValue(bytes, blank);
    if (pair !== undefined) return found(pair, 'pair');
    const quote = literalAt(bytes, skipBlanks(bytes, i + 1));
    return quote < 0 ? undefined : found(quotedValue(bytes, quote), 'argument');
  }
  if (isNameQuoted || isNewline(bytes[i])) return found(pairedValue(bytes, name.end), 'pair');
  if (i === blank) return undefined;
  if (hasFoldedAt(bytes, i, 'value')) return found(pairedValue(bytes, name.end), 'pair');
  if (isQuote(bytes[i]))
    return found(quotedValue(bytes, i), bytes[name.start] === hyphen ? 'flag' : 'juxtaposed');
  if (bytes[name.start] === hyphen)
    return bytes[i] === hyphen ? undefined : found(bareValue(bytes, i, 0), 'flag');
  // Dockerfile: `ENV NAME value`.
  if (hasFoldedAt(bytes, name.start - 4, 'env ') && !hasFoldedAt(bytes, i, 'is ')) {
    return found(bareValue(bytes, i, 0), 'bare', 0, true);
  }
  return found(proseValue(bytes, i - 1), 'prose');
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

function assigned(
  bytes: Uint8Array,
  name: NameSpan,
  at: number,
  blank: number,
  operator: Operator,
  found: Found,
): Assignment | undefined {
  const sign = bytes[at] as number;
  let i = skipBlanks(bytes, operator.end);
  const isTight = i === operator.end && blank === at;
  const direct = literalAt(bytes, i);
  if (direct >= 0 && sign === colon && !isQuote(bytes[name.end]) && closesString(bytes, name.start, direct))
    return undefined;
  if (direct >= 0)
    return found(quotedValue(bytes, direct), operator.isComparison ? 'comparison' : 'quoted', sign, isTight);
  if (operator.isComparison) return undefined;
  if (sign === colon) {
    const behind = behindType(bytes, i);
    if (behind >= 0) {
      i = behind;
      const typed = literalAt(bytes, i);
      return typed >= 0 ? found(quotedValue(bytes, typed), 'quoted', equals) : undefined;
    }
  }
  const call = insideCall(bytes, i);
  if (call >= 0) return found(quotedValue(bytes, call), 'wrapped', sign);
  const fallback = isIdentifier(bytes[i]) ? behindFallback(bytes, i) : -1;
  if (fallback >= 0) return found(quotedValue(bytes, fallback), 'wrapped', sign);
  if (isQueryParameter(bytes, name.start)) return found(bareValue(bytes, i, 0x26), 'query', sign, isTight);
  return found(bareValue(bytes, i, 0), bytes[name.start] === hyphen ? 'flag' : 'bare', sign, isTight);
}
