/**
 * Streams the records of a JSON text: elements of the arrays that a reader names. What stands around them is
 * collected as the records' ancestors, so that a message knows its channel without the whole file in memory.
 */
import type { ExportFile, RecordSink } from './contract.js';
import { decodeHead, encodingOf } from './decode-text.js';
import { type FrameLimits, frameLimits, JsonFramer } from './json-frames.js';
import type { JsonRecordEvents } from './json-record.js';
import { JsonWindow } from './json-window.js';

export type { JsonDamage, JsonRecord, JsonRecordEvents } from './json-record.js';

/** Where one root ends and another begins in the next line; within a root a comma stands between. */
const roots = /[}\]]\r?\n[{[]/g;
const elements = /[}\]],\r?\n[{[]/g;

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
  if (isOfLines(decodeHead(file.head))) framer.expectLines();
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

/** Whether a text has several roots, by its beginning; a comma may be lost, or a newline. */
function isOfLines(head: string): boolean {
  if (!head.includes('\n')) return false;
  return (head.match(roots)?.length ?? 0) > (head.match(elements)?.length ?? 0);
}

/** Bytes of the byte order mark. */
function markLength(head: Buffer): number {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 3;
  return (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff) ? 2 : 0;
}
