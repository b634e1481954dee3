/** Any CSV: each row is a record, each cell a text under the name of its column. */
import type { ExportReader, Probe, Recognition, RecordText } from '../contract.js';
import { type CsvHead, csvHeadOf, openCsv } from '../csv-rows.js';
import { labelOf } from '../leaves.js';
import { isBinary } from './binary.js';
import { folderPlace, RecordIds } from './file-place.js';
import { FactsOf, looksLikeRecords } from './record-keys.js';
import { leafTexts } from './record-texts.js';

const isRecordHeader = (cells: readonly string[]): boolean => looksLikeRecords(cells);

export const genericCsv: ExportReader = {
  id: 'generic-csv',
  system: 'generic',
  label: 'CSV',
  isNeverJson: true,
  most: 0.2,
  recognise,
  async read(file, sink) {
    const place = folderPlace(file);
    const ids = new RecordIds(file);
    const table = await openCsv(file, sink, { isHeader: isRecordHeader });
    const columns = columnNames(table.header);
    const titles = [...table.preamble.map((row) => row.cells.join(' ')), ...table.header].join('\n');
    if (titles.trim() !== '')
      sink.record({
        place,
        type: 'row',
        id: ids.next('header'),
        revision: { state: 'current' },
        texts: leafTexts(titles, 'header'),
      });
    for await (const rows of table.rows) {
      for (const row of rows) {
        const facts = new FactsOf();
        const texts = rowTexts(table.header, columns, row.cells, facts);
        if (texts.length === 0) continue;
        const { id = `row ${row.number}`, ...own } = facts.facts;
        sink.record({
          place,
          type: 'row',
          id: ids.next(id),
          ...own,
          revision: { state: 'current' },
          texts,
          ...(row.raw === undefined ? {} : { raw: row.raw }),
        });
      }
      if (sink.aborted) return;
      await sink.drained();
    }
  },
};

function recognise({ text }: Probe): Recognition | undefined {
  if (/^\s*[{[<]/.test(text) || isBinary(text)) return undefined;
  const head = csvHeadOf(text, isRecordHeader);
  if (head === undefined) return undefined;
  if (isRecordHeader(head.rows[head.headerIndex] ?? []) && head.rows.length > head.headerIndex + 1)
    return { score: 0.2, reason: 'columns with text, id, time or author' };
  return isTable(head) ? { score: 0.03, reason: 'CSV syntax' } : undefined;
}

/** Texts of a row's cells; what they say of the row goes to `facts`. */
function rowTexts(
  header: readonly string[],
  columns: readonly string[],
  cells: readonly string[],
  facts: FactsOf,
): RecordText[] {
  const names = rowNames(header, cells);
  return cells.flatMap((cell, index) => {
    if (cell === '') return [];
    const column = header[index]?.trim() || `column ${index + 1}`;
    facts.add(column, cell);
    return cellTexts(unguarded(cell), names?.[index] ?? column, columns[index] ?? column);
  });
}

/** Tables of settings, with a column of names and one of values: the name in the row says more than `value`. */
function rowNames(
  header: readonly string[],
  cells: readonly string[],
): readonly (string | undefined)[] | undefined {
  const valueIndex = header.findIndex((name) => /^(?:value|val)$/i.test(name.trim()));
  if (valueIndex < 0) return undefined;
  const holder = Object.fromEntries(
    header.map((name, index) => [name.trim().toLowerCase(), cells[index] ?? '']),
  );
  const names: (string | undefined)[] = [];
  names[valueIndex] = labelOf('value', cells[valueIndex] ?? '', holder);
  return names;
}

/** @param path name of the column, with a number when it is repeated */
function cellTexts(cell: string, name: string, path: string): readonly RecordText[] {
  const texts = leafTexts(cell, name);
  if (path === name) return texts;
  return texts.map((text) => ({
    ...text,
    field: { ...text.field, path: path + text.field.path.slice(name.length) },
  }));
}

/** Rows of prose with commas differ in width. */
function isTable({ rows, headerIndex }: CsvHead): boolean {
  const width = rows[headerIndex]?.length ?? 0;
  const below = rows.slice(headerIndex + 1, -1);
  return width > 1 && rows.length > headerIndex + 1 && below.every((row) => row.length === width);
}

/** Repeated names get a number; cells without one too. */
function columnNames(header: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return header.map((cell, index) => {
    const name = cell.trim() || `column ${index + 1}`;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}.${count}`;
  });
}

/** Exporters put an apostrophe before what a spreadsheet would take for a formula. */
function unguarded(cell: string): string {
  return /^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell;
}
