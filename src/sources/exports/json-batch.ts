/** Records that were cut out of one array and are not yet parsed: many are parsed at once, which is faster. */
import type { JsonWindow } from './json-window.js';

/** Parsed at the latest when they have this many bytes. */
const batchBytes = 1 << 16;

/** @param value undefined when it is no JSON */
export type BatchVisitor = (start: number, end: number, line: number, index: number, value: unknown) => void;

export class RecordBatch {
  readonly #window: JsonWindow;
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #lines: number[] = [];
  #firstIndex = 0;

  constructor(window: JsonWindow) {
    this.#window = window;
  }

  get isFull(): boolean {
    return (this.#ends.at(-1) ?? 0) - (this.#starts[0] ?? 0) >= batchBytes;
  }

  /** Adds the element `index` of an array; between it and the one added before stands a comma alone. */
  add(start: number, end: number, line: number, index: number): void {
    if (this.#starts.length === 0) this.#firstIndex = index;
    this.#starts.push(start);
    this.#ends.push(end);
    this.#lines.push(line);
  }

  flush(visit: BatchVisitor): void {
    const count = this.#starts.length;
    if (count === 0) return;
    const values = this.#parseAll(count);
    for (let i = 0; i < count; i++) {
      const start = this.#starts[i] as number;
      const end = this.#ends[i] as number;
      const value = values === undefined ? parseJson(this.#window.text(start, end)) : values[i];
      visit(start, end, this.#lines[i] as number, this.#firstIndex + i, value);
    }
    this.#starts.length = 0;
    this.#ends.length = 0;
    this.#lines.length = 0;
  }

  #parseAll(count: number): unknown[] | undefined {
    // The encoding is a record's own where it is not the same for all.
    if (count === 1 || this.#window.isMixed) return undefined;
    const text = this.#window.text(this.#starts[0] as number, this.#ends[count - 1] as number);
    const values = parseJson(`[${text}]`) as unknown[] | undefined;
    return values?.length === count ? values : undefined;
  }
}

/** Undefined, which JSON cannot say, when the text is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
