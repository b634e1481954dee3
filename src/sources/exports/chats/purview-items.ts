/** Microsoft Purview: the item report of an eDiscovery export (`Items*.csv`), a row for each message. */
import type { ExportReader, ExportRecord, Probe, RecordPlace, RecordText } from '../contract.js';
import { type CsvRow, csvHeadOf, openCsv } from '../csv-rows.js';
import { fromIso, type Instant, recordTime } from '../times.js';

/** Column names differ from version to version in blanks, underscores and case. */
function columnKey(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

const signature = [
  'conversationid',
  'conversationname',
  'conversationtype',
  'teamschannelname',
  'containseditedmessage',
  'containsdeletedmessage',
];
/** The beginning of four columns of the signature, of which three are asked for. */
const hint = /conversation/i;

/** The report cuts its strings here. */
const cutLength = 255;

/** No text: ids, hashes, counts and yes-or-no columns. */
const noiseKey =
  /(?:id|hash|size|count|index|date|time|score|version|bytes|percentile)$|^(?:is|has|contains|was)|^(?:conversationtype|itemclass|fileclass|itemtype|custodian.*id|loadid|familyid|setid)$/;

export const purviewItemsReader: ExportReader = {
  id: 'purview-items',
  system: 'teams',
  label: 'Purview eDiscovery item report',
  isNeverJson: true,
  most: 0.9,
  recognise(probe: Probe) {
    // Rows cost more than a look for any of the words: most texts are no tables.
    const head =
      probe.json === undefined && hint.test(probe.text) ? csvHeadOf(probe.text, isHeader) : undefined;
    const header = head?.rows[head.headerIndex];
    if (header === undefined || !isHeader(header)) return undefined;
    return { score: 0.9, reason: 'columns ConversationId, ConversationType and others of Purview' };
  },
  async read(file, sink, hints) {
    const table = await openCsv(file, sink, { isHeader });
    const columns = new Columns(table.header);
    for await (const rows of table.rows) {
      for (const row of rows) {
        const place = columns.place(row);
        if (place.kind !== 'channel' && !hints.includeDirect) {
          sink.note('direct-message');
          continue;
        }
        const record = columns.record(row, place);
        if (record.texts.some((text) => text.text.length === cutLength)) sink.note('truncated');
        sink.record(record);
      }
      await sink.drained();
      if (sink.aborted) return;
    }
  },
};

function isHeader(cells: readonly string[]): boolean {
  const keys = new Set(cells.map(columnKey));
  return signature.filter((key) => keys.has(key)).length >= 3;
}

class Columns {
  readonly #names: readonly string[];
  readonly #keys: readonly string[];

  constructor(header: readonly string[]) {
    this.#names = header;
    this.#keys = header.map(columnKey);
  }

  place(row: CsvRow): RecordPlace {
    const type = this.#cell(row, 'conversationtype')?.toLowerCase() ?? '';
    const channel = this.#cell(row, 'teamschannelname');
    const id = this.#cell(row, 'conversationid') ?? channel ?? 'unknown conversation';
    const name = channel ?? this.#cell(row, 'conversationname') ?? id;
    if (channel !== undefined || type.includes('channel'))
      return { kind: 'channel', id, name, audience: 'internal' };
    return { kind: type.includes('group') ? 'group-dm' : 'dm', id, name, audience: 'restricted' };
  }

  record(row: CsvRow, place: RecordPlace): ExportRecord {
    const time = recordTime(purviewTime(this.#cell(row, 'date', 'sent', 'datesent', 'received')));
    const name = this.#cell(row, 'author', 'sender', 'senderauthor', 'from');
    const title = this.#cell(row, 'subjecttitle', 'subject', 'title');
    const isDeleted = this.#cell(row, 'containsdeletedmessage')?.toLowerCase() === 'true';
    return {
      place,
      type: 'row',
      id:
        this.#cell(row, 'immutableid', 'itemid', 'documentid', 'internetmessageid', 'fileid') ??
        `row ${row.number}`,
      revision: { state: isDeleted ? 'deleted' : 'current' },
      action: 'delete',
      texts: this.#texts(row),
      ...(title === undefined ? {} : { title }),
      ...(name === undefined ? {} : { actor: { kind: 'user', name } }),
      ...(time === undefined ? {} : { time }),
      ...(row.raw === undefined ? {} : { raw: row.raw }),
    };
  }

  #texts(row: CsvRow): RecordText[] {
    const texts: RecordText[] = [];
    row.cells.forEach((text, index) => {
      const key = this.#keys[index] ?? '';
      const name = this.#names[index] ?? `column ${index + 1}`;
      if (text === '' || (noiseKey.test(key) && /^[\w.:/+-]{0,64}$/.test(text))) return;
      const role = key === 'subjecttitle' || key === 'subject' || key === 'title' ? 'title' : 'custom-field';
      texts.push({
        text,
        dialect: 'plain',
        field: { path: name, role },
        ...(role === 'title' ? {} : { label: name }),
      });
    });
    return texts;
  }

  #cell(row: CsvRow, ...keys: readonly string[]): string | undefined {
    for (const key of keys) {
      const value = row.cells[this.#keys.indexOf(key)];
      if (value !== undefined && value !== '') return value;
    }
    return undefined;
  }
}

/** ISO 8601, or the American form of Excel; the report is in UTC. */
function purviewTime(text: string | undefined): Instant | undefined {
  const match = /^(\d{1,2})\/(\d{1,2})\/(\d{4}),? (\d{1,2}):(\d\d)(?::(\d\d))? ?(AM|PM)?$/i.exec(
    text?.trim() ?? '',
  );
  if (match === null) {
    const iso = fromIso(text);
    return iso === undefined || /[Z+]|T.*-/.test(iso.text) || iso.precision === 'day'
      ? iso
      : fromIso(`${iso.text}Z`);
  }
  const [, month = '', day = '', year, hour = '', minute, second, half] = match;
  const hours = (Number(hour) % (half === undefined ? 24 : 12)) + (half?.toUpperCase() === 'PM' ? 12 : 0);
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return fromIso(
    `${date}T${String(hours).padStart(2, '0')}:${minute}${second === undefined ? '' : `:${second}`}Z`,
  );
}
