/** Deletes rows that nothing refers to any more, from locations down to interned texts. */
import type { Database } from 'better-sqlite3';
import { rebuildGroups } from './alias-groups.js';
import { removeFromAll } from './clean-pages.js';

/**
 * Deletes secrets that have no sighting left. Call inside a write transaction.
 * @returns the number of secrets that went
 */
export function dropOrphanSecrets(db: Database): number {
  const orphans = db
    .prepare<[], number>('SELECT id FROM secret WHERE id NOT IN (SELECT secret FROM label)')
    .pluck()
    .all();
  if (orphans.length === 0) return 0;
  const list = JSON.stringify(orphans);
  for (const table of ['alias', 'relation', 'attribute']) {
    db.prepare(`DELETE FROM ${table} WHERE secret IN (SELECT value FROM json_each(?))`).run(list);
  }
  db.prepare('DELETE FROM secret WHERE id IN (SELECT value FROM json_each(?))').run(list);
  rebuildGroups(db);
  return orphans.length;
}

/** Deletes sightings of contents that no root holds or shows any more. Gives their number. */
export function dropOrphanSightings(db: Database): number {
  const gone = `SELECT c.id FROM content c WHERE c.hit = 1
    AND NOT EXISTS (SELECT 1 FROM holding h WHERE h.content = c.id)
    AND NOT EXISTS (SELECT 1 FROM appearance a WHERE a.content = c.id)`;
  const dropped = db.prepare(`DELETE FROM sighting WHERE content IN (${gone})`).run().changes;
  // What was forgotten must be read again when it turns up again.
  const cids = db.prepare<[], Buffer>(`SELECT cid FROM content WHERE id IN (${gone}) ORDER BY cid`).pluck();
  removeFromAll(db, Buffer.concat(cids.all()));
  db.prepare(`UPDATE content SET hit = 0, analysis = NULL WHERE id IN (${gone})`).run();
  db.prepare(
    `DELETE FROM label WHERE NOT EXISTS
       (SELECT 1 FROM sighting x WHERE x.secret = label.secret AND x.form = label.form)`,
  ).run();
  return dropped;
}

/** Deletes interned rows that nothing names. Needs foreign keys off: SQLite would scan for each row. */
export function dropOrphanTexts(db: Database): void {
  db.exec(`
    DELETE FROM form WHERE id NOT IN (SELECT form FROM label);
    DELETE FROM commit_fact WHERE id > 0 AND id NOT IN (
      SELECT about FROM appearance UNION SELECT introduced FROM appearance UNION SELECT removed FROM appearance);
    DELETE FROM person WHERE id > 0 AND id NOT IN (
      SELECT author FROM commit_fact UNION SELECT author FROM appearance);
    DELETE FROM term WHERE id > 0 AND id NOT IN (
      SELECT path FROM appearance UNION SELECT permalink FROM appearance UNION SELECT title FROM appearance
      UNION SELECT details FROM appearance
      UNION SELECT path FROM place_allow UNION SELECT slot FROM sighting UNION SELECT account FROM sighting UNION SELECT text FROM attribute
      UNION SELECT text FROM public_fact);
    DELETE FROM list WHERE id > 0 AND id NOT IN (
      SELECT item FROM appearance UNION SELECT refs FROM appearance UNION SELECT chain FROM sighting);
    DELETE FROM glob_path WHERE path NOT IN (SELECT id FROM term);
    DELETE FROM glob_chain WHERE chain NOT IN (SELECT id FROM list);
    DELETE FROM content WHERE analysis IS NULL AND hit = 0
      AND NOT EXISTS (SELECT 1 FROM holding h WHERE h.content = content.id)
      AND NOT EXISTS (SELECT 1 FROM appearance a WHERE a.content = content.id);
  `);
}
