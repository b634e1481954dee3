/** Writes a derived text and its offset map side by side. */
import { OffsetMapBuilder } from './offset-map.js';
import type { OffsetMap } from './view.js';

export interface Rewritten {
  readonly bytes: Buffer;
  readonly map: OffsetMap;
}

/** Bytes up to which a loop copies faster than a call. */
const shortRun = 24;

export class ViewWriter {
  readonly #input: Buffer;
  readonly #builder = new OffsetMapBuilder();
  #output: Buffer;
  #length = 0;

  constructor(input: Buffer) {
    this.#input = input;
    this.#output = Buffer.allocUnsafe(input.length + 16);
  }

  /** Byte written last; 0 when there is none. */
  get last(): number {
    return this.#length === 0 ? 0 : (this.#output[this.#length - 1] as number);
  }

  copy(start: number, end: number): void {
    if (end <= start) return;
    this.#reserve(end - start);
    if (end - start <= shortRun) {
      for (let i = start; i < end; i++) this.#output[this.#length++] = this.#input[i] as number;
    } else {
      this.#input.copy(this.#output, this.#length, start, end);
      this.#length += end - start;
    }
    this.#builder.copy(start, end - start);
  }

  /** Puts `text` where the input has `[start, end)`; an empty text deletes it. */
  put(start: number, end: number, text: Uint8Array): void {
    this.#reserve(text.length);
    for (let i = 0; i < text.length; i++) this.#output[this.#length++] = text[i] as number;
    this.#builder.replace(start, end - start, text.length);
  }

  finish(): Rewritten {
    return { bytes: this.#output.subarray(0, this.#length), map: this.#builder.build() };
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#output.length) return;
    const larger = Buffer.allocUnsafe((this.#length + more) * 2);
    this.#output.copy(larger, 0, 0, this.#length);
    this.#output = larger;
  }
}

/** Table with 1 for each of `bytes`. */
export function byteTable(bytes: Iterable<number>): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of bytes) table[byte] = 1;
  return table;
}

/**
 * One pass that replaces some bytes. `step(input, at)` says what stands at `at`: undefined to copy one byte,
 * else the input's length and its text.
 * @param leads 1 for the bytes at which `step` may answer; it is asked at no other, of which most texts have
 *   none: that alone made reading a window again three times as fast
 */
export function rewrite(
  input: Buffer,
  leads: Uint8Array,
  step: (input: Buffer, at: number) => Replacement | undefined,
): Rewritten | undefined {
  let writer: ViewWriter | undefined;
  let copied = 0;
  for (let at = 0; at < input.length; ) {
    const found = leads[input[at] as number] === 0 ? undefined : step(input, at);
    if (found === undefined) {
      at++;
      continue;
    }
    writer ??= new ViewWriter(input);
    writer.copy(copied, at);
    writer.put(at, at + found.length, found.text);
    at += found.length;
    copied = at;
  }
  if (writer === undefined) return undefined;
  writer.copy(copied, input.length);
  return writer.finish();
}

/** `length` input bytes, at least 1, that stand for `text`. */
export interface Replacement {
  readonly length: number;
  readonly text: Uint8Array;
}
