/** ServiceNow's CSV of a list: chosen columns, under their labels or their field names. */
import type { ExportReader, ReaderHints } from '../contract.js';
import { type CsvFormat, csvHeaderOf, hasHeaders, readCsvRecords } from '../csv-records.js';
import type { TextField } from '../object-texts.js';
import { tableOfNumber } from './servicenow-rows.js';

const others = [
  'caller',
  'caller_id',
  'opened',
  'opened_at',
  'assignment group',
  'assignment_group',
  'sys_id',
  'opened by',
];

const isHeader = (cells: readonly string[]): boolean =>
  hasHeaders(cells, ['number']) &&
  (hasHeaders(cells, ['short description']) || hasHeaders(cells, ['short_description'])) &&
  others.some((name) => hasHeaders(cells, [name]));

const prose: readonly (readonly [string, TextField])[] = [
  ['description', { role: 'body', dialect: 'plain' }],
  ['short description', { role: 'title', dialect: 'plain' }],
  ['short_description', { role: 'title', dialect: 'plain' }],
  ...[
    'work notes',
    'work_notes',
    'comments',
    'additional comments',
    'comments and work notes',
    'comments_and_work_notes',
    'close notes',
    'close_notes',
    'resolution notes',
  ].map((name): [string, TextField] => [name, { role: 'comment', dialect: 'plain' }]),
];

function formatOf(hints: ReaderHints): CsvFormat {
  const tenant = /^https?:\/\/([^/?#\s]{1,255})/.exec(hints.baseUrl ?? '')?.[1]?.toLowerCase();
  return {
    isHeader,
    columns: new Map<string, TextField>(prose),
    author: ['opened by', 'caller', 'opened_by', 'caller_id', 'created by', 'sys_created_by'],
    created: ['opened', 'opened_at', 'created', 'sys_created_on'],
    edited: ['updated', 'sys_updated_on'],
    record: (row) => {
      const number = row.get('number');
      const table = row.get('sys_class_name') ?? tableOfNumber(number) ?? 'task';
      return {
        place: {
          kind: 'project',
          ...(tenant !== undefined && { tenant }),
          id: table,
          name: table,
          audience: 'unknown',
        },
        type: 'issue',
        id: number ?? row.get('sys_id', 'sys id') ?? `row ${row.number}`,
        title: [number, row.get('short description', 'short_description')]
          .filter((part) => part !== undefined)
          .join(' '),
        action: 'edit',
        revision: { state: 'current' },
      };
    },
  };
}

export const servicenowCsvReader: ExportReader = {
  id: 'servicenow-csv',
  system: 'servicenow',
  label: 'ServiceNow CSV',
  isNeverJson: true,
  most: 0.93,
  recognise: ({ text }) =>
    csvHeaderOf(text, /short[ _]description/i, isHeader) === undefined
      ? undefined
      : { score: 0.93, reason: 'columns of ServiceNow lists' },
  read: (file, sink, hints) => readCsvRecords(file, sink, formatOf(hints)),
};
