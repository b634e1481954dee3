/** Messages that a database of slackdump holds more than once: one row for each run that met them, and for the thread. */
import type { Row } from '../sqlite/database.js';

/** Numbers of messages remembered; beyond that each row is told as it comes. */
const maxNoted = 2_000_000;
const maxHeldBytes = 64 * 1024 * 1024;

export class RepeatedMessages {
  #seen = new Set<unknown>();
  readonly #repeated = new Set<unknown>();
  readonly #held = new Map<string, { readonly chunk: number; readonly row: Row }[]>();
  #heldBytes = 0;

  /** To be called for every row, before the first is held. */
  note(id: unknown): void {
    if (this.#seen.has(id)) this.#repeated.add(id);
    else if (this.#seen.size < maxNoted) this.#seen.add(id);
  }

  /** True when the row is kept until all are read. */
  hold(id: unknown, channel: string, chunk: unknown, row: Row): boolean {
    // What was seen once has done its work.
    if (this.#seen.size > 0) this.#seen = new Set();
    if (!this.#repeated.has(id) || this.#heldBytes > maxHeldBytes) return false;
    const key = `${channel}/${String(id)}`;
    const rows = this.#held.get(key) ?? [];
    rows.push({ chunk: typeof chunk === 'number' ? chunk : 0, row: copyOf(row) });
    this.#held.set(key, rows);
    for (const value of row.values)
      if (typeof value === 'string' || Buffer.isBuffer(value)) this.#heldBytes += value.length;
    return true;
  }

  /** Rows of each message, the latest run first. */
  *byMessage(): Generator<readonly Row[]> {
    for (const rows of this.#held.values())
      yield rows.sort((a, b) => b.chunk - a.chunk).map(({ row }) => row);
  }
}

/** Rows are views of pages, which must not be kept for a few bytes of them. */
function copyOf(row: Row): Row {
  return {
    ...row,
    values: row.values.map((value) => (Buffer.isBuffer(value) ? Buffer.from(value) : value)),
  };
}
