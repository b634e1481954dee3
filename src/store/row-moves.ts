/**
 * Gives references to one row to another, when two rows turn out to be one (redaction makes two texts
 * equal, a person is erased). Rows that then have equal keys become one.
 */
import type { Database } from 'better-sqlite3';
import type { AppearanceKey } from './standings.js';

/** Old row id to the row id that replaces it. */
export type Moves = ReadonlyMap<number, number>;

type RowKey = Pick<AppearanceKey, 'place' | 'type' | 'path' | 'item' | 'about' | 'root'> & {
  readonly content: number;
};

const keyCondition =
  'content = :content AND place = :place AND type = :type AND path = :path AND item = :item AND about = :about AND root = :root';

/** Sorts the appearance that readers prefer first, as the view x_appearance does. */
const rankColumn = '(vanished_scan IS NOT NULL) * 100 + kind AS rank';

/** Changes a column of the key of appearances; of two rows that meet, the more pressing stays. */
export function moveAppearances(
  db: Database,
  column: 'path' | 'item' | 'place' | 'root',
  moves: Moves,
): void {
  const rows = db
    .prepare<[string], RowKey & { rank: number }>(
      `SELECT content, place, type, path, item, about, root, ${rankColumn} FROM appearance
        WHERE ${column} IN (SELECT value FROM json_each(?))`,
    )
    .all(JSON.stringify([...moves.keys()]));
  const find = db.prepare<[RowKey], { rank: number }>(
    `SELECT ${rankColumn} FROM appearance WHERE ${keyCondition}`,
  );
  const drop = db.prepare<[RowKey]>(`DELETE FROM appearance WHERE ${keyCondition}`);
  const move = db.prepare(`UPDATE appearance SET ${column} = :to WHERE ${keyCondition}`);
  for (const { rank, ...key } of rows) {
    const to = moves.get(key[column]);
    if (to === undefined) continue;
    const moved = { ...key, [column]: to };
    const other = find.get(moved);
    if (other !== undefined && other.rank <= rank) {
      drop.run(key);
      continue;
    }
    if (other !== undefined) drop.run(moved);
    move.run({ ...key, to });
  }
}

/** Changes a reference; a row whose key is taken by then says the same and goes. */
export function moveReferences(db: Database, table: string, column: string, moves: Moves): void {
  if (moves.size === 0) return;
  const pairs = JSON.stringify([...moves]);
  const old = "(SELECT value ->> '$[0]' FROM json_each(:pairs))";
  db.prepare(
    `UPDATE OR IGNORE ${table} SET ${column} =
       (SELECT value ->> '$[1]' FROM json_each(:pairs) WHERE value ->> '$[0]' = ${column})
     WHERE ${column} IN ${old}`,
  ).run({ pairs });
  db.prepare(`DELETE FROM ${table} WHERE ${column} IN ${old}`).run({ pairs });
}
