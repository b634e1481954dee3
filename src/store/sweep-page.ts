/**
 * How a page of the sweep index is written. A posting is (tag, chunk, number of a mask in its chunk's list);
 * postings are sorted by tag, then chunk. Each is written as
 *
 *   varint(mask · 2 + 1 when the tag is that of the posting before), the tag's distance unless so,
 *   zigzag varint of the chunk's distance
 *
 * and each page starts anew from tag 0 and chunk 0. So a run that stands in many files costs two bytes a
 * chunk, and one that stands in one file some nine, where a row a posting costs 24.
 */

/** Bytes of a page; with the columns beside it, it fills one leaf of the tree and needs no overflow page. */
const maxPageBytes = 4000;

/** No posting is longer: 5 for the mask, 8 for the tag, 5 for the chunk. */
const maxPostingBytes = 18;

const lowBits = 2 ** 28;

/** Gathers postings, which must come sorted, and hands over full pages. */
export class PageWriter {
  readonly #emit: (firstTag: number, pairs: number, data: Buffer) => void;
  readonly #buffer: Buffer = Buffer.alloc(maxPageBytes + maxPostingBytes);
  #length = 0;
  #pairs = 0;
  #firstTag = 0;
  #tag = 0;
  #chunk = 0;

  constructor(emit: (firstTag: number, pairs: number, data: Buffer) => void) {
    this.#emit = emit;
  }

  add(tag: number, chunk: number, mask: number): void {
    if (this.#length > maxPageBytes - maxPostingBytes) this.flush();
    if (this.#length === 0) {
      this.#firstTag = tag;
      this.#integer(mask * 2);
      this.#long(tag);
    } else if (tag === this.#tag) {
      this.#integer(mask * 2 + 1);
    } else {
      this.#integer(mask * 2);
      this.#long(tag - this.#tag);
    }
    const distance = chunk - this.#chunk;
    this.#integer(distance < 0 ? -distance * 2 - 1 : distance * 2);
    this.#tag = tag;
    this.#chunk = chunk;
    this.#pairs++;
  }

  /** Hands over what is left. */
  flush(): void {
    if (this.#length === 0) return;
    const data = Buffer.from(this.#buffer.subarray(0, this.#length));
    const pairs = this.#pairs;
    this.#length = 0;
    this.#pairs = 0;
    this.#chunk = 0;
    this.#emit(this.#firstTag, pairs, data);
  }

  #integer(value: number): void {
    let rest = value;
    while (rest > 127) {
      this.#buffer[this.#length++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.#buffer[this.#length++] = rest;
  }

  /** A number below 2^53; bit operations take only its halves. */
  #long(value: number): void {
    if (value < lowBits) {
      this.#integer(value);
      return;
    }
    let low = value % lowBits;
    for (let i = 0; i < 4; i++) {
      this.#buffer[this.#length++] = (low & 127) | 128;
      low >>>= 7;
    }
    this.#integer(Math.floor(value / lowBits));
  }
}

/** Walks the postings of one page. */
export class PageReader {
  tag = 0;
  chunk = 0;
  mask = 0;
  #data: Uint8Array;
  #at = 0;

  constructor(data: Uint8Array) {
    this.#data = data;
  }

  /** Goes on with another page. */
  open(data: Uint8Array): void {
    this.#data = data;
    this.#at = 0;
    this.tag = 0;
    this.chunk = 0;
  }

  /** Goes to the next posting; false at the end. */
  next(): boolean {
    if (this.#at >= this.#data.length) return false;
    const head = this.#integer();
    this.mask = head >>> 1;
    if ((head & 1) === 0) this.tag += this.#long();
    const distance = this.#integer();
    this.chunk += (distance & 1) === 0 ? distance >>> 1 : -((distance + 1) >>> 1);
    return true;
  }

  #integer(): number {
    let byte = this.#data[this.#at++] ?? 0;
    let value = byte & 127;
    for (let shift = 7; byte > 127; shift += 7) {
      byte = this.#data[this.#at++] ?? 0;
      value |= (byte & 127) << shift;
    }
    return value >>> 0;
  }

  #long(): number {
    let low = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#data[this.#at++] ?? 0;
      low |= (byte & 127) << shift;
      if (byte < 128) return low;
    }
    return low + this.#integer() * lowBits;
  }
}

const idBytes = 16;
const otherMask = 255;

/** Bits of a mask's lower half: bit operations take 32 at most. */
const halfBits = 24;

/** Place of the lowest set bit of a whole number from 1 to 2^48 - 1. */
function lowestBit(mask: number): number {
  const low = mask % 2 ** halfBits;
  const half = low === 0 ? mask / 2 ** halfBits : low;
  return 31 - Math.clz32(half & -half) + (low === 0 ? halfBits : 0);
}

/** Writes the distinct masks of a chunk: two bytes for one run of ones, else a mark and six bytes. */
export function encodeMasks(masks: Float64Array): Buffer {
  const bytes = Buffer.allocUnsafe(masks.length * 7);
  let length = 0;
  for (const mask of masks) {
    const first = lowestBit(mask);
    // A run of ones and one more is a power of two.
    const end = mask + 2 ** first;
    const last = Math.round(Math.log2(end));
    if (2 ** last === end) {
      bytes[length++] = first;
      bytes[length++] = last - first;
    } else {
      bytes[length++] = otherMask;
      length = bytes.writeUIntLE(mask, length, 6);
    }
  }
  return bytes.subarray(0, length);
}

export function decodeMasks(bytes: Buffer): number[] {
  const masks: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at++] ?? 0;
    if (first === otherMask) {
      masks.push(bytes.readUIntLE(at, 6));
      at += 6;
    } else {
      const length = bytes[at++] ?? 0;
      masks.push((2 ** length - 1) * 2 ** first);
    }
  }
  return masks;
}

/** Whether bit `bit` of a mask below 2^48 is set; `&` would cut it to 32 bits. */
function hasBit(mask: number, bit: number): boolean {
  return Math.floor(mask / 2 ** bit) % 2 === 1;
}

/** Hex ids of the contents that a mask names. */
export function contentsInMask(contents: Buffer, mask: number): string[] {
  const ids: string[] = [];
  for (let bit = 0; bit * idBytes < contents.length; bit++) {
    if (hasBit(mask, bit)) ids.push(contents.toString('hex', bit * idBytes, (bit + 1) * idBytes));
  }
  return ids;
}
