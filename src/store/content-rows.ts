/** Finds the rows of `content` among many ids at once. */
import type { Database } from 'better-sqlite3';
import { compareIds, idBytes } from './sort-ids.js';

/** Ids that one statement takes; bounds the size of the bound blob. */
const idsPerQuery = 16_384;

export interface ContentRow {
  /** Position of its id among those asked for. */
  readonly i: number;
  readonly id: number;
  readonly analysis: number | null;
  /** 1: it has sightings. */
  readonly hit: number;
}

/** A row that is walked over: cid, id, analysis, hit. */
type Walked = [cid: Buffer, id: number, analysis: number | null, hit: number];

/** One walk over all rows beside the ids in order. */
function* walk(db: Database, ids: Uint8Array, order: Uint32Array): Generator<ContentRow> {
  const rows = db.prepare<[], Walked>('SELECT cid, id, analysis, hit FROM content ORDER BY cid').raw();
  let at = 0;
  // All at once: while a statement is walked its connection serves no other.
  for (const [cid, id, analysis, hit] of rows.all()) {
    while (at < order.length && compareIds(ids, order[at] as number, cid, 0) < 0) at++;
    for (let k = at; k < order.length && compareIds(ids, order[k] as number, cid, 0) === 0; k++) {
      yield { i: order[k] as number, id, analysis, hit };
    }
  }
}

/** A look-up for each id. The ids are cut inside SQLite, so that an unknown one costs no call. */
function* lookUp(db: Database, ids: Uint8Array, count: number): Generator<ContentRow> {
  const find = db
    .prepare<unknown[], [number, number, number | null, number]>(
      `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :count)
       SELECT n.i, c.id, c.analysis, c.hit
         FROM n CROSS JOIN content c ON c.cid = substr(:ids, n.i * ${idBytes} + 1, ${idBytes})`,
    )
    .raw();
  for (let first = 0; first < count; first += idsPerQuery) {
    const last = Math.min(count, first + idsPerQuery);
    const part = ids.subarray(first * idBytes, last * idBytes);
    for (const [i, id, analysis, hit] of find.all({ ids: part, count: last - first })) {
      yield { i: first + i, id, analysis, hit };
    }
  }
}

/**
 * The rows that are there, in no order that means anything.
 * @param order positions of the ids in rising order
 */
export function contentRows(db: Database, ids: Uint8Array, order: Uint32Array): Iterable<ContentRow> {
  if (order.length === 0) return [];
  const rows = db.prepare<[], number | null>('SELECT max(id) FROM content').pluck().get() ?? 0;
  if (rows === 0) return [];
  // To fetch a row costs several look-ups of an id that has none.
  return rows * 4 <= order.length ? walk(db, ids, order) : lookUp(db, ids, order.length);
}
