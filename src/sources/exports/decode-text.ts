/** Bytes of a file to text, in the order that works for exports: mark, NUL pattern, strict UTF-8, windows-1252. */
import { isAscii, isUtf8 } from 'node:buffer';
import { guessUtf16 } from '../../text/utf16-guess.js';
import { windows1252Text } from '../../text/windows-1252.js';

export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** Bytes looked at for a pattern of NULs. */
const patternBytes = 4096;

/** Encoding of a text by its first bytes; a character cut off at their end is forgiven. */
export function encodingOf(head: Buffer): TextEncoding {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8';
  let even = 0;
  let odd = 0;
  const end = Math.min(head.length & ~1, patternBytes);
  for (let i = 0; i < end; i += 2) {
    if (head[i] === 0) even++;
    if (head[i + 1] === 0) odd++;
  }
  if (end >= 8 && odd * 2 > end * 0.7 && even * 20 < end) return 'utf-16le';
  if (end >= 8 && even * 2 > end * 0.7 && odd * 20 < end) return 'utf-16be';
  const guessed = even + odd > 0 ? guessUtf16(head) : undefined;
  if (guessed !== undefined) return guessed;
  if (isAscii(head)) return 'utf-8';
  for (let cut = 0; cut < 4 && cut < head.length; cut++) {
    if (isUtf8(head.subarray(0, head.length - cut))) return 'utf-8';
  }
  return head.length === 0 ? 'utf-8' : 'windows-1252';
}

/** Text of a head, without its mark. */
export function decodeHead(head: Buffer): string {
  // A recogniser asks for it, its reader, and what cuts out records.
  if (head !== lastHead) {
    lastText = decodeText(head, encodingOf(head));
    lastHead = head;
  }
  return lastText;
}

let lastHead: Buffer | undefined;
let lastText = '';

/** Text of bytes in a known encoding, without a byte order mark; undecodable bytes become U+FFFD. */
export function decodeText(bytes: Buffer, encoding: TextEncoding): string {
  if (encoding === 'utf-8') {
    if (isAscii(bytes)) return bytes.toString('latin1');
    const text = bytes.toString('utf8');
    return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  }
  return encoding === 'windows-1252' ? windows1252Text(bytes) : new TextDecoder(encoding).decode(bytes);
}
