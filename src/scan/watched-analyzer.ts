/**
 * A worker's analyzer: notes each call in shared memory before it begins, and passes over the calls in which an
 * earlier worker was stuck with the same task.
 */
import type { Analysis, AnalysisInput, Analyzer, SweptDocument } from '../detect/analysis.js';
import type { AnchorTable } from '../identity/sweep.js';
import type { CallCells, EngineCall } from './call-cells.js';
import { timedOut } from './timed-out.js';

export class WatchedAnalyzer implements Analyzer {
  readonly #inner: Analyzer;
  readonly #cells: CallCells;
  #job = 0;
  #calls = 0;
  #skip: readonly EngineCall[] = [];

  constructor(inner: Analyzer, cells: CallCells) {
    this.#inner = inner;
    this.#cells = cells;
  }

  /** Begins to count anew. Calls in `skip` are answered with the gap `document-timeout`. */
  startTask(job: number, skip: readonly EngineCall[]): void {
    this.#job = job;
    this.#calls = 0;
    this.#skip = skip;
  }

  analyze(input: AnalysisInput): Analysis {
    return this.#watched(input, () => this.#inner.analyze(input));
  }

  sweep(input: AnalysisInput, known: AnchorTable): SweptDocument {
    return this.#watched(input, () => this.#inner.sweep(input, known));
  }

  #watched<T>(input: AnalysisInput, run: () => T): T | Analysis {
    const call = ++this.#calls;
    const bytes = input.bytes.length;
    if (this.#skip.some((other) => other.call === call && other.bytes === bytes)) return timedOut;
    this.#cells.begin(this.#job, { call, bytes });
    try {
      return run();
    } finally {
      this.#cells.end();
    }
  }
}
