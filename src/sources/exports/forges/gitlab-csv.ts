/** Issues and merge requests that GitLab mails as CSV. */
import type { ExportReader, RecordPlace } from '../contract.js';
import { type CsvFormat, csvHeaderOf, hasHeaders, type NamedRow, readCsvRecords } from '../csv-records.js';
import type { TextField } from '../object-texts.js';
import { fromIso, type Instant } from '../times.js';
import { readGitlabAddress } from './gitlab-project.js';

const isHeader = (cells: readonly string[]): boolean =>
  hasHeaders(cells, ['title', 'description', 'url', 'state']) &&
  (hasHeaders(cells, ['issue id', 'author username']) || hasHeaders(cells, ['mr iid', 'source branch']));

/** Times stand in columns that name the zone: `Created At (UTC)`. */
function utc(text: string): Instant | undefined {
  const read = fromIso(text);
  return read === undefined || /Z$|[+-]\d\d:\d\d$/.test(read.text) || read.precision === 'day'
    ? read
    : { ...read, text: `${read.text}Z` };
}

function formatOf(fileName: string): CsvFormat {
  return {
    isHeader,
    columns: new Map<string, TextField | 'skip'>([
      ['title', { role: 'title', dialect: 'plain' }],
      ['description', { role: 'body', dialect: 'markdown' }],
      ['url', 'skip'],
    ]),
    author: ['author', 'author username'],
    created: ['created at (utc)'],
    edited: [],
    time: utc,
    isGuarded: true,
    record: (row) => {
      const url = row.get('url');
      const iid = row.get('issue id', 'mr iid', 'issue iid');
      const isMerge = row.get('mr iid') !== undefined;
      const id = iid === undefined ? `row ${row.number}` : `${isMerge ? '!' : ''}${iid}`;
      const title = [iid === undefined ? '' : `${isMerge ? '!' : '#'}${iid}`, row.get('title') ?? ''];
      return {
        place: placeOf(row, fileName),
        type: 'issue',
        id,
        title: title.join(' ').trim(),
        action: 'edit',
        revision: { state: 'current' },
        ...(url !== undefined && /^https?:/.test(url) && { permalink: { url } }),
      };
    },
  };
}

function placeOf(row: NamedRow, fileName: string): RecordPlace {
  const page = readGitlabAddress(row.get('url'));
  return page === undefined
    ? { kind: 'folder', id: fileName, name: fileName, audience: 'unknown' }
    : { kind: 'repo', tenant: page.host, id: page.project, name: page.project, audience: 'unknown' };
}

export const gitlabCsvReader: ExportReader = {
  id: 'gitlab-csv',
  system: 'gitlab',
  label: 'GitLab CSV',
  isNeverJson: true,
  most: 0.95,
  recognise: ({ text }) =>
    csvHeaderOf(text, /issue id|mr iid/i, isHeader) === undefined
      ? undefined
      : { score: 0.95, reason: 'columns of GitLab issues' },
  read: (file, sink) => readCsvRecords(file, sink, formatOf(file.name)),
};
