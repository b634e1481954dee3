/** Who replaces which secrets: jobs with the names that they set, put together with the secrets that they use. */
import { sortedSet } from '../../order.js';
import type { Use } from './consumer-book.js';
import type { Workload } from './workload.js';

type Known = readonly [fingerprint: string, workload: Workload, use: Use];

/** Blocks that only log in: what is set through them is known when all files were read. */
const login = /:provider\.[\w-]+$/;

/** Those of one repository. */
export class Replacements {
  /** By name of the workload whose secrets are the means. */
  readonly #names = new Map<string, Set<string>>();
  readonly #uses: Known[] = [];

  note({ name, sets = [], setsThrough = name }: Workload): void {
    if (sets.length === 0) return;
    const known = this.#names.get(setsThrough) ?? new Set();
    this.#names.set(setsThrough, known);
    for (const set of sets) known.add(set);
  }

  used(fingerprint: string, workload: Workload, use: Use): void {
    const { name, sets = [], setsThrough } = workload;
    const isMeans = (sets.length > 0 && setsThrough === undefined) || login.test(name);
    if (isMeans) this.#uses.push([fingerprint, workload, use]);
  }

  /** Uses once more, now with what they replace. @param valuesOf fingerprints that run under a name */
  *uses(valuesOf: (name: string) => readonly string[]): Generator<Known> {
    const rotated = new Map<string, readonly string[]>();
    for (const [name, names] of this.#names) rotated.set(name, sortedSet([...names].flatMap(valuesOf)));
    for (const [fingerprint, workload, use] of this.#uses) {
      const rotates = rotated.get(workload.name) ?? [];
      if (rotates.length > 0) yield [fingerprint, workload, { ...use, rotates }];
    }
  }
}
