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

/** Clocks that only rise. */
export interface Clocks {
  readonly wallMs: number;
  /** Processor time of all threads of this process. */
  readonly cpuMs: number;
}

/** Remembers since when one worker shows the same beat. */
export class StuckDetector {
  #beats = -1;
  #since: Clocks = { wallMs: 0, cpuMs: 0 };

  /** For how long this state has been seen without a break. */
  seenFor({ beats }: Pick<CallState, 'beats'>, now: Clocks): Clocks {
    if (beats !== this.#beats) {
      this.#beats = beats;
      this.#since = now;
    }
    return { wallMs: now.wallMs - this.#since.wallMs, cpuMs: now.cpuMs - this.#since.cpuMs };
  }

  /** Forgets what was seen: an idle worker is not stuck, however long it has been idle. */
  idle(): void {
    this.#beats = -1;
  }
}

/**
 * Milliseconds that count against the limit. An analysis waits for nothing, so on a machine that others use as well it is
 * timed by its worker's share of what the process was given; reading is timed by the clock.
 * @param busy workers that share the processor time
 */
export function countedMs({ call }: Pick<CallState, 'call'>, seen: Clocks, busy: number): number {
  return call === 0 ? seen.wallMs : Math.min(seen.wallMs, seen.cpuMs / busy);
}
