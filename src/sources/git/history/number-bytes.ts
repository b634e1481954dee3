/** Whole numbers as bytes: seven bits a byte, the least significant first; what may be negative goes zigzag. */

/** Growing bytes to which numbers are appended. */
export class NumberWriter {
  #bytes: Buffer = Buffer.allocUnsafe(1 << 16);
  #used = 0;

  get length(): number {
    return this.#used;
  }

  /** A view, valid until more is appended. */
  view(): Buffer {
    return this.#bytes.subarray(0, this.#used);
  }

  /** @param value from 0 to 2^53 - 1 */
  push(value: number): void {
    if (this.#used + 8 > this.#bytes.length) this.#grow(8);
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.#used++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#used++] = rest;
  }

  /** @param value from -2^52 to 2^52 - 1 */
  pushSigned(value: number): void {
    this.push(value < 0 ? -2 * value - 1 : 2 * value);
  }

  /** Appends the bytes with their number before them. */
  pushBytes(bytes: Uint8Array): void {
    this.push(bytes.length);
    if (this.#used + bytes.length > this.#bytes.length) this.#grow(bytes.length);
    this.#bytes.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  #grow(room: number): void {
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#used + room));
    larger.set(this.#bytes.subarray(0, this.#used));
    this.#bytes = larger;
  }
}

/** Reads what {@link NumberWriter} wrote; past the end, or in bytes that are none of it, it throws a RangeError. */
export class NumberReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  next(): number {
    const first = this.#bytes[this.#at++];
    if (first === undefined) throw new RangeError('numbers end early');
    if (first < 0x80) return first;
    let value = first & 0x7f;
    for (let scale = 0x80; scale < 2 ** 53; scale *= 0x80) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new RangeError('numbers end early');
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw new RangeError('number is too large');
  }

  nextSigned(): number {
    const value = this.next();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** A number below `end`. */
  nextBelow(end: number): number {
    const value = this.next();
    if (value >= end) throw new RangeError('number is out of range');
    return value;
  }

  /** A view on the bytes that were given. */
  nextBytes(): Uint8Array {
    const length = this.next();
    if (this.#at + length > this.#bytes.length) throw new RangeError('numbers end early');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}
