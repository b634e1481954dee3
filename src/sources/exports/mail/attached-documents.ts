/** Attachments that hold text though they are none: documents, for which there are readers, and gzip. */
import { gunzipSync } from 'node:zlib';
import { type ExportReader, probeBytes, type RecordSink, type RecordText } from '../contract.js';
import { decodeText, encodingOf } from '../decode-text.js';
import { readers as documentReaders } from '../documents/index.js';
import { fileOfBytes } from '../offer.js';
import { probeOf } from '../probe.js';
import { NoTree } from '../trees.js';
import { looksTextual } from './part-content.js';

/**
 * Texts of a document, their chain beginning with its name; undefined when it is none that is known. What the reader
 * notes of it, is noted of the mail.
 */
export async function documentTexts(
  name: string,
  bytes: Buffer,
  sink: RecordSink,
): Promise<RecordText[] | undefined> {
  const reader = readerOf(name, bytes);
  if (reader === undefined) return undefined;
  const texts: RecordText[] = [];
  const collecting: RecordSink = {
    record: (record) => {
      for (const text of record.texts) texts.push({ ...text, chain: [name, ...(text.chain ?? [])] });
    },
    note: (note, count) => sink.note(note, count),
    unknownKey: (key) => sink.unknownKey(key),
    damaged: (detail) => sink.damaged(detail),
    get aborted() {
      return sink.aborted;
    },
    // One attachment is in memory as it is.
    drained: async () => undefined,
  };
  try {
    await reader.read(fileOfBytes(name, bytes, new NoTree(), undefined), collecting, { includeDirect: true });
  } catch {
    sink.note('malformed');
    sink.damaged('an attached document that cannot be read');
  }
  return texts;
}

/** Largest text that a compressed attachment may hold. */
const maxUnzipped = 64 * 1024 * 1024;

/** Text of an attachment that is gzip around a text; undefined for all else, archives among them. */
export function unzippedText(bytes: Buffer, name: string): RecordText[] | undefined {
  if (!isGzip(bytes)) return undefined;
  let content: Buffer;
  try {
    content = gunzipSync(bytes, { maxOutputLength: maxUnzipped });
  } catch {
    return undefined;
  }
  if (!looksTextual(content.subarray(0, probeBytes))) return undefined;
  const text = decodeText(content, encodingOf(content));
  const inner = name.replace(/\.gz$/i, '');
  return [{ text, dialect: 'code', field: { path: 'text', role: 'attachment-text' }, chain: [name, inner] }];
}

/** Whether the first bytes of an attachment promise text: most do not, and are not decoded any further. */
export function mayHoldText(name: string, head: Buffer): boolean {
  return isGzip(head) || readerOf(name, head) !== undefined;
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function readerOf(name: string, bytes: Buffer): ExportReader | undefined {
  const probe = probeOf(name, bytes.subarray(0, probeBytes), bytes.length <= probeBytes);
  let best: { reader: ExportReader; score: number } | undefined;
  for (const reader of documentReaders) {
    const score = reader.recognise(probe)?.score ?? 0;
    if (score > (best?.score ?? 0)) best = { reader, score };
  }
  return best?.reader;
}
