/** Counts contents that were analysed, each once, whether they are rows or in the lists of one or more analyses. */
import type { Database } from 'better-sqlite3';
import { CleanPages, cleanLists, listedAnalyses } from './clean-pages.js';
import { contentRows } from './content-rows.js';
import { idBytes } from './sort-ids.js';

export function countContents(db: Database): number {
  const pages = new CleanPages(db);
  const analyses = listedAnalyses(db);
  let count = db.prepare<[], number>('SELECT count(*) FROM content').pluck().get() ?? 0;
  for (const [n, analysis] of analyses.entries()) {
    for (const ids of cleanLists(db, analysis)) {
      const order = Uint32Array.from({ length: ids.length / idBytes }, (_, i) => i);
      const counted = new Uint8Array(order.length);
      for (const { i } of contentRows(db, ids, order)) counted[i] = 1;
      for (const earlier of analyses.slice(0, n)) pages.mark(earlier, ids, order, counted);
      count += counted.reduce((sum, flag) => sum + 1 - flag, 0);
    }
  }
  return count;
}
