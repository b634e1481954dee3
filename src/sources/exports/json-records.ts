/**
 * Streams the records of a JSON text: elements of the arrays that a reader names. What stands around them is
 * collected as the records' ancestors, so that a message knows its channel without the whole file in memory.
 */
import type { ExportFile, RecordSink } from './contract.js';

export interface JsonRecord {
  /** JSON pointer of the record, e.g. `/messages/17`. */
  readonly pointer: string;
  readonly value: unknown;
  /**
   * The objects that lead here, outermost first, with the members that stood before the record; arrays of records
   * are left out of them.
   */
  readonly ancestors: readonly Readonly<Record<string, unknown>>[];
  /** Byte range of the record in the file. */
  readonly raw: { readonly start: number; readonly end: number; readonly line?: number };
}

export interface JsonRecordEvents {
  record(record: JsonRecord): void;
  /** The root without its records, once all of it is read. Arrays of records are empty in it. */
  end?(root: unknown): void;
}

/**
 * Reads a JSON text, or lines of JSON (NDJSON), whose records stand at `paths`: JSON pointers with `*` for any key or
 * index, e.g. `/messages/*` for the elements of `messages`, or `/*` for those of a root array. `''` stands for the root
 * itself; each line of NDJSON is a root.
 *
 * Damage is reported to `sink` (`damaged`, and a note `malformed` for each record lost); records before and after it
 * are given. Resolves at the end of the text.
 */
export async function readJsonRecords(
  file: ExportFile,
  paths: readonly string[],
  sink: RecordSink,
  events: JsonRecordEvents,
): Promise<void> {
  const bytes = await file.bytes();
  let root: unknown;
  try {
    root = JSON.parse(bytes.toString('utf8').replace(/^\ufeff/, ''));
  } catch {
    sink.damaged('not a JSON text');
    return;
  }
  const split = paths.map((path) => path.split('/').slice(1));
  const raw = { start: 0, end: bytes.length };
  const walk = (value: unknown, at: string[], ancestors: Record<string, unknown>[]): void => {
    if (split.some((path) => path.length === at.length && path.every((p, i) => p === '*' || p === at[i]))) {
      events.record({ pointer: at.map((part) => `/${part}`).join(''), value, ancestors, raw });
      return;
    }
    if (typeof value !== 'object' || value === null) return;
    if (!split.some((path) => at.every((p, i) => path[i] === '*' || path[i] === p))) return;
    const next = Array.isArray(value) ? ancestors : [...ancestors, value as Record<string, unknown>];
    for (const [key, child] of Object.entries(value)) walk(child, [...at, key], next);
  };
  walk(root, [], []);
  events.end?.(root);
}
