/** A scan as an async iterable of events, for callers of the library. */
import type { ScanEvent, ScanOptions, ScanResult } from './messages.js';
import { type ScanDeps, scan } from './scan.js';

/** The events of a scan, and its result as the last of them. */
export type ScanStreamEvent = ScanEvent | { readonly type: 'result'; readonly result: ScanResult };

export type ScanStreamDeps = Omit<ScanDeps, 'onEvent' | 'signal'> & {
  /** Ends the scan: what was begun is written, and the result says that it was interrupted. */
  readonly signal?: AbortSignal;
};

/**
 * Runs {@link scan} and yields what it tells on the way: targets as they are opened, phases, progress,
 * problems. The last event has type `result`. A failure of the whole run is thrown from the loop.
 *
 * ```ts
 * for await (const event of scanEvents({ targets: ['.'], jobs: 2 }, { store, keys })) {
 *   if (event.type === 'problem') console.error(event.problem.code, event.problem.where);
 *   if (event.type === 'result') console.log(event.result.receipt.documents);
 * }
 * ```
 *
 * A reader that is slower than the scan loses nothing but outdated `progress`: of several only the newest is
 * kept. Leaving the loop early interrupts the scan and waits until it has written what it had begun.
 */
export async function* scanEvents(
  options: ScanOptions,
  deps: ScanStreamDeps,
): AsyncGenerator<ScanStreamEvent, void> {
  const left = new AbortController();
  const signal = deps.signal === undefined ? left.signal : AbortSignal.any([deps.signal, left.signal]);
  const queue = new EventQueue();
  const running = scan(options, { ...deps, signal, onEvent: (event) => queue.push(event) }).then((result) =>
    queue.push({ type: 'result', result }),
  );
  const done = running.finally(() => queue.end());
  done.catch(() => undefined);
  try {
    yield* queue.events();
    await done;
  } finally {
    left.abort();
    await done.catch(() => undefined);
  }
}

/** Hands events from a callback to a loop. */
class EventQueue {
  readonly #waiting: ScanStreamEvent[] = [];
  #isOver = false;
  #wake: () => void = () => undefined;

  push(event: ScanStreamEvent): void {
    const isNewer = event.type === 'progress' && this.#waiting.at(-1)?.type === 'progress';
    if (isNewer) this.#waiting.pop();
    this.#waiting.push(event);
    this.#wake();
  }

  end(): void {
    this.#isOver = true;
    this.#wake();
  }

  async *events(): AsyncGenerator<ScanStreamEvent, void> {
    for (;;) {
      const event = this.#waiting.shift();
      if (event !== undefined) yield event;
      else if (this.#isOver) return;
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}
