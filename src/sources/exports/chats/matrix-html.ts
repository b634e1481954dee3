/** Matrix: Element's HTML export of a room (`messages.html`). */

import type { ExportReader, ExportRecord, Probe, RecordPlace } from '../contract.js';
import { decodeHead } from '../decode-text.js';
import { defined } from '../defined.js';
import { endsInPage } from '../file-ending.js';
import { longTime } from '../long-times.js';
import { Ordinals } from '../ordinals.js';
import { recordTime } from '../times.js';
import { decodeReferences } from '../xml-references.js';
import { type HtmlPiece, htmlMessages } from './html-messages.js';

/** Stands in the opening tag of each event. */
const mark = 'mx_Export_EventWrapper';

export const matrixHtmlReader: ExportReader = {
  id: 'matrix-html',
  system: 'matrix',
  label: 'Matrix room export (HTML)',
  most: 0.96,
  ending: endsInPage,
  isNeverJson: true,
  recognise(probe: Probe) {
    if (!/\bmx_(?:Export_EventWrapper|RoomView_MessageList|MatrixChat_wrapper)\b/.test(probe.text))
      return undefined;
    return { score: 0.96, reason: 'classes of Element' };
  },
  async read(file, sink) {
    const place = placeOf(decodeHead(file.head));
    let sender: string | undefined;
    const ordinals = new Ordinals();
    for await (const pieces of htmlMessages(file, mark)) {
      for (const piece of pieces) {
        // Events of one person in a row name them once.
        sender = senderOf(piece.html) ?? sender;
        sink.record(recordOf(piece, place, sender, ordinals));
      }
      await sink.drained();
      if (sink.aborted) return;
    }
  },
};

const link = /href="(https:\/\/matrix\.to\/#\/(!|%21)([^/"?]{1,255})\/(?:\$|%24)[^"]{1,400})"/;

/** The room by the first link to an event, and its name by the head of the page. */
function placeOf(page: string): RecordPlace {
  const name = decoded(/mx_RoomHeader_nametext"\s+title="([^"]{1,300})"/.exec(page)?.[1]);
  const room = link.exec(page)?.[3];
  const id = room === undefined ? (name ?? 'unknown room') : `!${decodeUri(room)}`;
  return { kind: 'channel', id, name: name ?? id, audience: 'unknown' };
}

function senderOf(html: string): string | undefined {
  const name =
    /mx_(?:DisambiguatedProfile|SenderProfile)_displayName[^">]{0,200}"[^>]{0,200}>([^<]{1,200})</.exec(html);
  return decoded(name?.[1]);
}

function recordOf(
  piece: HtmlPiece,
  place: RecordPlace,
  sender: string | undefined,
  ordinals: Ordinals,
): ExportRecord {
  const raw = { start: piece.start, end: piece.end };
  const texts: ExportRecord['texts'] = [
    { text: piece.html, dialect: 'html', field: { path: piece.isHead ? 'page' : 'event', role: 'body' } },
  ];
  if (piece.isHead) return { place, type: 'setting', id: 'room', revision: { state: 'current' }, texts, raw };
  const event = decoded(/^<[^>]{0,500}\sid="([^"]{1,300})"/.exec(piece.html)?.[1]);
  const url = decoded(link.exec(piece.html)?.[1]);
  const title = decoded(/mx_MessageTimestamp"[^>]{0,200}\stitle="([^"]{1,100})"/.exec(piece.html)?.[1]);
  return defined({
    place,
    type: 'message',
    id: ordinals.next(event ?? `at ${piece.start}`),
    actor: sender === undefined ? undefined : { name: sender, kind: 'user' },
    time: recordTime(longTime(title)),
    revision: { state: 'current' },
    permalink: url === undefined ? undefined : { url },
    action: 'delete',
    texts,
    raw,
  });
}

function decoded(value: string | undefined): string | undefined {
  const text = value === undefined ? '' : decodeReferences(value).trim();
  return text === '' ? undefined : text;
}

function decodeUri(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
