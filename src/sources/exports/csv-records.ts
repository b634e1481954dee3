/** Rows of a tracker's CSV to records: columns that the format knows get their role, all others keep their header as label. */
import type { ExportFile, ExportRecord, RecordActor, RecordSink, RecordText } from './contract.js';
import { openCsv } from './csv-rows.js';
import { isNoise, jsonInString, labelOf, noClaims, unclaimedTexts } from './leaves.js';
import type { TextField } from './object-texts.js';
import { fromIso, type Instant, recordTime } from './times.js';

/** Cells of a row by the header of their column, in lower case. */
export class NamedRow {
  /** Counts from 1, the header included. */
  readonly number: number;
  readonly #names: readonly string[];
  readonly #cells: readonly string[];

  constructor(names: readonly string[], cells: readonly string[], number: number) {
    this.#names = names;
    this.#cells = cells;
    this.number = number;
  }

  /** First cell with something in it under one of the headers. */
  get(...headers: readonly string[]): string | undefined {
    for (const header of headers) {
      for (let i = this.#names.indexOf(header); i >= 0; i = this.#names.indexOf(header, i + 1)) {
        const cell = this.#cells[i]?.trim();
        if (cell !== undefined && cell !== '') return cell;
      }
    }
    return undefined;
  }
}

export interface CsvFormat {
  isHeader(cells: readonly string[]): boolean;
  /** What the columns with prose are, by header in lower case. */
  readonly columns: ReadonlyMap<string, TextField | 'skip'>;
  /** Headers of what people are told by. */
  readonly author?: readonly string[];
  readonly authorEmail?: readonly string[];
  readonly created?: readonly string[];
  readonly edited?: readonly string[];
  /** Reads a time; ISO 8601 unless given. */
  time?(text: string): Instant | undefined;
  /** True when cells that look like formulas have an apostrophe before them. */
  readonly isGuarded?: boolean;
  /** Name under which a cell of this row stands, where the header does not say it: `value` beside `field_name`. */
  labelOf?(header: string, row: NamedRow): string | undefined;
  /** All of the record that its cells tell, but for texts, time and author; undefined leaves the row out. */
  record(row: NamedRow): Omit<ExportRecord, 'texts' | 'time'> | undefined;
}

/** Reads all rows. Rows above the header, and names of columns that may be data, are handed over as well. */
export async function readCsvRecords(file: ExportFile, sink: RecordSink, format: CsvFormat): Promise<void> {
  const table = await openCsv(file, sink, { isHeader: (cells) => format.isHeader(cells) });
  const names = table.header.map((cell) => cell.trim().toLowerCase());
  for (const row of table.preamble) {
    const text = row.cells.join(' ').trim();
    const place = format.record(new NamedRow([], [], row.number))?.place;
    if (text !== '' && place !== undefined)
      sink.record({
        place,
        type: 'row',
        id: `preamble ${row.number}`,
        revision: { state: 'current' },
        texts: [{ text, dialect: 'plain', field: { path: 'preamble', role: 'metadata' } }],
      });
  }
  for await (const rows of table.rows) {
    for (const row of rows) {
      const named = new NamedRow(names, row.cells, row.number);
      const texts = cellTexts(row.cells, table.header, format, named);
      const record = format.record(named);
      if (texts.length === 0 || record === undefined) continue;
      const actor = record.actor ?? actorOf(named, format);
      const time = timeOf(named, format);
      sink.record({
        ...record,
        texts,
        ...(actor && { actor }),
        ...(time && { time }),
        ...(row.raw && { raw: row.raw }),
      });
    }
    if (sink.aborted) return;
    await sink.drained();
  }
}

function cellTexts(
  cells: readonly string[],
  header: readonly string[],
  format: CsvFormat,
  row: NamedRow,
): RecordText[] {
  const texts: RecordText[] = [];
  for (const [i, cell] of cells.entries()) {
    const name = header[i]?.trim() ?? '';
    const field = format.columns.get(name.toLowerCase());
    const text = format.isGuarded === true ? unguarded(cell) : cell;
    if (field === 'skip' || text.trim() === '') continue;
    const path = name === '' ? `column ${i + 1}` : name;
    if (field !== undefined) {
      const { role, ...more } = field;
      texts.push({ text, field: { path, role }, ...more });
      continue;
    }
    texts.push(...otherTexts(text, name, path, format.labelOf?.(name.toLowerCase(), row)));
  }
  return texts;
}

const flag = /^(?:true|false|yes|null|none)$/i;

/** Texts of a cell that the format has no role for. */
function otherTexts(text: string, name: string, path: string, label: string | undefined): RecordText[] {
  const key = name.replaceAll(' ', '_').toLowerCase();
  if (text.length < 3 || flag.test(text) || isNoise(key, text.trim())) return [];
  // JSON with escapes hides what its strings say.
  const inner = text.includes('\\') ? jsonInString(text) : undefined;
  if (inner !== undefined) return unclaimedTexts(inner, noClaims, { prefix: path, role: 'custom-field' });
  const own = label ?? labelOf(name, text);
  const field = { path, role: 'custom-field' as const };
  return [{ text, dialect: 'plain', field, ...(own === undefined ? {} : { label: own }) }];
}

function actorOf(row: NamedRow, format: CsvFormat): RecordActor | undefined {
  const name = row.get(...(format.author ?? []));
  const email = row.get(...(format.authorEmail ?? []));
  if (name === undefined && email === undefined) return undefined;
  const isAddress = name !== undefined && /^[^\s@]+@[^\s@]+$/.test(name);
  const address = email ?? (isAddress ? name : undefined);
  return { ...(name !== undefined && { name }), ...(address !== undefined && { email: address }) };
}

function timeOf(row: NamedRow, format: CsvFormat): ExportRecord['time'] {
  const read = (text: string | undefined): Instant | undefined =>
    text === undefined ? undefined : (format.time?.(text) ?? fromIso(text));
  const created = read(row.get(...(format.created ?? [])));
  const edited = read(row.get(...(format.edited ?? [])));
  return recordTime(created, edited?.text === created?.text ? undefined : edited);
}

/** Exporters put an apostrophe before what a spreadsheet would take for a formula. */
function unguarded(cell: string): string {
  return /^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell;
}

/** True when `cells` has all `needed` headers, whatever their case. */
export function hasHeaders(cells: readonly string[], needed: readonly string[]): boolean {
  const names = new Set(cells.map((cell) => cell.trim().toLowerCase()));
  return needed.every((name) => names.has(name));
}
