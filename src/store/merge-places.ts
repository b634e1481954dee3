/** Folds the scans, places and roots of another database into this one. */
import type { Database } from 'better-sqlite3';
import type { Interner } from './interner.js';

/** Row ids of the other database to ours. */
export interface MergedIds {
  readonly scans: ReadonlyMap<number, number>;
  readonly places: ReadonlyMap<number, number>;
  readonly roots: ReadonlyMap<number, MergedRoot>;
}

/**
 * Whose whole scan of a root is the newer one; it alone knows what is still there. `same`: neither can
 * say, so a copy that one of them has is there.
 */
export type Newer = 'ours' | 'theirs' | 'same';

export interface MergedRoot {
  readonly root: number;
  readonly place: number;
  readonly newer: Newer;
  /** Our number of the newer whole scan; undefined when there was none. */
  readonly seenScan: number | undefined;
}

function mergeScans(ours: Database, theirs: Database): Map<number, number> {
  const find = ours.prepare<[Buffer], number>('SELECT id FROM scan WHERE uid = ?').pluck();
  const add = ours.prepare(
    `INSERT INTO scan (uid, started, finished, whole, analysis_name, targets, receipt)
     VALUES (:uid, :started, :finished, :whole, :analysis_name, :targets, :receipt)`,
  );
  const ids = new Map<number, number>();
  const rows = theirs.prepare<[], { id: number; uid: Buffer }>('SELECT * FROM scan ORDER BY started, uid');
  for (const { id, ...row } of rows.all())
    ids.set(id, find.get(row.uid) ?? Number(add.run(row).lastInsertRowid));
  return ids;
}

const placeColumns = [
  'system',
  'tenant',
  'name',
  'audience',
  'root_commits',
  'archived',
  'fork_of',
  'team',
  'environment',
  'described',
] as const;

type PlaceRow = Readonly<Record<(typeof placeColumns)[number], string | number | null>> & {
  readonly id: number;
  readonly key: string;
};

/** The later description, filled with what only the earlier one tells; symmetric. */
function unitedPlace(a: PlaceRow, b: PlaceRow): PlaceRow {
  const nameOf = (row: PlaceRow): string => JSON.stringify(placeColumns.map((column) => row[column]));
  const bIsLater =
    String(b.described) > String(a.described) || (b.described === a.described && nameOf(b) > nameOf(a));
  const [later, earlier] = bIsLater ? [b, a] : [a, b];
  const united = { ...later };
  for (const column of placeColumns) united[column] = later[column] ?? earlier[column];
  if (united.audience === 'unknown') united.audience = earlier.audience;
  return united;
}

function mergePlaceRows(ours: Database, theirs: Database): Map<number, number> {
  const find = ours.prepare<[string], PlaceRow>('SELECT * FROM place WHERE key = ?');
  const marks = placeColumns.map((column) => `:${column}`).join(', ');
  const add = ours.prepare(`INSERT INTO place (key, ${placeColumns.join(', ')}) VALUES (:key, ${marks})`);
  const set = placeColumns.map((column) => `${column} = :${column}`).join(', ');
  const update = ours.prepare(`UPDATE place SET ${set} WHERE id = :id`);
  const ids = new Map<number, number>();
  for (const { id, ...row } of theirs.prepare<[], PlaceRow>('SELECT * FROM place').all()) {
    const own = find.get(row.key);
    if (own === undefined) ids.set(id, Number(add.run(row).lastInsertRowid));
    else {
      const { key: _key, ...united } = unitedPlace(own, { id, ...row });
      update.run({ ...united, id: own.id });
      ids.set(id, own.id);
    }
  }
  return ids;
}

interface RootRow {
  readonly id: number;
  readonly place: number;
  readonly locator: string;
  readonly state: Buffer | null;
  readonly analysis: string | null;
  readonly receipt: string | null;
  readonly last_scan: number | null;
  readonly seen_scan: number | null;
  readonly main: number | null;
  readonly records: number | null;
  readonly first_record: string | null;
  readonly last_record: string | null;
  /** Start of `seen_scan`. */
  readonly seen: string | null;
}

const rootSql = `
  SELECT r.id, r.place, r.locator, r.state, a.name AS analysis, r.receipt, r.last_scan, r.seen_scan, r.main,
    r.records, r.first_record, r.last_record,
    (SELECT started FROM scan WHERE id = r.seen_scan) AS seen
  FROM place_root r LEFT JOIN analysis a ON a.id = r.analysis`;

function newerOf(own: string | null, other: string | null): Newer {
  if (own === other) return 'same';
  if (own === null) return 'theirs';
  return other === null || own > other ? 'ours' : 'theirs';
}

function mergeRoots(
  ours: Database,
  theirs: Database,
  interner: Interner,
  scans: ReadonlyMap<number, number>,
  places: ReadonlyMap<number, number>,
): Map<number, MergedRoot> {
  const find = ours.prepare<[number, string], RootRow>(`${rootSql} WHERE r.place = ? AND r.locator = ?`);
  const add = ours.prepare('INSERT INTO place_root (place, locator) VALUES (?, ?)');
  const update = ours.prepare(
    `UPDATE place_root SET state = :state, analysis = :analysis, receipt = :receipt, last_scan = :lastScan,
       seen_scan = :seenScan, records = :records, first_record = :first, last_record = :last WHERE id = :id`,
  );
  const dropHistory = ours.prepare('DELETE FROM root_history WHERE root = ?');
  // Before the newer whole scan speaks, nothing of the older one stands.
  const vanish = ours.prepare(
    'UPDATE appearance SET vanished_scan = :scan WHERE root = :root AND vanished_scan IS NULL',
  );
  const ids = new Map<number, MergedRoot>();
  const mains = new Map<number, number>();
  for (const row of theirs.prepare<[], RootRow>(rootSql).all()) {
    const place = places.get(row.place);
    if (place === undefined) continue;
    const own = find.get(place, row.locator);
    const root = own?.id ?? Number(add.run(place, row.locator).lastInsertRowid);
    const scanOf = (id: number | null): number | null => (id === null ? null : (scans.get(id) ?? null));
    const newer = own === undefined ? 'same' : newerOf(own.seen, row.seen);
    const takes = own === undefined || newer === 'theirs' || (newer === 'same' && own.last_scan === null);
    if (takes) {
      dropHistory.run(root);
      update.run({
        id: root,
        state: row.state,
        analysis: row.analysis === null ? null : interner.analysis(row.analysis),
        receipt: row.receipt,
        lastScan: scanOf(row.last_scan),
        seenScan: scanOf(row.seen_scan),
        records: row.records,
        first: row.first_record,
        last: row.last_record,
      });
    }
    const seenScan = (takes ? scanOf(row.seen_scan) : own?.seen_scan) ?? undefined;
    if (newer === 'theirs' && own?.seen_scan != null && seenScan !== undefined) {
      vanish.run({ root, scan: seenScan });
    }
    ids.set(row.id, { root, place, newer, seenScan });
    if (row.main !== null) mains.set(row.id, row.main);
  }
  const setMain = ours.prepare('UPDATE place_root SET main = coalesce(main, ?) WHERE id = ?');
  for (const [id, main] of mains) setMain.run(ids.get(main)?.root ?? null, ids.get(id)?.root);
  return ids;
}

export function mergePlaces(ours: Database, theirs: Database, interner: Interner): MergedIds {
  const scans = mergeScans(ours, theirs);
  const places = mergePlaceRows(ours, theirs);
  return { scans, places, roots: mergeRoots(ours, theirs, interner, scans, places) };
}
