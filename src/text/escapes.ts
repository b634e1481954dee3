/**
 * The escapings that carry secrets through other syntaxes, each as a function from a short text to the text
 * without one layer of it. All are total: what is no escape of theirs stays as it is.
 */
import { entityText } from './entities.js';
import { byteTable, type Replacement, type Rewritten, rewrite } from './view-writer.js';

const backslash = 0x5c;
const empty = Buffer.alloc(0);

const backslashes = byteTable([backslash]);
const percents = byteTable([0x25]);
const ampersands = byteTable([0x26]);
const equalsSigns = byteTable([0x3d]);
const shellLeads = byteTable([0x27, backslash]);
const lessThans = byteTable([0x3c]);

const hexDigits = new Int8Array(256).fill(-1);
for (let i = 0; i < 10; i++) hexDigits[0x30 + i] = i;
for (let i = 0; i < 6; i++) {
  hexDigits[0x41 + i] = 10 + i;
  hexDigits[0x61 + i] = 10 + i;
}

/** Value of `count` hex digits at `at`; -1 when one of them is none. */
function hexAt(input: Uint8Array, at: number, count: number): number {
  if (at + count > input.length) return -1;
  let value = 0;
  for (let i = 0; i < count; i++) {
    const digit = hexDigits[input[at + i] as number] as number;
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

function utf8Of(codePoint: number): Buffer {
  const isCharacter = codePoint <= 0x10ffff && (codePoint < 0xd800 || codePoint > 0xdfff);
  return Buffer.from(String.fromCodePoint(isCharacter ? codePoint : 0xfffd), 'utf8');
}

const simpleEscapes = new Map<number, Buffer>(
  Object.entries({ n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', v: '\v', '0': '\0', a: '\x07' }).map(
    ([letter, text]) => [letter.charCodeAt(0), Buffer.from(text)],
  ),
);
for (const self of '"\'`/\\') simpleEscapes.set(self.charCodeAt(0), Buffer.from(self));

/** `\uXXXX` (a surrogate pair counts as one), `\u{X…}`, `\UXXXXXXXX`, `\xXX`. */
function numericEscape(input: Buffer, at: number): Replacement | undefined {
  const letter = input[at + 1];
  if (letter === 0x78 /* x */) {
    const value = hexAt(input, at + 2, 2);
    return value < 0 ? undefined : { length: 4, text: Buffer.of(value) };
  }
  if (letter === 0x55 /* U */) {
    const value = hexAt(input, at + 2, 8);
    return value < 0 ? undefined : { length: 10, text: utf8Of(value) };
  }
  if (letter !== 0x75 /* u */) return undefined;
  if (input[at + 2] === 0x7b /* { */) return bracedEscape(input, at);
  const first = hexAt(input, at + 2, 4);
  if (first < 0) return undefined;
  if (first >= 0xd800 && first < 0xdc00 && input[at + 6] === backslash && input[at + 7] === 0x75) {
    const second = hexAt(input, at + 8, 4);
    if (second >= 0xdc00 && second < 0xe000) {
      return { length: 12, text: utf8Of(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)) };
    }
  }
  return { length: 6, text: utf8Of(first) };
}

function bracedEscape(input: Buffer, at: number): Replacement | undefined {
  const close = input.indexOf(0x7d, at + 3);
  if (close < at + 4 || close > at + 9) return undefined;
  const value = hexAt(input, at + 3, close - at - 3);
  return value < 0 ? undefined : { length: close + 1 - at, text: utf8Of(value) };
}

/** JSON, JavaScript, C, Java, Python and YAML double-quoted escapes; others, such as `\d`, stay. */
export function undoJsonEscapes(input: Buffer): Rewritten | undefined {
  return rewrite(input, backslashes, (text, at) => {
    const simple = simpleEscapes.get(text[at + 1] ?? -1);
    return simple === undefined ? numericEscape(text, at) : { length: 2, text: simple };
  });
}

/** `%XX`. A `+` stays: it is a space only in form bodies. */
export function undoPercent(input: Buffer): Rewritten | undefined {
  return rewrite(input, percents, (text, at) => {
    const value = hexAt(text, at + 1, 2);
    return value < 0 ? undefined : { length: 3, text: Buffer.of(value) };
  });
}

/** Longest reference that is looked for, with `&` and `;`. */
const longestReference = 12;

/** The references of nearly all texts, by the first letter of their name. */
const commonReferences: (Replacement & { readonly written: Uint8Array })[] = [];
for (const [name, text] of [
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['nbsp', ' '],
] as const) {
  const written = Buffer.from(`&${name};`);
  commonReferences[name.charCodeAt(0)] = { length: written.length, text: Buffer.from(text), written };
}

function isWrittenAt(input: Uint8Array, at: number, written: Uint8Array): boolean {
  for (let i = 1; i < written.length; i++) if (input[at + i] !== written[i]) return false;
  return true;
}

/** The character reference at `at`, a `&`; undefined when it is none that is known. */
export function referenceAt(input: Buffer, at: number): Replacement | undefined {
  const common = commonReferences[input[at + 1] as number];
  if (common !== undefined && isWrittenAt(input, at, common.written)) return common;
  const limit = Math.min(input.length, at + longestReference);
  let end = at + 1;
  while (end < limit && input[end] !== 0x3b && (input[end] as number) > 0x20 && input[end] !== 0x26) end++;
  if (end >= limit || input[end] !== 0x3b || end < at + 3) return undefined;
  const text = entityText(input.toString('latin1', at + 1, end));
  return text === undefined ? undefined : { length: end + 1 - at, text };
}

/** Numeric and common named references of XML and HTML. No entity of a document is ever resolved. */
export function undoEntities(input: Buffer): Rewritten | undefined {
  return rewrite(input, ampersands, referenceAt);
}

/** Quoted-printable (RFC 2045 §6.7), only where `=3D` or a soft line break shows that it is used. */
export function undoQuotedPrintable(input: Buffer): Rewritten | undefined {
  if (!input.includes('=3D') && !input.includes('=\n') && !input.includes('=\r\n')) return undefined;
  return rewrite(input, equalsSigns, (text, at) => {
    if (text[at + 1] === 0x0a) return { length: 2, text: empty };
    if (text[at + 1] === 0x0d && text[at + 2] === 0x0a) return { length: 3, text: empty };
    const value = hexAt(text, at + 1, 2);
    return value < 0 ? undefined : { length: 3, text: Buffer.of(value) };
  });
}

function isPunctuationOrSpace(byte: number): boolean {
  const isAlphanumeric =
    (byte >= 0x30 && byte < 0x3a) || (byte >= 0x41 && byte < 0x5b) || (byte >= 0x61 && byte < 0x7b);
  return byte >= 0x20 && byte < 0x7f && !isAlphanumeric;
}

const quoteBreaks: readonly (readonly [string, Buffer])[] = [
  ["'\\''", Buffer.from("'")],
  ["'\"'\"'", Buffer.from("'")],
];

/**
 * A backslash before punctuation, as in shells, `.properties`, Markdown and wiki markup; a backslash at a
 * line's end; the `'\''` that writes a quote inside single quotes.
 */
export function undoShellEscapes(input: Buffer): Rewritten | undefined {
  return rewrite(input, shellLeads, (text, at) => {
    if (text[at] === 0x27) {
      for (const [written, meant] of quoteBreaks) {
        if (text.toString('latin1', at, at + written.length) === written)
          return { length: written.length, text: meant };
      }
      return undefined;
    }
    const next = text[at + 1] ?? 0;
    if (next === 0x0a) return { length: 2, text: empty };
    if (next === 0x0d && text[at + 2] === 0x0a) return { length: 3, text: empty };
    return isPunctuationOrSpace(next) ? { length: 2, text: Buffer.of(next) } : undefined;
  });
}

const linkStarts = ['http://', 'https://', 'mailto:', 'ftp://', 'tel:'];

/** Slack's `<url|label>` and `<mailto:a@b|a@b>` become what the author typed, the label; `<url>` the URL. */
export function undoLinkMangling(input: Buffer): Rewritten | undefined {
  return rewrite(input, lessThans, (text, at) => {
    const close = text.subarray(at, at + 2048).indexOf(0x3e);
    if (close < 6) return undefined;
    const inner = text.subarray(at + 1, at + close);
    const head = inner.toString('latin1', 0, 8).toLowerCase();
    const start = linkStarts.find((candidate) => head.startsWith(candidate));
    if (start === undefined) return undefined;
    const bar = inner.indexOf(0x7c);
    if (bar >= 0) return { length: close + 1, text: inner.subarray(bar + 1) };
    const isAddress = start === 'mailto:' || start === 'tel:';
    return { length: close + 1, text: isAddress ? inner.subarray(start.length) : inner };
  });
}
