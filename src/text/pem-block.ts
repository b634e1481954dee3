/**
 * Reads one armoured block (`-----BEGIN … -----` to `-----END`) however its lines were carried: real
 * newlines, `\n` or `\\n` in a string, `<br>`, spaces, indentation, comment marks, concatenated literals,
 * arrays of strings. Linear, and at most {@link maxBlockBytes}.
 */
import type { Span } from '../model/span.js';
import { behindPrefix, type LinePrefix, prefixBefore } from './line-prefix.js';

/** Longest block: an OpenPGP key ring with pictures; RSA with 16,384 bits has 14 KB. */
export const maxBlockBytes = 262_144;

export interface PemBlock {
  /** Words between BEGIN and END as written, e.g. `RSA PRIVATE KEY`. */
  readonly label: string;
  /** From the first dash to the last one, or to the end of the body when END is missing. */
  readonly span: Span;
  /** Base64 characters of the body, padding included, nothing between. */
  readonly body: string;
  /** RFC 1421 headers of the block, names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly hasEnd: boolean;
  /** True when lines were not ended by plain newlines. */
  readonly isEscaped: boolean;
}

// A dash may have become a typographic one on its way through a chat: U+2010 to U+2015 in UTF-8.
const dash = '(?:-|\\xe2\\x80[\\x90-\\x95])';
const mark = (label: string): RegExp =>
  new RegExp(`${dash}{1,5}[ +]?BEGIN[ +_](${label})[ +]?${dash}{1,5}`, 'y');
/** What a block holds, by the words of its marks. */
export type PemContent = 'PRIVATE KEY' | 'CERTIFICATE' | 'PUBLIC';
const beginMarks: Readonly<Record<PemContent, RegExp>> = {
  'PRIVATE KEY': mark('(?:[A-Z0-9]{1,12}[ +_]){0,3}PRIVATE[ +_]KEY(?:[ +_]BLOCK)?'),
  CERTIFICATE: mark('CERTIFICATE'),
  PUBLIC: mark('(?:NEW[ +_])?CERTIFICATE[ +_]REQUEST|PKCS7|(?:RSA[ +_])?PUBLIC[ +_]KEY'),
};
const headerLine =
  /([A-Za-z][A-Za-z0-9-]{2,24}): ?((?:(?!\\{1,8}(?:r\\{1,8})?n|<br)[^\r\n]){0,256}?)(?:\r?\n|\\{1,8}(?:r\\{1,8})?n|<br ?\/?>)/y;
const bareHeader = /(Proc-Type): ?(4,ENCRYPTED)\s|(DEK-Info): ?([A-Z0-9-]{3,20},[0-9A-Fa-f]{8,64})\s/y;

/** The block whose BEGIN mark starts at or shortly before `hit`; undefined when there is none. */
export function readPemBlock(
  bytes: Buffer,
  hit: number,
  content: PemContent = 'PRIVATE KEY',
): PemBlock | undefined {
  const begin = findBegin(bytes, hit, beginMarks[content]);
  if (begin === undefined) return undefined;
  const prefix = prefixBefore(bytes, begin.start);
  let reader = readBody(bytes, begin.end, usualBlockBytes, prefix);
  if (reader.isAtEnd) reader = readBody(bytes, begin.end, maxBlockBytes, prefix);
  const end = begin.end + reader.end;
  return {
    label: begin.label,
    span: { start: begin.start, end },
    body: reader.body,
    headers: reader.headers,
    hasEnd: reader.hasEnd,
    isEscaped: reader.isEscaped,
  };
}

/** Most blocks are shorter: a text of BEGIN marks must not cost {@link maxBlockBytes} for each. */
const usualBlockBytes = 4096;

function readBody(bytes: Buffer, start: number, length: number, prefix: LinePrefix): BodyReader {
  const reader = new BodyReader(
    bytes.toString('latin1', start, Math.min(bytes.length, start + length)),
    prefix,
  );
  reader.readHeaders();
  reader.readBody();
  return reader;
}

interface Begin {
  readonly start: number;
  readonly end: number;
  readonly label: string;
}

/** A keyword hit lies somewhere in the mark; the mark is at most 100 bytes. */
function findBegin(bytes: Buffer, hit: number, beginMark: RegExp): Begin | undefined {
  const from = Math.max(0, hit - 100);
  const text = bytes.toString('latin1', from, Math.min(bytes.length, hit + 100));
  for (let at = text.lastIndexOf('BEGIN', hit - from + 40); at >= 0; at = text.lastIndexOf('BEGIN', at - 1)) {
    let start = at;
    while (start > 0 && at - start < 16 && /[-+ \xe2\x80\x90-\x95]/.test(text[start - 1] as string)) start--;
    for (; start < at; start++) {
      beginMark.lastIndex = start;
      const match = beginMark.exec(text);
      if (match === null) continue;
      const end = from + start + match[0].length;
      if (end < hit) return undefined;
      return { start: from + start, end, label: (match[1] ?? '').replace(/[+_]/g, ' ') };
    }
    if (at === 0) break;
  }
  return undefined;
}

const isBodyByte = new Uint8Array(256);
for (const byte of Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/='))
  isBodyByte[byte] = 1;

const dashAt = new RegExp(`^${dash}`);
/** Bytes above ASCII that are skipped in one block. */
const maxDamagedBytes = 1024;

/** `+`, `/` or `=` written as an escape or a character reference. */
const escapedBodyByte = /\\{1,8}u00(2b|2f|3d)|&#(?:x(2b|2f|3d)|(43|47|61));/iy;
const endMark = new RegExp(`${dash}{1,5}[ +]?(END|BEGIN)(?:[ +_A-Z0-9]{0,60}${dash}{1,5})?`, 'y');

class BodyReader {
  readonly headers: Map<string, string> = new Map();
  body = '';
  /** Offset behind the block in the text after the BEGIN mark. */
  end = 0;
  hasEnd = false;
  isEscaped = false;
  readonly #text: string;
  readonly #prefix: LinePrefix;
  #at = 0;
  #damaged = 0;
  /** A quote or bracket was seen since the last body character: operators are no base64 now. */
  #isBetweenStrings = false;

  constructor(text: string, prefix: LinePrefix) {
    this.#text = text;
    this.#prefix = prefix;
  }

  /** True when the text ended before the block did, so that more of it may be needed. */
  get isAtEnd(): boolean {
    return this.#at + 80 >= this.#text.length;
  }

  readHeaders(): void {
    for (let count = 0; count < 16; count++) {
      this.#skipGaps();
      bareHeader.lastIndex = this.#at;
      headerLine.lastIndex = this.#at;
      const bare = bareHeader.exec(this.#text);
      const match = bare ?? headerLine.exec(this.#text);
      if (match === null) return;
      this.headers.set((match[1] ?? match[3] ?? '').toLowerCase(), match[2] ?? match[4] ?? '');
      // The separator after it is left for #skipGaps, so that the line prefix is seen.
      this.#at += match[0].length - (bare === null ? trailingBreak(match[0]) : 1);
    }
  }

  readBody(): void {
    const pieces: string[] = [];
    while (this.#at < this.#text.length) {
      this.#skipGaps();
      if (this.#readEnd()) break;
      const piece = this.#readPiece();
      if (piece === '') break;
      pieces.push(piece);
      this.end = this.#at;
    }
    this.body = pieces.join('');
  }

  #readPiece(): string {
    const text = this.#text;
    const start = this.#at;
    escapedBodyByte.lastIndex = start;
    const escaped = escapedBodyByte.exec(text);
    if (escaped !== null) {
      this.isEscaped = true;
      this.#at += escaped[0].length;
      const hex = escaped[1] ?? escaped[2];
      return String.fromCharCode(hex === undefined ? Number(escaped[3]) : Number.parseInt(hex, 16));
    }
    let at = start;
    while (at < text.length && isBodyByte[text.charCodeAt(at)] === 1) at++;
    this.#at = at;
    return text.slice(start, at);
  }

  /** The END mark, whose label may be damaged; a BEGIN mark instead ends the body without one. */
  #readEnd(): boolean {
    endMark.lastIndex = this.#at;
    const match = endMark.exec(this.#text);
    if (match === null) return false;
    if (match[1] === 'END') {
      this.hasEnd = true;
      this.end = this.#at + match[0].length;
    }
    return true;
  }

  #skipGaps(): void {
    for (;;) {
      const length = this.#gapLength();
      if (length === 0) return;
      this.#at += length;
    }
  }

  #gapLength(): number {
    const text = this.#text;
    const at = this.#at;
    const char = text[at];
    switch (char) {
      case '\n':
        return 1 + behindPrefix(this.#prefix, text, at + 1);
      case ' ':
      case '\t':
      case '\r':
        return 1;
      case '"':
      case "'":
      case '`':
        this.#isBetweenStrings = !this.#isBetweenStrings;
        this.isEscaped = true;
        return 1;
      case '[':
      case ']':
      case '(':
      case ')':
        this.#isBetweenStrings = true;
        return 1;
      case '\\':
        return this.#escapeLength();
      case '<':
        return this.#tagLength();
      case '&':
        return /^&(?:#10|#13|#x[aAdD]|nbsp);/.exec(text.slice(at, at + 6))?.[0].length ?? 0;
      case '+':
      case ',':
      case '.':
      case ';':
        return this.#isBetweenStrings ? 1 : 0;
      default:
        return this.#damageLength();
    }
  }

  /** Bytes that cannot stand in armour and are no mark: zero-width characters, a byte gone wrong. */
  #damageLength(): number {
    const code = this.#text.charCodeAt(this.#at);
    if (
      code < 0x80 ||
      this.#damaged >= maxDamagedBytes ||
      dashAt.test(this.#text.slice(this.#at, this.#at + 3))
    ) {
      return 0;
    }
    this.#damaged++;
    return 1;
  }

  /** `\n`, `\\r\\n`, `\/` (of which the slash stays), `\` at a line's end, `\u000a`. */
  #escapeLength(): number {
    const text = this.#text;
    let at = this.#at;
    while (text[at] === '\\' && at - this.#at < 8) at++;
    escapedBodyByte.lastIndex = this.#at;
    if (escapedBodyByte.test(text)) return 0;
    this.isEscaped = true;
    const letter = text[at];
    if (letter === 'n') return at + 1 - this.#at + behindPrefix(this.#prefix, text, at + 1);
    if (letter === 'r' || letter === 't') return at + 1 - this.#at;
    if (/^u000[aAdD]/.test(text.slice(at, at + 5))) return at + 5 - this.#at;
    return at - this.#at;
  }

  #tagLength(): number {
    const tag = /^<\/?[a-zA-Z]{1,10}[^<>\n]{0,64}>/.exec(this.#text.slice(this.#at, this.#at + 80));
    if (tag === null) return 0;
    this.isEscaped = true;
    return tag[0].length;
  }
}

function trailingBreak(header: string): number {
  return /(?:\r?\n|\\{1,8}(?:r\\{1,8})?n|<br ?\/?>)$/.exec(header)?.[0].length ?? 0;
}
