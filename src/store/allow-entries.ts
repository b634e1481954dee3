/** Allow entries: kept apart from findings, so that status stays a view. */

import type { Database } from 'better-sqlite3';
import type { Interner } from './interner.js';
import type { AllowEntry } from './store.js';

/** Adds an entry; a second one with the same subject and target replaces the first. */
export function addAllowEntry(db: Database, interner: Interner, entry: AllowEntry, now: string): void {
  if (entry.subject === 'path') interner.glob(entry.target);
  const target = entry.subject === 'secret' ? entry.target.toLowerCase() : entry.target;
  db.prepare(
    `INSERT INTO allow_entry (subject, target, reason, author, until, created) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (subject, target) DO UPDATE SET reason = excluded.reason, author = excluded.author,
       until = excluded.until, created = excluded.created`,
  ).run(entry.subject, target, entry.reason, entry.by, entry.until ?? null, now);
}

/** False when there is no such entry. What it covered is open again at the next reading: status is a view. */
export function removeAllowEntry(
  db: Database,
  { subject, target }: Pick<AllowEntry, 'subject' | 'target'>,
): boolean {
  return (
    db.prepare('DELETE FROM allow_entry WHERE subject = ? AND target = ?').run(subject, target).changes > 0
  );
}

/** All entries, also those that have ended. */
export function readAllowEntries(db: Database): AllowEntry[] {
  const rows = db
    .prepare<
      [],
      { subject: AllowEntry['subject']; target: string; reason: string; author: string; until: string | null }
    >('SELECT subject, target, reason, author, until FROM allow_entry ORDER BY subject, target')
    .all();
  return rows.map(({ author, until, ...entry }) => ({
    ...entry,
    by: author,
    ...(until === null ? {} : { until }),
  }));
}

/** Codes of the gaps that are accepted at present. */
export function readAcceptedGaps(db: Database): string[] {
  return db
    .prepare<[], string>("SELECT target FROM x_allow WHERE subject = 'gap' ORDER BY target")
    .pluck()
    .all();
}
