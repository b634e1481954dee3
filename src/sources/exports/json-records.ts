/**
 * Streams the records of a JSON text: elements of the arrays that a reader names. What stands around them is
 * collected as the records' ancestors, so that a message knows its channel without the whole file in memory.
 */
import type { ExportFile, RecordSink } from './contract.js';
import { decodeText, encodingOf } from './decode-text.js';
import { type FrameLimits, frameLimits, JsonFramer } from './json-frames.js';
import { JsonWindow } from './json-window.js';

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
  record(record: JsonRecord): void;
  /**
   * The root without its records, once all of it is read. Arrays of records are empty in it. Each line of NDJSON is
   * a root; a root that is a record itself is not given again.
   */
  end?(root: unknown): void;
}

/** Where one root ends and another begins; within JSON a comma would stand between. */
const severalRoots = /[}\]]\r?\n[{[]/;

/** Bytes read before the sink is asked whether there is room. */
const pieceBytes = 1 << 20;

/**
 * Reads a JSON text, or lines of JSON (NDJSON), whose records stand at `paths`: JSON pointers with `*` for any key or
 * index, e.g. `/messages/*` for the elements of `messages`, or `/*` for those of a root array. `''` stands for the root
 * itself; each line of NDJSON is a root.
 *
 * Damage is reported to `sink` (`damaged`, and a note `malformed` or `incomplete` for each record lost); records before
 * and after it are given, and of the lost ones what can be read. A record that is too large for memory is cut off, with
 * a note `truncated`. Resolves at the end of the text.
 */
export async function readJsonRecords(
  file: ExportFile,
  paths: readonly string[],
  sink: RecordSink,
  events: JsonRecordEvents,
  limits: FrameLimits = frameLimits,
): Promise<void> {
  const encoding = encodingOf(file.head);
  // A mark alone may be damage: JSON in UTF-16 has NULs.
  const isUtf16 = (encoding === 'utf-16le' || encoding === 'utf-16be') && file.head.includes(0);
  const mark = markLength(file.head);
  const window = new JsonWindow(isUtf16, mark);
  const framer = new JsonFramer(paths, window, sink, events, limits);
  if (severalRoots.test(decodeText(file.head, encoding))) framer.expectLines();
  const decoder = isUtf16 ? new TextDecoder(encoding) : undefined;
  let marked = isUtf16 ? 0 : mark;
  for await (const chunk of file.chunks()) {
    for (let at = 0; at < chunk.length; at += pieceBytes) {
      const piece = chunk.subarray(at, at + pieceBytes);
      const skipped = Math.min(marked, piece.length);
      marked -= skipped;
      framer.push(
        decoder === undefined
          ? piece.subarray(skipped)
          : Buffer.from(decoder.decode(piece, { stream: true })),
      );
      if (sink.aborted) return;
      await sink.drained();
    }
  }
  if (decoder !== undefined) framer.push(Buffer.from(decoder.decode()));
  framer.finish();
  for (let i = 0; i < window.undecodable; i++) sink.note('undecodable');
}

/** Bytes of the byte order mark. */
function markLength(head: Buffer): number {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 3;
  return (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff) ? 2 : 0;
}
