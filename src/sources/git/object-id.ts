/** Object ids as bytes: 20 or 32 of them back to back in one array, never a string per object. */

export type ObjectFormat = 'sha1' | 'sha256';

export function oidBytesOf(format: ObjectFormat): number {
  return format === 'sha256' ? 32 : 20;
}

const hexDigits = Buffer.from('0123456789abcdef', 'latin1');
const nibbleOf = new Uint8Array(256);
for (let i = 0; i < 16; i++) nibbleOf[hexDigits[i] as number] = i;

/** Value of two hex digits at `at`; digits are not checked. */
export function hexByte(text: Uint8Array, at: number): number {
  return ((nibbleOf[text[at] as number] as number) << 4) | (nibbleOf[text[at + 1] as number] as number);
}

/** Decodes `bytes` bytes of hex at `from` into `into` at `at`. */
export function decodeHex(text: Uint8Array, from: number, into: Uint8Array, at: number, bytes: number): void {
  for (let i = 0; i < bytes; i++) into[at + i] = hexByte(text, from + 2 * i);
}

/** Ids back to back as lines of hex, what `cat-file` reads. */
export function oidLines(oids: Uint8Array, oidBytes: number, from: number, to: number): Buffer {
  const width = 2 * oidBytes + 1;
  const lines = Buffer.allocUnsafe((to - from) * width);
  let at = 0;
  for (let i = from * oidBytes; i < to * oidBytes; i++) {
    const byte = oids[i] as number;
    lines[at++] = hexDigits[byte >> 4] as number;
    lines[at++] = hexDigits[byte & 15] as number;
    if (at % width === width - 1) lines[at++] = 0x0a;
  }
  return lines;
}

export function oidHex(oids: Uint8Array, oidBytes: number, index: number): string {
  return Buffer.from(oids.buffer, oids.byteOffset + index * oidBytes, oidBytes).toString('hex');
}

export function oidsOfHex(hex: readonly string[], oidBytes: number): Uint8Array {
  const all = Buffer.alloc(hex.length * oidBytes);
  hex.forEach((text, i) => {
    all.write(text, i * oidBytes, oidBytes, 'hex');
  });
  return all;
}

/** Growing array of ids. */
export class OidList {
  readonly oidBytes: number;
  #bytes: Uint8Array;
  #count = 0;

  /** @param capacity small where nothing is known: an estate has thousands of small stores with lists of their own */
  constructor(oidBytes: number, capacity = 32) {
    this.oidBytes = oidBytes;
    this.#bytes = new Uint8Array(capacity * oidBytes);
  }

  get count(): number {
    return this.#count;
  }

  /** Ids back to back; a view, valid until the next push. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#count * this.oidBytes);
  }

  /** Appends the id written as hex at `from` of `text`. */
  pushHex(text: Uint8Array, from: number): void {
    decodeHex(text, from, this.#room(), this.#count * this.oidBytes, this.oidBytes);
    this.#count++;
  }

  push(oids: Uint8Array, from: number): void {
    const room = this.#room();
    for (let i = 0; i < this.oidBytes; i++) room[this.#count * this.oidBytes + i] = oids[from + i] as number;
    this.#count++;
  }

  clear(): void {
    this.#count = 0;
  }

  #room(): Uint8Array {
    if ((this.#count + 1) * this.oidBytes > this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    return this.#bytes;
  }
}
