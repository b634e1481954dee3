/** Tables as maps: columns by name, cells as the fields that the readers of maps know. */
import type { Cell, CsvTable } from './csv.js';
import { type ImportSource, shownKey } from './source.js';
import { type ImportNode, mapNode, textNode } from './tree.js';

/** Which column stands for which: `owner` to `assigned_to`. */
export type ColumnMap = ReadonlyMap<string, string>;

export interface Row {
  /** Offset of its first cell. */
  readonly at: number;
  cell(column: string): Cell | undefined;
}

export interface ReadTable {
  readonly rows: readonly Row[];
  /** Columns that a column map leaves unused. */
  readonly ignored: number;
}

/**
 * Rows with the known columns. Without a map an unknown column is a fault, for it may be a mistyped one; an export of
 * another system has columns of its own, which a map leaves out. Columns that begin with `x-` are anybody's.
 */
export function tableOf(
  source: ImportSource,
  table: CsvTable,
  known: readonly string[],
  map: ColumnMap = new Map(),
): ReadTable {
  const nameOf = new Map<string, string>();
  for (const [ours, theirs] of map) nameOf.set(theirs.toLowerCase(), ours);
  const columns = new Map<string, number>();
  let ignored = 0;
  table.header.forEach(({ at, text }, index) => {
    const name = nameOf.get(text) ?? text;
    const isReplaced = map.has(name) && !nameOf.has(text);
    if (!known.includes(name) || isReplaced) {
      if (map.size > 0 || name.startsWith('x-')) ignored++;
      else {
        source.fault(
          at,
          `the column ${shownKey(text)} is not known; known are ${known.join(', ')}; "--map" names those of other systems`,
          'IMPORT_UNKNOWN_KEY',
        );
      }
    } else if (columns.has(name)) {
      source.fault(at, `the column ${shownKey(name)} stands twice`, 'IMPORT_DUPLICATE');
    } else columns.set(name, index);
  });
  for (const [ours, theirs] of map) {
    if (!table.header.some(({ text }) => text === theirs.toLowerCase())) {
      source.fault(0, `has no column that "--map" names for ${shownKey(ours)}`);
    }
  }
  const rows = table.rows.map(
    (cells): Row => ({
      at: cells[0]?.at ?? 0,
      cell: (column) => {
        const index = columns.get(column);
        const cell = index === undefined ? undefined : cells[index];
        return cell === undefined || cell.text === '' ? undefined : cell;
      },
    }),
  );
  return { rows, ignored };
}

/** A cell as a text. */
export function cellNode(cell: Cell | undefined): ImportNode | undefined {
  return cell === undefined ? undefined : textNode(cell.at, cell.text, true);
}

/** The texts of a cell between semicolons. */
export function cellTexts(cell: Cell | undefined): readonly string[] {
  return (cell?.text ?? '')
    .split(';')
    .map((text) => text.trim())
    .filter((text) => text !== '');
}

/** A cell as a list of texts. */
export function cellList(cell: Cell | undefined): ImportNode | undefined {
  if (cell === undefined) return undefined;
  return { type: 'list', at: cell.at, items: cellTexts(cell).map((text) => textNode(cell.at, text, true)) };
}

/** A row as a map of all its columns, lists among them. */
export function rowNode(
  row: Row,
  columns: readonly string[],
  lists: readonly string[],
): ImportNode & { readonly type: 'map' } {
  return mapNode(
    row.at,
    Object.fromEntries(
      columns.map((column) => [
        column,
        lists.includes(column) ? cellList(row.cell(column)) : cellNode(row.cell(column)),
      ]),
    ),
  );
}
