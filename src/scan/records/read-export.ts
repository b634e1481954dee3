/** Records of exports for programs: what the readers hand over, without detection and without a database. */
import type { System } from '../../model/place.js';
import type { InputProblem } from '../../model/problem.js';
import type { ExportRecord, RecordSink } from '../../sources/exports/contract.js';
import { readToEnd } from '../../sources/exports/file-ending.js';
import { type ExportOffer, sourceOf } from '../../sources/exports/offer.js';
import { defaultExportOptions, type ExportOptions } from '../../sources/exports/options.js';
import { probeOf } from '../../sources/exports/probe.js';
import { boldBelow, chooseReader } from '../../sources/exports/registry.js';
import { openPathSource } from '../../sources/files/folder-source.js';
import { readFiles } from '../../sources/files/read-files.js';
import { errorName } from '../error-name.js';

/** A record with where it was read. */
export interface ReadRecord {
  readonly record: ExportRecord;
  readonly system: System;
  /** Id of the reader, e.g. `slack-messages`. */
  readonly reader: string;
  /** File within the target, container entries joined with `!/`. */
  readonly source: string;
}

export interface ReadExportOptions extends Partial<Omit<ExportOptions, 'people'>> {
  readonly onProblem?: (problem: InputProblem) => void;
  readonly signal?: AbortSignal;
}

/** Records that may wait for the consumer. */
const maxWaiting = 2000;

/**
 * Reads a file, an archive or a folder of exports. Files that no reader recognises are passed over. Texts of records
 * hold whatever people wrote, secrets included.
 */
export async function* readExport(
  path: string,
  options: ReadExportOptions = {},
): AsyncGenerator<ReadRecord, void> {
  const { onProblem = () => {}, signal: given, ...own } = options;
  const stop = new AbortController();
  const signal = given === undefined ? stop.signal : AbortSignal.any([given, stop.signal]);
  const exports = { ...defaultExportOptions, ...own };
  const queue = new RecordQueue();
  const source = await openPathSource(path, { exports });
  const exported = async (offer: ExportOffer): Promise<boolean> => {
    const choice = chooseReader(probeOf(offer.file.name, offer.file.head, offer.isWhole), exports.system);
    if (choice === undefined || (exports.system === undefined && choice.recognition.score < boldBelow))
      return false;
    const { id, system } = choice.reader;
    const about = { system, reader: id, source: sourceOf(offer) };
    const damaged = (detail: string): void =>
      onProblem({ code: 'export-damaged', where: about.source, detail });
    const sink = new QueueSink(queue, (record) => ({ record, ...about }), damaged, signal);
    try {
      await readToEnd(choice.reader, offer.file, sink, exports);
    } catch (error) {
      damaged(errorName(error));
    }
    return true;
  };
  const events = { document: () => {}, skipped: () => {}, problem: onProblem, exported };
  const nothingKnown = async (_: Uint8Array, types: Uint8Array): Promise<Uint8Array> =>
    new Uint8Array(types.length);
  const reading = (async () => {
    for await (const { range } of source.plan({ isKnown: nothingKnown }, events)) {
      if (signal.aborted) break;
      await readFiles(range, events, signal);
    }
  })();
  reading.then(
    () => queue.end(),
    (error: unknown) => queue.end(error),
  );
  try {
    yield* queue.all();
  } finally {
    // The consumer may have had enough.
    stop.abort();
    queue.close();
    await reading.catch(() => undefined);
  }
}

/** Hands records from a reader that pushes to a consumer that pulls. */
class RecordQueue {
  #waiting: ReadRecord[] = [];
  #isEnded = false;
  #error: unknown;
  #wake: (() => void) | undefined;
  #room: (() => void) | undefined;

  push(record: ReadRecord): void {
    this.#waiting.push(record);
    this.#wake?.();
  }

  end(error?: unknown): void {
    this.#isEnded = true;
    this.#error = error;
    this.#wake?.();
  }

  /** Nobody takes records any more. */
  close(): void {
    this.#isEnded = true;
    this.#room?.();
  }

  /** Resolves when the consumer has caught up. */
  async room(): Promise<void> {
    if (this.#isEnded || this.#waiting.length < maxWaiting) return;
    await new Promise<void>((resolve) => {
      this.#room = resolve;
    });
  }

  async *all(): AsyncGenerator<ReadRecord, void> {
    for (;;) {
      const batch = this.#waiting;
      this.#waiting = [];
      this.#room?.();
      yield* batch;
      if (this.#waiting.length > 0) continue;
      if (this.#isEnded) break;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#error !== undefined) throw this.#error;
  }
}

class QueueSink implements RecordSink {
  readonly #queue: RecordQueue;
  readonly #about: (record: ExportRecord) => ReadRecord;
  readonly #signal: AbortSignal;
  readonly damaged: (detail: string) => void;

  constructor(
    queue: RecordQueue,
    about: (record: ExportRecord) => ReadRecord,
    damaged: (detail: string) => void,
    signal: AbortSignal,
  ) {
    this.#queue = queue;
    this.#about = about;
    this.damaged = damaged;
    this.#signal = signal;
  }

  get aborted(): boolean {
    return this.#signal.aborted;
  }

  record(record: ExportRecord): void {
    this.#queue.push(this.#about(record));
  }

  note(): void {}
  unknownKey(): void {}
  drained(): Promise<void> {
    return this.#queue.room();
  }
}
