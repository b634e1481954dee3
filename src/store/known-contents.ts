/** Answers for many contents at once whether they need to be read. */
import type { Database } from 'better-sqlite3';

const idBytes = 16;

/** Ids that one statement takes; bounds the size of the bound blob. */
const idsPerQuery = 16_384;

/**
 * One byte per id: 0 unknown or analysed differently, 1 analysed and without sightings, 2 analysed with
 * sightings. The ids are cut inside SQLite, so that an unknown id costs no call.
 */
export function knownContents(db: Database, ids: Buffer, analysisId: string): Uint8Array {
  const count = Math.floor(ids.length / idBytes);
  const known = new Uint8Array(count);
  const analysis = db.prepare('SELECT id FROM analysis WHERE name = ?').pluck().get(analysisId);
  if (analysis === undefined) return known;
  if (db.prepare('SELECT 1 FROM content LIMIT 1').get() === undefined) return known;
  const find = db
    .prepare<unknown[], [number, number]>(
      `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :count)
       SELECT n.i, 1 + c.hit FROM n CROSS JOIN content c ON c.cid = substr(:ids, n.i * 16 + 1, 16)
        WHERE c.analysis = :analysis`,
    )
    .raw();
  for (let first = 0; first < count; first += idsPerQuery) {
    const last = Math.min(count, first + idsPerQuery);
    const part = ids.subarray(first * idBytes, last * idBytes);
    for (const [i, state] of find.iterate({ ids: part, count: last - first, analysis })) {
      known[first + i] = state;
    }
  }
  return known;
}
