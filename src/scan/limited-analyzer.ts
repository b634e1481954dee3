/**
 * An analyzer for the main thread that ends a call which takes too long. Nobody else could: signals, timers and
 * messages wait until the thread is free.
 *
 * node:vm has the one clock that stops running JavaScript, regular expressions and WebAssembly included, from
 * within the process. It costs 50 µs of CPU a call, a thread of its own each time; so short documents run
 * without it: built-in patterns look at windows of stated size, and a cost that grew with the square of 8 KiB
 * would still be some milliseconds.
 */
import { Script } from 'node:vm';
import type { Analysis, AnalysisInput, Analyzer, SweptDocument } from '../detect/analysis.js';
import type { AnchorTable } from '../identity/sweep.js';
import { timedOut } from './timed-out.js';

/** Documents below this many bytes are not timed. */
const timedBytes = 8 * 1024;

/** Where the script finds what it is to run: it can be handed nothing else. */
const slot = Symbol.for('sprawl.limited-call');
const script = new Script(`globalThis[Symbol.for('sprawl.limited-call')]()`);

export class LimitedAnalyzer implements Analyzer {
  /** Milliseconds that a call may take. */
  limitMs: number;
  /** Calls that were ended so far. */
  ended = 0;
  readonly #make: () => Analyzer;
  #inner: Analyzer;

  /** @param make called again after a call was ended, since the former analyzer may be left half-way */
  constructor(make: () => Analyzer, limitMs: number) {
    this.#make = make;
    this.#inner = make();
    this.limitMs = limitMs;
  }

  analyze(input: AnalysisInput): Analysis {
    return this.#limited(input, () => this.#inner.analyze(input));
  }

  sweep(input: AnalysisInput, known: AnchorTable): SweptDocument {
    return this.#limited(input, () => this.#inner.sweep(input, known));
  }

  #limited<T>(input: AnalysisInput, run: () => T): T | Analysis {
    if (input.bytes.length < timedBytes) return run();
    const globals = globalThis as { [slot]?: () => T };
    globals[slot] = run;
    try {
      return script.runInThisContext({ timeout: this.limitMs }) as T;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
      this.ended++;
      this.#inner = this.#make();
      return timedOut;
    } finally {
      delete globals[slot];
    }
  }
}
