/** What undoing encodings in one document may cost, so that nested or crafted input ends in the receipt. */

export interface DecodeLimits {
  /** Decoded bytes over all runs and layers. */
  readonly maxBytes: number;
  /** Accepted runs over all layers. */
  readonly maxRuns: number;
  /** Longest run that is decoded, in encoded bytes. */
  readonly maxRunBytes: number;
  /** Most output bytes per input byte of a compressed run. */
  readonly maxRatio: number;
  /** Layers within layers. */
  readonly maxDepth: number;
}

export const defaultDecodeLimits: DecodeLimits = {
  maxBytes: 32 << 20,
  maxRuns: 5000,
  maxRunBytes: 16 << 20,
  maxRatio: 100,
  maxDepth: 4,
};

export class DecodeBudget {
  readonly limits: DecodeLimits;
  #bytes = 0;
  #runs = 0;
  #isExhausted = false;

  constructor(limits: Partial<DecodeLimits> = {}) {
    this.limits = { ...defaultDecodeLimits, ...limits };
  }

  /** True once a run was left undecoded because of a limit: the gap `decode-budget`. */
  get isExhausted(): boolean {
    return this.#isExhausted;
  }

  get remainingBytes(): number {
    return this.limits.maxBytes - this.#bytes;
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
