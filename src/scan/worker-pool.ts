/**
 * Runs range tasks: small jobs in this thread, the rest in worker threads.
 *
 * A worker costs about 60 ms to start and the engine's tables again, so the first bytes are done here and
 * threads start only when there is more. Each worker has at most two tasks in hand, so that it never waits
 * for the next; `run` resolves when the task is done, and planning waits on it: that is the back-pressure.
 *
 * No document can hold the scan up. A worker that stays in one for longer than the limit is ended and its tasks
 * go to a new one, which passes over that document; in this thread the call itself is ended, and the task goes to
 * a worker. docs/design/0015-limits.md has the reasons.
 */
import { Worker } from 'node:worker_threads';
import { CallCells, type CallState, type EngineCall } from './call-cells.js';
import { errorName } from './error-name.js';
import { type InlineOptions, InlineTasks } from './inline-tasks.js';
import { lostRange, nothingRead } from './lost-range.js';
import type { RangeResult, RangeTask } from './range-result.js';
import { countedMs, StuckDetector, TimeLimits } from './stuck-detector.js';
import { type FromWorker, postedRules, type ToWorker, type WorkerInit } from './worker-messages.js';

/** Bytes that are analysed in the main thread before workers start: about 60 ms of work. */
const inlineBytes = 4 * 2 ** 20;
const tasksInHand = 2;
/**
 * What this thread still grows by when workers start, and what each of them takes: measured on full histories
 * (docs/design/0015-limits.md).
 */
const growthBytes = 100 * 2 ** 20;
const workerBytes = 170 * 2 ** 20;
/** Looks at the workers within the shortest limit. */
const looksPerLimit = 8;
const slowestLookMs = 500;
/** A scan that was interrupted gives a worker so long for what it has begun. */
const interruptedMs = 3000;
/** Documents that one task may lose; the rest of such a range is a gap as a whole. */
const mostSkips = 64;

interface Job {
  readonly id: number;
  readonly task: RangeTask;
  readonly resolve: (result: RangeResult) => void;
  /** Calls in which a worker was stuck with this task. */
  readonly skip: EngineCall[];
  attempts: number;
}

interface Member {
  readonly worker: Worker;
  readonly jobs: Map<number, Job>;
  readonly cells: CallCells;
  readonly detector: StuckDetector;
}

export interface PoolOptions extends InlineOptions {
  readonly jobs: number;
  /** Bytes of memory that the process should stay below; fewer workers are started. */
  readonly maxMemory?: number;
  /** Aborted: what waits is dropped, and what was begun has some seconds to end. */
  readonly signal: AbortSignal;
  readonly codeCache: boolean;
  /** Told when the first worker is about to start. */
  readonly onStart: () => void;
  /** File URL or path of the built worker entry. */
  readonly workerEntry: URL | string;
}

export class WorkerPool {
  readonly #options: PoolOptions;
  readonly #members: Member[] = [];
  readonly #queue: Job[] = [];
  readonly #limits: TimeLimits;
  readonly #interrupt = (): void => this.#dropQueue();
  readonly #inline: InlineTasks;
  #inlineDone = 0;
  #expected = 0;
  #looks: NodeJS.Timeout | undefined;
  #most: number | undefined;
  #lastId = 0;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#limits = new TimeLimits(options.timeoutMs);
    this.#inline = new InlineTasks(options);
    options.signal.addEventListener('abort', this.#interrupt);
  }

  /** Tasks that may be under way at once without any of them waiting long. */
  get capacity(): number {
    return this.#options.jobs * tasksInHand;
  }

  /** Says that about `bytes` more bytes will be asked for: workers come up as soon as they are sure to be needed. */
  expect(bytes: number): void {
    this.#expected += bytes;
    if (this.#expected <= inlineBytes || this.#options.signal.aborted) return;
    this.#inlineDone = Number.POSITIVE_INFINITY;
    if (this.#members.length === 0) this.#start();
  }

  /** Runs a task of about `bytes` bytes. Never rejects: a task that fails gives a result with a problem. */
  async run(task: RangeTask, bytes: number): Promise<RangeResult> {
    const isBound = this.#isBound(task);
    if (isBound || (this.#members.length === 0 && this.#inlineDone + bytes <= inlineBytes)) {
      this.#inlineDone += bytes;
      const result = await this.#inline.run(task, isBound);
      if (result !== undefined) return result;
      this.#inlineDone = Number.POSITIVE_INFINITY;
    }
    return this.#enqueue(task);
  }

  async close(): Promise<void> {
    clearInterval(this.#looks);
    this.#options.signal.removeEventListener('abort', this.#interrupt);
    await this.rest();
  }

  /** Ends the workers, so that what comes next has their memory; a later task starts new ones. */
  async rest(): Promise<void> {
    await this.#inline.close();
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

  /** True for what only this thread can do: stdin is its own, and a given value never leaves it. */
  #isBound(task: RangeTask): boolean {
    const { literals } = this.#options;
    if (task.range.type === 'stdin') return true;
    return literals !== undefined && task.mode === 'sweep' && task.known === literals.known;
  }

  #enqueue(task: RangeTask): Promise<RangeResult> {
    if (this.#options.signal.aborted) return Promise.resolve(nothingRead());
    return new Promise((resolve) => {
      this.#queue.push({ id: ++this.#lastId, task, resolve, skip: [], attempts: 0 });
      this.#dispatch();
    });
  }

  #dispatch(): void {
    while (this.#queue.length > 0) {
      const member = this.#free();
      if (member === undefined) return;
      const job = this.#queue.shift();
      if (job === undefined) return;
      job.attempts++;
      member.jobs.set(job.id, job);
      const { id, task, skip } = job;
      member.worker.postMessage({ type: 'task', id, task, skip } satisfies ToWorker);
    }
  }

  /** The member with the least to do, a new one while there may be more. */
  #free(): Member | undefined {
    const least = this.#members.reduce<Member | undefined>(
      (best, member) => (best === undefined || member.jobs.size < best.jobs.size ? member : best),
      undefined,
    );
    if (least !== undefined && least.jobs.size === 0) return least;
    if (this.#members.length < this.#mostMembers()) return this.#start();
    return least !== undefined && least.jobs.size < tasksInHand ? least : undefined;
  }

  /** Workers that there may be; what is known of packs by now is counted with what the process holds. */
  #mostMembers(): number {
    const { jobs, maxMemory } = this.#options;
    if (maxMemory === undefined) return jobs;
    this.#most ??= Math.floor((maxMemory - process.memoryUsage.rss() - growthBytes) / workerBytes);
    return Math.max(1, Math.min(jobs, this.#most));
  }

  #start(): Member {
    if (this.#members.length === 0) this.#options.onStart();
    const cells = new CallCells();
    // Standard output stays clean even if a library prints inside the thread.
    const worker = new Worker(this.#options.workerEntry, {
      workerData: {
        ...this.#options.init,
        rules: postedRules(this.#options.init.rules),
        cells: cells.memory,
        codeCache: this.#options.codeCache,
      } satisfies WorkerInit,
      stdout: true,
      stderr: true,
    });
    const member: Member = { worker, jobs: new Map(), cells, detector: new StuckDetector() };
    this.#members.push(member);
    const everyMs = Math.min(slowestLookMs, this.#options.timeoutMs / looksPerLimit);
    this.#looks ??= setInterval(() => this.#look(), everyMs).unref();
    worker.on('message', (message: FromWorker) => {
      const job = member.jobs.get(message.id);
      if (job === undefined) return;
      member.jobs.delete(message.id);
      job.resolve(message.type === 'result' ? message.result : lostRange('worker-crashed', message.name));
      this.#dispatch();
    });
    worker.on('error', (error) => this.#lost(member, errorName(error)));
    worker.on('exit', () => this.#lost(member, 'thread ended'));
    return member;
  }

  /** A worker died (out of memory, a crash): its tasks go to another one once, then they are reported. */
  #lost(member: Member, name: string): void {
    this.#remove(member);
    for (const job of member.jobs.values()) {
      if (job.attempts < 2) this.#queue.push(job);
      else job.resolve(lostRange('worker-crashed', name));
    }
    member.jobs.clear();
    this.#dispatch();
  }

  #look(): void {
    const { user, system } = process.cpuUsage();
    const now = { wallMs: performance.now(), cpuMs: (user + system) / 1000 };
    const busy = this.#members.filter(({ jobs }) => jobs.size > 0).length;
    for (const member of [...this.#members]) {
      if (member.jobs.size === 0) {
        member.detector.idle();
        continue;
      }
      const state = member.cells.read();
      const seen = member.detector.seenFor(state, now);
      if (this.#options.signal.aborted) {
        if (seen.wallMs > interruptedMs) this.#giveUp(member);
      } else if (countedMs(state, seen, busy) > this.#limits.allowed(state)) this.#stuck(member, state);
    }
  }

  /** Ends a worker that is stuck; a new one does its tasks without the document that it is stuck in. */
  #stuck(member: Member, { job: id, call, bytes }: CallState): void {
    this.#limits.exceeded();
    this.#remove(member);
    for (const job of member.jobs.values()) {
      // Before the first call of a task the cells still speak of the former one.
      const isStuck = call === 0 ? job === firstOf(member.jobs) : job.id === id;
      if (isStuck) job.skip.push({ call, bytes });
      // An attempt is what a crash ended.
      job.attempts--;
      if (isStuck && (call === 0 || job.skip.length > mostSkips)) job.resolve(lostRange('document-timeout'));
      else this.#queue.unshift(job);
    }
    this.#end(member);
    this.#dispatch();
  }

  /** Ends a worker that does not come to an end although the scan was interrupted. */
  #giveUp(member: Member): void {
    this.#remove(member);
    for (const job of member.jobs.values()) job.resolve(nothingRead());
    this.#end(member);
  }

  #dropQueue(): void {
    for (const job of this.#queue.splice(0)) job.resolve(nothingRead());
  }

  #remove(member: Member): void {
    const index = this.#members.indexOf(member);
    if (index >= 0) this.#members.splice(index, 1);
  }

  #end(member: Member): void {
    member.jobs.clear();
    member.worker.terminate().catch(() => undefined);
  }
}

function firstOf(jobs: ReadonlyMap<number, Job>): Job | undefined {
  return jobs.values().next().value;
}
