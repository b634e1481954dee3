/** Answers for many contents at once whether they need to be read. */
import type { Database } from 'better-sqlite3';
import { CleanPages } from './clean-pages.js';
import { contentRows } from './content-rows.js';
import { idBytes, sortedIds } from './sort-ids.js';

/** Ids that are looked up at once. */
const idsAtOnce = 2 ** 20;

/** One byte per id: 0 unknown or analysed differently, 1 analysed and without sightings, 2 analysed with sightings. */
export function knownContents(db: Database, ids: Uint8Array, analysisId: string): Uint8Array {
  const count = Math.floor(ids.length / idBytes);
  const known = new Uint8Array(count);
  const analysis = db
    .prepare<[string], number>('SELECT id FROM analysis WHERE name = ?')
    .pluck()
    .get(analysisId);
  if (analysis === undefined) return known;
  const pages = new CleanPages(db);
  for (let first = 0; first < count; first += idsAtOnce) {
    const part = ids.subarray(first * idBytes, Math.min(count, first + idsAtOnce) * idBytes);
    const flags = known.subarray(first, first + idsAtOnce);
    const order = sortedIds(part);
    pages.mark(analysis, part, order, flags);
    for (const row of contentRows(db, part, order))
      flags[row.i] = row.analysis === analysis ? 1 + row.hit : 0;
  }
  return known;
}
