/**
 * Opens a work range and runs the engine over its documents. Used by the worker threads, and in the main
 * thread for jobs too small to pay for a thread.
 */
import type { Analyzer } from '../detect/analysis.js';
import type { IdentityKeys } from '../identity/hkdf-keys.js';
import { anchorTableOf } from '../identity/sweep.js';
import type { EngineCores } from '../prefilter/engine-cores.js';
import { readFiles } from '../sources/files/read-files.js';
import { readStdin } from '../sources/files/stdin-source.js';
import { ObjectRangeReader } from '../sources/git/object-range-reader.js';
import { PackRangeReader } from '../sources/git/pack-range-reader.js';
import type { RangeEvents, RawDocument, WorkRange } from '../sources/source.js';
import type { RangeResult, RangeTask } from './range-result.js';
import { RangeRun } from './range-run.js';
import { wireResult } from './wire-result.js';

export class RangeRunner {
  readonly #analyzer: Analyzer;
  readonly #keys: IdentityKeys;
  readonly #reader = new ObjectRangeReader();
  readonly #packs: PackRangeReader;
  readonly #cores: EngineCores | undefined;
  /** Documents of stdin, kept for a second look because they cannot be read again. */
  readonly #stdin: RawDocument[] = [];

  /** @param cores those of the analyzer; without them packs are not read directly */
  constructor(analyzer: Analyzer, keys: IdentityKeys, cores: EngineCores | undefined) {
    this.#analyzer = analyzer;
    this.#keys = keys;
    this.#packs = new PackRangeReader(this.#reader, cores?.packs);
    this.#cores = cores;
  }

  async run(task: RangeTask, signal: AbortSignal): Promise<RangeResult> {
    const known = task.mode === 'sweep' ? anchorTableOf(task.known) : undefined;
    const run = new RangeRun(this.#analyzer, this.#keys, known, this.#cores, task.range);
    if ('exports' in task.range && task.range.exports !== undefined)
      run.readExports(task.range.exports, signal);
    if (task.range.type === 'stdin' && known !== undefined) {
      for (const document of this.#stdin) run.document(document);
    } else {
      const events = task.range.type === 'stdin' ? this.#keeping(run) : run;
      await this.#read(task.range, events, signal);
    }
    await run.readAside(signal);
    return wireResult(run.result());
  }

  async close(): Promise<void> {
    this.#packs.close();
    await this.#reader.close();
  }

  async #read(range: WorkRange, events: RangeEvents, signal: AbortSignal): Promise<void> {
    switch (range.type) {
      case 'git-objects':
        return this.#reader.read(range, events, signal);
      case 'git-pack':
        return this.#packs.read(range, events, signal);
      case 'files':
        return readFiles(range, events, signal);
      case 'stdin':
        return readStdin(range, events, signal);
    }
  }

  #keeping(run: RangeRun): RangeEvents {
    return {
      document: (document) => {
        this.#stdin.push({ ...document, bytes: Buffer.from(document.bytes) });
        run.document(document);
      },
      ...(run.exported === undefined ? {} : { exported: run.exported }),
      embedded: (found) => run.embedded(found),
      problem: (problem) => run.problem(problem),
      skipped: (reason, count) => run.skipped(reason, count),
    };
  }
}
