/**
 * The inventory as CSV: one row an identity and one of its consumers. Rows are gathered by identity and
 * become the same entries as those of the YAML file, whatever their order.
 */
import { builtInEnvironment } from '../derive/environments/words.js';
import type { InventoryEntry } from '../imports.js';
import { codePointOrder, sortedSet } from '../order.js';
import type { Cell, CsvTable } from './csv.js';
import { readEntry } from './entries.js';
import { Fields } from './fields.js';
import { type ImportSource, shownKey } from './source.js';
import { type ColumnMap, cellList, cellNode, cellTexts, type Row, tableOf } from './table.js';
import { type ImportNode, mapNode, textNode } from './tree.js';
import { principalKinds, resourceKinds } from './vocabulary.js';

export const inventoryColumns: readonly string[] = [
  'identity',
  'match_type',
  'match',
  'kind',
  'owner',
  'backup_owner',
  'environment',
  'privilege',
  'class',
  'purpose',
  'consumer',
  'consumer_kind',
  'consumer_environment',
  'reload',
  'criticality',
  'runs',
  'depends_on',
  'resource',
  'vault',
  'overlap',
  'consumers_complete',
  'reviewed',
];
const consumerColumns = [
  'consumer',
  'consumer_kind',
  'consumer_environment',
  'reload',
  'criticality',
  'runs',
  'depends_on',
];
const identityColumns = inventoryColumns.filter(
  (column) => column !== 'identity' && !consumerColumns.includes(column),
);
const listColumns = ['match', 'environment', 'depends_on', 'resource', 'vault'];

/** Equal as far as meaning goes: lists in any order, environments by any of their names. */
function meaning(column: string, cell: Cell): string {
  const isEnvironment = column === 'environment' || column === 'consumer_environment';
  const texts = listColumns.includes(column) ? cellTexts(cell) : [cell.text];
  return sortedSet(texts.map((text) => (isEnvironment && builtInEnvironment(text)) || text)).join(';');
}

/** What the rows of one thing say in each column. A cell left empty says nothing; two that differ are a fault. */
function agreed(
  source: ImportSource,
  rows: readonly Row[],
  columns: readonly string[],
  what: string,
): ReadonlyMap<string, Cell> {
  const cells = new Map<string, Cell>();
  for (const column of columns) {
    for (const row of rows) {
      const cell = row.cell(column);
      if (cell === undefined) continue;
      const known = cells.get(column);
      if (known === undefined) cells.set(column, cell);
      else if (meaning(column, known) !== meaning(column, cell)) {
        source.fault(
          cell.at,
          `the column ${shownKey(column)} says something else of this ${what} than line ${source.positionOf(known.at).line}`,
          'IMPORT_INCONSISTENT',
        );
      }
    }
  }
  return cells;
}

function grouped(rows: readonly Row[], nameOf: (row: Row) => string): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const name = nameOf(row);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [row]);
    else group.push(row);
  }
  return groups;
}

/** `kind` is that of the identity where it is one of those words, else the kind of secret that a path is narrowed to. */
function isPrincipalKind(cell: Cell | undefined): boolean {
  return (principalKinds as readonly string[]).includes(cell?.text ?? '');
}

function selectorNodes(cells: ReadonlyMap<string, Cell>, at: number): ImportNode {
  const [match, type, kind] = [cells.get('match'), cells.get('match_type'), cells.get('kind')];
  const narrowing = isPrincipalKind(kind) ? undefined : cellNode(kind);
  if (match === undefined || type === undefined) {
    const items =
      match === undefined && type === undefined && narrowing !== undefined
        ? [mapNode(at, { kind: narrowing })]
        : [];
    return { type: 'list', at: match?.at ?? type?.at ?? at, items };
  }
  const items = cellTexts(match).map((text) =>
    mapNode(match.at, {
      [type.text]: textNode(match.at, text, true),
      ...(type.text === 'path' && narrowing !== undefined ? { kind: narrowing } : {}),
    }),
  );
  return { type: 'list', at: match.at, items };
}

/** `database:db1.acme.example/ledger`; without a word for what it is, `other`. */
function resourceNodes(cell: Cell | undefined): ImportNode | undefined {
  if (cell === undefined) return undefined;
  const items = cellTexts(cell).map((text) => {
    const kind = resourceKinds.find((candidate) => text.startsWith(`${candidate}:`));
    const address = kind === undefined ? text : text.slice(kind.length + 1).trim();
    return mapNode(cell.at, {
      kind: textNode(cell.at, kind ?? 'other'),
      address: textNode(cell.at, address, true),
    });
  });
  return { type: 'list', at: cell.at, items };
}

function consumerNodes(source: ImportSource, rows: readonly Row[], at: number): ImportNode {
  const named = rows.filter((row) => row.cell('consumer') !== undefined);
  for (const row of rows) {
    const orphan = consumerColumns.map((column) => row.cell(column)).find((cell) => cell !== undefined);
    if (row.cell('consumer') === undefined && orphan !== undefined)
      source.fault(orphan.at, 'says something of a consumer, and names none');
  }
  const groups = grouped(named, (row) =>
    JSON.stringify([row.cell('consumer')?.text, row.cell('consumer_environment')?.text ?? '']),
  );
  const items = [...groups]
    .sort(([a], [b]) => codePointOrder(a, b))
    .map(([, own]) => {
      const cells = agreed(source, own, consumerColumns, 'consumer');
      return mapNode(own[0]?.at ?? at, {
        name: cellNode(cells.get('consumer')),
        kind: cellNode(cells.get('consumer_kind')),
        environment: cellNode(cells.get('consumer_environment')),
        reload: cellNode(cells.get('reload')),
        criticality: cellNode(cells.get('criticality')),
        runs: cellNode(cells.get('runs')),
        depends_on: cellList(cells.get('depends_on')),
      });
    });
  return { type: 'list', at, items };
}

function entryNode(
  source: ImportSource,
  id: string,
  rows: readonly Row[],
): ImportNode & { readonly type: 'map' } {
  const at = rows[0]?.at ?? 0;
  const cells = agreed(source, rows, identityColumns, 'identity');
  const kind = cells.get('kind');
  const overlap = cellNode(cells.get('overlap'));
  return mapNode(at, {
    id: textNode(rows[0]?.cell('identity')?.at ?? at, id, true),
    match: selectorNodes(cells, at),
    kind: isPrincipalKind(kind) ? cellNode(kind) : undefined,
    owner: cellNode(cells.get('owner')),
    backup_owner: cellNode(cells.get('backup_owner')),
    environment: cellList(cells.get('environment')),
    privilege: cellNode(cells.get('privilege')),
    class: cellNode(cells.get('class')),
    purpose: cellNode(cells.get('purpose')),
    rotation: overlap === undefined ? undefined : mapNode(overlap.at, { overlap }),
    consumers_complete: cellNode(cells.get('consumers_complete')),
    consumers: consumerNodes(source, rows, at),
    resources: resourceNodes(cells.get('resource')),
    vault: cellList(cells.get('vault')),
    reviewed: cellNode(cells.get('reviewed')),
  });
}

export function readInventoryCsv(
  source: ImportSource,
  table: CsvTable,
  map?: ColumnMap,
): { readonly identities: readonly InventoryEntry[]; readonly ignored: number } {
  const { rows, ignored } = tableOf(source, table, inventoryColumns, map);
  const named = rows.filter((row) => {
    if (row.cell('identity') !== undefined) return true;
    source.fault(row.at, '"identity" is empty');
    return false;
  });
  const groups = [...grouped(named, (row) => row.cell('identity')?.text ?? '')];
  const identities = groups
    .sort(([a], [b]) => codePointOrder(a, b))
    .flatMap(([id, own]) => readEntry(new Fields(source, entryNode(source, id, own)), undefined) ?? []);
  return { identities, ignored };
}
