/**
 * Jira's CSV: a row per issue, a column per value. Repeated headers, rows wider than the header, and cells that hold a
 * comment or an attachment are usual.
 */
import type { ExportFile, ExportReader, Probe, ReaderHints, Recognition, RecordSink } from '../contract.js';
import { type CsvRow, csvHeadOf, openCsv } from '../csv-rows.js';
import { decodeHead } from '../decode-text.js';
import { siteOfBase } from './atlassian-site.js';
import { columnOf, isJiraHeader, keyColumnOf } from './jira-csv-columns.js';
import { JiraCsvRows } from './jira-csv-rows.js';
import { type JiraSite, siteOfAddress } from './jira-site.js';

export const jiraCsv: ExportReader = {
  id: 'jira-csv',
  system: 'jira',
  label: 'Jira CSV',
  isNeverJson: true,
  most: 0.95,
  recognise: recogniseCsv,
  read: readCsv,
};

const keyCell = /[,;|\t"\n][A-Z][A-Z0-9_]{0,254}-\d{1,10}[,;|\t"\r\n]/;

function recogniseCsv(probe: Probe): Recognition | undefined {
  // Most files are no CSV; a key that fills a cell is cheap to look for.
  if (probe.json !== undefined || (!keyCell.test(probe.text) && !probe.text.includes('Issue key')))
    return undefined;
  const head = csvHeadOf(probe.text, isJiraHeader);
  if (head === undefined) return undefined;
  const header = head.rows[head.headerIndex] ?? [];
  if (isJiraHeader(header)) return { score: 0.95, reason: 'header with Issue key and Summary' };
  const below = head.rows.slice(head.headerIndex + 1);
  const isManyFold = header.length > 10 && new Set(header).size < header.length;
  const isNamed = header.filter((cell) => /^[^()]{3,60} \(.+\)$/.test(cell)).length > 2;
  if ((isManyFold || isNamed) && keyColumnOf(below) >= 0)
    return { score: 0.7, reason: 'issue keys beside ids, and repeated headers' };
  return undefined;
}

/** Characters of rows that wait until an address tells the site. */
const maxHeldLength = 16 * 1024 * 1024;
const addressInCell =
  /https?:\/\/[^\s;",]{1,500}?\/(?:rest\/api\/\w{1,6}|secure)\/attachment\/(?:content\/|thumbnail\/)?\d/;

async function readCsv(file: ExportFile, sink: RecordSink, hints: ReaderHints): Promise<void> {
  const table = await openCsv(file, sink, { isHeader: isJiraHeader });
  const columns = table.header.map(columnOf);
  const urlColumns = columns.flatMap(({ kind }, i) => (kind === 'project-url' ? [i] : []));
  let site: JiraSite | undefined = siteInText(decodeHead(file.head));
  let rows: JiraCsvRows | undefined;
  let held: CsvRow[] = [];
  let heldLength = 0;

  const release = (): void => {
    rows ??= new JiraCsvRows(columns, held, site ?? siteOfBase(hints.baseUrl), sink);
    for (const row of held) rows.row(row);
    held = [];
  };
  for await (const batch of table.rows) {
    for (const row of batch) {
      held.push(row);
      if (rows !== undefined || site !== undefined) continue;
      site = siteOfRow(row, urlColumns);
      heldLength += row.cells.reduce((length, cell) => length + cell.length, 0);
    }
    if (rows !== undefined || site !== undefined || heldLength > maxHeldLength) release();
    if (sink.aborted) return;
    await sink.drained();
  }
  release();
}

function siteOfRow(row: CsvRow, urlColumns: readonly number[]): JiraSite | undefined {
  for (const cell of row.cells) {
    const site = cell.includes('/attachment/') ? siteInText(cell) : undefined;
    if (site !== undefined) return site;
  }
  for (const column of urlColumns) {
    // Anyone may write any address there; one of Jira's own is a proof.
    const site = siteOfAddress(row.cells[column]);
    if (site !== undefined) return site;
  }
  return undefined;
}

function siteInText(text: string): JiraSite | undefined {
  return siteOfAddress(addressInCell.exec(text)?.[0]);
}
