/** Reads places, their coverage and the database's numbers. */
import { statSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import type { PlaceCoverage } from '../model/exposure.js';
import { type PlaceKey, parsePlaceKey } from '../model/ids.js';
import { type Audience, audiences, type Place, type System } from '../model/place.js';
import type { Receipt } from '../model/receipt.js';
import type { Connection } from './connection.js';
import { countContents } from './count-contents.js';
import { schemaVersionOf } from './migrations.js';
import { isReportLocator, isReportSql } from './reported.js';
import type { RootMemory, RootRef, StoreStats } from './store.js';

interface PlaceRow {
  readonly key: string;
  readonly system: string;
  readonly tenant: string | null;
  readonly name: string;
  readonly audience: string;
  readonly root_commits: string | null;
  readonly archived: number | null;
  readonly fork_of: string | null;
  readonly team: string | null;
}

/** A place as its row has it. */
export function placeOf(row: PlaceRow): Place {
  return {
    key: parsePlaceKey(row.key),
    system: row.system as System,
    ...(row.tenant === null ? {} : { tenant: row.tenant }),
    name: row.name,
    audience: audiences.find((audience) => audience === row.audience) ?? ('unknown' satisfies Audience),
    ...(row.root_commits === null ? {} : { rootCommits: JSON.parse(row.root_commits) as string[] }),
    ...(row.archived === null ? {} : { archived: row.archived === 1 }),
    ...(row.fork_of === null ? {} : { forkOf: parsePlaceKey(row.fork_of) }),
    ...(row.team === null ? {} : { team: row.team }),
  };
}

export function readPlaces(db: Database): Place[] {
  return db.prepare<[], PlaceRow>('SELECT * FROM place ORDER BY key').all().map(placeOf);
}

interface RootRow extends PlaceRow {
  readonly root_state: Buffer | null;
  readonly root_analysis: string | null;
}

/** Makes a reader of the root that was read at a locator last. */
export function rootAtReader(db: Database): (locator: string) => RootMemory | undefined {
  const find = db.prepare<[string], RootRow>(
    `SELECT p.*, r.state AS root_state, a.name AS root_analysis
       FROM place_root r JOIN place p ON p.id = r.place LEFT JOIN analysis a ON a.id = r.analysis
      WHERE r.locator = ? AND r.main IS NULL ORDER BY coalesce(r.last_scan, 0) DESC, r.id DESC LIMIT 1`,
  );
  return (locator) => {
    const row = find.get(locator);
    if (row === undefined) return undefined;
    return {
      place: placeOf(row),
      ...(row.root_state === null ? {} : { state: row.root_state }),
      ...(row.root_analysis === null ? {} : { analysisId: row.root_analysis }),
    };
  };
}

/** What was kept of the history of the root that was read at a locator last. */
export function readHistoryAt(db: Database, locator: string): Buffer | undefined {
  return db
    .prepare<[string], Buffer>(
      `SELECT h.data FROM root_history h WHERE h.root = (
         SELECT r.id FROM place_root r WHERE r.locator = ? AND r.main IS NULL
          ORDER BY coalesce(r.last_scan, 0) DESC, r.id DESC LIMIT 1)`,
    )
    .pluck()
    .get(locator);
}

/** Roots by place and locator. */
export function readRoots(db: Database): RootRef[] {
  const rows = db
    .prepare<[], { place: string; locator: string }>(
      `SELECT p.key AS place, r.locator FROM place_root r JOIN place p ON p.id = r.place WHERE r.main IS NULL AND NOT ${isReportSql('r.locator')} ORDER BY p.key, r.locator`,
    )
    .all();
  return rows.map(({ place, locator }) => ({ place: parsePlaceKey(place), locator }));
}

/** Targets whose exports hold a place. */
export function readExportsOf(db: Database, place: PlaceKey): RootRef[] {
  const rows = db
    .prepare<[string], { locator: string; main: string }>(
      `SELECT r.locator, q.key AS main
         FROM place_root r JOIN place p ON p.id = r.place JOIN place_root m ON m.id = r.main JOIN place q ON q.id = m.place
        WHERE p.key = ? ORDER BY coalesce(r.last_scan, 0) DESC, r.locator`,
    )
    .all(place);
  return rows.map(({ locator, main }) => ({ place, locator, main: parsePlaceKey(main) }));
}

interface CoverageRow {
  readonly place: string;
  readonly place_name: string;
  readonly system: string;
  readonly locator: string | null;
  readonly receipt: string | null;
  readonly last_scan: string | null;
  readonly last_whole_scan: string | null;
}

/** Coverage by place. Complete: every root of it was read whole, and its last receipt has no gap. */
export function readCoverage(db: Database): PlaceCoverage[] {
  const places = new Map<string, PlaceCoverage>();
  for (const row of db
    .prepare<[], CoverageRow>(`SELECT * FROM v_coverage ORDER BY place, ${isReportSql('locator')}, locator`)
    .iterate()) {
    // A report read nothing: a place that is known from one alone was never read.
    const isReported = row.locator !== null && isReportLocator(row.locator);
    if (isReported && places.has(row.place)) continue;
    const receipt = row.receipt === null ? undefined : (JSON.parse(row.receipt) as Receipt);
    const before = places.get(row.place);
    const lastScan = [before?.lastScan, row.last_scan ?? undefined]
      .filter((at) => at !== undefined)
      .sort()
      .at(-1);
    const gaps: Record<string, number> = { ...before?.gaps };
    for (const [code, count] of Object.entries(receipt?.gaps ?? {})) gaps[code] = (gaps[code] ?? 0) + count;
    places.set(row.place, {
      place: parsePlaceKey(row.place),
      placeName: row.place_name,
      system: row.system as System,
      ...(lastScan === undefined ? {} : { lastScan }),
      complete: (before?.complete ?? true) && row.last_whole_scan !== null && receipt?.complete === true,
      gaps,
    });
  }
  return [...places.values()];
}

function fileBytes(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

export function readStats({ db, path, keyId }: Connection): StoreStats {
  const count = (sql: string): number => db.prepare(sql).pluck().get() as number;
  return {
    secrets: count('SELECT count(DISTINCT s.canonical) FROM label l JOIN secret s ON s.id = l.secret'),
    locations: count('SELECT count(*) FROM x_location'),
    places: count('SELECT count(*) FROM place'),
    contents: countContents(db),
    sweepTags: count('SELECT coalesce(sum(pairs), 0) FROM sweep_page'),
    scans: count('SELECT count(*) FROM scan'),
    bytes: fileBytes(path) + fileBytes(`${path}-wal`),
    schemaVersion: schemaVersionOf(db),
    keyId,
  };
}
