/** DiscordChatExporter as CSV and as text: no ids of messages, no server; the name of the file may tell the channel. */
import type { ExportReader, ExportRecord, RecordPlace, RecordSink, RecordText } from '../contract.js';
import { csvHeadOf, openCsv } from '../csv-rows.js';
import { defined } from '../defined.js';
import { Ordinals } from '../ordinals.js';
import { readLines, type TextLine } from '../text-lines.js';
import { fromIso, recordTime } from '../times.js';
import {
  channelOfFileName,
  type DiscordChannel,
  discordLink,
  discordPlace,
  isSigned,
} from './discord-place.js';

const csvHeader = ['AuthorID', 'Author', 'Date', 'Content', 'Attachments', 'Reactions'];

function isHeader(cells: readonly string[]): boolean {
  return csvHeader.every((name, i) => cells[i] === name);
}

export const discordCsvReader: ExportReader = {
  id: 'discord-chat-exporter-csv',
  system: 'discord',
  label: 'DiscordChatExporter CSV',
  isNeverJson: true,
  most: 0.95,

  recognise(probe) {
    if (!probe.text.slice(0, 200).includes('AuthorID')) return undefined;
    const head = csvHeadOf(probe.text, isHeader);
    const header = head?.rows[head.headerIndex] ?? [];
    return isHeader(header) ? { score: 0.95, reason: `columns ${csvHeader.join(', ')}` } : undefined;
  },

  async read(file, sink, hints) {
    const table = await openCsv(file, sink, { isHeader });
    const writer = new RowWriter(channelOfFileName(file.name), sink, hints.includeDirect);
    for await (const rows of table.rows) {
      for (const { cells, raw } of rows) {
        const [authorId = '', author = '', date = '', content = '', attachments = '', reactions = ''] = cells;
        const texts: RecordText[] = [];
        if (content !== '')
          texts.push({ text: content, dialect: 'markdown', field: { path: 'Content', role: 'body' } });
        for (const url of attachments.split(',')) if (url !== '') texts.push(linkText(url, 'Attachments'));
        // More cells than columns: a quote was lost.
        const rest = [reactions, ...cells.slice(csvHeader.length)]
          .filter((cell) => cell.length > 2)
          .join('\n');
        if (rest !== '')
          texts.push({ text: rest, dialect: 'plain', field: { path: 'Reactions', role: 'metadata' } });
        writer.write({ authorId, author, date, texts, raw });
      }
      if (sink.aborted) return;
      await sink.drained();
    }
  },
};

function linkText(url: string, path: string): RecordText {
  return {
    text: url,
    dialect: 'plain',
    field: { path, role: 'link' },
    ...(isSigned(url) ? { artifact: true } : {}),
  };
}

interface Row {
  readonly authorId?: string;
  readonly author: string;
  readonly date: string;
  readonly texts: readonly RecordText[];
  readonly raw: ExportRecord['raw'];
}

class RowWriter {
  readonly #channel: DiscordChannel;
  readonly #place: RecordPlace;
  readonly #sink: RecordSink;
  readonly #includeDirect: boolean;
  readonly #ordinals = new Ordinals();

  constructor(channel: DiscordChannel, sink: RecordSink, includeDirect: boolean) {
    this.#channel = channel;
    this.#place = discordPlace(channel);
    this.#sink = sink;
    this.#includeDirect = includeDirect;
  }

  setting(texts: readonly RecordText[]): void {
    if (texts.length === 0 || (this.#channel.isDirect && !this.#includeDirect)) return;
    this.#sink.record({
      place: this.#place,
      type: 'setting',
      id: this.#place.id,
      revision: { state: 'current' },
      texts,
    });
  }

  write({ authorId = '', author, date, texts, raw }: Row): void {
    if (this.#channel.isDirect && !this.#includeDirect) {
      this.#sink.note('direct-message');
      return;
    }
    const id = this.#ordinals.next(`${date}/${authorId}`);
    if (texts.length === 0) return;
    this.#sink.record(
      defined<ExportRecord>({
        place: this.#place,
        type: 'message',
        id,
        actor: { ...(authorId === '' ? {} : { id: authorId }), name: author, kind: 'user' },
        time: recordTime(fromIso(date)),
        revision: { state: 'current' },
        permalink: discordLink(this.#channel, undefined),
        action: 'edit',
        texts,
        raw,
      }),
    );
  }
}

const rule = '='.repeat(62);
/** `[01/15/2024 10:20 AM] name (pinned)`: a date and a time in whatever order the user's locale has. */
const messageHeader = /^\[([\d./:\-\s,T+\u202f]{8,36}(?:[AaPp]\.?[Mm]\.?)?)\] (.{1,200}?)(?: \(pinned\))?$/;

export const discordTextReader: ExportReader = {
  id: 'discord-chat-exporter-text',
  system: 'discord',
  label: 'DiscordChatExporter text',
  isNeverJson: true,
  most: 0.96,
  ending: { pattern: /={62}\s*$/, isSure: true },

  recognise(probe) {
    const lines = probe.text.slice(0, 400).split(/\r?\n/);
    if (lines[0] !== rule || lines[1]?.startsWith('Guild: ') !== true) return undefined;
    return { score: 0.96, reason: 'a rule of 62 =, Guild, Channel' };
  },

  async read(file, sink, hints) {
    const channel = channelOfFileName(file.name);
    const guild = /^Guild: (.*)$/m.exec(file.head.toString('utf8'))?.[1]?.trim();
    const isDirect = channel.isDirect || guild === 'Direct Messages';
    const text = new TextMessages(new RowWriter({ ...channel, isDirect }, sink, hints.includeDirect));
    for await (const lines of readLines(file)) {
      for (const line of lines) text.line(line);
      if (sink.aborted) return;
      await sink.drained();
    }
    text.end();
  },
};

/** A message longer than this is given in parts. */
const maxTextLength = 1024 * 1024;

class TextMessages {
  readonly #writer: RowWriter;
  /** 0: above the header, 1: in it, 2: below it. */
  #rules = 0;
  #header: string[] = [];
  #date = '';
  #author = '';
  #body: string[] = [];
  #length = 0;
  #start = 0;
  #end = 0;
  #lineNumber = 0;
  #isBlankBefore = true;

  constructor(writer: RowWriter) {
    this.#writer = writer;
  }

  line(line: TextLine): void {
    const { text } = line;
    if (text === rule && this.#rules < 2) {
      this.#rules++;
      if (this.#rules === 2) this.#giveHeader();
      return;
    }
    if (this.#rules === 1) {
      this.#header.push(text);
      return;
    }
    const opening = this.#isBlankBefore ? messageHeader.exec(text) : null;
    this.#isBlankBefore = text === '';
    if (opening !== null) {
      this.#flush();
      [, this.#date = '', this.#author = ''] = opening;
      this.#start = line.start;
      this.#end = line.end;
      this.#lineNumber = line.number;
      return;
    }
    this.#body.push(text);
    this.#length += text.length;
    this.#end = line.end;
    if (this.#length > maxTextLength) this.#flush();
  }

  end(): void {
    const last = this.#body.lastIndexOf(rule);
    const isFooter = last >= 2 && this.#body[last - 2] === rule;
    if (isFooter && this.#body[last - 1]?.startsWith('Exported ') === true) this.#body.length = last - 2;
    this.#flush();
  }

  #giveHeader(): void {
    const text = this.#header.join('\n');
    this.#writer.setting([{ text, dialect: 'plain', field: { path: 'header', role: 'setting' } }]);
    this.#isBlankBefore = true;
  }

  #flush(): void {
    const text = this.#body.join('\n').trim();
    this.#body = [];
    this.#length = 0;
    if (text === '' || this.#date === '') return;
    this.#writer.write({
      author: this.#author,
      date: this.#date,
      texts: [{ text, dialect: 'markdown', field: { path: 'text', role: 'body' } }],
      raw: { start: this.#start, end: this.#end, line: this.#lineNumber },
    });
  }
}
