/**
 * Decides a document's encoding, once and before anything else is read from it, and gives the view that
 * detectors work on.
 *
 * Order: byte order mark, a known binary file type, NULs of UTF-16 without a mark, control bytes, strict
 * UTF-8, else one byte a character. The first 8 KB decide `binary` (as in git): a payload behind a text head
 * must not hide the head, and a text behind a binary head is no document of its own.
 *
 * Text without a NUL costs two native passes at memory speed (memchr over the head, UTF-8 validation over
 * all); bytes are counted in JavaScript only when one of these says that something is odd.
 */
import { isAscii, isUtf8 } from 'node:buffer';
import type { Encoding } from './encoding.js';
import { identityMap } from './offset-map.js';
import { wholeCharactersEnd } from './utf8.js';
import { hasUtf16Mark, utf16ToUtf8 } from './utf16.js';
import { guessUtf16 } from './utf16-guess.js';
import type { TextView } from './view.js';
import { windows1252CodePoint } from './windows-1252.js';

/** Bytes at the start of a document that decide between text and binary. */
export const headBytes = 8192;

/** More NULs than this share are no text; `environ` dumps and `find -print0` stay below. */
const maxNulShare = 0.12;
/** More other control bytes than this share are no text; random bytes have 10 %. */
const maxControlShare = 0.04;

/** Starts of binary files that could pass for Latin-1 or UTF-8 text. Sources unpack archives before this. */
const magics: readonly (readonly number[])[] = [
  [0x89, 0x50, 0x4e, 0x47], // PNG
  [0xff, 0xd8, 0xff], // JPEG
  [0x47, 0x49, 0x46, 0x38], // GIF
  [0x7f, 0x45, 0x4c, 0x46], // ELF
  [0xfe, 0xed, 0xfa, 0xce], // Mach-O
  [0xfe, 0xed, 0xfa, 0xcf],
  [0xce, 0xfa, 0xed, 0xfe],
  [0xcf, 0xfa, 0xed, 0xfe],
  [0xca, 0xfe, 0xba, 0xbe], // Java class, universal Mach-O
  [0x50, 0x4b, 0x03, 0x04], // zip
  [0x1f, 0x8b, 0x08], // gzip
  [0x42, 0x5a, 0x68, 0x39, 0x31, 0x41, 0x59], // bzip2
  [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], // xz
  [0x28, 0xb5, 0x2f, 0xfd], // zstd
  [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], // 7z
  [0x25, 0x50, 0x44, 0x46, 0x2d], // PDF
  [0x77, 0x4f, 0x46, 0x46], // WOFF
  [0x77, 0x4f, 0x46, 0x32], // WOFF2
  [0x00, 0x61, 0x73, 0x6d], // WebAssembly
  [0xd0, 0xcf, 0x11, 0xe0], // OLE
  [0x49, 0x44, 0x33, 0x03], // MP3
  [0x4f, 0x67, 0x67, 0x53, 0x00], // Ogg
];
const magicStarts = new Uint8Array(256);
for (const magic of magics) magicStarts[magic[0] ?? 0] = 1;

function hasMagic(bytes: Buffer): boolean {
  if (magicStarts[bytes[0] ?? 0] === 0) return false;
  return magics.some((magic) => magic.every((byte, i) => bytes[i] === byte));
}

/** Control bytes that no text holds: not tab, newline, form feed, carriage return, backspace, bell, escape. */
function isOddControl(byte: number): boolean {
  return (byte < 7 && byte > 0) || (byte > 13 && byte < 32 && byte !== 27) || byte === 127;
}

interface HeadCounts {
  readonly nulEven: number;
  readonly nulOdd: number;
  readonly controls: number;
  readonly length: number;
}

function countHead(bytes: Buffer): HeadCounts {
  const length = Math.min(bytes.length, headBytes);
  let nulEven = 0;
  let nulOdd = 0;
  let controls = 0;
  for (let i = 0; i < length; i++) {
    const byte = bytes[i] as number;
    if (byte === 0) {
      if ((i & 1) === 0) nulEven++;
      else nulOdd++;
    } else if (isOddControl(byte)) controls++;
  }
  return { nulEven, nulOdd, controls, length };
}

/** UTF-16 without a mark: most characters below U+0100, so every second byte is NUL, and few others are. */
function utf16WithoutMark(head: HeadCounts): Encoding | undefined {
  const half = head.length / 2;
  if (half < 2 || head.controls > half * 0.02) return undefined;
  if (head.nulOdd > half * 0.4 && head.nulEven <= half * 0.01) return 'utf-16le';
  if (head.nulEven > half * 0.4 && head.nulOdd <= half * 0.01) return 'utf-16be';
  return undefined;
}

/**
 * Decides the encoding from a document, or from the first segment of a large one (a character that is cut
 * off at the end does not make it invalid).
 */
export function decideEncoding(bytes: Buffer): Encoding {
  if (bytes.length === 0) return 'ascii';
  if (hasUtf16Mark(bytes)) {
    // FF FE 00 00 is UTF-32, which nothing here reads.
    if (bytes[0] === 0xff && bytes[2] === 0 && bytes[3] === 0) return 'binary';
    return bytes[0] === 0xff ? 'utf-16le' : 'utf-16be';
  }
  if (hasMagic(bytes)) return 'binary';
  const firstNul = bytes.indexOf(0);
  const hasNul = firstNul !== -1 && firstNul < headBytes;
  const text = textEncoding(bytes);
  if (!hasNul && text !== 'latin-1') return text;
  const head = countHead(bytes);
  const utf16 = hasNul ? (utf16WithoutMark(head) ?? guessUtf16(bytes.subarray(0, headBytes))) : undefined;
  if (utf16 !== undefined) return utf16;
  const nuls = head.nulEven + head.nulOdd;
  // Up to two odd bytes are an accident even in the shortest text.
  if (nuls > Math.max(2, head.length * maxNulShare)) return 'binary';
  return head.controls > Math.max(2, head.length * maxControlShare) ? 'binary' : text;
}

/**
 * As {@link decideEncoding}, for a document that has most of its text from another one.
 * @param base the other one's encoding
 * @param changed gives pairs (start, end): whole lines, outside which all was copied from the other in whole lines
 * @param seen what is known of the bytes already: whether the head has a NUL, and a changed line bytes above ASCII
 */
export function encodingAfter(
  base: Encoding,
  bytes: Buffer,
  changed: () => readonly number[],
  seen?: { readonly hasNul: boolean; readonly hasHigh: boolean },
): Encoding {
  const isText = base === 'ascii' || base === 'utf-8';
  const hasNul = (): boolean => seen?.hasNul ?? bytes.subarray(0, headBytes).includes(0);
  if (!isText || hasMagic(bytes) || hasUtf16Mark(bytes) || hasNul()) return decideEncoding(bytes);
  const lines = seen?.hasHigh === false ? [] : changed();
  let isPlain = base === 'ascii';
  for (let i = 0; i < lines.length; i += 2) {
    const part = bytes.subarray(lines[i], lines[i + 1]);
    if (isAscii(part)) continue;
    if (!isUtf8(part)) return decideEncoding(bytes);
    isPlain = false;
  }
  return isPlain || (base === 'utf-8' && isAscii(bytes)) ? 'ascii' : 'utf-8';
}

function textEncoding(bytes: Buffer): 'ascii' | 'utf-8' | 'latin-1' {
  if (isAscii(bytes)) return 'ascii';
  if (isUtf8(bytes)) return 'utf-8';
  const end = wholeCharactersEnd(bytes);
  return end < bytes.length && end > 0 && isUtf8(bytes.subarray(0, end)) ? 'utf-8' : 'latin-1';
}

/**
 * The view that detectors read: UTF-16 becomes UTF-8, everything else stays as it lies. Latin-1 is not
 * rewritten: all syntax is ASCII, and {@link valueAsUtf8} does the few bytes of a value.
 */
export function documentView(bytes: Buffer, encoding: Encoding): TextView {
  if (encoding === 'utf-16le' || encoding === 'utf-16be') {
    const { text, map } = utf16ToUtf8(bytes, encoding);
    return { bytes: text, map, view: 'decoded', spelling: ['utf-16'] };
  }
  return { bytes, map: identityMap(bytes.length), view: 'raw', spelling: [] };
}

/**
 * A value's bytes as UTF-8, so that `café` from a Latin-1 file and from a UTF-8 file is one secret. Bytes
 * that are valid UTF-8 already stay, and so do those with control bytes, which are no text but the inside of
 * a key; others are read as windows-1252.
 */
export function valueAsUtf8(value: Buffer): Buffer {
  if (isUtf8(value) || value.some((byte) => byte === 0 || isOddControl(byte))) return value;
  let text = '';
  for (const byte of value) text += String.fromCharCode(windows1252CodePoint(byte));
  return Buffer.from(text, 'utf8');
}
