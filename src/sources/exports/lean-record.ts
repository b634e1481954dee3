/**
 * Records in the lean form: what counting and searching need, and a way to the records in full, which is gone only when
 * something was found in one of them. Their texts are what the full ones have, to the letter; nothing else of them is
 * relied on.
 */
import type { JsonTape } from '../../prefilter/json-tape.js';
import type { Dialect, ExportRecord, RecordPlace, RecordSink, RecordText, RecordType } from './contract.js';

/** An element of an array that holds lean records. */
export interface LeanElement {
  /** All lean records of it in full, in their order. @param json the element as it was read */
  records(json: Buffer): readonly ExportRecord[];
  /** A time of creation, as the tape has it, as the full record has it. */
  time(text: string): string;
}

/** Takes lean records, beside the `record` of a `RecordSink`. */
export interface LeanSink {
  readonly tape: JsonTape;
  /** The records to come stand in the element at this entry of the tape. */
  begin(entry: number): void;
  /** Adds the string at an entry to the record to come. */
  string(entry: number, dialect: Dialect, label?: string): void;
  /** Adds the string at an entry to a text that is put together. */
  join(entry: number): void;
  /** Breaks the line of that text. */
  joinBreak(): void;
  /** Ends its line, if there is anything in it. */
  joinLine(): void;
  /** Adds that text without the end of its last line, if there is anything in it; without a dialect it is dropped. */
  joined(dialect: Dialect | undefined): void;
  /** Adds a text that was made in another way. */
  text(text: Omit<RecordText, 'field'>): void;
  /** Texts of the record to come. */
  readonly texts: number;
  /**
   * Ends a record.
   *
   * @param createdMs time of its creation in ms since 1970; undefined when it has none that counts
   * @param created entry of that time
   */
  lean(place: RecordPlace, type: RecordType, createdMs?: number, created?: number): void;
  /** A record in full that comes here; it is handed over once, whatever becomes of the element. The texts since the last record stay with the one to come. */
  record(record: ExportRecord): void;
  /** Hands over all records since `begin`. False when they take too much room: then those in full are, and no others. */
  commit(element: LeanElement): boolean;
}

/** Reads elements of the tape. */
export interface LeanReader {
  readonly tape: JsonTape;
  /** Keys that it asks for, see `JsonTape.useKeys`. */
  readonly keys: readonly string[];
  /**
   * Hands over all that stands in an element as lean records. False, and nothing was done, when it is to be read in full.
   */
  read(
    element: number,
    ancestors: readonly Readonly<Record<string, unknown>>[],
    raw: NonNullable<ExportRecord['raw']>,
  ): boolean;
  /** Told of an element that was not taken, once it was read in full. */
  wasRead?(): void;
}

/** A sink for reading again what was counted before: it takes records alone. */
export function collectingSink(record: (record: ExportRecord) => void): RecordSink {
  const nothing = (): void => {};
  return {
    record,
    note: nothing,
    unknownKey: nothing,
    damaged: nothing,
    aborted: false,
    drained: async () => {},
  };
}
