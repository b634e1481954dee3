/**
 * Microsoft Purview: transcripts of Teams conversations (`Conversations/*.html`). Their markup is not documented, so
 * each is read as a document, cut into pieces of bounded size between blocks.
 */
import type { ExportReader, Probe, RecordPlace } from '../contract.js';
import { decodeHead } from '../decode-text.js';
import { readLines } from '../text-lines.js';

const threadId = /\b(19:[\w.=-]{8,200}@(?:thread\.(?:tacv2|v2|skype)|unq\.gbl\.spaces))/;
const folder = /(?:^|\/)Conversations\/[^/]{1,255}\.html?$/i;
/** Text of one record, about. */
const maxPiece = 256 * 1024;

export const purviewTranscriptReader: ExportReader = {
  id: 'purview-transcript',
  system: 'teams',
  label: 'Purview transcript of a Teams conversation',
  isNeverJson: true,
  most: 0.9,
  recognise(probe: Probe) {
    if (!/<html|<!doctype html/i.test(probe.text.slice(0, 2000))) return undefined;
    const hasThread = threadId.test(probe.text);
    if (folder.test(probe.name)) return { score: hasThread ? 0.9 : 0.6, reason: 'a page in Conversations/' };
    if (!hasThread || !/conversation\s?id/i.test(probe.text)) return undefined;
    return { score: 0.7, reason: 'a page with the id of a conversation of Teams' };
  },
  async read(file, sink, hints) {
    const place = placeOf(decodeHead(file.head), file.name);
    if (place.kind !== 'channel' && !hints.includeDirect) {
      sink.note('direct-message');
      return;
    }
    let piece = '';
    let start = 0;
    let end = 0;
    const flush = (next: number): void => {
      if (piece.trim() !== '')
        sink.record({
          place,
          type: 'message',
          id: start === 0 ? place.id : `${place.id} at ${start}`,
          title: place.name,
          revision: { state: 'unknown' },
          action: 'delete',
          texts: [{ text: piece, dialect: 'html', field: { path: 'transcript', role: 'body' } }],
          raw: { start, end },
        });
      piece = '';
      start = next;
    };
    for await (const lines of readLines(file, { maxBytes: maxPiece })) {
      for (const line of lines) {
        if (piece.length >= maxPiece) flush(line.start);
        piece += line.isCut ? line.text : `${line.text}\n`;
        end = line.end;
      }
      await sink.drained();
      if (sink.aborted) return;
    }
    flush(end);
  },
};

function placeOf(text: string, fileName: string): RecordPlace {
  const base = fileName.slice(fileName.lastIndexOf('/') + 1).replace(/\.html?$/i, '');
  const id = threadId.exec(text)?.[1] ?? base;
  const heading = /<(title|h1|h2)\b[^>]{0,500}>([^<]{1,300})</i.exec(text)?.[2]?.trim();
  const name = heading === undefined || heading === '' ? base : heading;
  if (id.includes('@thread.tacv2')) return { kind: 'channel', id, name, audience: 'internal' };
  return { kind: id.includes('@unq.') ? 'dm' : 'group-dm', id, name, audience: 'restricted' };
}
