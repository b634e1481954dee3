/** Narrows exposures to what a command is about, and judges them for the exit code. */
import type { Exposure, Location, StatusDetail } from '../model/exposure.js';
import { ResultCounter } from '../report/counter.js';
import type { ResultCounts } from '../report/records.js';
import type { FailOn } from './exit-codes.js';

/** The exposure with the locations that pass; undefined when none does. */
function narrowed(exposure: Exposure, keep: (location: Location) => boolean): Exposure | undefined {
  const locations = exposure.locations.filter(keep);
  if (locations.length === 0) return undefined;
  return locations.length === exposure.locations.length ? exposure : { ...exposure, locations };
}

/** What one secret's location must be to fail a run. */
function failing(failOn: FailOn, scan: number | undefined): (location: Location) => boolean {
  return (location) => {
    if (location.status.status !== 'open') return false;
    switch (failOn) {
      case 'any':
        return true;
      case 'new':
        return scan === undefined || location.firstScan === scan;
      case 'high':
        return location.confidence === 'high' || location.confidence === 'proven';
      default: {
        const never: never = failOn;
        return never;
      }
    }
  };
}

export interface ScopeOptions {
  /** Locations that the command is about; judged, whether printed or not. */
  readonly inScope: (location: Location) => boolean;
  /** Of these, the ones that are printed. */
  readonly shown: (location: Location) => boolean;
  readonly failOn: FailOn;
  readonly scan?: number;
}

/** Streams what is to be printed and counts everything in scope on the way. */
export class ExposureScope {
  readonly #options: ScopeOptions;
  readonly #counter = new ResultCounter();
  readonly #hidden = new Map<string, number>();
  readonly #suppressed = new Map<string, Map<string, number>>();
  #failing = 0;
  #fresh = 0;

  constructor(options: ScopeOptions) {
    this.#options = options;
  }

  async *filter(exposures: AsyncIterable<Exposure>): AsyncGenerator<Exposure, void> {
    const { inScope, shown, failOn, scan } = this.#options;
    const fails = failing(failOn, scan);
    const isFresh = failing('new', scan);
    for await (const exposure of exposures) {
      const scoped = narrowed(exposure, inScope);
      if (scoped === undefined) continue;
      this.#counter.add(scoped);
      for (const { status } of scoped.locations) this.#countSuppressed(status);
      if (scoped.locations.some(fails)) this.#failing++;
      if (scan !== undefined && scoped.locations.some(isFresh)) this.#fresh++;
      const printed = narrowed(scoped, shown);
      if (printed === undefined) this.#hidden.set(scoped.status, (this.#hidden.get(scoped.status) ?? 0) + 1);
      else yield printed;
    }
  }

  get counts(): ResultCounts {
    return this.#counter.counts;
  }

  /** Secrets that make the exit code 1. */
  get failing(): number {
    return this.#failing;
  }

  /** Secrets with an open location that this scan saw first. */
  get fresh(): number {
    return this.#fresh;
  }

  /** Copies that somebody decided about: status -> by whom or what -> count. */
  get suppressed(): ReadonlyMap<string, ReadonlyMap<string, number>> {
    return this.#suppressed;
  }

  #countSuppressed({ status, by }: StatusDetail): void {
    if (status !== 'allowed' && status !== 'baselined' && status !== 'author-suppressed') return;
    // `file line 4: reason` and `allow entry by ana: reason` are counted by file and by person.
    const source = by?.replace(/(?: line \d+)?: .*$/s, '') ?? 'unknown';
    const counts = this.#suppressed.get(status) ?? new Map<string, number>();
    counts.set(source, (counts.get(source) ?? 0) + 1);
    this.#suppressed.set(status, counts);
  }

  /** Secrets that were not printed, by status. */
  get hidden(): ReadonlyMap<string, number> {
    return this.#hidden;
  }
}
