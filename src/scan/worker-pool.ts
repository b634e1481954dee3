/**
 * Runs range tasks: small jobs in this thread, the rest in worker threads.
 *
 * A worker costs about 60 ms to start and the engine's tables again, so the first bytes are done here and
 * threads start only when there is more. Each worker has at most two tasks in hand, so that it never waits
 * for the next; `run` resolves when the task is done, and planning waits on it: that is the back-pressure.
 */
import { Worker } from 'node:worker_threads';
import { createAnalyzer } from '../detect/create-analyzer.js';
import type { KnownLiteral } from '../detect/literal-search.js';
import { anchorTableOf } from '../identity/sweep.js';
import type { KnownAnchor } from '../model/finding.js';
import { errorName } from './error-name.js';
import type { RangeResult, RangeTask } from './range-result.js';
import { RangeRunner } from './range-runner.js';
import type { FromWorker, ToWorker, WorkerInit } from './worker-messages.js';

/** Bytes that are analysed in the main thread before workers start: about 60 ms of work. */
const inlineBytes = 4 * 2 ** 20;
const tasksInHand = 2;
/** An interrupted scan finishes the ranges it has begun (at most some MB each), so that nothing is half read. */
const neverAborted = new AbortController().signal;

interface Job {
  readonly id: number;
  readonly task: RangeTask;
  readonly resolve: (result: RangeResult) => void;
  attempts: number;
}

interface Member {
  readonly worker: Worker;
  readonly jobs: Map<number, Job>;
}

export interface PoolOptions {
  readonly jobs: number;
  readonly init: WorkerInit;
  /** Given values, looked for in the sweeps that are asked with this very list of anchors. */
  readonly literals?: { readonly values: readonly KnownLiteral[]; readonly known: readonly KnownAnchor[] };
  /** File URL or path of the built worker entry. */
  readonly workerEntry: URL | string;
}

export class WorkerPool {
  readonly #options: PoolOptions;
  readonly #members: Member[] = [];
  readonly #queue: Job[] = [];
  #inline: RangeRunner | undefined;
  #inlineDone = 0;
  #inlineChain: Promise<void> = Promise.resolve();
  #lastId = 0;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Tasks that may be under way at once without any of them waiting long. */
  get capacity(): number {
    return this.#options.jobs * tasksInHand;
  }

  /** Runs a task of about `bytes` bytes. Never rejects: a task that fails gives a result with a problem. */
  async run(task: RangeTask, bytes: number): Promise<RangeResult> {
    if (
      task.range.type === 'stdin' ||
      // A given value never leaves this thread.
      (this.#options.literals !== undefined &&
        task.mode === 'sweep' &&
        task.known === this.#options.literals.known) ||
      (this.#members.length === 0 && this.#inlineDone + bytes <= inlineBytes)
    ) {
      this.#inlineDone += bytes;
      return this.#runInline(task);
    }
    return new Promise((resolve) => {
      this.#queue.push({ id: ++this.#lastId, task, resolve, attempts: 0 });
      this.#dispatch();
    });
  }

  async close(): Promise<void> {
    await this.#inline?.close();
    await Promise.all(
      this.#members.map(
        ({ worker }) =>
          new Promise<void>((resolve) => {
            worker.once('exit', () => resolve());
            worker.postMessage({ type: 'close' } satisfies ToWorker);
          }),
      ),
    );
  }

  /** One task after the other, as in a worker: a runner's readers serve one store at a time. */
  #runInline(task: RangeTask): Promise<RangeResult> {
    const result = this.#inlineChain.then(() => this.#inlineTask(task));
    this.#inlineChain = result.then(() => undefined);
    return result;
  }

  async #inlineTask(task: RangeTask): Promise<RangeResult> {
    const { literals } = this.#options;
    const { rules, keys, known } = this.#options.init;
    this.#inline ??= new RangeRunner(
      createAnalyzer({
        rules,
        keys,
        known: anchorTableOf(known),
        ...(literals && { literals: literals.values }),
      }),
      keys,
    );
    try {
      return await this.#inline.run(task, neverAborted);
    } catch (error) {
      return failed(errorName(error));
    }
  }

  #dispatch(): void {
    while (this.#queue.length > 0) {
      const member = this.#free();
      if (member === undefined) return;
      const job = this.#queue.shift();
      if (job === undefined) return;
      job.attempts++;
      member.jobs.set(job.id, job);
      member.worker.postMessage({ type: 'task', id: job.id, task: job.task } satisfies ToWorker);
    }
  }

  /** The member with the least to do, a new one while there may be more. */
  #free(): Member | undefined {
    const least = this.#members.reduce<Member | undefined>(
      (best, member) => (best === undefined || member.jobs.size < best.jobs.size ? member : best),
      undefined,
    );
    if (least !== undefined && least.jobs.size === 0) return least;
    if (this.#members.length < this.#options.jobs) return this.#start();
    return least !== undefined && least.jobs.size < tasksInHand ? least : undefined;
  }

  #start(): Member {
    // Standard output stays clean even if a library prints inside the thread.
    const worker = new Worker(this.#options.workerEntry, {
      workerData: this.#options.init,
      stdout: true,
      stderr: true,
    });
    const member: Member = { worker, jobs: new Map() };
    this.#members.push(member);
    worker.on('message', (message: FromWorker) => {
      const job = member.jobs.get(message.id);
      if (job === undefined) return;
      member.jobs.delete(message.id);
      job.resolve(message.type === 'result' ? message.result : failed(message.name));
      this.#dispatch();
    });
    worker.on('error', (error) => this.#lost(member, errorName(error)));
    worker.on('exit', () => this.#lost(member, 'thread ended'));
    return member;
  }

  /** A worker died (out of memory, a crash): its tasks go to another one once, then they are reported. */
  #lost(member: Member, name: string): void {
    const index = this.#members.indexOf(member);
    if (index >= 0) this.#members.splice(index, 1);
    for (const job of member.jobs.values()) {
      if (job.attempts < 2) this.#queue.push(job);
      else job.resolve(failed(name));
    }
    member.jobs.clear();
    this.#dispatch();
  }
}

function failed(detail: string): RangeResult {
  return {
    contents: [],
    hits: [],
    chunks: [],
    problems: [{ code: 'worker-crashed', where: 'a work range', detail }],
    skipped: [],
    documents: 0,
    bytes: 0,
    covered: [],
  };
}
