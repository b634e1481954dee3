/** Trello's CSV of a board, which paid plans give: cards only. */
import type { ExportReader } from '../contract.js';
import { type CsvFormat, csvHeaderOf, hasHeaders, readCsvRecords } from '../csv-records.js';
import type { TextField } from '../object-texts.js';

const isHeader = (cells: readonly string[]): boolean =>
  hasHeaders(cells, ['card id', 'card name', 'card description']) ||
  hasHeaders(cells, ['card id', 'card url', 'board id']);

function formatOf(fileName: string): CsvFormat {
  return {
    isHeader,
    isGuarded: true,
    columns: new Map<string, TextField | 'skip'>([
      ['card name', { role: 'title', dialect: 'plain' }],
      ['card description', { role: 'body', dialect: 'markdown' }],
      ['attachment links', { role: 'link', dialect: 'plain' }],
      ['card id', 'skip'],
      ['board id', 'skip'],
      ['list id', 'skip'],
    ]),
    edited: ['last activity date'],
    record: (row) => {
      const url = row.get('card url');
      const title = row.get('card name');
      const board = row.get('board id') ?? row.get('board name') ?? fileName;
      return {
        place: { kind: 'board', id: board, name: row.get('board name') ?? board, audience: 'unknown' },
        type: 'issue',
        id: row.get('card id') ?? `row ${row.number}`,
        ...(title !== undefined && { title }),
        ...(url !== undefined && /^https?:\/\/\S+$/.test(url) && { permalink: { url } }),
        action: 'clear-history',
        revision: { state: 'current' },
      };
    },
  };
}

export const trelloCsvReader: ExportReader = {
  id: 'trello-csv',
  system: 'trello',
  label: 'Trello CSV',
  isNeverJson: true,
  most: 0.95,
  recognise: ({ text }) =>
    csvHeaderOf(text, /card id/i, isHeader) === undefined
      ? undefined
      : { score: 0.95, reason: 'columns of Trello cards' },
  read: (file, sink) => readCsvRecords(file, sink, formatOf(file.name)),
};
