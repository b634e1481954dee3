/** Any SQLite database: each row is a record, each value a text under the name of its column. */
import { isUtf8 } from 'node:buffer';
import type { ExportReader } from '../contract.js';
import { labelOf } from '../leaves.js';
import { type Database, openDatabase, type Row, type Table } from '../sqlite/database.js';
import { isDatabase } from '../sqlite/database-pages.js';
import { isWriteAheadLog } from '../sqlite/write-ahead-log.js';
import { folderPlace, RecordIds } from './file-place.js';
import { leafTexts } from './record-texts.js';

/** Larger values are files, which the plain reading of the database sees as well. */
const maxValueBytes = 16 * 1024 * 1024;

export const genericSqlite: ExportReader = {
  id: 'sqlite-database',
  system: 'generic',
  label: 'SQLite database',
  isNeverJson: true,
  most: 0.4,

  recognise({ head }) {
    if (isDatabase(head)) return { score: 0.4, reason: 'the signature of SQLite' };
    return isWriteAheadLog(head) ? { score: 0.4, reason: 'the signature of a log of SQLite' } : undefined;
  },

  async read(file, sink) {
    const database = await openDatabase(file, sink);
    const place = folderPlace(file);
    const ids = new RecordIds(file);
    if (database === undefined) return;
    for (const [table, rows] of allRows(database)) {
      for (const row of rows) {
        const texts = [...membersOf(table.stored, row)].flatMap(([name, text]) => leafTexts(text, name));
        if (texts.length === 0) continue;
        const id = ids.next(`${table.name}/${row.number}`);
        sink.record({ place, type: 'row', id, revision: { state: 'current' }, texts, raw: row.raw });
      }
      if (sink.aborted) return;
      await sink.drained();
    }
  },
};

type RowSource = Pick<Table, 'name' | 'stored'>;

/** The rows of all tables, then those that damage has parted from theirs. */
function* allRows(database: Database): Generator<readonly [RowSource, readonly Row[]]> {
  for (const table of database.tables) for (const rows of database.rows(table)) yield [table, rows];
  for (const rows of database.leftRows()) yield [{ name: 'no table', stored: [] }, rows];
}

/** Texts of a row under the names of their columns; in tables of settings, under what the row calls its value. */
function* membersOf(
  names: Table['stored'],
  { values }: Row,
): Generator<readonly [name: string, text: string]> {
  const holder: Record<string, string> = {};
  for (let i = 0; i < values.length; i++) {
    const text = textOf(values[i]);
    if (text !== '') holder[(names[i] ?? `column ${i + 1}`).replaceAll('.', ' ')] = text;
  }
  for (const [name, text] of Object.entries(holder))
    yield [/^(?:value|val)$/i.test(name) ? (labelOf(name, text, lowerKeys(holder)) ?? name) : name, text];
}

function lowerKeys(holder: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(holder).map(([key, text]) => [key.toLowerCase(), text]));
}

function textOf(value: Row['values'][number]): string {
  if (typeof value === 'string') return value.length > maxValueBytes ? '' : value;
  if (!Buffer.isBuffer(value) || value.length > maxValueBytes) return '';
  return isUtf8(value) && !value.includes(0) ? value.toString('utf8') : '';
}
