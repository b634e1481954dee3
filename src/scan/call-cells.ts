/**
 * Shared memory in which a worker says what it is at, so that the main thread can tell one that works from
 * one that is stuck without asking it: a stuck worker answers no message.
 */

/** A call of the engine: one document, or one part of it, as it is counted within its task. */
export interface EngineCall {
  /** From 1, in the order in which the task's reader hands documents over. */
  readonly call: number;
  readonly bytes: number;
}

export interface CallState extends EngineCall {
  /** The task's id; `call` is 0 while the worker reads, waits or is idle. */
  readonly job: number;
  /** Grows with every call that begins or ends. */
  readonly beats: number;
}

const jobCell = 0;
const callCell = 1;
const bytesCell = 2;
const beatsCell = 3;
const cellCount = 4;

export class CallCells {
  /** What is posted to the worker, which makes its own `CallCells` over it. */
  readonly memory: SharedArrayBuffer;
  readonly #cells: Int32Array;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(cellCount * 4)) {
    this.memory = memory;
    this.#cells = new Int32Array(memory);
  }

  begin(job: number, { call, bytes }: EngineCall): void {
    Atomics.store(this.#cells, jobCell, job);
    Atomics.store(this.#cells, callCell, call);
    Atomics.store(this.#cells, bytesCell, bytes);
    // Last: whoever sees the same beat twice sees whole cells.
    Atomics.add(this.#cells, beatsCell, 1);
  }

  end(): void {
    Atomics.store(this.#cells, callCell, 0);
    Atomics.add(this.#cells, beatsCell, 1);
  }

  read(): CallState {
    return {
      job: Atomics.load(this.#cells, jobCell),
      call: Atomics.load(this.#cells, callCell),
      bytes: Atomics.load(this.#cells, bytesCell),
      beats: Atomics.load(this.#cells, beatsCell),
    };
  }
}
