/** Linear's CSV of issues: one file a workspace or team, without comments. */
import type { ExportReader, ReaderHints } from '../contract.js';
import { type CsvFormat, csvHeaderOf, hasHeaders, readCsvRecords } from '../csv-records.js';
import type { TextField } from '../object-texts.js';
import { fromIso, fromRfc822, type Instant } from '../times.js';

const isHeader = (cells: readonly string[]): boolean =>
  hasHeaders(cells, ['id', 'team', 'title', 'description', 'status', 'creator']) &&
  ['cycle name', 'cycle number', 'estimate', 'project milestone', 'triaged', 'parent issue'].some((name) =>
    hasHeaders(cells, [name]),
  );

/** `Sat Jan 01 2022 10:02:03 GMT+0100 (CET)`, as browsers write dates. */
const browserDate = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d\d) (\d{4}) (\d\d:\d\d:\d\d) GMT([+-]\d{4})/;

function timeOf(text: string): Instant | undefined {
  const parts = browserDate.exec(text);
  return parts === null
    ? fromIso(text)
    : fromRfc822(`${parts[2]} ${parts[1]} ${parts[3]} ${parts[4]} ${parts[5]}`);
}

function formatOf(hints: ReaderHints): CsvFormat {
  const workspace = /^https?:\/\/linear\.app\/([\w-]{1,100})/.exec(hints.baseUrl ?? '')?.[1];
  return {
    isHeader,
    isGuarded: true,
    columns: new Map<string, TextField>([
      ['title', { role: 'title', dialect: 'plain' }],
      ['description', { role: 'body', dialect: 'markdown' }],
    ]),
    author: ['creator'],
    created: ['created'],
    edited: ['updated'],
    time: timeOf,
    record: (row) => {
      const key = row.get('id');
      const team = /^([A-Za-z][\w]{0,30})-\d+$/.exec(key ?? '')?.[1];
      const name = row.get('team') ?? team ?? 'issues';
      const parent = row.get('parent issue');
      return {
        place: {
          kind: 'project',
          ...(workspace !== undefined && { tenant: workspace }),
          id: team ?? name,
          name,
          audience: 'unknown',
        },
        type: 'issue',
        id: key ?? `row ${row.number}`,
        title: [key, row.get('title')].filter((part) => part !== undefined).join(' '),
        ...(parent !== undefined && { thread: parent }),
        ...(workspace !== undefined &&
          key !== undefined && { permalink: { url: `https://linear.app/${workspace}/issue/${key}` } }),
        action: 'edit',
        revision: { state: 'current' },
      };
    },
  };
}

export const linearReader: ExportReader = {
  id: 'linear-csv',
  system: 'linear',
  label: 'Linear CSV',
  isNeverJson: true,
  most: 0.95,
  recognise: ({ text }) =>
    csvHeaderOf(text, /\bcreator\b/i, isHeader) === undefined
      ? undefined
      : { score: 0.95, reason: 'columns of Linear issues' },
  read: (file, sink, hints) => readCsvRecords(file, sink, formatOf(hints)),
};
