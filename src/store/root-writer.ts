/** Places and the roots they are read from. */
import type { Database, Statement } from 'better-sqlite3';
import { type PlaceKey, parsePlaceKey } from '../model/ids.js';
import type { Place } from '../model/place.js';
import { isSettled, joinedOptions, type Receipt } from '../model/receipt.js';
import type { RecordsRead, RootRecord, RootRef } from './store.js';
import type { IdCache, WriteSession } from './write-session.js';

/** Row ids of a root and its place. */
export interface RootIds {
  readonly place: number;
  readonly root: number;
}

const upsertPlaceSql = `
  INSERT INTO place (key, system, tenant, name, audience, root_commits, archived, fork_of, team, described)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (key) DO UPDATE SET
    system = excluded.system,
    tenant = coalesce(excluded.tenant, tenant),
    name = excluded.name,
    audience = CASE excluded.audience WHEN 'unknown' THEN audience ELSE excluded.audience END,
    root_commits = coalesce(excluded.root_commits, root_commits),
    archived = coalesce(excluded.archived, archived),
    fork_of = coalesce(excluded.fork_of, fork_of),
    team = coalesce(excluded.team, team),
    described = excluded.described`;

/** Only what the same readers gave can be missed: a table export has no edit history, and says nothing about it. */
const vanishElsewhereSql = `
  UPDATE appearance SET vanished_scan = :scan
   WHERE root IN (SELECT id FROM place_root WHERE place = :place AND id <> :root)
     AND type = 3 AND vanished_scan IS NULL AND seen_scan < :scan
     AND julianday(created) > julianday(:first) AND julianday(created) < julianday(:last)
     AND (SELECT text ->> '$.reader' FROM term WHERE id = details) IN (SELECT value FROM json_each(:readers))
     AND NOT EXISTS (SELECT 1 FROM appearance b
       WHERE b.content = appearance.content AND b.place = appearance.place AND b.type = 3 AND b.path = appearance.path
         AND b.item = appearance.item AND b.about = appearance.about AND b.root = :root AND b.vanished_scan IS NULL)`;

/** Writes what is told about a place; what is not told stays. */
export function upsertPlace(db: Database, place: Place, now: string): void {
  writePlace(db.prepare(upsertPlaceSql), place, now);
}

function writePlace(upsert: Statement, place: Place, now: string): void {
  upsert.run(
    place.key,
    place.system,
    place.tenant ?? null,
    place.name,
    place.audience,
    place.rootCommits === undefined ? null : JSON.stringify(place.rootCommits),
    place.archived === undefined ? null : Number(place.archived),
    place.forkOf ?? null,
    place.team ?? null,
    now,
  );
}

export class RootWriter {
  readonly #session: WriteSession;
  readonly #upsertPlace: Statement;
  readonly #ids: IdCache<RootIds>;
  readonly #find: Statement<[PlaceKey, string], RootIds>;
  readonly #findPlace: Statement<[PlaceKey], number>;
  readonly #add: Statement;
  readonly #record: Statement<
    [number],
    { state: Buffer | null; analysis: string | null; receipt: string | null }
  >;
  readonly #finish: Statement;
  readonly #vanish: Statement;
  readonly #vanishElsewhere: Statement;
  readonly #confirm: Statement;
  readonly #setMain: Statement;
  readonly #noteRecords: Statement;
  readonly #dropHistory: Statement;
  readonly #keepHistory: Statement;
  readonly #below: Statement<[number], { place: string; locator: string }>;

  constructor(session: WriteSession) {
    const { db } = session.connection;
    this.#session = session;
    this.#upsertPlace = db.prepare(upsertPlaceSql);
    this.#ids = session.cache();
    this.#find = db.prepare(
      `SELECT p.id AS place, r.id AS root FROM place p JOIN place_root r ON r.place = p.id
        WHERE p.key = ? AND r.locator = ?`,
    );
    this.#findPlace = db.prepare<[PlaceKey], number>('SELECT id FROM place WHERE key = ?').pluck();
    this.#add = db.prepare('INSERT INTO place_root (place, locator) VALUES (?, ?)');
    this.#record = db.prepare(
      `SELECT r.state, a.name AS analysis, r.receipt
         FROM place_root r LEFT JOIN analysis a ON a.id = r.analysis WHERE r.id = ?`,
    );
    this.#finish = db.prepare(
      `UPDATE place_root SET
         state = CASE WHEN :whole THEN :state ELSE coalesce(:state, state) END,
         analysis = CASE WHEN :whole OR :state IS NOT NULL THEN :analysis ELSE analysis END,
         receipt = CASE WHEN :whole THEN :receipt ELSE coalesce(receipt, :receipt) END,
         last_scan = max(coalesce(last_scan, 0), :scan),
         seen_scan = CASE WHEN :complete THEN max(coalesce(seen_scan, 0), :scan) ELSE seen_scan END
       WHERE id = :root`,
    );
    this.#vanish = db.prepare(
      'UPDATE appearance SET vanished_scan = :scan WHERE root = :root AND vanished_scan IS NULL AND seen_scan < :scan',
    );
    this.#confirm = db.prepare(
      `UPDATE place_root SET last_scan = max(coalesce(last_scan, 0), :scan),
         seen_scan = max(coalesce(seen_scan, 0), :scan) WHERE id = :root OR main = :root`,
    );
    this.#setMain = db.prepare(
      'UPDATE place_root SET main = (SELECT r.id FROM place_root r JOIN place p ON p.id = r.place WHERE p.key = ? AND r.locator = ?) WHERE id = ?',
    );
    this.#below = db.prepare(
      `SELECT p.key AS place, r.locator FROM place_root r JOIN place p ON p.id = r.place WHERE r.main = ? ORDER BY p.key`,
    );
    this.#dropHistory = db.prepare('DELETE FROM root_history WHERE root = ?');
    this.#keepHistory = db.prepare('INSERT INTO root_history (root, data) VALUES (?, ?)');
    this.#noteRecords = db.prepare(
      'UPDATE place_root SET records = :count, first_record = :first, last_record = :last WHERE id = :root',
    );
    this.#vanishElsewhere = db.prepare(vanishElsewhereSql);
  }

  upsertPlace(place: Place): void {
    writePlace(this.#upsertPlace, place, this.#session.connection.now());
  }

  /** Row ids of a root, which is added when it is new; its place must be there. */
  ids(ref: RootRef): RootIds {
    const name = `${ref.place}\0${ref.locator}`;
    let ids = this.#ids.get(name) ?? this.#find.get(ref.place, ref.locator);
    if (ids === undefined) {
      const place = this.#findPlace.get(ref.place);
      if (place === undefined) throw new Error('a place must be written before its roots');
      ids = { place, root: Number(this.#add.run(place, ref.locator).lastInsertRowid) };
      if (ref.main !== undefined) this.#setMain.run(ref.main, ref.locator, ids.root);
    }
    this.#ids.set(name, ids);
    return ids;
  }

  record(ids: RootIds): RootRecord {
    const row = this.#record.get(ids.root);
    return {
      ...(row?.state == null ? {} : { state: row.state }),
      ...(row?.analysis == null ? {} : { analysisId: row.analysis }),
      ...(row?.receipt == null ? {} : { receipt: JSON.parse(row.receipt) as Receipt }),
    };
  }

  /**
   * Ends a root. A scan of a part leaves what the last whole scan said; only a whole one without gaps
   * proves that what it did not see is gone.
   */
  finish(
    ids: RootIds,
    scan: number,
    end: {
      state?: Uint8Array;
      analysis: number;
      receipt: Receipt;
      whole: boolean;
      records?: RecordsRead;
      history?: Uint8Array;
    },
  ): void {
    const isComplete = end.whole && isSettled(end.receipt);
    const before = this.record(ids).receipt?.options ?? {};
    const options = joinedOptions(before, end.receipt.options ?? {});
    const { options: _now, ...receipt } = end.receipt;
    this.#finish.run({
      root: ids.root,
      scan,
      state: end.state === undefined ? null : Buffer.from(end.state),
      analysis: end.analysis,
      receipt: JSON.stringify(Object.keys(options).length === 0 ? receipt : { ...receipt, options }),
      whole: end.whole ? 1 : 0,
      complete: isComplete ? 1 : 0,
    });
    if (end.whole) this.#dropHistory.run(ids.root);
    if (end.history !== undefined) this.#keepHistory.run(ids.root, end.history);
    if (isComplete) this.#vanish.run({ root: ids.root, scan });
    if (end.records !== undefined) this.#finishRecords(ids, scan, end.records, isComplete);
  }

  /** Places below a root, as earlier scans or this one wrote them. */
  below(ids: RootIds): RootRef[] {
    return this.#below.all(ids.root).map(({ place, locator }) => ({ place: parsePlaceKey(place), locator }));
  }

  /** A record that older exports of the place have, written between two that this one has, is gone from the system. */
  #finishRecords(ids: RootIds, scan: number, records: RecordsRead, isComplete: boolean): void {
    const { count, first = null, last = null, readers } = records;
    this.#noteRecords.run({ root: ids.root, count, first, last });
    if (!isComplete || first === null || last === null) return;
    this.#vanishElsewhere.run({ ...ids, scan, first, last, readers: JSON.stringify(readers) });
  }

  confirm(ids: RootIds, scan: number): void {
    this.#confirm.run({ root: ids.root, scan });
  }
}
