/** Vault maps: which path of a vault holds which secret, and who reads it. Fingerprints only. */
import type { VaultPath } from '../imports.js';
import type { CsvTable } from './csv.js';
import { Fields, given, uniqueBy } from './fields.js';
import type { ImportSource } from './source.js';
import { type ColumnMap, rowNode, tableOf } from './table.js';
import type { ImportNode } from './tree.js';

export const vaultColumns: readonly string[] = [
  'path',
  'key',
  'version',
  'fingerprint',
  'slot',
  'identity',
  'readers',
];

function readRow(fields: Fields): VaultPath | undefined {
  fields.only(vaultColumns);
  const [path, key] = [fields.needed('path'), fields.needed('key')];
  const fingerprint = fields.text('fingerprint');
  if (fingerprint !== undefined && !/^[0-9a-f]{12,64}$/i.test(fingerprint)) {
    fields.fault('fingerprint', 'must be 12 to 64 hex digits, as "sprawl fingerprint -" prints them');
  }
  const slot = fields.text('slot');
  if (slot !== undefined && !/^.+:.+#.+$/.test(slot))
    fields.fault('slot', 'must be written <place>:<path>#<key>');
  const rest = {
    ...given('version', fields.text('version')),
    ...given('fingerprint', fingerprint?.toLowerCase()),
    ...given('slot', slot),
    ...given('identity', fields.text('identity')),
    readers: fields.texts('readers'),
  };
  return path === undefined || key === undefined ? undefined : { path: `${path}#${key}`, ...rest };
}

function uniqueRows(rows: readonly Fields[]): VaultPath[] {
  const read = rows.flatMap((fields) => {
    const thing = readRow(fields);
    if (thing === undefined) return [];
    return [{ thing, fields, name: JSON.stringify([thing.path, thing.version ?? '']) }];
  });
  return uniqueBy(read, 'row');
}

/** A list of rows, or `version: 1` with `vault_map:`. */
export function readVaultMap(source: ImportSource, root: ImportNode): VaultPath[] {
  if (root.type === 'list') {
    return uniqueRows(
      root.items.flatMap((item) => {
        if (item.type === 'map') return [new Fields(source, item)];
        source.fault(item.at, 'each row must be a map');
        return [];
      }),
    );
  }
  if (root.type !== 'map') return [];
  const fields = new Fields(source, root);
  fields.only(['version', 'vault_map']);
  if (fields.needed('version') !== undefined) fields.whole('version', 1, 1);
  return uniqueRows(fields.maps('vault_map'));
}

export function readVaultCsv(
  source: ImportSource,
  table: CsvTable,
  map?: ColumnMap,
): { readonly vault: readonly VaultPath[]; readonly ignored: number } {
  const { rows, ignored } = tableOf(source, table, vaultColumns, map);
  const nodes = rows.map((row) => new Fields(source, rowNode(row, vaultColumns, ['readers'])));
  return { vault: uniqueRows(nodes), ignored };
}
