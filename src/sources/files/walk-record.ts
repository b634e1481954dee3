/**
 * What one walk of a folder met, for the next that would meet the same: a root's state is a walk, and the plan of what
 * to read, made right behind it, is another.
 */
import type { InputProblem } from '../../model/problem.js';
import type { SkipReason } from '../../model/receipt.js';
import type { PlanEvents } from '../source.js';
import type { FoundFile } from './walk-folder.js';

/** Files that are remembered (some 150 bytes each); a larger tree is walked again. */
const maxFiles = 200_000;

/** A walk: files, and `undefined` as a chance to let others run. */
export type Walk = (events: PlanEvents) => Iterable<FoundFile | undefined>;

export class WalkRecord {
  #files: FoundFile[] | undefined = [];
  readonly #problems: InputProblem[] = [];
  readonly #skipped = new Map<SkipReason, number>();

  /** Passes a walk on and remembers it. */
  *of(walk: Walk, events: PlanEvents): Generator<FoundFile | undefined> {
    const recorded: PlanEvents = {
      problem: (problem) => {
        this.#problems.push(problem);
        events.problem(problem);
      },
      skipped: (reason, count) => {
        this.#skipped.set(reason, (this.#skipped.get(reason) ?? 0) + count);
        events.skipped(reason, count);
      },
    };
    for (const file of walk(recorded)) {
      if (file !== undefined && this.#files !== undefined && this.#files.push(file) > maxFiles) {
        this.#files = undefined;
      }
      yield file;
    }
  }

  /** The files, with what else was met told once more; undefined when there were too many. */
  again(events: PlanEvents): readonly FoundFile[] | undefined {
    if (this.#files === undefined) return undefined;
    for (const problem of this.#problems) events.problem(problem);
    for (const [reason, count] of this.#skipped) events.skipped(reason, count);
    return this.#files;
  }
}
