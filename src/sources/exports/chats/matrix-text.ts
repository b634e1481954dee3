/** Matrix: Element's plain text export of a room, `1/2/2024, 10:02:03 AM - Ana: text` in the exporter's locale. */

import type { ExportReader, ExportRecord, Probe, RecordPlace, RecordSink } from '../contract.js';
import { decodeHead } from '../decode-text.js';
import { defined } from '../defined.js';
import { endsInLine } from '../file-ending.js';
import { Ordinals } from '../ordinals.js';
import { readLines, type TextLine } from '../text-lines.js';
import { fromIso, recordTime } from '../times.js';

/** With seconds, which the texts of WhatsApp in this form do not have. */
const header =
  /^(\d{1,4})([./-])(\d{1,2})[./-](\d{1,4}),? (\d{1,2})[:.](\d\d)[:.](\d\d)(?:[ \u00a0\u202f]([AaPp])\.?[Mm]\.?)? - (.*)$/;
const said = /^([^:\n]{1,100}): (.*)$/s;
/** Text of one message that is held. */
const maxLength = 4 * 1024 * 1024;

export const matrixTextReader: ExportReader = {
  id: 'matrix-text',
  system: 'matrix',
  label: 'Matrix room export (text)',
  most: 0.9,
  ending: endsInLine,
  isNeverJson: true,
  recognise(probe: Probe) {
    const lines = probe.text.split(/\r?\n/, 200);
    if (!header.test(lines[0] ?? '')) return undefined;
    const messages = lines.filter((line) => said.test(header.exec(line)?.[9] ?? '')).length;
    const isNamed = /(?:^|\/)matrix-[^/]{1,200}-export-[^/]{1,100}\.txt$/i.test(probe.name);
    if (messages === 0 && !isNamed) return undefined;
    return { score: isNamed ? 0.9 : 0.7, reason: 'lines with date, seconds and name' };
  },
  async read(file, sink) {
    const room = new TextReader(placeOf(file.name), orderOf(decodeHead(file.head)), sink);
    for await (const lines of readLines(file)) {
      for (const line of lines) room.line(line);
      await sink.drained();
      if (sink.aborted) return;
    }
    room.end();
  },
};

/** Which part of a date is what; undefined when no date in sight tells. */
type Order = 'ymd' | 'dmy' | 'mdy' | undefined;

function orderOf(text: string): Order {
  for (const line of text.split(/\r?\n/)) {
    const parts = header.exec(line);
    if (parts === null) continue;
    const [, first = '', separator, second, , , , , half] = parts;
    if (first.length === 4) return 'ymd';
    if (separator === '.' || Number(first) > 12) return 'dmy';
    // Of the locales with slashes, that of the United States has AM and PM and puts the month first.
    if (Number(second) > 12 || half !== undefined) return 'mdy';
  }
  return undefined;
}

class TextReader {
  readonly #place: RecordPlace;
  readonly #order: Order;
  readonly #sink: RecordSink;
  readonly #ordinals: Ordinals = new Ordinals();
  #parts: RegExpExecArray | undefined;
  #text = '';
  #raw = { start: 0, end: 0, line: 1 };

  constructor(place: RecordPlace, order: Order, sink: RecordSink) {
    this.#place = place;
    this.#order = order;
    this.#sink = sink;
  }

  line(line: TextLine): void {
    const parts = header.exec(line.text);
    if (parts === null && this.#text.length < maxLength) {
      this.#text += this.#text === '' ? line.text : `\n${line.text}`;
      this.#raw.end = line.end;
      return;
    }
    this.end();
    this.#parts = parts ?? undefined;
    this.#text = parts?.[9] ?? line.text;
    this.#raw = { start: line.start, end: line.end, line: line.number };
  }

  end(): void {
    if (this.#text.trim() === '') return;
    const message = said.exec(this.#text);
    const created = this.#created();
    const name = message?.[1];
    const record: ExportRecord = defined({
      place: this.#place,
      type: message === null ? 'event' : 'message',
      id: this.#ordinals.next(`${created ?? this.#stamp()} ${name ?? '*'}`),
      actor: name === undefined ? undefined : { name, kind: 'user' },
      time: recordTime(fromIso(created)),
      revision: { state: 'current' },
      action: 'delete',
      texts: [
        {
          text: message?.[2] ?? this.#text,
          dialect: 'plain',
          field: { path: message === null ? 'event' : 'message', role: 'body' },
        },
      ],
      raw: this.#raw,
    });
    this.#sink.record(record);
    this.#text = '';
  }

  #stamp(): string {
    return this.#parts === undefined
      ? `line ${this.#raw.line}`
      : this.#parts[0].slice(0, this.#parts[0].indexOf(' - '));
  }

  #created(): string | undefined {
    if (this.#parts === undefined || this.#order === undefined) return undefined;
    const [, first = '', , second = '', third = '', hour, minute, seconds, half] = this.#parts;
    const [year, month, day] =
      this.#order === 'ymd'
        ? [first, second, third]
        : this.#order === 'dmy'
          ? [third, second, first]
          : [third, first, second];
    const hours =
      half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
    const two = (value: string | number): string => String(value).padStart(2, '0');
    return `${year}-${two(month)}-${two(day)}T${two(hours)}:${minute}:${seconds}`;
  }
}

/** `matrix-<room>-export-<date>.txt`. */
function placeOf(fileName: string): RecordPlace {
  const base = fileName.slice(fileName.lastIndexOf('/') + 1);
  const id = /^matrix-(.{1,200})-export-/i.exec(base)?.[1] ?? base.replace(/\.txt$/i, '');
  return { kind: 'channel', id, name: id, audience: 'unknown' };
}
