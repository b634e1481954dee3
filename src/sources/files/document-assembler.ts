/**
 * Puts the chunks of one document together: up to {@link largeDocumentBytes} it is handed over whole, beyond
 * that as overlapping segments, so that a document of any size costs bounded memory.
 */
import type { RawDocument } from '../source.js';

/** Documents up to this many bytes are held and handed over whole. */
export const largeDocumentBytes: number = 64 * 1024 * 1024;
/** Bytes that one segment of a larger document owns. */
export const segmentBytes: number = 16 * 1024 * 1024;
/**
 * Context on both sides of the owned range, in bytes: a value that starts in the owned range and is no
 * longer than this lies whole in the segment. Even, so that UTF-16 is never cut within a code unit.
 */
export const segmentOverlapBytes: number = 64 * 1024;

export type SegmentPart = NonNullable<RawDocument['segment']>;

export interface AssemblerSizes {
  /** At least `segment + 2 * overlap`. */
  readonly whole: number;
  readonly segment: number;
  readonly overlap: number;
}

const defaultSizes: AssemblerSizes = {
  whole: largeDocumentBytes,
  segment: segmentBytes,
  overlap: segmentOverlapBytes,
};

/** Receives the document or its parts. `bytes` is valid only during the call. */
export type EmitPart = (bytes: Buffer, segment?: SegmentPart) => void;

export class DocumentAssembler {
  readonly #emit: EmitPart;
  readonly #sizes: AssemblerSizes;
  readonly #expectedBytes: number;
  #buffer: Buffer = Buffer.alloc(0);
  #filled = 0;
  /** All that came so far, while it lies in one piece of somebody else's memory. */
  #lent: Buffer | undefined;
  /** Offset of `#buffer[0]` in the document. */
  #base = 0;
  /** Where in `#buffer` the bytes begin that no segment has owned yet. */
  #owned = 0;
  #emitted = false;

  /** @param expectedBytes size when known, to spare copies while the buffer grows */
  constructor(emit: EmitPart, expectedBytes = 0, sizes: AssemblerSizes = defaultSizes) {
    this.#emit = emit;
    this.#sizes = sizes;
    this.#expectedBytes = Math.min(Math.max(expectedBytes, 1), sizes.whole);
  }

  /** Bytes taken in so far. */
  get length(): number {
    return this.#base + (this.#lent?.length ?? this.#filled);
  }

  /** Takes a chunk that nobody writes to before the end: a document that lies in one piece is handed over uncopied. */
  lend(chunk: Buffer): void {
    const isFirst = this.#lent === undefined && this.#filled === 0 && !this.#emitted;
    const joined = isFirst ? chunk : this.#lent && joinedIfAdjacent(this.#lent, chunk);
    if (joined !== undefined && joined.length <= this.#sizes.whole) this.#lent = joined;
    else this.push(chunk);
  }

  push(chunk: Buffer): void {
    const lent = this.#lent;
    this.#lent = undefined;
    if (lent !== undefined) this.#copy(lent);
    this.#copy(chunk);
  }

  #copy(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0) {
      const limit = this.#emitted
        ? this.#owned + this.#sizes.segment + this.#sizes.overlap
        : this.#sizes.whole;
      if (this.#filled >= limit) {
        this.#emitSegments();
        continue;
      }
      const taken = rest.subarray(0, limit - this.#filled);
      this.#reserve(this.#filled + taken.length, limit);
      this.#filled += taken.copy(this.#buffer, this.#filled);
      rest = rest.subarray(taken.length);
    }
  }

  /** Hands over what is left. Without any bytes nothing is emitted. */
  end(): void {
    if (this.#lent !== undefined) {
      if (this.#lent.length > 0) this.#emit(this.#lent);
      return;
    }
    if (!this.#emitted) {
      if (this.#filled > 0) this.#emit(this.#buffer.subarray(0, this.#filled));
      return;
    }
    this.#emitOne(this.#filled, this.#filled, true);
  }

  /** Emits every segment that is complete with its context on the right, and keeps what the next one needs. */
  #emitSegments(): void {
    const { segment, overlap } = this.#sizes;
    while (this.#filled - this.#owned >= segment + overlap) {
      const ownedEnd = this.#owned + segment;
      this.#emitOne(ownedEnd, ownedEnd + overlap, false);
      const keepFrom = Math.max(0, ownedEnd - overlap);
      this.#buffer.copyWithin(0, keepFrom, this.#filled);
      this.#filled -= keepFrom;
      this.#base += keepFrom;
      this.#owned = ownedEnd - keepFrom;
    }
  }

  #emitOne(ownedEnd: number, end: number, last: boolean): void {
    const part: SegmentPart = {
      baseOffset: this.#base,
      ownedStart: this.#owned,
      ownedEnd,
      first: !this.#emitted,
      last,
    };
    this.#emitted = true;
    this.#emit(this.#buffer.subarray(0, end), part);
  }

  #reserve(bytes: number, limit: number): void {
    if (bytes <= this.#buffer.length) return;
    const wanted = this.#buffer.length === 0 ? this.#expectedBytes : this.#buffer.length * 2;
    const grown = Buffer.allocUnsafe(Math.max(bytes, Math.min(limit, wanted)));
    this.#buffer.copy(grown, 0, 0, this.#filled);
    this.#buffer = grown;
  }
}

/** Both as one buffer where the second follows the first in the same memory. */
function joinedIfAdjacent(first: Buffer, second: Buffer): Buffer | undefined {
  if (first.buffer !== second.buffer || first.byteOffset + first.length !== second.byteOffset)
    return undefined;
  return Buffer.from(first.buffer, first.byteOffset, first.length + second.length);
}
