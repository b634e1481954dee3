/** CSV (RFC 4180: CRLF, doubled quotes), one row a location. Columns are only ever added at the end. */
import type { Exposure, Location } from '../model/exposure.js';
import { findingRecord, revealedRecord } from './finding-record.js';
import type { ReportInput } from './report-input.js';
import { csvField } from './safe-text.js';

/** Columns by the field of the JSON record that fills them, in this order. */
const columns = [
  'fingerprint',
  'kind',
  'rule',
  'confidence',
  'status',
  'statusBy',
  'system',
  'place',
  'placeName',
  'path',
  'line',
  'column',
  'endLine',
  'endColumn',
  'locationKind',
  'spelling',
  'commit',
  'author',
  'authorEmail',
  'authorDate',
  'removedCommit',
  'modified',
  'preview',
  'account',
  'slot',
  'weak',
  'firstSeen',
  'lastSeen',
  'recordType',
  'recordId',
  'field',
  'revision',
  'created',
  'permalink',
  'title',
] as const;

function cell(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return csvField(value);
  }
  return '';
}

async function row(exposure: Exposure, location: Location, input: ReportInput): Promise<string> {
  const plain = findingRecord(exposure, location, input.scan);
  const record = await revealedRecord(plain, location, input.reveal);
  const cells = columns.map((column) => cell(record[column]));
  if (input.conditions !== undefined) {
    const { conditions = [], controls = [] } = input.conditions.of(exposure.fingerprint) ?? {};
    cells.push(cell(conditions.join(' ')), cell(controls.map(({ id }) => id).join('; ')));
  }
  if (input.reveal !== undefined) cells.push(cell(record['secret']));
  return `${cells.join(',')}\r\n`;
}

export async function* csvReport(input: ReportInput): AsyncGenerator<string, void> {
  const names = [
    ...columns,
    ...(input.conditions === undefined ? [] : ['conditions', 'controls']),
    ...(input.reveal === undefined ? [] : ['secret']),
  ];
  yield `${names.join(',')}\r\n`;
  for await (const exposure of input.exposures) {
    for (const location of exposure.locations) yield await row(exposure, location, input);
  }
}
