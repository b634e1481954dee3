/** Lines of a text file, streamed, each with its place in the bytes. */
import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';
import type { ExportFile } from './contract.js';
import { decodeText, encodingOf, type TextEncoding } from './decode-text.js';

export interface TextLine {
  /** Without its line end (LF or CRLF) and without a byte order mark at the start of the file. */
  readonly text: string;
  /** From 1. The pieces of an overlong line have one number. */
  readonly number: number;
  /** Byte range without the line end. */
  readonly start: number;
  readonly end: number;
  /** True for all pieces of an overlong line but the last: the next one goes on where this one ends. */
  readonly isCut: boolean;
  /** True when the bytes were not what the encoding of the file promises. */
  readonly isLossy: boolean;
}

export interface LineOptions {
  /** Lines longer than this come in pieces, so that memory stays bounded; default 1 MiB. */
  readonly maxBytes?: number;
  /**
   * For lines that are not UTF-8 in a file that is not UTF-16: label (WHATWG) of an encoding, or what decodes them;
   * default `windows-1252`.
   */
  readonly fallback?: string | ((bytes: Buffer) => string);
}

const defaultMaxBytes = 1024 * 1024;
/** How far back from the cap a piece may end to end after a blank. */
const blankWindow = 4096;
const lf = 0x0a;
const cr = 0x0d;

/**
 * Yields the lines that end in each chunk of the file together. UTF-8 and the fallback are told apart line by line:
 * chat logs mix them. U+2028, form feeds and lone carriage returns are text.
 */
export async function* readLines(
  file: ExportFile,
  options: LineOptions = {},
): AsyncGenerator<readonly TextLine[]> {
  const framer = new LineFramer(encodingOf(file.head), options);
  for await (const chunk of file.chunks()) {
    const lines = framer.push(chunk);
    if (lines.length > 0) yield lines;
  }
  const rest = framer.end();
  if (rest.length > 0) yield rest;
}

/** Cuts bytes into lines; for readers that get their bytes from elsewhere. */
export class LineFramer {
  readonly #encoding: TextEncoding;
  readonly #maxBytes: number;
  readonly #fallback: (bytes: Buffer) => string;
  readonly #width: 1 | 2;
  #lines: TextLine[] = [];
  /** Pieces of the line that has not ended yet. */
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  /** Half a UTF-16 unit at the end of a chunk. */
  #odd: Buffer | undefined;
  #number = 1;
  #start = 0;

  constructor(encoding: TextEncoding, options: LineOptions = {}) {
    const { fallback = 'windows-1252' } = options;
    this.#encoding = encoding;
    this.#maxBytes = Math.max(16, options.maxBytes ?? defaultMaxBytes) & ~1;
    this.#fallback = typeof fallback === 'function' ? fallback : decoderOf(fallback);
    this.#width = encoding === 'utf-16le' || encoding === 'utf-16be' ? 2 : 1;
  }

  push(chunk: Buffer): readonly TextLine[] {
    this.#lines = [];
    let bytes = chunk;
    if (this.#odd !== undefined) bytes = Buffer.concat([this.#odd, chunk]);
    this.#odd = undefined;
    if (this.#width === 2 && bytes.length % 2 === 1) {
      this.#odd = bytes.subarray(bytes.length - 1);
      bytes = bytes.subarray(0, bytes.length - 1);
    }
    let from = 0;
    for (let at = this.#lineFeed(bytes, 0); at >= 0; at = this.#lineFeed(bytes, from)) {
      this.#add(bytes.subarray(from, at));
      this.#finish(true);
      from = at + this.#width;
    }
    this.#add(bytes.subarray(from));
    return this.#lines;
  }

  end(): readonly TextLine[] {
    this.#lines = [];
    if (this.#odd !== undefined) this.#add(this.#odd);
    this.#odd = undefined;
    if (this.#pendingBytes > 0) this.#finish(false);
    return this.#lines;
  }

  #lineFeed(bytes: Buffer, from: number): number {
    if (this.#width === 1) return bytes.indexOf(lf, from);
    const isLittle = this.#encoding === 'utf-16le';
    for (let at = bytes.indexOf(lf, from); at >= 0; at = bytes.indexOf(lf, at + 1)) {
      const isLow = at % 2 === (isLittle ? 0 : 1);
      if (isLow && bytes[isLittle ? at + 1 : at - 1] === 0) return at & ~1;
    }
    return -1;
  }

  #add(bytes: Buffer): void {
    let rest = bytes;
    while (this.#pendingBytes + rest.length > this.#maxBytes) {
      const room = this.#maxBytes - this.#pendingBytes;
      this.#pending.push(rest.subarray(0, room));
      this.#pendingBytes += room;
      rest = rest.subarray(room);
      this.#cut();
    }
    if (rest.length === 0) return;
    this.#pending.push(rest);
    this.#pendingBytes += rest.length;
  }

  /** Gives the first piece of a line that has reached the cap, and keeps what follows the cut. */
  #cut(): void {
    const bytes = this.#take();
    const at = this.#width === 2 ? bytes.length : cutBefore(bytes);
    this.#give(bytes.subarray(0, at), true);
    this.#start += at;
    if (at < bytes.length) this.#pending.push(bytes.subarray(at));
    this.#pendingBytes = bytes.length - at;
  }

  #finish(hasLineEnd: boolean): void {
    const bytes = this.#take();
    const width = this.#width;
    const low = this.#encoding === 'utf-16be' ? bytes.length - 1 : bytes.length - width;
    const isCr =
      bytes.length >= width &&
      bytes[low] === cr &&
      (width === 1 || bytes[this.#encoding === 'utf-16be' ? low - 1 : low + 1] === 0);
    this.#give(isCr ? bytes.subarray(0, bytes.length - width) : bytes, false);
    this.#start += bytes.length + (hasLineEnd ? width : 0);
    this.#number++;
    this.#pendingBytes = 0;
  }

  #take(): Buffer {
    const [only] = this.#pending;
    const bytes = this.#pending.length === 1 && only !== undefined ? only : Buffer.concat(this.#pending);
    this.#pending = [];
    return bytes;
  }

  #give(bytes: Buffer, isCut: boolean): void {
    let isLossy = false;
    let text: string;
    if (this.#width === 2) {
      text = decodeText(bytes, this.#encoding);
      isLossy = text.includes('\ufffd');
    } else if (isUtf8(bytes)) {
      text = bytes.toString('utf8');
    } else {
      text = this.#fallback(bytes);
      isLossy = this.#encoding === 'utf-8';
    }
    if (this.#start === 0 && text.charCodeAt(0) === 0xfeff) text = text.slice(1);
    const { length } = bytes;
    this.#lines.push({
      text,
      number: this.#number,
      start: this.#start,
      end: this.#start + length,
      isCut,
      isLossy,
    });
  }
}

function decoderOf(label: string): (bytes: Buffer) => string {
  const decoder = new TextDecoder(label);
  return (bytes) => decoder.decode(bytes);
}

/** Where to cut: behind a blank near the end, else not within a UTF-8 character. */
function cutBefore(bytes: Buffer): number {
  const blank = bytes.lastIndexOf(0x20);
  if (blank > 0 && blank >= bytes.length - Math.min(blankWindow, bytes.length >> 1)) return blank + 1;
  let at = bytes.length;
  while (at > bytes.length - 4 && ((bytes[at] ?? 0x80) & 0xc0) === 0x80) at--;
  return at > 0 && at > bytes.length - 4 ? at : bytes.length;
}
