/**
 * From a trigger word to the value assigned to it, over bytes, in whatever syntax the two stand: code, YAML,
 * JSON, XML, INI, shell, headers, command lines, name/value pairs, markup, prose.
 *
 * No string is made here: trigger words stand everywhere and most of them lead nowhere.
 */
import {
  afterComma,
  callValue,
  comparedAhead,
  comparedBefore,
  comparingTail,
  juxtaposed,
} from './assigned-beside.js';
import { type Assignment, foundFor, type NameSpan } from './assigned-form.js';
import {
  attributeValue,
  behindMarkup,
  namedElementText,
  nextCell,
  proseWordOrQuoted,
  tagEnd,
  typedIntoField,
  xmlText,
} from './assigned-markup.js';
import { assigned, defaultBehind, operatorAt } from './assigned-operator.js';
import { formField, isValueOfOtherKey, nestedValue, pairedValue, valueBefore } from './assigned-pair.js';
import { valueBehindParticle } from './assigned-phrase.js';
import { valueBelowHeading, valueSpokenBefore } from './assigned-prose.js';
import { returnedValue } from './assigned-returned.js';
import { isAlphanumeric, isName, isNewline, isQuote, skipBlanks } from './byte-class.js';

/** Longest name to either side of the trigger. */
const mostNameBytes = 64;
const mostBlanks = 40;

const equals = 0x3d;
const lessThan = 0x3c;
const greaterThan = 0x3e;
const comma = 0x2c;
const asterisk = 0x2a;
const openParen = 0x28;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** A keyword may hold its operator (`pass=`, `pw: `, `pass is `) or what ends a name (`pw)`): where its name ends. */
function nameEndWithin(bytes: Uint8Array, hitStart: number, hitEnd: number): number {
  if (isName(bytes[hitEnd - 1]) || (bytes[hitEnd - 1] as number) >= 0x80) return hitEnd;
  let end = hitStart + 1;
  while (end < hitEnd && (isName(bytes[end]) || (bytes[end] as number) >= 0x80)) end++;
  return end;
}

/** Extends a trigger to the whole name it stands in; undefined when that is too long to be one. */
export function nameAround(bytes: Uint8Array, hitStart: number, hitEnd: number): NameSpan | undefined {
  let start = hitStart;
  while (start > 0 && isName(bytes[start - 1])) {
    if (hitStart - start > mostNameBytes) return undefined;
    start--;
  }
  let end = nameEndWithin(bytes, hitStart, hitEnd);
  if (end < hitEnd) return { start, end };
  while (isName(bytes[end])) {
    if (end - hitEnd > mostNameBytes) return undefined;
    end++;
  }
  while (end > hitEnd && !isAlphanumeric(bytes[end - 1])) end--;
  return { start, end };
}

/** Behind the name: `[]`, `[20]`, `']`, `)`, `}` of a Perl hash, and the `*` of bold text that opened before the name. */
function behindName(bytes: Uint8Array, name: NameSpan, from: number): number {
  let i = from;
  if (bytes[i] === 0x5b) {
    let end = i + 1;
    while (isAlphanumeric(bytes[end]) && end - i < 12) end++;
    if (bytes[end] === 0x5d) i = end + 1;
  }
  if (bytes[i] === closeBrace && isSubscript(bytes, name.start)) i++;
  while (bytes[i] === 0x5d || bytes[i] === 0x29) i++;
  // `('input[name="password"]').fill`
  if (isQuote(bytes[i]) && bytes[i - 1] === 0x5d && bytes[i + 1] === 0x29 && bytes[i + 2] === 0x2e) i += 2;
  if (bytes[name.start - 1] === asterisk || bytes[name.start - 1] === 0x5f) {
    while (bytes[i] === asterisk || bytes[i] === 0x5f) i++;
  }
  return i;
}

/** `$hash{name`, `->{'name'`: not `${name` and `{name` of templates. */
function isSubscript(bytes: Uint8Array, nameStart: number): boolean {
  const open = isQuote(bytes[nameStart - 1]) ? nameStart - 2 : nameStart - 1;
  if (bytes[open] !== openBrace) return false;
  return isAlphanumeric(bytes[open - 1]) || bytes[open - 1] === greaterThan || bytes[open - 1] === closeBrace;
}

/** Reads what is assigned to the name that holds the trigger; undefined when nothing readable is. */
export function readAssignment(bytes: Buffer, name: NameSpan): Assignment | undefined {
  const tail = comparingTail(bytes, name);
  if (tail > 0) {
    const compared = { start: name.start, end: name.end - tail };
    return foundFor(compared)(callValue(bytes, name.end), 'comparison', equals);
  }
  let i = name.end;
  // "my password's x"
  if (bytes[i] === 0x27 && bytes[i + 1] === 0x73 && bytes[i + 2] === 0x20)
    return foundFor(name)(proseWordOrQuoted(bytes, i + 3), 'prose', equals);
  const isNameQuoted = isQuote(bytes[i]);
  if (isNameQuoted) i++;
  i = behindName(bytes, name, i);
  const blank = i;
  i = skipBlanks(bytes, i);
  if (i - blank > mostBlanks) return undefined;
  const found = foundFor(name);
  const operator = operatorAt(bytes, i);
  if (operator !== undefined) return assigned(bytes, name, i, blank, operator, found);
  const next = bytes[i];
  if (blank === i) {
    if (next === greaterThan) return found(xmlText(bytes, name.start, i), 'xml-text');
    if (next === openParen || (next === openBrace && !isNameQuoted)) {
      const given = callValue(bytes, i);
      return given === undefined && next === openParen
        ? found(returnedValue(bytes, name.start, i), 'wrapped', equals)
        : found(given, 'call');
    }
    if (next === lessThan && bytes[i + 1] === 0x2f && !isNameQuoted)
      return found(behindMarkup(bytes, i), 'markup');
  }
  if (bytes[blank - 1] === 0x29 && bytes[name.start - 1] === openParen) {
    const compared = comparedBefore(bytes, name.start);
    if (compared !== undefined) return found(compared, 'comparison', equals);
  }
  if (isComparedName(bytes, name.start)) {
    const compared = comparedAhead(bytes, name.start);
    if (compared !== undefined) return found(compared, 'comparison', equals);
  }
  return besides(bytes, name, i, blank, isNameQuoted);
}

/** An equals sign, and maybe a blank, stands before the name. */
function isComparedName(bytes: Uint8Array, nameStart: number): boolean {
  return (
    bytes[nameStart - 1] === equals || (bytes[nameStart - 1] === 0x20 && bytes[nameStart - 2] === equals)
  );
}

/** Everything that has no operator and does not touch the name. */
function besides(
  bytes: Buffer,
  name: NameSpan,
  i: number,
  blank: number,
  isNameQuoted: boolean,
): Assignment | undefined {
  const found = foundFor(name);
  const next = bytes[i];
  const tag = tagEnd(bytes, name.start, i);
  if (tag >= 0) return found(xmlText(bytes, name.start, tag), 'xml-text');
  if (next === comma) return afterComma(bytes, name, i, isNameQuoted, found);
  if (isNameQuoted && next === 0x2e) return found(typedIntoField(bytes, i), 'argument', equals);
  const fallback = defaultBehind(bytes, name, blank, found);
  if (fallback !== undefined) return fallback;
  if (isNameQuoted && next === openBrace) return found(nestedValue(bytes, i + 1), 'pair');
  if (isNameQuoted || next === undefined || isNewline(next))
    return pairedOrBelow(bytes, name, i, isNameQuoted);
  const spoken = valueBehindParticle(bytes, i);
  if (spoken !== undefined) return found(spoken, 'prose', equals);
  if (i === blank)
    return found(nextCell(bytes, i), 'markup') ?? found(valueSpokenBefore(bytes, name.start), 'prose');
  return juxtaposed(bytes, name, i, found);
}

/** A value that its own key, its own element or its own line gives. */
function pairedOrBelow(
  bytes: Buffer,
  name: NameSpan,
  i: number,
  isNameQuoted: boolean,
): Assignment | undefined {
  const found = foundFor(name);
  if (isValueOfOtherKey(bytes, name.start)) return undefined;
  const pair =
    pairedValue(bytes, name.end) ??
    valueBefore(bytes, name.start) ??
    formField(bytes, name.end) ??
    attributeValue(bytes, name.start, name.end);
  if (pair !== undefined) return found(pair, 'pair');
  if (!isNameQuoted) {
    const spoken = valueSpokenBefore(bytes, name.start) ?? valueBelowHeading(bytes, name.start, i);
    return found(spoken, 'prose');
  }
  const element = namedElementText(bytes, name.start, i);
  if (element !== undefined) return found(element, 'xml-text');
  return bytes[name.end] === 0x60 ? found(nextCell(bytes, i), 'markup') : undefined;
}
