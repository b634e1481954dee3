/** Readers of one value at one place: a string literal, a bare word, the text of an element. No string is made. */
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

/** Longest value that an assignment may have. */
export const mostValueBytes = 1024;

const lessThan = 0x3c;
const greaterThan = 0x3e;
const comma = 0x2c;
const backslash = 0x5c;

export interface Value {
  readonly start: number;
  readonly end: number;
  /** Quote byte round the value; 0 when it is bare. */
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

export function quotedValue(bytes: Uint8Array, at: number): Value | undefined {
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

/** Offset of the quote when a string literal begins here, its prefix (`b"`, `@"`, `N'`, `<<"`) skipped; else -1. */
export function literalAt(bytes: Uint8Array, at: number): number {
  if (isQuote(bytes[at])) return at;
  if (bytes[at] === lessThan && bytes[at + 1] === lessThan && isQuote(bytes[at + 2])) return at + 2;
  for (let length = 1; length <= 2; length++) {
    const before = bytes[at + length - 1];
    if (!isLetter(before) && before !== 0x40 && before !== 0x24) return -1;
    if (isQuote(bytes[at + length])) return at + length;
  }
  return -1;
}

/** Skips blanks and line ends, at most `most` bytes. */
export function skipSpace(bytes: Uint8Array, from: number, most: number): number {
  let i = from;
  while (i - from < most && (isBlank(bytes[i]) || isNewline(bytes[i]))) i++;
  return i;
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

/** `,ssl=True`, `,next:x`, `,"next":`: the comma starts the next setting. */
function startsNext(bytes: Uint8Array, at: number): boolean {
  const next = bytes[at];
  if (endsBare(next)) return true;
  if (!isLetter(next)) return false;
  let i = at;
  while (isName(bytes[i]) && i - at < 40) i++;
  return bytes[i] === 0x3d || bytes[i] === 0x3a;
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

/** A word up to a blank, a quote, `<`, `;` or `stop`. */
export function bareValue(bytes: Uint8Array, at: number, stop: number): Value | undefined {
  let end = at;
  const ceiling = Math.min(bytes.length, at + mostValueBytes);
  while (end < ceiling && !endsBare(bytes[end])) {
    const byte = bytes[end];
    if (byte === stop || byte === 0x3b) break;
    if (byte === comma && startsNext(bytes, end + 1)) break;
    end++;
  }
  if (end > at && opensTag(bytes, end)) return undefined;
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

/** A bare word of running text: the full stop or comma behind it belongs to the sentence. */
export function proseWord(bytes: Uint8Array, at: number): Value | undefined {
  const value = bareValue(bytes, at, 0);
  if (value === undefined) return undefined;
  let { end } = value;
  while (end > at && (bytes[end - 1] === 0x2e || bytes[end - 1] === 0x3a || isTrailing(bytes, at, end)))
    end--;
  while (end > at && bytes[end - 1] === 0x2a && bytes[at - 1] === 0x2a) end--;
  return end > at ? { start: at, end, quote: 0 } : undefined;
}

/** A quoted value, or a bare word. */
export function anyValue(bytes: Uint8Array, at: number): Value | undefined {
  const quote = literalAt(bytes, at);
  if (quote >= 0) return quotedValue(bytes, quote);
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
    byte === 0x2a
  );
}

/** `password: string = "x"`: offset behind the `=`; -1 when no type annotation stands here. */
export function behindType(bytes: Uint8Array, at: number): number {
  let i = at;
  const ceiling = at + 40;
  while (i < ceiling && (isIdentifier(bytes[i]) || isBlank(bytes[i]) || isTypePunctuation(bytes[i]))) i++;
  if (i === at || bytes[i] !== 0x3d || bytes[i + 1] === 0x3d || bytes[i + 1] === greaterThan) return -1;
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

/** `decode("x")`, `new SecretString("x")`: offset of the quote; -1 when no call with a leading string stands here. */
export function insideCall(bytes: Uint8Array, at: number): number {
  let i = at;
  const ceiling = at + 48;
  while (
    i < ceiling &&
    (isName(bytes[i]) || bytes[i] === 0x3a || (isBlank(bytes[i]) && isLetter(bytes[i + 1])))
  )
    i++;
  if (bytes[i] !== 0x28 || i === at || asksFor(bytes, at, i)) return -1;
  return literalAt(bytes, skipBlanks(bytes, i + 1));
}

/** `process.env.X || "x"`: offset of the quote behind `||`, `??`, `or` or `?:` on the same line; -1 without. */
export function behindFallback(bytes: Uint8Array, at: number): number {
  const ceiling = Math.min(bytes.length, at + 120);
  for (let i = at; i < ceiling; i++) {
    const byte = bytes[i];
    if (isNewline(byte) || byte === 0x3b) return -1;
    const isDouble = (byte === 0x7c || byte === 0x3f) && bytes[i + 1] === byte;
    const isElvis = byte === 0x3f && bytes[i + 1] === 0x3a;
    const isOr = byte === 0x20 && bytes[i + 1] === 0x6f && bytes[i + 2] === 0x72 && bytes[i + 3] === 0x20;
    if (isDouble || isElvis || isOr) {
      const quote = skipBlanks(bytes, i + (isOr ? 4 : 2));
      return isQuote(bytes[quote]) ? quote : -1;
    }
  }
  return -1;
}

const cdata = '<![cdata[';

/** Text of an element from behind its `>` to the next tag, blanks and line ends round it dropped. */
export function elementText(bytes: Uint8Array, at: number): Value | undefined {
  let start = skipSpace(bytes, at, 80);
  const isCdata = hasFoldedAt(bytes, start, cdata);
  if (isCdata) start += cdata.length;
  const ceiling = Math.min(bytes.length, start + mostValueBytes);
  let end = start;
  while (end < ceiling && !isNewline(bytes[end])) {
    if (isCdata ? bytes[end] === 0x5d && bytes[end + 1] === 0x5d : bytes[end] === lessThan) break;
    end++;
  }
  const next = isCdata ? end : skipSpace(bytes, end, 80);
  if (isCdata ? bytes[next] !== 0x5d : bytes[next] !== lessThan || bytes[next + 1] !== 0x2f) return undefined;
  while (end > start && isBlank(bytes[end - 1])) end--;
  return end > start ? { start, end, quote: 0 } : undefined;
}

/** Behind at most four tags (`</b>`, `</td><td>`, `</name>\n<value>`): where text begins again; -1 without a tag. */
export function behindTags(bytes: Uint8Array, at: number): number {
  let i = skipSpace(bytes, at, 40);
  let isAfterTag = false;
  for (let tags = 0; tags < 4 && bytes[i] === lessThan; tags++) {
    const first = bytes[i + 1] === 0x2f ? bytes[i + 2] : bytes[i + 1];
    if (!isLetter(first)) break;
    let end = i + 2;
    while (end - i < 80 && bytes[end] !== greaterThan && bytes[end] !== lessThan && !isNewline(bytes[end]))
      end++;
    if (bytes[end] !== greaterThan) return -1;
    i = skipSpace(bytes, end + 1, 40);
    isAfterTag = true;
  }
  return isAfterTag ? i : -1;
}
