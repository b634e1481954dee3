/** Decides from looks at a worker's cells, some times a second, whether it is stuck and in what. */
import type { CallState } from './call-cells.js';

/** Documents that may use up the whole limit in one run; the next ones get a sixteenth. */
const fullPatience = 4;
const impatience = 16;
/** What a call gets in any case: an honest engine on a crowded machine needs no more. */
const leastMs = 2000;
const msPerMegabyte = 500;
/** Reading waits for disks and for git, so it gets more time than an analysis. */
const readingFactor = 10;

/**
 * How long calls may take in this run. A history holds a hostile file a thousand times, and a thousand times the
 * limit is a hang by another name: so after four documents that used it up, small ones get less.
 */
export class TimeLimits {
  readonly #limitMs: number;
  #exceeded = 0;

  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  exceeded(): void {
    this.#exceeded++;
  }

  /** Milliseconds that a worker may stay in one state. */
  allowed({ call, bytes }: Pick<CallState, 'call' | 'bytes'>): number {
    if (call === 0) return this.#limitMs * readingFactor;
    if (this.#exceeded < fullPatience) return this.#limitMs;
    const least = leastMs + (bytes / 2 ** 20) * msPerMegabyte;
    return Math.min(this.#limitMs, Math.max(this.#limitMs / impatience, least));
  }
}

/** Remembers since when one worker shows the same beat. */
export class StuckDetector {
  #beats = -1;
  #sinceMs = 0;

  /** Milliseconds for which this state has been seen without a break; `nowMs` from a clock that only rises. */
  seenFor({ beats }: Pick<CallState, 'beats'>, nowMs: number): number {
    if (beats !== this.#beats) {
      this.#beats = beats;
      this.#sinceMs = nowMs;
    }
    return nowMs - this.#sinceMs;
  }

  /** Forgets what was seen: an idle worker is not stuck, however long it has been idle. */
  idle(): void {
    this.#beats = -1;
  }
}
