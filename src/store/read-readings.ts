/** Reads when and how far the roots of places were read: what a claim that a copy is gone rests on. */
import type { Database } from 'better-sqlite3';
import { type PlaceKey, parsePlaceKey } from '../model/ids.js';
import type { Receipt } from '../model/receipt.js';
import { isReportSql } from './reported.js';
import type { RootReading, ScanTime } from './store.js';

/** As `src/scan` writes it for a root that an archive does not hold any more. */
const goneState = Buffer.from('gone');

interface ReadingRow {
  readonly place: string;
  readonly locator: string;
  readonly main: string | null;
  readonly state: Buffer | null;
  readonly receipt: string | null;
  readonly main_receipt: string | null;
  readonly analysis: string | null;
  readonly last_scan: number | null;
  readonly last_at: string | null;
  readonly seen_scan: number | null;
  readonly seen_at: string | null;
  readonly records: number | null;
  readonly first_record: string | null;
  readonly last_record: string | null;
  readonly newest: string | null;
}

const readingsSql = `
  SELECT p.key AS place, r.locator, q.key AS main, r.state, r.receipt, m.receipt AS main_receipt,
    (SELECT name FROM analysis WHERE id = r.analysis) AS analysis,
    r.last_scan, (SELECT started FROM scan WHERE id = r.last_scan) AS last_at,
    r.seen_scan, (SELECT started FROM scan WHERE id = r.seen_scan) AS seen_at,
    r.records, r.first_record, r.last_record,
    (SELECT o.last_record FROM place_root o WHERE o.main = r.main AND o.last_record IS NOT NULL
       ORDER BY julianday(o.last_record) DESC LIMIT 1) AS newest
  FROM place p
  JOIN place_root r ON r.place = p.id
  LEFT JOIN place_root m ON m.id = r.main
  LEFT JOIN place q ON q.id = m.place
  WHERE p.key = ? AND NOT ${isReportSql('r.locator')}
  ORDER BY r.locator`;

function scanTime(scan: number | null, at: string | null): ScanTime | undefined {
  return scan === null || at === null ? undefined : { scan, at };
}

function readersOf(receipt: string | null): string[] {
  if (receipt === null) return [];
  const { exports = [] } = JSON.parse(receipt) as Receipt;
  return [...new Set(exports.map(({ reader }) => reader))].sort();
}

function readingOf(row: ReadingRow): RootReading {
  const last = scanTime(row.last_scan, row.last_at);
  const whole = scanTime(row.seen_scan, row.seen_at);
  return {
    place: parsePlaceKey(row.place),
    locator: row.locator,
    ...(row.main === null ? {} : { main: parsePlaceKey(row.main) }),
    ...(last === undefined ? {} : { last }),
    ...(whole === undefined ? {} : { whole }),
    ...(row.receipt === null ? {} : { receipt: JSON.parse(row.receipt) as Receipt }),
    ...(row.analysis === null ? {} : { analysisId: row.analysis }),
    ...(row.records === null
      ? {}
      : {
          records: {
            count: row.records,
            ...(row.first_record === null ? {} : { first: row.first_record }),
            ...(row.last_record === null ? {} : { last: row.last_record }),
          },
        }),
    ...(row.newest === null ? {} : { newestRecord: row.newest }),
    readers: readersOf(row.main_receipt),
    isGone: row.state !== null && goneState.equals(row.state),
  };
}

export function readReadings(db: Database, places: readonly PlaceKey[]): RootReading[] {
  const find = db.prepare<[string], ReadingRow>(readingsSql);
  return [...new Set(places)].sort().flatMap((place) => find.all(place).map(readingOf));
}
