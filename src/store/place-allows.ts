/** What the files of a place itself say about its findings: kept apart from findings, so that status stays a view. */
import type { Database } from 'better-sqlite3';
import { type Status, statuses } from '../model/exposure.js';
import type { PlaceKey } from '../model/ids.js';
import type { Interner } from './interner.js';
import type { PlaceAllow } from './store.js';

const insertSql = `
  INSERT INTO place_allow (place, path, glob, secret, rule, marked, status, decided_by, until)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** False when a place has no entries and gets none: then nothing need be written. */
export function changesPlaceAllows(db: Database, place: PlaceKey, entries: readonly PlaceAllow[]): boolean {
  if (entries.length > 0) return true;
  const some = 'SELECT 1 FROM place_allow e JOIN place p ON p.id = e.place WHERE p.key = ? LIMIT 1';
  return db.prepare<[string], number>(some).pluck().get(place) !== undefined;
}

/** Replaces all entries of a place. Call inside a write transaction. */
export function replacePlaceAllows(
  db: Database,
  interner: Interner,
  place: PlaceKey,
  entries: readonly PlaceAllow[],
): void {
  const id = db.prepare<[string], number>('SELECT id FROM place WHERE key = ?').pluck().get(place);
  if (id === undefined) return;
  db.prepare('DELETE FROM place_allow WHERE place = ?').run(id);
  const insert = db.prepare(insertSql);
  for (const entry of entries) {
    insert.run(
      id,
      interner.path(entry.path),
      interner.glob(entry.glob),
      entry.secret?.toLowerCase() ?? '',
      entry.rule ?? '',
      entry.marked === true ? 1 : 0,
      statuses.indexOf(entry.status satisfies Status),
      entry.by,
      entry.until ?? null,
    );
  }
}

/** Takes over what another database says of places that say nothing here. */
export function mergePlaceAllows(
  ours: Database,
  theirs: Database,
  interner: Interner,
  places: ReadonlyMap<number, number>,
): void {
  const has = ours.prepare<[number], number>('SELECT 1 FROM place_allow WHERE place = ? LIMIT 1').pluck();
  const insert = ours.prepare(insertSql);
  const rows = theirs.prepare<[number], PlaceAllowRow>(
    `SELECT t.text, hex(t.bytes) AS bytes, g.pattern, e.secret, e.rule, e.marked, e.status, e.decided_by, e.until
       FROM place_allow e JOIN term t ON t.id = e.path JOIN glob g ON g.id = e.glob
      WHERE e.place = ? ORDER BY e.id`,
  );
  for (const [their, our] of places) {
    if (has.get(our) !== undefined) continue;
    for (const row of rows.all(their)) {
      const bytes = Buffer.from(row.bytes, 'hex').toString('base64');
      const name = bytes === '' ? { text: row.text } : { text: row.text, bytes };
      const path = row.text === '' && bytes === '' ? 0 : interner.path(name);
      const { secret, rule, marked, status, decided_by, until } = row;
      insert.run(our, path, interner.glob(row.pattern), secret, rule, marked, status, decided_by, until);
    }
  }
}

interface PlaceAllowRow {
  readonly text: string;
  readonly bytes: string;
  readonly pattern: string;
  readonly secret: string;
  readonly rule: string;
  readonly marked: number;
  readonly status: number;
  readonly decided_by: string;
  readonly until: string | null;
}
