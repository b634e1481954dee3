/**
 * Copies that reports of other tools tell of. Each report is a root of its own in every place that it speaks of, so that it
 * can be taken back; nobody reads such a root again. What a scan of the place saw itself is told once, by the scan.
 */
import type { Database } from 'better-sqlite3';
import { type ContentId, type PlaceKey, parseContentId } from '../model/ids.js';
import { dropOrphanSecrets, dropOrphanSightings } from './erase.js';

/** Locators of other roots are absolute paths, `-`, or those of embedded repositories. */
const prefix = 'report:';

/** SQL condition on a column that holds locators. */
export function isReportSql(column: string): string {
  return `substr(${column}, 1, ${prefix.length}) = '${prefix}'`;
}

export function reportLocator(name: string): string {
  return `${prefix}${name}`;
}

export function isReportLocator(locator: string): boolean {
  return locator.startsWith(prefix);
}

/** A copy of the same secret that a real root shows: in the same file, or in the message of the same commit, or the same record. */
const ownCopySql = `
  SELECT 1
    FROM sighting x
    JOIN secret s ON s.id = x.secret
    JOIN secret o ON o.canonical = s.canonical
    JOIN sighting y ON y.secret = o.id
    JOIN appearance b ON b.content = y.content AND b.place = a.place
    JOIN place_root q ON q.id = b.root
   WHERE x.content = a.content AND NOT ${isReportSql('q.locator')}
     AND CASE a.type WHEN 1 THEN b.type = 1 AND b.about = a.about
           WHEN 3 THEN b.type = 3 AND (b.permalink = a.permalink AND a.permalink > 0)
           ELSE b.type IN (0, 2) AND b.path = a.path END`;

/**
 * Drops reported copies of these places that a scan of the place has as well. Call inside a write transaction.
 * @returns ids of their contents
 */
export function settleReported(db: Database, places: readonly PlaceKey[]): ContentId[] {
  const roots = db
    .prepare<[string], number>(
      `SELECT r.id FROM place_root r JOIN place p ON p.id = r.place
        WHERE ${isReportSql('r.locator')} AND p.key IN (SELECT value FROM json_each(?))`,
    )
    .pluck()
    .all(JSON.stringify(places));
  if (roots.length === 0) return [];
  const settled = db
    .prepare<[string], { content: number; root: number; cid: Buffer }>(
      `SELECT DISTINCT a.content, a.root, c.cid FROM appearance a JOIN content c ON c.id = a.content
        WHERE a.root IN (SELECT value FROM json_each(?)) AND EXISTS (${ownCopySql}) ORDER BY c.cid`,
    )
    .all(JSON.stringify(roots));
  const dropAppearance = db.prepare('DELETE FROM appearance WHERE content = ? AND root = ?');
  const dropHolding = db.prepare('DELETE FROM holding WHERE content = ? AND root = ?');
  for (const { content, root } of settled) {
    dropAppearance.run(content, root);
    dropHolding.run(content, root);
  }
  if (settled.length > 0) {
    dropOrphanSightings(db);
    dropOrphanSecrets(db);
  }
  return [...new Set(settled.map(({ cid }) => parseContentId(cid.toString('hex'))))];
}

/** Row ids of the roots of one report. */
export function rootsOfReport(db: Database, name: string): number[] {
  return db
    .prepare<[string], number>('SELECT id FROM place_root WHERE locator = ?')
    .pluck()
    .all(reportLocator(name));
}
