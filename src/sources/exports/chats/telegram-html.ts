/** Telegram Desktop, HTML: `messages.html`, `messages2.html`, ... */

import type { ExportReader, ExportRecord, RecordPlace, RecordSink } from '../contract.js';
import { defined } from '../defined.js';
import { endsInPage } from '../file-ending.js';
import { fromIso, type Instant, recordTime } from '../times.js';
import { type HtmlPiece, htmlMessages, textAfter, withoutStyles } from './html-messages.js';

const mark = 'class="message ';

export const telegramHtmlReader: ExportReader = {
  id: 'telegram-html',
  system: 'telegram',
  label: 'Telegram Desktop HTML',
  most: 0.93,
  ending: endsInPage,
  isNeverJson: true,

  recognise({ text }) {
    if (!text.includes('class="page_wrap') || !text.includes('class="history"')) return undefined;
    return text.includes(mark) ? { score: 0.93, reason: 'classes page_wrap, history, message' } : undefined;
  },

  async read(file, sink, hints) {
    const place = placeOf(file.head.toString('utf8'));
    const isLeftOut = place.kind === 'dm' && !hints.includeDirect;
    const page = new Page(place, sink);
    for await (const pieces of htmlMessages(file, mark)) {
      for (const piece of pieces) {
        if (!isLeftOut) page.piece(piece);
        else if (!piece.isHead && !piece.isContinued) sink.note('direct-message');
      }
      if (sink.aborted) return;
      await sink.drained();
    }
  },
};

class Page {
  readonly #place: RecordPlace;
  readonly #sink: RecordSink;
  /** Messages that follow one of the same author do not name them. */
  #author: string | undefined;
  #last: Omit<ExportRecord, 'texts'> | undefined;

  constructor(place: RecordPlace, sink: RecordSink) {
    this.#place = place;
    this.#sink = sink;
  }

  piece(piece: HtmlPiece): void {
    this.#author = textAfter(piece.html, 'class="from_name"') ?? this.#author;
    if (!piece.isContinued || this.#last === undefined) {
      this.#last = recordOf(piece, this.#place, this.#author);
    }
    const text = piece.isHead ? withoutStyles(piece.html) : piece.html;
    this.#sink.record({
      ...this.#last,
      texts: [{ text, dialect: 'html', field: { path: 'html', role: 'body' } }],
    });
  }
}

function recordOf(
  piece: HtmlPiece,
  place: RecordPlace,
  author: string | undefined,
): Omit<ExportRecord, 'texts'> {
  const raw = { start: piece.start, end: piece.end };
  if (piece.isHead) return { place, type: 'setting', id: place.id, revision: { state: 'current' }, raw };
  const isService = piece.html.startsWith('<div class="message service');
  return defined<Omit<ExportRecord, 'texts'>>({
    place,
    type: 'message',
    id: /\bid="message(-?\d{1,12})"/.exec(piece.html)?.[1] ?? `byte ${piece.start}`,
    actor: author === undefined || isService ? undefined : { name: author, kind: 'user' },
    time: recordTime(timeOf(piece.html)),
    revision: { state: piece.html.includes('class="forwarded body"') ? 'quoted-copy' : 'current' },
    action: 'edit',
    raw,
  });
}

/** `title="22.08.2020 10:10:10 UTC+01:00"`; older versions name no zone. */
function timeOf(html: string): Instant | undefined {
  const parts = /title="(\d\d)\.(\d\d)\.(\d{4}) (\d\d:\d\d:\d\d)(?: UTC([+-]\d\d:\d\d))?"/.exec(html);
  if (parts === null) return undefined;
  const [, day, month, year, clock, zone = ''] = parts;
  return fromIso(`${year}-${month}-${day}T${clock}${zone}`);
}

/** People in the head beyond whom it can be no direct chat. */
const directPeople = 2;

/** The page names the chat, but neither its id nor its kind. */
function placeOf(head: string): RecordPlace {
  const header = head.indexOf('class="page_header');
  const name = header < 0 ? undefined : textAfter(head.slice(header), 'class="text bold"');
  const people = new Set<string>();
  for (const [, person] of head.matchAll(/class="from_name">\s{0,40}([^<]{1,200})/g))
    people.add(person?.trim() ?? '');
  const isGroup = people.size > directPeople || / (?:group|channel) /.test(head);
  return {
    kind: isGroup ? 'channel' : 'dm',
    id: name ?? 'unknown',
    name: isGroup ? (name ?? 'Telegram chat') : 'direct message',
    audience: 'restricted',
  };
}
