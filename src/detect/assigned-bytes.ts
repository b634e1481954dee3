/** Readers of one value at one place: a bare word, a word of running text, the argument of a call. */
import {
  hasFoldedAt,
  isBlank,
  isIdentifier,
  isLetter,
  isName,
  isNewline,
  isQuote,
  skipBlanks,
} from './byte-class.js';
import { literalAt, literalValue, mostValueBytes, type Value } from './literal.js';

const lessThan = 0x3c;
const greaterThan = 0x3e;
const comma = 0x2c;
const backslash = 0x5c;
const asterisk = 0x2a;
const semicolon = 0x3b;
const equals = 0x3d;
const colon = 0x3a;

/** What a byte is to a bare word: 1 ends it, a comma and `;` may. A table, since a word is walked for each hit in it. */
const inWord = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte === comma) return 2;
  if (byte === semicolon) return 3;
  return isBlank(byte) || isNewline(byte) || isQuote(byte) || byte === lessThan || byte < 0x20 ? 1 : 0;
});

function endsBare(byte: number | undefined): boolean {
  return byte === undefined || inWord[byte] === 1;
}

/** `,ssl=True`, `,next:x`, `,"next":`: the comma starts the next setting. */
function startsNext(bytes: Uint8Array, at: number): boolean {
  const next = bytes[at];
  if (endsBare(next)) return true;
  if (!isLetter(next)) return false;
  let i = at;
  while (isName(bytes[i]) && i - at < 40) i++;
  return bytes[i] === equals || bytes[i] === colon;
}

/** Names of elements that follow text; every other `<word>` behind a value is a part to be filled in. */
const elements = new Set(
  'a b br code div em font hr i li p pre s small span strong sub sup table tbody td th tr tt u ul ol value string'.split(
    ' ',
  ),
);

/** `acme_live_<your-token>`: a placeholder opens at `at`, so that what stands before it is no whole value. */
export function opensTag(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] !== lessThan || !isLetter(bytes[at + 1])) return false;
  let end = at + 1;
  while (end - at < 64 && (isName(bytes[end]) || bytes[end] === 0x20)) end++;
  if (bytes[end] !== greaterThan) return false;
  const name = Buffer.from(bytes.buffer, bytes.byteOffset + at + 1, end - at - 1).toString('latin1');
  return !elements.has(name.toLowerCase());
}

/** A word up to a blank, a quote, `<`, `;` or `stop`; undefined when none of them comes: what is cut is no value. */
export function bareValue(bytes: Uint8Array, at: number, stop: number): Value | undefined {
  let end = at;
  const ceiling = Math.min(bytes.length, at + mostValueBytes);
  for (; end < ceiling; end++) {
    const byte = bytes[end] as number;
    if (byte === stop) break;
    const role = inWord[byte];
    if (role !== 0 && (role !== 2 || startsNext(bytes, end + 1))) break;
  }
  if (end === at + mostValueBytes || (end > at && opensTag(bytes, end))) return undefined;
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

/** First bytes of CJK and Korean text and its signs: `。`, `，`, `です`, `不`, `입`. */
function isWideByte(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0xe3 && byte <= 0xef;
}

/** The letter of `\n`, `\r`, `\t`. */
function isLineEscape(byte: number | undefined): boolean {
  return byte === 0x6e || byte === 0x72 || byte === 0x74;
}

/** A bare word of running text: the full stop or comma behind it belongs to the sentence, asterisks are emphasis. */
export function proseWord(bytes: Uint8Array, at: number): Value | undefined {
  const value = bareValue(bytes, at, 0);
  if (value === undefined) return undefined;
  let { end } = value;
  // An ASCII word that CJK text goes on from, or the end of a line as JSON writes it.
  for (let i = at + 1; i < end; i++) {
    const isWide = isWideByte(bytes[i]) && (bytes[i - 1] as number) < 0x80;
    if (isWide || (bytes[i] === backslash && isLineEscape(bytes[i + 1]))) end = i;
  }
  while (end > at && (bytes[end - 1] === 0x2e || bytes[end - 1] === colon || isTrailing(bytes, at, end)))
    end--;
  if (bytes[at - 1] === asterisk) while (end > at && bytes[end - 1] === asterisk) end--;
  return end > at ? withoutEmphasis(bytes, { start: at, end, quote: 0 }) : undefined;
}

/** `*value*`: the asterisks to both sides are emphasis. */
export function withoutEmphasis(bytes: Uint8Array, value: Value | undefined): Value | undefined {
  if (value === undefined || bytes[value.start] !== asterisk || bytes[value.end - 1] !== asterisk)
    return value;
  let { start, end } = value;
  while (start < end && bytes[start] === asterisk) start++;
  while (end > start && bytes[end - 1] === asterisk) end--;
  return end > start ? { ...value, start, end } : value;
}

/** A quoted value, or a bare word. */
export function anyValue(bytes: Uint8Array, at: number): Value | undefined {
  const literal = literalAt(bytes, at);
  if (literal >= 0) return literalValue(bytes, literal);
  const byte = bytes[at];
  return byte === 0x7b || byte === 0x5b ? undefined : bareValue(bytes, at, 0);
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
    byte === asterisk
  );
}

/** `password: string = "x"`, `password : constant String := "x"`: offset behind the `=`; -1 when no type stands here. */
export function behindType(bytes: Uint8Array, at: number): number {
  let i = at;
  const ceiling = at + 40;
  while (i < ceiling && (isIdentifier(bytes[i]) || isBlank(bytes[i]) || isTypePunctuation(bytes[i]))) i++;
  const isDeclared = i > at;
  if (bytes[i] === colon && bytes[i + 1] === equals) i++;
  if (!isDeclared || bytes[i] !== equals || bytes[i + 1] === equals || bytes[i + 1] === greaterThan)
    return -1;
  return skipBlanks(bytes, i + 1);
}

const asking = [
  'get',
  'getpass',
  'fetch',
  'read',
  'load',
  'find',
  'lookup',
  'resolve',
  'require',
  'prompt',
  'ask',
  'input',
  'is',
  'has',
] as const;

/** `getPassword("x")`: the argument says what is asked for and is no value. */
function asksFor(bytes: Uint8Array, from: number, end: number): boolean {
  let start = end;
  while (start > from && isIdentifier(bytes[start - 1])) start--;
  return asking.some((verb) => {
    const next = bytes[start + verb.length];
    const isWordEnd = next === 0x28 || next === 0x5f || (next !== undefined && next >= 0x41 && next <= 0x5a);
    return isWordEnd && hasFoldedAt(bytes, start, verb);
  });
}

/**
 * `decode("x")`, `new SecretString("x")`, `[]byte("x")`, `Field(default="x")`: offset of the literal; -1 when
 * no call with a leading string stands here.
 */
export function insideCall(bytes: Uint8Array, at: number): number {
  let i = bytes[at] === 0x5b && bytes[at + 1] === 0x5d ? at + 2 : at;
  const ceiling = at + 48;
  while (
    i < ceiling &&
    (isName(bytes[i]) || bytes[i] === colon || (isBlank(bytes[i]) && isLetter(bytes[i + 1])))
  )
    i++;
  if (bytes[i] !== 0x28 || i === at || asksFor(bytes, at, i)) return -1;
  let argument = skipBlanks(bytes, i + 1);
  if (hasFoldedAt(bytes, argument, 'default=')) argument += 8;
  return literalAt(bytes, argument);
}

/** Bytes from a name or an expression to the word or sign that gives its default. */
const fallbackReach = 120;

/** Length of `||`, `??`, `?:`, ` or ` or ` // ` at `at`; 0 when no default follows here. */
function fallbackSign(bytes: Uint8Array, at: number): number {
  const byte = bytes[at];
  if ((byte === 0x7c || byte === 0x3f) && bytes[at + 1] === byte) return 2;
  if (byte === 0x3f && bytes[at + 1] === colon) return 2;
  if (byte !== 0x20) return 0;
  return hasFoldedAt(bytes, at, ' or ') || hasFoldedAt(bytes, at, ' // ') ? 4 : 0;
}

/** `process.env.X || "x"`: offset of the quote behind `||`, `??`, `or`, `//` or `?:` on the same line; -1 without. */
export function behindFallback(bytes: Uint8Array, at: number): number {
  const ceiling = Math.min(bytes.length, at + fallbackReach);
  for (let i = at; i < ceiling; i++) {
    const byte = bytes[i];
    if (isNewline(byte) || byte === 0x3b) return -1;
    const length = fallbackSign(bytes, i);
    if (length > 0) {
      const quote = skipBlanks(bytes, i + length);
      return isQuote(bytes[quote]) ? quote : -1;
    }
  }
  return -1;
}

/** As {@link behindFallback}, where the sign itself stands at `at` or behind blanks. */
export function fallbackHere(bytes: Uint8Array, at: number): number {
  const start = skipBlanks(bytes, at);
  const from = fallbackSign(bytes, start) > 0 ? start : start - 1;
  const length = fallbackSign(bytes, from);
  const quote = length === 0 ? -1 : skipBlanks(bytes, from + length);
  return quote >= 0 && isQuote(bytes[quote]) ? quote : -1;
}
