/** Runs range tasks in the calling thread, one after the other. */
import type { Analyzer } from '../detect/analysis.js';
import { createAnalyzer } from '../detect/create-analyzer.js';
import type { KnownLiteral } from '../detect/literal-search.js';
import type { OutsideRules } from '../detect/outside-rules.js';
import { anchorTableOf } from '../identity/sweep.js';
import type { KnownAnchor } from '../model/finding.js';
import { errorName } from './error-name.js';
import { LimitedAnalyzer } from './limited-analyzer.js';
import { lostRange } from './lost-range.js';
import { openCores } from './open-cores.js';
import type { RangeResult, RangeTask } from './range-result.js';
import { RangeRunner } from './range-runner.js';
import type { WorkerInit } from './worker-messages.js';

/** Longest that a document keeps this thread, and with it signals, progress and the feeding of workers. */
const patienceMs = 2000;
/** An interrupted scan finishes the ranges it has begun (at most some MB each), so that nothing is half read. */
const neverAborted = new AbortController().signal;

export interface InlineOptions {
  readonly init: Omit<WorkerInit, 'cells' | 'codeCache'>;
  /** Engine of the rules from outside for this thread; a worker makes its own. */
  readonly outside?: OutsideRules | undefined;
  /** Milliseconds that one document, or one part of a large one, may take. */
  readonly timeoutMs: number;
  /** Given values, looked for in the sweeps that are asked with this very list of anchors. */
  readonly literals?: { readonly values: readonly KnownLiteral[]; readonly known: readonly KnownAnchor[] };
}

export class InlineTasks {
  readonly #options: InlineOptions;
  #engine: { readonly runner: RangeRunner; readonly analyzer: LimitedAnalyzer } | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: InlineOptions) {
    this.#options = options;
  }

  /**
   * Runs a task when those before it are done: a runner's readers serve one store at a time. Never rejects.
   * @param isBound that only this thread can do the task, so that its documents have the whole limit
   * @returns undefined when a document took so long that a worker should do the task
   */
  run(task: RangeTask, isBound: boolean): Promise<RangeResult | undefined> {
    const result = this.#last.then(() => this.#run(task, isBound));
    this.#last = result;
    return result;
  }

  async close(): Promise<void> {
    await this.#engine?.runner.close();
  }

  async #run(task: RangeTask, isBound: boolean): Promise<RangeResult | undefined> {
    this.#engine ??= this.#makeEngine();
    const { runner, analyzer } = this.#engine;
    const { timeoutMs } = this.#options;
    analyzer.limitMs = isBound ? timeoutMs : Math.min(timeoutMs, patienceMs);
    const ended = analyzer.ended;
    try {
      const result = await runner.run(task, neverAborted);
      return isBound || analyzer.ended === ended ? result : undefined;
    } catch (error) {
      return lostRange('worker-crashed', errorName(error));
    }
  }

  #makeEngine(): { runner: RangeRunner; analyzer: LimitedAnalyzer } {
    const { literals, outside, init } = this.#options;
    const { rules, keys } = init;
    const known = anchorTableOf(init.known);
    const cores = openCores(keys, init.known);
    const given = literals === undefined ? {} : { literals: literals.values };
    const make = (): Analyzer => createAnalyzer({ rules, outside, keys, known, cores, ...given });
    const analyzer = new LimitedAnalyzer(make, patienceMs);
    return { runner: new RangeRunner(analyzer, keys, cores), analyzer };
  }
}
