/** People as CSV. */
import type { Party } from '../imports.js';
import type { CsvTable } from './csv.js';
import { Fields, uniqueBy } from './fields.js';
import { readParty } from './parties.js';
import type { ImportSource } from './source.js';
import { type ColumnMap, rowNode, tableOf } from './table.js';

export const peopleColumns: readonly string[] = [
  'id',
  'emails',
  'handles',
  'status',
  'left_on',
  'manager',
  'successor',
  'type',
  'contact',
  'can_read',
];

export function readPeopleCsv(
  source: ImportSource,
  table: CsvTable,
  map?: ColumnMap,
): { readonly parties: readonly Party[]; readonly ignored: number } {
  const { rows, ignored } = tableOf(source, table, peopleColumns, map);
  const read = rows.flatMap((row) => {
    const fields = new Fields(source, rowNode(row, peopleColumns, ['emails', 'handles', 'can_read']));
    const thing = readParty(fields, 'person');
    return thing === undefined ? [] : [{ thing, fields, name: thing.id }];
  });
  return { parties: uniqueBy(read, 'party'), ignored };
}
