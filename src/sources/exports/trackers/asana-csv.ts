/** Asana's CSV of a project: rows above the header happen, and ids that a spreadsheet has rounded. */
import type { ExportReader } from '../contract.js';
import { type CsvFormat, csvHeaderOf, hasHeaders, readCsvRecords } from '../csv-records.js';
import type { TextField } from '../object-texts.js';

const isHeader = (cells: readonly string[]): boolean =>
  hasHeaders(cells, ['task id', 'name', 'notes']) || hasHeaders(cells, ['task id', 'name', 'section/column']);

function formatOf(fileName: string): CsvFormat {
  return {
    isHeader,
    isGuarded: true,
    columns: new Map<string, TextField>([
      ['name', { role: 'title', dialect: 'plain' }],
      ['notes', { role: 'body', dialect: 'plain' }],
    ]),
    created: ['created at'],
    edited: ['last modified'],
    record: (row) => {
      const gid = row.get('task id');
      // `1.21143E+15` names no task.
      const isWhole = gid !== undefined && /^\d{5,25}$/.test(gid);
      const project = row.get('projects')?.split(',')[0]?.trim();
      const parent = row.get('parent task');
      const place = project ?? fileName;
      return {
        place: {
          kind: project === undefined ? 'folder' : 'project',
          id: place,
          name: place,
          audience: 'unknown',
        },
        type: 'issue',
        id: isWhole ? gid : `${row.get('created at') ?? ''}/${row.get('name') ?? `row ${row.number}`}`,
        ...(row.get('name') !== undefined && { title: row.get('name') as string }),
        ...(parent !== undefined && { thread: parent }),
        ...(isWhole && { permalink: { url: `https://app.asana.com/0/0/${gid}` } }),
        action: 'edit',
        revision: { state: 'current' },
      };
    },
  };
}

export const asanaCsvReader: ExportReader = {
  id: 'asana-csv',
  system: 'asana',
  label: 'Asana CSV',
  isNeverJson: true,
  most: 0.95,
  recognise: ({ text }) =>
    csvHeaderOf(text, /task id/i, isHeader) === undefined
      ? undefined
      : { score: 0.95, reason: 'columns of Asana tasks' },
  read: (file, sink) => readCsvRecords(file, sink, formatOf(file.name)),
};
