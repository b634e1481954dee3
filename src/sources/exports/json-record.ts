/** What readers of JSON get, see json-records.ts. */
import type { LeanReader } from './lean-record.js';

/** Why a record is not what the exporter wrote: the text ends in it, its syntax is broken, it is too large. */
export type JsonDamage = 'incomplete' | 'malformed' | 'truncated';

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
  /** Set when the value holds only what could be read of the record; the sink was told. */
  readonly damage?: JsonDamage;
}

export interface JsonRecordEvents {
  /** Is shown each record that stands in an array first, if it is sound. */
  readonly lean?: LeanReader | undefined;
  record(record: JsonRecord): void;
  /**
   * The root without its records, once all of it is read. Arrays of records are empty in it. Each line of NDJSON is
   * a root; a root that is a record itself is not given again.
   */
  end?(root: unknown): void;
}
