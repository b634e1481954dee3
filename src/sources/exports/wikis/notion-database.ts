/** Notion: a database of an export as CSV; `X.csv`, `X_all.csv` and the rows' own pages tell the same rows. */
import type { ExportFile, ExportReader, ExportRecord, Probe, RecordText } from '../contract.js';
import { type CsvRow, csvHeadOf, openCsv } from '../csv-rows.js';
import { longTime } from '../long-times.js';
import { fromIso, recordTime } from '../times.js';
import { notionName, notionPlace, pageLink } from './notion-ids.js';

export const notionDatabaseReader: ExportReader = {
  id: 'notion-database',
  system: 'notion',
  label: 'Notion database (CSV)',
  isNeverJson: true,
  most: 0.9,
  recognise(probe: Probe) {
    if (notionName(probe.name)?.extension !== 'csv') return undefined;
    const isTable = csvHeadOf(probe.text) !== undefined || /^[^,\n]+\r?\n/.test(probe.text);
    return isTable ? { score: 0.9, reason: "a database's id at the end of the name" } : undefined;
  },
  async read(file, sink) {
    const database = notionName(file.name);
    const pages = await pagesOf(file);
    const table = await openCsv(file, sink, { delimiter: ',' });
    const taken = new Map<string, number>();
    for await (const rows of table.rows) {
      for (const row of rows) {
        const texts = textsOf(row, table.header);
        if (texts.length === 0) continue;
        const title = row.cells[0] ?? '';
        const page = pages.get(pageKey(title));
        const turn = (taken.get(title) ?? 0) + 1;
        taken.set(title, turn);
        const id = page ?? `${database?.id ?? file.name}/${title}${turn === 1 ? '' : `/${turn}`}`;
        sink.record({ ...rowRecord(row, table.header, id, page), texts });
      }
      await sink.drained();
      if (sink.aborted) return;
    }
  },
};

function rowRecord(
  row: CsvRow,
  header: readonly string[],
  id: string,
  page: string | undefined,
): Omit<ExportRecord, 'texts'> {
  const title = row.cells[0];
  const cell = (name: RegExp): string | undefined =>
    row.cells[header.findIndex((column) => name.test(column))];
  const instant = (text: string | undefined): ReturnType<typeof longTime> => longTime(text) ?? fromIso(text);
  const time = recordTime(instant(cell(/^created(?: time)?$/i)), instant(cell(/^last edited(?: time)?$/i)));
  return {
    place: notionPlace,
    // A row whose page is known is that page.
    type: page === undefined ? 'row' : 'page',
    id,
    revision: { state: 'current' },
    action: 'edit',
    ...(title === undefined || title === '' ? {} : { title }),
    ...(time === undefined ? {} : { time }),
    ...(page === undefined ? {} : { permalink: pageLink(page) }),
    ...(row.raw === undefined ? {} : { raw: row.raw }),
  };
}

function textsOf(row: CsvRow, header: readonly string[]): RecordText[] {
  return row.cells.flatMap((text, index): RecordText[] => {
    if (text === '') return [];
    const name = header[index] ?? `column ${index + 1}`;
    const field = {
      path: `properties.${name}`,
      role: index === 0 ? ('title' as const) : ('custom-field' as const),
    };
    return [{ text, dialect: 'plain', field, ...(index === 0 ? {} : { label: name }) }];
  });
}

/** Notion cuts titles in file names, and leaves out what file systems do not like. */
function pageKey(title: string): string {
  return title
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .slice(0, 40)
    .trim()
    .toLowerCase();
}

/** Ids of the rows' pages, by title; those that share one are left out. */
async function pagesOf(file: ExportFile): Promise<ReadonlyMap<string, string>> {
  const pages = new Map<string, string>();
  const shared = new Set<string>();
  const base = file.name.replace(/(?:_all)?\.csv$/i, '');
  for (const folder of new Set([base, base.replace(/[ _-]?[0-9a-f]{32}$/i, '')])) {
    for (const entry of await file.tree.list(folder)) {
      const page = notionName(entry);
      if (page === undefined || page.extension === 'csv') continue;
      const key = pageKey(page.title);
      if (pages.has(key) && pages.get(key) !== page.id) shared.add(key);
      pages.set(key, page.id);
    }
  }
  for (const key of shared) pages.delete(key);
  return pages;
}
