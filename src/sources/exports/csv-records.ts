/** Rows of a tracker's CSV to records: columns that the format knows get their role, all others keep their header as label. */
import type { ExportFile, ExportRecord, RecordActor, RecordSink, RecordText } from './contract.js';
import { csvHeadOf, openCsv } from './csv-rows.js';
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
  const columns = table.header.map((cell, i) => columnOf(cell, i, format));
  const names = columns.map((column) => column.header);
  for (const row of table.preamble) giveLine(sink, format, `preamble ${row.number}`, row.cells);
  giveLine(sink, format, 'header', table.header.filter(mayBeData));
  for await (const rows of table.rows) {
    for (const row of rows) {
      const named = new NamedRow(names, row.cells, row.number);
      const texts = cellTexts(row.cells, columns, format, named);
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

/** Text of the file that belongs to no row. */
function giveLine(sink: RecordSink, format: CsvFormat, id: string, cells: readonly string[]): void {
  const text = cells.join('\n').trim();
  const place = text === '' ? undefined : format.record(new NamedRow([], [], 0))?.place;
  if (place === undefined) return;
  const field = { path: id, role: 'metadata' as const };
  sink.record({
    place,
    type: 'row',
    id,
    revision: { state: 'current' },
    texts: [{ text, dialect: 'plain', field }],
  });
}

/** Long names with digits are no names that people give to columns. */
function mayBeData(cell: string): boolean {
  return cell.length >= 16 && /\d/.test(cell);
}

interface Column {
  readonly name: string;
  /** In lower case. */
  readonly header: string;
  readonly path: string;
  /** Name as keys are written, for judging what is no text. */
  readonly key: string;
  readonly field: TextField | 'skip' | undefined;
}

function columnOf(cell: string, index: number, format: CsvFormat): Column {
  const name = cell.trim();
  const header = name.toLowerCase();
  return {
    name,
    header,
    path: name === '' ? `column ${index + 1}` : name,
    key: header.replaceAll(' ', '_'),
    field: format.columns.get(header),
  };
}

function cellTexts(
  cells: readonly string[],
  columns: readonly Column[],
  format: CsvFormat,
  row: NamedRow,
): RecordText[] {
  const texts: RecordText[] = [];
  for (const [i, cell] of cells.entries()) {
    if (cell === '') continue;
    const column = columns[i] ?? columnOf('', i, format);
    const { field } = column;
    if (field === 'skip') continue;
    const text = format.isGuarded === true ? unguarded(cell) : cell;
    if (field === undefined) texts.push(...otherTexts(text, column, format.labelOf?.(column.header, row)));
    else if (text.trim() !== '') {
      const { role, ...more } = field;
      texts.push({ text, field: { path: column.path, role }, ...more });
    }
  }
  return texts;
}

const flag = /^(?:true|false|yes|null|none)$/i;

/** Texts of a cell that the format has no role for. */
function otherTexts(text: string, { name, path, key }: Column, label: string | undefined): RecordText[] {
  const trimmed = text.trim();
  if (trimmed.length < 3 || flag.test(trimmed) || isNoise(key, trimmed)) return [];
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

/** Beginning of a file in which a header is looked for. */
const headChars = 16 * 1024;

/**
 * The header of a CSV file by the beginning of its text; undefined when none fits.
 *
 * @param anchor what every such header holds: without it the text is not taken apart, which each recogniser would do
 */
export function csvHeaderOf(
  text: string,
  anchor: RegExp,
  isHeader: (cells: readonly string[]) => boolean,
): readonly string[] | undefined {
  const beginning = text.slice(0, headChars);
  if (/^\s*[{[<]/.test(beginning) || !anchor.test(beginning)) return undefined;
  const head = csvHeadOf(beginning, isHeader);
  const cells = head?.rows[head.headerIndex];
  return cells !== undefined && isHeader(cells) ? cells : undefined;
}
