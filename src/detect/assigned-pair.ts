/**
 * Values that stand apart from their name: `"name": "X", "value": "Y"` in both orders, `X: {default: Y}`,
 * `variable "X" { default = "Y" }`.
 */
import { anyValue, bareValue } from './assigned-bytes.js';
import {
  hasFoldedAt,
  isAlphanumeric,
  isBlank,
  isLetter,
  isNewline,
  isQuote,
  lineStart,
  skipBlanks,
} from './byte-class.js';
import { quotedValue, skipSpace, type Value } from './literal.js';

const equals = 0x3d;
const colon = 0x3a;
const comma = 0x2c;

/** `"status": "PASS"`: the name is itself the value of a key that names nothing. */
const otherKey = /(?:status|state|result|outcome|verdict|conclusion)["']?\s{0,4}(?:=>|[:=])\s{0,4}["']$/i;

export function isValueOfOtherKey(bytes: Buffer, nameStart: number): boolean {
  return (
    isQuote(bytes[nameStart - 1]) &&
    otherKey.test(bytes.toString('latin1', Math.max(0, nameStart - 40), nameStart))
  );
}

/** `value` of a name/value pair behind a name: `"key": "X", "value": "Y"`, `name="X" value="Y"`, YAML's `- name`. */
export function pairedValue(bytes: Uint8Array, at: number): Value | undefined {
  let i = at;
  const ceiling = at + 60;
  while (i < ceiling && (isBlank(bytes[i]) || isNewline(bytes[i]) || isQuote(bytes[i]) || bytes[i] === comma))
    i++;
  if (i === at) return undefined;
  // `ParameterValue`, `secret_value`; `content` of an HTML meta element.
  for (let length = 0; length < 12 && isLetter(bytes[i]) && !hasFoldedAt(bytes, i, 'value'); length++) i++;
  const isContent = hasFoldedAt(bytes, i - 7, 'content') && bytes[i] === equals;
  if (!isContent && !hasFoldedAt(bytes, i, 'value')) return undefined;
  if (!isContent) i += 5;
  if (isQuote(bytes[i])) i++;
  i = skipBlanks(bytes, i);
  if (bytes[i] !== equals && bytes[i] !== colon) return undefined;
  return anyValue(bytes, skipBlanks(bytes, i + (bytes[i + 1] === 0x3e ? 2 : 1)));
}

/** `Content-Disposition: form-data; name="X"`, an empty line and the value alone on the next. `at` is the quote. */
export function formField(bytes: Uint8Array, at: number): Value | undefined {
  if (bytes[at] !== 0x22) return undefined;
  const first = at + 1 + (bytes[at + 1] === 0x0d ? 1 : 0);
  if (bytes[first] !== 0x0a) return undefined;
  const second = first + 1 + (bytes[first + 1] === 0x0d ? 1 : 0);
  if (bytes[second] !== 0x0a) return undefined;
  const value = bareValue(bytes, second + 1, 0);
  return value !== undefined && isNewline(bytes[value.end]) ? value : undefined;
}

const valueFirst =
  /["']?(?:value|Value|VALUE)["']?\s{0,4}(?:=>|[:=])\s{0,4}(["'])([^"'\n]{3,300})\1\s{0,4},?\s{0,40}["']?\w{0,12}$/;
const namedBy = /["']?(?:name|key|Name|Key|NAME|KEY)["']?\s{0,4}(?:=>|[:=])\s{0,4}["']$/;

/** `{"value": "Y", "name": "X"}`: the value stands before the name. */
export function valueBefore(bytes: Buffer, nameStart: number): Value | undefined {
  if (!isQuote(bytes[nameStart - 1])) return undefined;
  const from = Math.max(0, nameStart - 360);
  const before = bytes.toString('latin1', from, nameStart);
  const named = namedBy.exec(before);
  if (named === null) return undefined;
  const head = before.slice(0, named.index);
  const match = valueFirst.exec(head);
  const text = match?.[2];
  if (match === null || text === undefined) return undefined;
  const start = from + match.index + match[0].indexOf(text, match[0].indexOf(match[1] as string) + 1);
  return { start, end: start + text.length, quote: (match[1] as string).charCodeAt(0) };
}

/** Bytes of a definition that are searched for its default. */
const definitionReach = 240;
/** Values below the line of their name end within so many bytes of it: the locality contract. */
const definitionValueReach = 480;
/** Deepest indentation of a value below its name. */
const mostIndent = 120;

/** `default` or `value` within a definition that opens at `at` with `{`, or with deeper lines when `indent` is given. */
export function nestedValue(bytes: Uint8Array, at: number, indent?: number): Value | undefined {
  const ceiling = Math.min(bytes.length, at + definitionReach);
  for (let i = at; i < ceiling; i++) {
    const byte = bytes[i];
    if (byte === 0x7d) return undefined;
    if (indent !== undefined && isNewline(byte)) {
      const line = skipSpace(bytes, i, 4);
      if (skipBlanks(bytes, i + 1) - (i + 1) <= indent && !isNewline(bytes[line])) return undefined;
    }
    if (isAlphanumeric(bytes[i - 1]) || bytes[i - 1] === 0x5f) continue;
    const length = hasFoldedAt(bytes, i, 'default') ? 7 : hasFoldedAt(bytes, i, 'value') ? 5 : 0;
    if (length === 0) continue;
    let end = i + length;
    if (isQuote(bytes[end])) end++;
    end = skipBlanks(bytes, end);
    if (bytes[end] !== equals && bytes[end] !== colon) continue;
    const start = skipSpace(bytes, end + 1, mostIndent);
    const value = anyValue(bytes, start);
    return value === undefined || value.end > at + definitionValueReach ? undefined : value;
  }
  return undefined;
}

/** Blanks before the first other byte of the line of `at`; `- ` of a list counts as blanks. */
function indentOf(bytes: Uint8Array, at: number): number {
  const from = lineStart(bytes, at, 120);
  let i = skipBlanks(bytes, from);
  if (bytes[i] === 0x2d && isBlank(bytes[i + 1])) i = skipBlanks(bytes, i + 1);
  return i - from;
}

/** Blanks behind a value on a later line, and before the line that follows. */
export const mostTrailing = 128;

/**
 * What YAML puts on the lines below a key: one deeper line of text, a block scalar (`|`, `>-`) of one line, or
 * a definition with `Default:`. `at` is where the key's line ends.
 */
export function valueBelow(bytes: Uint8Array, nameStart: number, at: number): Value | undefined {
  const indent = indentOf(bytes, nameStart);
  let next = at;
  if (bytes[next] === 0x0d) next++;
  if (bytes[next] !== 0x0a) return undefined;
  next++;
  const start = skipBlanks(bytes, next);
  if (start - next <= indent || start - next > mostIndent || isNewline(bytes[start])) return undefined;
  const value = isQuote(bytes[start]) ? quotedValue(bytes, start) : anyValue(bytes, start);
  if (value === undefined) return undefined;
  const end = value.quote === 0 ? value.end : value.end + 1;
  const behind = skipBlanks(bytes, end);
  const second = behind + (bytes[behind] === 0x0d ? 2 : 1);
  const word = skipBlanks(bytes, second);
  // What decides must stand within the reach of the name, which blanks may leave (detector-reach.ts).
  if (behind - end > mostTrailing || word - second > mostTrailing) return undefined;
  if (behind < bytes.length && !isNewline(bytes[behind])) return nestedValue(bytes, next - 1, indent);
  if (value.quote === 0 && bytes[value.end - 1] === colon) return nestedValue(bytes, next - 1, indent);
  if (bytes[start] === 0x2d && isBlank(bytes[start + 1])) return undefined;
  // A second line as deep is a text of several lines.
  return word - second > indent && !isNewline(bytes[word]) && word < bytes.length ? undefined : value;
}
