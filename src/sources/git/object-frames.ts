/**
 * Cuts the output of `git cat-file --batch` into objects, straight from the chunks of the pipe: an object
 * that lies within one chunk is handed over without a copy, a longer one is gathered in a buffer that is
 * used again, and one above the limit comes in overlapping parts, never whole.
 */

export type GitObjectType = 'blob' | 'tree' | 'commit' | 'tag';

/** Where a part of a large object lies; see `RawDocument.segment`. */
export interface ObjectPart {
  readonly baseOffset: number;
  readonly ownedStart: number;
  readonly ownedEnd: number;
  readonly first: boolean;
  readonly last: boolean;
}

/** Receives the answers in the order of the requests. Bytes are valid during the call only. */
export interface ObjectSink {
  /** One whole object: `buffer[start, end)`. */
  object(type: GitObjectType, buffer: Buffer, start: number, end: number): void;
  part(type: GitObjectType, bytes: Buffer, part: ObjectPart): void;
  /** git could not find the object or not tell its type. */
  missing(): void;
}

export interface FrameLimits {
  /** Objects above this many bytes are handed over in parts. */
  readonly maxWholeBytes: number;
  /** Bytes of each part that no other part owns. */
  readonly partBytes: number;
  /** Bytes that a part shows before and after what it owns. */
  readonly overlapBytes: number;
}

export const defaultFrameLimits: FrameLimits = {
  maxWholeBytes: 64 * 1024 * 1024,
  partBytes: 16 * 1024 * 1024,
  overlapBytes: 64 * 1024,
};

/** A gathering buffer larger than this is dropped after its object. */
const keptBufferBytes = 8 * 1024 * 1024;
const newline = 0x0a;
const typeByLetter: Readonly<Record<number, GitObjectType>> = { 98: 'blob', 99: 'commit' };

export class ObjectFrames {
  readonly #sink: ObjectSink;
  readonly #limits: FrameLimits;
  #state: 'header' | 'body' | 'part' | 'newline' = 'header';
  #header: Buffer = Buffer.alloc(0);
  #type: GitObjectType = 'blob';
  /** Bytes of the object, and how many of them have come. */
  #size = 0;
  #seen = 0;
  #gathered: Buffer = Buffer.alloc(0);
  #filled = 0;
  #baseOffset = 0;
  #ownedStart = 0;

  constructor(sink: ObjectSink, limits: FrameLimits = defaultFrameLimits) {
    this.#sink = sink;
    this.#limits = limits;
  }

  /** True when a part of the current object was handed over, so that it cannot be asked for again. */
  get partly(): boolean {
    return this.#state === 'part' && this.#baseOffset > 0;
  }

  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#state === 'header') at = this.#takeHeader(chunk, at);
      else if (this.#state === 'body') at = this.#takeBody(chunk, at);
      else if (this.#state === 'part') at = this.#takePart(chunk, at);
      else {
        at++;
        this.#state = 'header';
      }
    }
  }

  #takeHeader(chunk: Buffer, at: number): number {
    const end = chunk.indexOf(newline, at);
    if (end < 0) {
      this.#header = Buffer.concat([this.#header, chunk.subarray(at)]);
      return chunk.length;
    }
    if (this.#header.length > 0) {
      const whole = Buffer.concat([this.#header, chunk.subarray(at, end)]);
      this.#header = Buffer.alloc(0);
      this.#readHeader(whole, 0, whole.length);
    } else {
      this.#readHeader(chunk, at, end);
    }
    // An object of no bytes never reaches the body state by way of data.
    if (this.#state === 'body' && this.#size === 0) this.#takeBody(chunk, end + 1);
    return end + 1;
  }

  /** `<oid> SP <type> SP <size>` or `<oid> SP missing`. */
  #readHeader(line: Buffer, start: number, end: number): void {
    const space = line.indexOf(0x20, start);
    const letter = line[space + 1] as number;
    let size = 0;
    let scale = 1;
    let at = end - 1;
    for (; at > space; at--) {
      const digit = (line[at] as number) - 48;
      if (digit < 0 || digit > 9) break;
      size += digit * scale;
      scale *= 10;
    }
    if (space < start || scale === 1) {
      this.#sink.missing();
      return;
    }
    // 't' begins both `tree` and `tag`.
    this.#type = typeByLetter[letter] ?? (line[space + 2] === 0x72 ? 'tree' : 'tag');
    this.#size = size;
    this.#seen = 0;
    this.#filled = 0;
    this.#baseOffset = 0;
    this.#ownedStart = 0;
    const whole = size <= this.#limits.maxWholeBytes;
    this.#state = whole ? 'body' : 'part';
    if (!whole) this.#reserve(this.#limits.partBytes + 2 * this.#limits.overlapBytes);
  }

  #takeBody(chunk: Buffer, at: number): number {
    const wanted = this.#size - this.#filled;
    if (this.#filled === 0 && chunk.length - at >= wanted) {
      this.#state = 'newline';
      this.#sink.object(this.#type, chunk, at, at + wanted);
      return at + wanted;
    }
    if (this.#filled === 0) this.#reserve(this.#size);
    const taken = Math.min(wanted, chunk.length - at);
    chunk.copy(this.#gathered, this.#filled, at, at + taken);
    this.#filled += taken;
    if (taken === wanted) {
      this.#state = 'newline';
      this.#sink.object(this.#type, this.#gathered, 0, this.#size);
      this.#release();
    }
    return at + taken;
  }

  #takePart(chunk: Buffer, at: number): number {
    const { overlapBytes } = this.#limits;
    const capacity = this.#limits.partBytes + 2 * overlapBytes;
    const taken = Math.min(capacity - this.#filled, this.#size - this.#seen, chunk.length - at);
    chunk.copy(this.#gathered, this.#filled, at, at + taken);
    this.#filled += taken;
    this.#seen += taken;
    const last = this.#seen === this.#size;
    if (last || this.#filled === capacity) this.#emitPart(last, overlapBytes);
    return at + taken;
  }

  #emitPart(last: boolean, overlapBytes: number): void {
    const ownedEnd = last ? this.#filled : this.#filled - overlapBytes;
    this.#sink.part(this.#type, this.#gathered.subarray(0, this.#filled), {
      baseOffset: this.#baseOffset,
      ownedStart: this.#ownedStart,
      ownedEnd,
      first: this.#baseOffset === 0,
      last,
    });
    if (last) {
      this.#state = 'newline';
      this.#release();
      return;
    }
    const shown = 2 * overlapBytes;
    this.#gathered.copy(this.#gathered, 0, this.#filled - shown, this.#filled);
    this.#baseOffset += this.#filled - shown;
    this.#ownedStart = overlapBytes;
    this.#filled = shown;
  }

  #reserve(bytes: number): void {
    if (this.#gathered.length < bytes) this.#gathered = Buffer.allocUnsafeSlow(Math.max(bytes, 262_144));
  }

  #release(): void {
    this.#filled = 0;
    if (this.#gathered.length > keptBufferBytes) this.#gathered = Buffer.alloc(0);
  }
}
