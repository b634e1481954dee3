/** Erases people, places and old locations so that nothing of them stays on the disk. */
import type { Database } from 'better-sqlite3';
import { removeFromAll } from './clean-pages.js';
import { contentRows } from './content-rows.js';
import { dropOrphanSecrets, dropOrphanSightings, dropOrphanTexts } from './erase.js';
import { rootsOfReport } from './reported.js';
import { moveReferences } from './row-moves.js';
import { sortedIds, uniqueIds } from './sort-ids.js';
import { guarded } from './sqlite-problem.js';
import { forgetStatedPerson, forgetStatedPlace } from './statements.js';
import { dropPostings } from './sweep-runs.js';
import type { WriteSession } from './write-session.js';

/** What stands where an erased person stood. */
const erasedName = '‹erased›';

/** Erases everybody whose name or address is exactly this, ASCII case folded. */
function forgetPerson(db: Database, person: string): number {
  const ids = db
    .prepare<[string, string], number>(
      `SELECT id FROM person WHERE id > 0
         AND (name = ? COLLATE NOCASE OR email = ? COLLATE NOCASE) AND name <> '${erasedName}'`,
    )
    .pluck()
    .all(person, person);
  const stated = forgetStatedPerson(db, person);
  if (ids.length === 0) return stated;
  db.prepare("INSERT OR IGNORE INTO person (name, email) VALUES (?, '')").run(erasedName);
  const erased = db
    .prepare<[string], number>("SELECT id FROM person WHERE name = ? AND email = ''")
    .pluck()
    .get(erasedName) as number;
  const moves = new Map(ids.map((id) => [id, erased]));
  moveReferences(db, 'commit_fact', 'author', moves);
  moveReferences(db, 'appearance', 'author', moves);
  db.prepare('DELETE FROM person WHERE id IN (SELECT value FROM json_each(?))').run(JSON.stringify(ids));
  return stated + ids.length;
}

/** Deletes roots with all they show. Their contents count as unread, since their sweep index goes too. */
function dropRoots(db: Database, roots: readonly number[]): number {
  const list = JSON.stringify(roots);
  const own = '(SELECT value FROM json_each(?))';
  const erased = db.prepare(`DELETE FROM appearance WHERE root IN ${own}`).run(list).changes;
  db.prepare(`DELETE FROM holding WHERE root IN ${own}`).run(list);
  db.prepare(`DELETE FROM root_history WHERE root IN ${own}`).run(list);
  db.prepare(`DELETE FROM public_fact WHERE root IN ${own}`).run(list);
  const unread = db.prepare('UPDATE content SET analysis = NULL WHERE id = ?');
  const chunks = db
    .prepare<[string], Buffer>(`SELECT contents FROM sweep_chunk WHERE root IN ${own}`)
    .pluck();
  for (const contents of chunks.all(list)) {
    const order = sortedIds(contents);
    for (const { id } of contentRows(db, contents, order)) unread.run(id);
    removeFromAll(db, uniqueIds(contents, order));
  }
  const gone = db.prepare<[string], number>(`SELECT id FROM sweep_chunk WHERE root IN ${own}`).pluck();
  dropPostings(db, new Set(gone.all(list)));
  db.prepare(`DELETE FROM sweep_chunk WHERE root IN ${own}`).run(list);
  db.prepare(`UPDATE place_root SET main = NULL WHERE main IN ${own}`).run(list);
  db.prepare(`DELETE FROM place_root WHERE id IN ${own}`).run(list);
  return erased;
}

function forgetPlace(db: Database, key: string): number {
  const roots = db
    .prepare<[string], number>(
      // With an export goes what was read from it into places of its own.
      `WITH own (id) AS (SELECT r.id FROM place_root r JOIN place p ON p.id = r.place WHERE p.key = ?)
       SELECT id FROM own UNION SELECT r.id FROM place_root r JOIN own ON r.main = own.id`,
    )
    .pluck()
    .all(key);
  const erased = dropRoots(db, roots);
  db.prepare('DELETE FROM place_allow WHERE place = (SELECT id FROM place WHERE key = ?)').run(key);
  const name = db.prepare<[string], string>('SELECT name FROM place WHERE key = ?').pluck().get(key);
  const stated = forgetStatedPlace(db, key) + (name === undefined ? 0 : forgetStatedPlace(db, name));
  return stated + erased + db.prepare('DELETE FROM place WHERE key = ?').run(key).changes;
}

/** Deletes what one report of another tool said, and places that nothing else speaks of. */
function forgetReport(db: Database, name: string): number {
  const roots = rootsOfReport(db, name);
  const places = db
    .prepare<[string], number>('SELECT place FROM place_root WHERE id IN (SELECT value FROM json_each(?))')
    .pluck()
    .all(JSON.stringify(roots));
  const erased = dropRoots(db, roots);
  const gone = `id IN (SELECT value FROM json_each(?)) AND id NOT IN (SELECT place FROM place_root)
    AND id NOT IN (SELECT place FROM place_allow)`;
  db.prepare(`DELETE FROM place WHERE ${gone}`).run(JSON.stringify(places));
  return erased;
}

/** Deletes locations last seen before a time, and roots that no scan ended on since. */
function forgetBefore(db: Database, before: string): number {
  const old = `(SELECT id FROM scan WHERE julianday(started) < julianday(:before))`;
  const roots = db
    .prepare<unknown[], number>(`SELECT id FROM place_root WHERE last_scan IN ${old}`)
    .pluck()
    .all({ before });
  const whole = dropRoots(db, roots);
  const gone = db
    .prepare(
      `DELETE FROM appearance WHERE seen_scan IN ${old} AND (vanished_scan IS NOT NULL OR EXISTS
         (SELECT 1 FROM place_root r WHERE r.id = appearance.root AND coalesce(r.seen_scan, 0) IN
           (SELECT 0 UNION ALL SELECT id FROM scan WHERE julianday(started) < julianday(:before))))`,
    )
    .run({ before }).changes;
  db.prepare(
    'DELETE FROM holding WHERE NOT EXISTS (SELECT 1 FROM appearance a WHERE a.content = holding.content AND a.root = holding.root)',
  ).run();
  db.prepare('DELETE FROM place WHERE id NOT IN (SELECT place FROM place_root) AND described < ?').run(
    before,
  );
  db.prepare('DELETE FROM place_allow WHERE place NOT IN (SELECT id FROM place)').run();
  return whole + gone;
}

/** Rewrites the file so that freed pages hold nothing, and empties the WAL. */
export function compact(session: WriteSession): void {
  const { db, path } = session.connection;
  guarded(path, () => {
    db.pragma('secure_delete = ON');
    db.pragma('wal_checkpoint(TRUNCATE)');
    db.exec('VACUUM');
    db.pragma('wal_checkpoint(TRUNCATE)');
    session.dropCaches();
  });
}

/** Erases and compacts. Gives the number of people, places and locations that went. */
export function forget(
  session: WriteSession,
  what: {
    readonly person?: string;
    readonly place?: string;
    readonly before?: string;
    readonly report?: string;
  },
): number {
  const { db } = session.connection;
  db.pragma('secure_delete = ON');
  // Children are deleted before parents here; checked at the end at once instead of row by row.
  db.pragma('foreign_keys = OFF');
  try {
    const erased = session.write(() => {
      let count = 0;
      if (what.person !== undefined) count += forgetPerson(db, what.person);
      if (what.place !== undefined) count += forgetPlace(db, what.place);
      if (what.before !== undefined) count += forgetBefore(db, what.before);
      if (what.report !== undefined) count += forgetReport(db, what.report);
      if (what.place !== undefined || what.before !== undefined || what.report !== undefined) {
        dropOrphanSightings(db);
        dropOrphanSecrets(db);
      }
      // What is kept of histories may name files whose copies went.
      db.prepare('DELETE FROM root_history').run();
      dropOrphanTexts(db);
      const broken = db.pragma('foreign_key_check') as readonly unknown[];
      if (broken.length > 0) throw new Error(`erasing would leave ${broken.length} broken references`);
      return count;
    });
    session.dropCaches();
    compact(session);
    return erased;
  } finally {
    db.pragma('foreign_keys = ON');
  }
}
