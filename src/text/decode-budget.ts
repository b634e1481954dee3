/**
 * What undoing encodings in one document may cost, so that nested or crafted input ends in the receipt. It
 * grows with the document: a large fixture with thousands of encoded values is no attack, and the cost stays
 * linear.
 */

export interface DecodeLimits {
  /** Decoded bytes over all runs and layers. */
  readonly maxBytes: number;
  /** Accepted runs over all layers. */
  readonly maxRuns: number;
  /** Longest run that is decoded, in encoded bytes. */
  readonly maxRunBytes: number;
  /** Most output bytes per input byte of a compressed run that gives more than {@link minInflatedBytes}. */
  readonly maxRatio: number;
  /** A compressed run may give so many bytes whatever its ratio: tests of decompressors hold tiny bombs. */
  readonly minInflatedBytes: number;
  /** Layers within layers. */
  readonly maxDepth: number;
}

export const defaultDecodeLimits: DecodeLimits = {
  maxBytes: 32 << 20,
  maxRuns: 5000,
  maxRunBytes: 16 << 20,
  maxRatio: 100,
  minInflatedBytes: 1 << 20,
  maxDepth: 4,
};

/** Decoded bytes that each byte of a document adds to what every document may have. */
const decodedBytesPerByte = 4;
/** A run and what separates it from the next take more bytes than this but in crafted text. */
const bytesPerRun = 32;

export class DecodeBudget {
  readonly limits: DecodeLimits;
  #bytes = 0;
  #runs = 0;
  #inflated = 0;
  #isExhausted = false;

  constructor(limits: Partial<DecodeLimits> = {}) {
    this.limits = { ...defaultDecodeLimits, ...limits };
  }

  /** The budget of a document of `size` bytes; `limits` are those of an empty one. */
  static forDocument(size: number, limits: Partial<DecodeLimits> = {}): DecodeBudget {
    const { maxBytes, maxRuns } = { ...defaultDecodeLimits, ...limits };
    return new DecodeBudget({
      ...limits,
      maxBytes: maxBytes + size * decodedBytesPerByte,
      maxRuns: maxRuns + Math.floor(size / bytesPerRun),
    });
  }

  /** True once a run was left undecoded because of a limit: the gap `decode-budget`. */
  get isExhausted(): boolean {
    return this.#isExhausted;
  }

  get remainingBytes(): number {
    return this.limits.maxBytes - this.#bytes;
  }

  /** Bytes that may still be inflated, whether or not they turn out to be text. */
  get remainingInflatedBytes(): number {
    return Math.max(0, this.limits.maxBytes - this.#inflated);
  }

  /** Books what was inflated, before it is known to be of use. */
  noteInflated(bytes: number): void {
    this.#inflated += bytes;
  }

  /** Books `runs` runs of `bytes` decoded bytes together; false when they no longer fit. */
  take(bytes: number, runs = 1): boolean {
    if (this.#bytes + bytes > this.limits.maxBytes || this.#runs >= this.limits.maxRuns) {
      this.#isExhausted = true;
      return false;
    }
    this.#bytes += bytes;
    this.#runs += runs;
    return true;
  }

  /** Notes that something was left out without being decoded. */
  exhaust(): void {
    this.#isExhausted = true;
  }
}
