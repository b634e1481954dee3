/** String literals of programming languages, shells and configuration, read as bytes; no string is made. */
import { isAlphanumeric, isBlank, isLetter, isNewline, isQuote, skipBlanks } from './byte-class.js';

/** Longest value that an assignment may have: session tokens reach some kilobytes. */
export const mostValueBytes = 4096;
/** Blanks and line ends between the opening of a text of several lines and its first word. */
const mostLead = 80;

export interface Value {
  readonly start: number;
  readonly end: number;
  /** Quote byte round the value, for delimiters of other sorts a single quote; 0 when it is bare. */
  readonly quote: number;
}

const singleQuote = 0x27;
const backslash = 0x5c;
const openParen = 0x28;
const openBracket = 0x5b;
const lessThan = 0x3c;

/** Skips blanks and line ends, at most `most` bytes. */
export function skipSpace(bytes: Uint8Array, from: number, most: number): number {
  let i = from;
  while (i - from < most && (isBlank(bytes[i]) || isNewline(bytes[i]))) i++;
  return i;
}

/** End of a string that opened before `from`, or -1: newline, end of text or too long. */
function closingQuote(bytes: Uint8Array, from: number, quote: number): number {
  const ceiling = Math.min(bytes.length, from + mostValueBytes);
  for (let i = from; i < ceiling; i++) {
    const byte = bytes[i];
    if (byte === backslash) i++;
    else if (byte === quote) {
      // `''` inside a single-quoted YAML or SQL string is one quote.
      if (quote === singleQuote && bytes[i + 1] === quote && i > from) i++;
      else return i;
    } else if (isNewline(byte)) return -1;
  }
  return -1;
}

/** `"""value"""`, `'''value'''`: one line of text, which may begin on the line below the quotes. */
function tripleQuoted(bytes: Uint8Array, at: number, quote: number): Value | undefined {
  const start = skipSpace(bytes, at, mostLead);
  const ceiling = Math.min(bytes.length, start + mostValueBytes);
  let end = start;
  while (end < ceiling && !isNewline(bytes[end])) {
    if (bytes[end] === quote && bytes[end + 1] === quote && bytes[end + 2] === quote) break;
    end++;
  }
  const behind = skipSpace(bytes, end, mostLead);
  if (bytes[behind] !== quote || bytes[behind + 1] !== quote) return undefined;
  return end > start ? { start, end, quote } : undefined;
}

/** The string whose quote stands at `at`. */
export function quotedValue(bytes: Uint8Array, at: number): Value | undefined {
  const quote = bytes[at] as number;
  if (bytes[at + 1] === quote && bytes[at + 2] === quote) return tripleQuoted(bytes, at + 3, quote);
  const start = at + 1;
  // `R"(value)"` of C++.
  if (bytes[at - 1] === 0x52 && bytes[start] === openParen) {
    const inner = delimited(bytes, start, 0x29);
    return inner !== undefined && bytes[inner.end + 1] === quote ? inner : undefined;
  }
  // `'"value"'`, `"\"value\""`: quotes for the shell or a template round quotes for the program.
  const escaped = bytes[start] === backslash && isQuote(bytes[start + 1]) ? 1 : 0;
  const innerQuote = bytes[start + escaped];
  if (isQuote(innerQuote) && (innerQuote !== quote || escaped === 1)) {
    const from = start + escaped + 1;
    const inner =
      escaped === 1
        ? escapedQuote(bytes, from, innerQuote as number)
        : closingQuote(bytes, from, innerQuote as number);
    if (inner > from && bytes[inner + 1 + escaped] === quote) {
      return { start: from, end: inner, quote: innerQuote as number };
    }
  }
  const end = closingQuote(bytes, start, quote);
  return end <= start ? undefined : { start, end, quote };
}

/** Offset of the backslash of the next `\"`; -1 when the line or a bare quote ends first. */
function escapedQuote(bytes: Uint8Array, from: number, quote: number): number {
  const ceiling = Math.min(bytes.length, from + mostValueBytes);
  for (let i = from; i < ceiling && bytes[i] !== quote && !isNewline(bytes[i]); i++) {
    if (bytes[i] === backslash && bytes[i + 1] === quote) return i;
  }
  return -1;
}

/** What stands between the bracket at `at` and the next `close` of its line. */
function delimited(bytes: Uint8Array, at: number, close: number): Value | undefined {
  const start = at + 1;
  const ceiling = Math.min(bytes.length, start + mostValueBytes);
  const isLongBracket = bytes[at] === openBracket && bytes[at - 1] === openBracket;
  for (let i = start; i < ceiling && !isNewline(bytes[i]); i++) {
    // `[[value]]` of Lua ends with two brackets; `[['a', 'b'], [` is a list of lists.
    if (bytes[i] === 0x5d && isLongBracket && bytes[i + 1] !== 0x5d) return undefined;
    if (bytes[i] === close) return i > start ? { start, end: i, quote: singleQuote } : undefined;
  }
  return undefined;
}

/** Closing bracket of `(`, `{`, `[`, `<`; `|`, `/` and `!` close themselves. */
function closeOf(open: number | undefined): number {
  switch (open) {
    case openParen:
      return 0x29;
    case 0x7b:
      return 0x7d;
    case openBracket:
      return 0x5d;
    case lessThan:
      return 0x3e;
    case 0x7c:
    case 0x21:
      return open;
    default:
      return 0;
  }
}

/** Offset of the bracket of `%q(value)`, `q{value}`, `qq|value|`, `[[value]]` (Ruby, Perl, Lua); -1 without. */
function bracketAt(bytes: Uint8Array, at: number): number {
  if (bytes[at] === openBracket) return bytes[at + 1] === openBracket ? at + 1 : -1;
  const isRuby = bytes[at] === 0x25;
  let i = isRuby ? at + 1 : at;
  const letters = i;
  while ((bytes[i] === 0x71 || (isRuby && bytes[i] === 0x51)) && i - letters < 2) i++;
  return i > letters && closeOf(bytes[i]) !== 0 ? i : -1;
}

/** Letters and signs before a quote that belong to the literal: `b"`, `rb'`, `@"`, `$@"`, `N'`, `L"`, `u8"`. */
function quoteBehindPrefix(bytes: Uint8Array, at: number): number {
  for (let length = 1; length <= 2; length++) {
    const before = bytes[at + length - 1];
    if (!isLetter(before) && before !== 0x40 && before !== 0x24) return -1;
    if (isQuote(bytes[at + length])) return at + length;
  }
  return -1;
}

/**
 * Where a string literal begins, its prefix (`b"`, `@"`, `N'`, `<<"`, `r#"`, `%q(`) skipped; else -1.
 * {@link literalValue} reads what stands there.
 */
export function literalAt(bytes: Uint8Array, at: number): number {
  const byte = bytes[at];
  if (isQuote(byte)) return at;
  if (byte === lessThan) return bytes[at + 1] === lessThan && isQuote(bytes[at + 2]) ? at + 2 : -1;
  // `r#"value"#` of Rust.
  if (byte === 0x72 && bytes[at + 1] === 0x23) {
    let i = at + 1;
    while (bytes[i] === 0x23 && i - at < 4) i++;
    return bytes[i] === 0x22 ? i : -1;
  }
  const quote = quoteBehindPrefix(bytes, at);
  return quote >= 0 ? quote : bracketAt(bytes, at);
}

/** The value of the literal that {@link literalAt} found at `at`; undefined when it does not end on its line. */
export function literalValue(bytes: Uint8Array, at: number): Value | undefined {
  return isQuote(bytes[at]) ? quotedValue(bytes, at) : delimited(bytes, at, closeOf(bytes[at]));
}

/** A literal at `at`, blanks before it skipped; undefined without one. */
export function literalFrom(bytes: Uint8Array, at: number): Value | undefined {
  const start = literalAt(bytes, skipBlanks(bytes, at));
  return start < 0 ? undefined : literalValue(bytes, start);
}

/** `<<EOF`, `<<-EOF`, `<<~'EOF'`: the one line between the mark and its repetition; undefined for more lines. */
export function heredocLine(bytes: Uint8Array, at: number): Value | undefined {
  if (bytes[at] !== lessThan || bytes[at + 1] !== lessThan) return undefined;
  let mark = at + 2;
  while (bytes[mark] === lessThan || bytes[mark] === 0x2d || bytes[mark] === 0x7e || isQuote(bytes[mark]))
    mark++;
  let markEnd = mark;
  while (isAlphanumeric(bytes[markEnd]) || bytes[markEnd] === 0x5f) markEnd++;
  if (markEnd === mark || markEnd - mark > 32) return undefined;
  let line = markEnd;
  while (line - markEnd < 8 && bytes[line] !== 0x0a && bytes[line] !== undefined) line++;
  if (bytes[line] !== 0x0a) return undefined;
  const start = skipBlanks(bytes, line + 1);
  let end = start;
  while (end - start < mostValueBytes && !isNewline(bytes[end]) && bytes[end] !== undefined) end++;
  const closing = skipSpace(bytes, end, mostLead);
  for (let i = 0; i < markEnd - mark; i++) if (bytes[closing + i] !== bytes[mark + i]) return undefined;
  while (end > start && isBlank(bytes[end - 1])) end--;
  return end > start ? { start, end, quote: singleQuote } : undefined;
}
