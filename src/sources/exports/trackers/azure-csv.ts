/** Result of a query of Azure DevOps as CSV: chosen columns, titles of a tree in `Title 1` to `Title n`. */
import type { ExportReader, ReaderHints } from '../contract.js';
import { type CsvFormat, csvHeaderOf, hasHeaders, readCsvRecords } from '../csv-records.js';
import type { TextField } from '../object-texts.js';
import { azureActor } from './azure-fields.js';

const isHeader = (cells: readonly string[]): boolean =>
  hasHeaders(cells, ['id', 'work item type']) && cells.some((cell) => /^title(?: \d+)?$/i.test(cell.trim()));

const levels = Array.from({ length: 12 }, (_, i) => `title ${i + 1}`);
const prose: readonly (readonly [string, TextField])[] = [
  'description',
  'repro steps',
  'acceptance criteria',
  'system info',
  'history',
  'discussion',
  'steps',
  'resolution',
].map((name) => [name, { role: 'body', dialect: 'html' }]);

function formatOf(fileName: string, hints: ReaderHints): CsvFormat {
  const site = /^https?:\/\/(?:dev\.azure\.com\/([^/?#\s]{1,100})|([\w-]{1,100})\.visualstudio\.com)/i.exec(
    hints.baseUrl ?? '',
  );
  const tenant = site?.[1] ?? site?.[2];
  return {
    isHeader,
    columns: new Map<string, TextField>([
      ...prose,
      ...['title', ...levels].map((name): [string, TextField] => [name, { role: 'title', dialect: 'plain' }]),
    ]),
    created: ['created date'],
    edited: ['changed date'],
    record: (row) => {
      const id = row.get('id') ?? `row ${row.number}`;
      const project = row.get('team project') ?? row.get('area path')?.split('\\')[0];
      const actor = azureActor(row.get('created by'));
      return {
        place: {
          kind: project === undefined ? 'folder' : 'project',
          ...(tenant !== undefined && { tenant: tenant.toLowerCase() }),
          id: project ?? fileName,
          name: project ?? fileName,
          audience: 'unknown',
        },
        type: 'issue',
        id,
        title: `${id} ${row.get('title', ...levels) ?? ''}`.trim(),
        ...(actor && { actor }),
        ...(site !== null &&
          project !== undefined && {
            permalink: {
              url: `${site[0]}/${encodeURIComponent(project)}/_workitems/edit/${id}`,
              level: 'record' as const,
            },
          }),
        action: 'edit',
        revision: { state: 'current' },
      };
    },
  };
}

export const azureCsvReader: ExportReader = {
  id: 'azure-devops-csv',
  system: 'azure-devops',
  label: 'Azure DevOps CSV',
  isNeverJson: true,
  most: 0.94,
  recognise: ({ text }) =>
    csvHeaderOf(text, /work item type/i, isHeader) === undefined
      ? undefined
      : { score: 0.94, reason: 'columns of work items' },
  read: (file, sink, hints) => readCsvRecords(file, sink, formatOf(file.name, hints)),
};
