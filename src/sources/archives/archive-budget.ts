/**
 * The caps of one archive and everything nested in it: a bomb ends in a problem and never in a hang or an
 * empty memory.
 */
import type { InputProblem, InputProblemCode } from '../../model/problem.js';

export interface ArchiveLimits {
  /** Containers within containers; the outermost is 1. A tar within gzip counts once. */
  readonly maxDepth: number;
  /** Entries of all levels together. */
  readonly maxEntries: number;
  /** Inflated bytes of all levels together. */
  readonly maxBytes: number;
  /** Inflated bytes per packed byte, for an entry and for the whole; not looked at below `ratioFloorBytes`. */
  readonly maxRatio: number;
  readonly ratioFloorBytes: number;
  /** A zip needs random access, so one that is nested is held in memory up to this size. */
  readonly maxHeldBytes: number;
}

/** For files and stdin. */
export const fileLimits: ArchiveLimits = {
  maxDepth: 5,
  maxEntries: 100_000,
  maxBytes: 4 * 1024 ** 3,
  maxRatio: 1000,
  ratioFloorBytes: 16 * 1024 ** 2,
  maxHeldBytes: 256 * 1024 ** 2,
};

/** Packed bytes that an entry takes at least, its header among them, and what text unpacks to at most, by and large. */
const leastEntryBytes = 256;
const usualRatio = 20;

/** For a file of this size: a large archive may hold as much as folders do, and has no need to be a bomb for it. */
export function fileLimitsFor(packedBytes: number): ArchiveLimits {
  return {
    ...fileLimits,
    maxEntries: Math.max(fileLimits.maxEntries, Math.ceil(packedBytes / leastEntryBytes)),
    maxBytes: Math.max(fileLimits.maxBytes, packedBytes * usualRatio),
  };
}

/** For archives that lie in memory, such as blobs of a history, of which there can be many versions. */
export const memoryLimits: ArchiveLimits = { ...fileLimits, maxBytes: 512 * 1024 ** 2 };

/** Thrown by a metered stream when a cap is hit; what was read before counts. */
export class CapReached extends Error {
  readonly code: InputProblemCode;
  /** True when only this entry ends, false when the whole archive does. */
  readonly entryOnly: boolean;

  constructor(code: InputProblemCode, entryOnly: boolean) {
    super(code);
    this.code = code;
    this.entryOnly = entryOnly;
  }
}

export class ArchiveBudget {
  readonly limits: ArchiveLimits;
  /** Why nothing more of the archive is read. */
  exhausted: InputProblemCode | undefined;
  entries = 0;
  bytes = 0;
  readonly #packedBytes: number;
  readonly #report: (problem: InputProblem) => void;
  readonly #reported = new Set<string>();

  /** @param packedBytes size of the outermost container; Infinity when it is a stream of unknown length */
  constructor(limits: ArchiveLimits, packedBytes: number, report: (problem: InputProblem) => void) {
    this.limits = limits;
    this.#packedBytes = packedBytes;
    this.#report = report;
  }

  /** Counts one entry; false when there were too many. */
  takeEntry(where: string): boolean {
    if (this.exhausted !== undefined) return false;
    this.entries++;
    if (this.entries <= this.limits.maxEntries) return true;
    this.exhaust('archive-too-many-entries', where, `more than ${this.limits.maxEntries}`);
    return false;
  }

  /**
   * Counts `bytes` more inflated bytes of an entry that has given `inflated` so far out of `packed`. Gives
   * the cap that was hit.
   */
  charge(bytes: number, inflated: number, packed: number): CapReached | undefined {
    this.bytes += bytes;
    const { maxBytes, maxRatio, ratioFloorBytes } = this.limits;
    if (this.bytes > maxBytes) return new CapReached('archive-too-large', false);
    if (this.bytes > ratioFloorBytes && this.bytes > maxRatio * this.#packedBytes) {
      return new CapReached('archive-ratio', false);
    }
    if (inflated > ratioFloorBytes && inflated > maxRatio * packed)
      return new CapReached('archive-ratio', true);
    return undefined;
  }

  exhaust(code: InputProblemCode, where: string, detail?: string): void {
    this.exhausted = code;
    this.problem(code, where, where, detail);
  }

  /** Reports a problem once per container and code, so that 10,000 encrypted entries are one line. */
  problem(code: InputProblemCode, container: string, where: string, detail?: string): void {
    const key = `${code}\0${container}`;
    if (this.#reported.has(key)) return;
    this.#reported.add(key);
    this.#report(detail === undefined ? { code, where } : { code, where, detail });
  }
}
