/** The part of a JSON text that is being looked at, and the way from there to places in the file. */
import { isAscii, isUtf8 } from 'node:buffer';
import { characterLength, wholeCharactersEnd } from '../../text/utf8.js';
import { decodeText } from './decode-text.js';
import { newline } from './json-bytes.js';

/** What is kept of an unused buffer when less would do. */
const keptBytes = 4 << 20;

type Content = 'ascii' | 'utf-8' | 'mixed';
const order: readonly Content[] = ['ascii', 'utf-8', 'mixed'];

export class JsonWindow {
  /** Only `bytes[0, end)` counts. */
  bytes: Buffer = Buffer.alloc(0);
  end = 0;
  /** Number of `text` calls whose bytes no encoding explained. */
  undecodable = 0;
  #own: Buffer | undefined;
  #content: Content = 'ascii';
  /** Place in the file of `bytes[#placeIndex]`; grows with what is asked. */
  #place: number;
  #placeIndex = 0;
  #line = 1;
  /** Up to here there is no further newline. */
  #lineEnd = 0;
  readonly #isUtf16: boolean;

  /** @param isUtf16 true when the file is UTF-16, from which the bytes were made; @param start of the text in the file */
  constructor(isUtf16: boolean, start: number) {
    this.#isUtf16 = isUtf16;
    this.#place = start;
  }

  /** Drops `bytes[0, keepFrom)` and appends `chunk`. */
  push(chunk: Buffer, keepFrom: number): void {
    const from = Math.min(keepFrom, this.end);
    this.#moveTo(from);
    const rest = this.end - from;
    const content = isAscii(chunk) ? 'ascii' : isUtf8Piece(chunk) ? 'utf-8' : 'mixed';
    this.#content =
      rest === 0
        ? content
        : (order[Math.max(order.indexOf(content), order.indexOf(this.#content))] ?? content);
    if (rest === 0) {
      this.bytes = chunk;
      this.end = chunk.length;
      if ((this.#own?.length ?? 0) > keptBytes) this.#own = undefined;
      return;
    }
    const needed = rest + chunk.length;
    if (this.#own === undefined || this.#own.length < needed) {
      const larger = Buffer.allocUnsafe(Math.max(needed * 2, 1 << 16));
      this.bytes.copy(larger, 0, from, this.end);
      this.#own = larger;
    } else if (this.bytes === this.#own) this.#own.copyWithin(0, from, this.end);
    else this.bytes.copy(this.#own, 0, from, this.end);
    chunk.copy(this.#own, rest);
    this.bytes = this.#own;
    this.end = needed;
  }

  /** Offset in the file of `bytes[index]`. Cheap when asked in ascending order. */
  placeOf(index: number): number {
    if (!this.#isUtf16) return this.#place + index - this.#placeIndex;
    if (index >= this.#placeIndex) return this.#place + 2 * utf16Units(this.bytes, this.#placeIndex, index);
    return this.#place - 2 * utf16Units(this.bytes, index, this.#placeIndex);
  }

  /** Line, from 1, of `bytes[index]`; to be asked in ascending order. */
  lineOf(index: number): number {
    if (index <= this.#lineEnd) return this.#line;
    for (let at = this.#lineEnd; at < index; at++) if (this.bytes[at] === newline) this.#line++;
    const next = this.bytes.indexOf(newline, index);
    this.#lineEnd = next < 0 ? this.end : Math.min(next, this.end);
    return this.#line;
  }

  /** Tells of newlines that were counted already between an index asked of `lineOf` and a later one. */
  skipLines(to: number, newlines: number): void {
    if (newlines === 0) return;
    this.#line += newlines;
    this.#lineEnd = to;
  }

  /** True when not all of the bytes are UTF-8. */
  get isMixed(): boolean {
    return this.#content === 'mixed';
  }

  /** `bytes[from, to)` as text. */
  text(from: number, to: number): string {
    if (this.#content === 'ascii') return this.bytes.toString('latin1', from, to);
    if (this.#content === 'utf-8') return this.bytes.toString('utf8', from, to);
    const part = this.bytes.subarray(from, to);
    if (!isUtf8(part) && hasUtf8Sequence(part)) this.undecodable++;
    return textOfBytes(part);
  }

  /** Makes index `from` index 0 of places and lines. */
  #moveTo(from: number): void {
    this.#place = this.placeOf(from);
    this.#placeIndex = 0;
    this.lineOf(from);
    this.#lineEnd -= from;
  }
}

/** Text of bytes whose encoding nothing else tells: UTF-8, else windows-1252, else UTF-8 with replacements. */
export function textOfBytes(bytes: Buffer): string {
  if (isUtf8(bytes) || hasUtf8Sequence(bytes)) return bytes.toString('utf8');
  return decodeText(bytes, 'windows-1252');
}

function isUtf8Piece(bytes: Buffer): boolean {
  let start = 0;
  // The rest of a character that began in the piece before.
  while (start < 3 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start++;
  return isUtf8(bytes.subarray(start, start + wholeCharactersEnd(bytes.subarray(start))));
}

/** Whether any characters beyond ASCII are UTF-8; hardly ever by chance. */
function hasUtf8Sequence(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at++) {
    if ((bytes[at] as number) >= 0x80 && characterLength(bytes, at, bytes.length) > 1) return true;
  }
  return false;
}

/** UTF-16 code units of UTF-8 text. */
function utf16Units(bytes: Uint8Array, from: number, to: number): number {
  let units = 0;
  for (let at = from; at < to; at++) {
    const byte = bytes[at] as number;
    if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1;
  }
  return units;
}
