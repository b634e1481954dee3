/** Pulls exact numbers of bytes out of a stream of chunks. */
import type { Chunks } from './inflate.js';

export class ByteQueue {
  readonly #source: AsyncIterator<Buffer> | Iterator<Buffer>;
  #current: Buffer = Buffer.alloc(0);
  /** Bytes taken so far. */
  position = 0;

  constructor(source: Chunks) {
    this.#source =
      Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  }

  /** Gives the next `length` bytes, fewer at the end of the stream. */
  async read(length: number): Promise<Buffer> {
    if (this.#current.length >= length) return this.#take(length);
    const pieces: Buffer[] = [];
    let missing = length;
    while (missing > 0 && (await this.#fill())) {
      const piece = this.#take(Math.min(missing, this.#current.length));
      missing -= piece.length;
      pieces.push(piece);
    }
    return pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
  }

  /** Passes the next `length` bytes on in pieces, fewer at the end of the stream. */
  async *pieces(length: number): AsyncGenerator<Buffer> {
    let missing = length;
    while (missing > 0 && (await this.#fill())) {
      const piece = this.#take(Math.min(missing, this.#current.length));
      missing -= piece.length;
      yield piece;
    }
  }

  /** Drops `length` bytes; gives how many there were. */
  async skip(length: number): Promise<number> {
    let skipped = 0;
    for await (const piece of this.pieces(length)) skipped += piece.length;
    return skipped;
  }

  async close(): Promise<void> {
    await this.#source.return?.();
  }

  #take(length: number): Buffer {
    const piece = this.#current.subarray(0, length);
    this.#current = this.#current.subarray(length);
    this.position += piece.length;
    return piece;
  }

  async #fill(): Promise<boolean> {
    while (this.#current.length === 0) {
      const next = await this.#source.next();
      if (next.done === true) return false;
      this.#current = next.value;
    }
    return true;
  }
}
