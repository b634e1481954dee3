/**
 * Open-addressing hash table from object id to its index in a list of ids lying back to back. Looks ids up
 * where they lie in a larger buffer: no string, no slice, no allocation per lookup.
 */
import { randomInt } from 'node:crypto';

/** Secret per process: a hostile index file could otherwise list ids that all fall into one slot. */
const seed = randomInt(1, 0x7fffffff) | 1;

export class OidTable {
  readonly oids: Uint8Array;
  readonly oidBytes: number;
  readonly count: number;
  /** Index + 1 by slot; 0 is empty. Made when the first id is looked for. */
  #slots: Int32Array | undefined;
  #mask = 0;

  constructor(oids: Uint8Array, oidBytes: number) {
    this.oids = oids;
    this.oidBytes = oidBytes;
    this.count = oids.length / oidBytes;
  }

  /** Index of the id that lies at `at` of `buffer`; -1 when it is not in the list. */
  find(buffer: Uint8Array, at: number): number {
    const slots = this.#slots ?? this.#fill();
    for (let slot = hashAt(buffer, at) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const index = (slots[slot] as number) - 1;
      if (index < 0) return -1;
      if (this.#equals(index, buffer, at)) return index;
    }
  }

  /** As {@link find}, with a guess: who asks in the order of the list pays a comparison. */
  findNear(guess: number, buffer: Uint8Array, at: number): number {
    return guess < this.count && this.#equals(guess, buffer, at) ? guess : this.find(buffer, at);
  }

  findHex(hex: string): number {
    if (hex.length !== 2 * this.oidBytes) return -1;
    return this.find(Buffer.from(hex, 'hex'), 0);
  }

  /** Below 0 when the id at `a` comes before that at `b`. */
  compare(a: number, b: number): number {
    for (let i = 0; i < this.oidBytes; i++) {
      const difference =
        (this.oids[a * this.oidBytes + i] as number) - (this.oids[b * this.oidBytes + i] as number);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  hexOf(index: number): string {
    return Buffer.from(
      this.oids.buffer,
      this.oids.byteOffset + index * this.oidBytes,
      this.oidBytes,
    ).toString('hex');
  }

  #fill(): Int32Array {
    let size = 64;
    while (size < this.count * 2) size *= 2;
    const slots = new Int32Array(size);
    this.#slots = slots;
    this.#mask = size - 1;
    for (let index = 0; index < this.count; index++) {
      let slot = hashAt(this.oids, index * this.oidBytes) & this.#mask;
      while ((slots[slot] as number) !== 0) slot = (slot + 1) & this.#mask;
      slots[slot] = index + 1;
    }
    return slots;
  }

  #equals(index: number, buffer: Uint8Array, at: number): boolean {
    const start = index * this.oidBytes;
    for (let i = 0; i < this.oidBytes; i++) {
      if (this.oids[start + i] !== buffer[at + i]) return false;
    }
    return true;
  }
}

/** Mixes twelve bytes; 20-byte ids are uniform already, the seed and the mixing are against hostile ones. */
function hashAt(b: Uint8Array, at: number): number {
  const x =
    (b[at] as number) |
    ((b[at + 1] as number) << 8) |
    ((b[at + 2] as number) << 16) |
    ((b[at + 3] as number) << 24);
  const y =
    (b[at + 8] as number) |
    ((b[at + 9] as number) << 8) |
    ((b[at + 10] as number) << 16) |
    ((b[at + 11] as number) << 24);
  let h = Math.imul(x ^ seed, 0x9e3779b1) ^ Math.imul(y + seed, 0x85ebca6b);
  h ^= h >>> 15;
  return Math.imul(h, 0xc2b2ae35) >>> 7;
}
