/**
 * Records in the lean form: what counting and searching need, and a way to the record in full, which is gone only when
 * something was found in it. A lean record says of its texts what the full one says, to the letter.
 */
import type { JsonTape } from '../../prefilter/json-tape.js';
import type { ExportRecord, RecordPlace, RecordText, RecordType } from './contract.js';

/** A text of which `field` is not to be relied on. */
export interface LeanText extends RecordText {
  /** True when no view of it differs from the text itself; else that is still to be asked. */
  readonly isUntouched?: boolean;
}

export interface LeanRecord {
  readonly place: RecordPlace;
  readonly type: RecordType;
  /** All texts, in the order of the full record. */
  readonly texts: readonly LeanText[];
  /** Time of its creation in ms since 1970; undefined when it has none that counts. */
  readonly createdMs: number | undefined;
  /** That time as the full record has it. */
  created(): string;
  /** The record in full. @param element the JSON text of the element in which it stands, as it was read */
  full(element: Buffer): ExportRecord;
}

/** Takes lean records, beside the `record` of a `RecordSink`. */
export interface LeanSink {
  readonly tape: JsonTape;
  /** The records to come stand in the element at this entry of the tape. */
  element(entry: number): void;
  record(record: LeanRecord): void;
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
