/** Gives each distinct entry name of a tree a small number, so that names are compared as integers. */
import { randomInt } from 'node:crypto';
import { IntList } from './int-list.js';

const seed = randomInt(1, 0x7fffffff);

/** Begins small: an estate has thousands of small stores, each with a table of its own. */
export class NameTable {
  #bytes: Buffer = Buffer.allocUnsafe(1 << 11);
  #used = 0;
  /** Start of each name; one more than there are names. */
  readonly #starts = new IntList();
  readonly #hashes = new IntList();
  #slots: Int32Array = new Int32Array(1 << 8);

  constructor() {
    this.#starts.push(0);
  }

  get count(): number {
    return this.#hashes.length;
  }

  /** Number of the name `buffer[start, end)`; a new one is added. */
  intern(buffer: Uint8Array, start: number, end: number): number {
    let hash = seed;
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ (buffer[i] as number), 0x01000193);
    hash ^= hash >>> 15;
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const id = (this.#slots[slot] as number) - 1;
      if (id < 0) {
        this.#slots[slot] = this.count + 1;
        return this.#append(buffer, start, end, hash);
      }
      if (this.#hashes.at(id) === hash && this.#equals(id, buffer, start, end)) return id;
    }
  }

  /** Another number for the same bytes, which {@link intern} never gives. */
  alias(id: number): number {
    const alias = this.count;
    const length = this.#starts.at(id + 1) - this.#starts.at(id);
    this.#reserve(length);
    this.#bytes.copyWithin(this.#used, this.#starts.at(id), this.#starts.at(id + 1));
    this.#used += length;
    this.#starts.push(this.#used);
    this.#hashes.push(this.#hashes.at(id));
    return alias;
  }

  /** Bytes of a name; a view on the table. */
  nameOf(id: number): Buffer {
    return this.#bytes.subarray(this.#starts.at(id), this.#starts.at(id + 1));
  }

  #append(buffer: Uint8Array, start: number, end: number, hash: number): number {
    this.#reserve(end - start);
    for (let i = start; i < end; i++) this.#bytes[this.#used++] = buffer[i] as number;
    const id = this.count;
    this.#starts.push(this.#used);
    this.#hashes.push(hash);
    if (this.count * 2 > this.#slots.length) this.#grow();
    return id;
  }

  #reserve(length: number): void {
    if (this.#used + length <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#used + length));
    this.#bytes.copy(larger, 0, 0, this.#used);
    this.#bytes = larger;
  }

  #grow(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let id = 0; id < this.count; id++) {
      let slot = this.#hashes.at(id) & mask;
      while ((slots[slot] as number) !== 0) slot = (slot + 1) & mask;
      slots[slot] = id + 1;
    }
    this.#slots = slots;
  }

  #equals(id: number, buffer: Uint8Array, start: number, end: number): boolean {
    const from = this.#starts.at(id);
    if (this.#starts.at(id + 1) - from !== end - start) return false;
    for (let i = start; i < end; i++) {
      if (this.#bytes[from + i - start] !== buffer[i]) return false;
    }
    return true;
  }
}
