/** Records that were cut out of one array and are not yet parsed: many are parsed at once, which is faster. */
import type { JsonWindow } from './json-window.js';

/** Parsed at the latest when they have this many bytes. */
const batchBytes = 1 << 16;

/**
 * @param value undefined when it is no JSON
 * @param isWhole false when members of it are lost, see {@link lacksMembers}
 */
export type BatchVisitor = (
  start: number,
  end: number,
  line: number,
  index: number,
  value: unknown,
  isWhole: boolean,
) => void;

export class RecordBatch {
  readonly #window: JsonWindow;
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #lines: number[] = [];
  readonly #keys: number[] = [];
  #firstIndex = 0;

  constructor(window: JsonWindow) {
    this.#window = window;
  }

  get isFull(): boolean {
    return (this.#ends.at(-1) ?? 0) - (this.#starts[0] ?? 0) >= batchBytes;
  }

  /**
   * Adds the element `index` of an array; between it and the one added before stands a comma alone.
   *
   * @param keys least number of members that all objects in it have together
   */
  add(start: number, end: number, line: number, index: number, keys: number): void {
    if (this.#starts.length === 0) this.#firstIndex = index;
    this.#starts.push(start);
    this.#ends.push(end);
    this.#lines.push(line);
    this.#keys.push(keys);
  }

  flush(visit: BatchVisitor): void {
    const count = this.#starts.length;
    if (count === 0) return;
    const values = this.#parseAll(count);
    for (let i = 0; i < count; i++) {
      const start = this.#starts[i] as number;
      const end = this.#ends[i] as number;
      const value = values === undefined ? parseJson(this.#window.text(start, end)) : values[i];
      const isWhole = !lacksMembers(value, this.#keys[i] as number);
      visit(start, end, this.#lines[i] as number, this.#firstIndex + i, value, isWhole);
    }
    this.#starts.length = 0;
    this.#ends.length = 0;
    this.#lines.length = 0;
    this.#keys.length = 0;
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

/**
 * True for a value that has fewer members than were written: a key came twice in one object, as in two that ran into
 * each other, and only the last of the members is left.
 */
export function lacksMembers(value: unknown, keys: number): boolean {
  if (keys === 0 || typeof value !== 'object' || value === null) return false;
  let left = keys;
  // For each record of an export: lists of keys and of values would cost more than all else here.
  const open: object[] = [value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (Array.isArray(next)) {
      for (const child of next as unknown[])
        if (typeof child === 'object' && child !== null) open.push(child);
      continue;
    }
    // What JSON.parse makes has no members but its own.
    for (const key in next) {
      if (--left <= 0) return false;
      const child = (next as Record<string, unknown>)[key];
      if (typeof child === 'object' && child !== null) open.push(child);
    }
  }
  return left > 0;
}
