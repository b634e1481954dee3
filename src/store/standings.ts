/**
 * Where a content stands: its appearances without the doubles that several roots of one place make, as the
 * view `x_appearance` has it, which tests hold this against.
 */
import type { Database } from 'better-sqlite3';
import { type Memo, memo } from './memo.js';

/** The columns of an appearance that tell doubles apart and which of them counts. */
export interface AppearanceKey {
  readonly place: number;
  readonly type: number;
  readonly path: number;
  readonly item: number;
  readonly about: number;
  readonly root: number;
  readonly kind: number;
  readonly vanished_scan: number | null;
  readonly first_scan: number;
  readonly seen_scan: number;
}

export interface Standing<Row extends AppearanceKey> {
  readonly row: Row;
  readonly vanished: boolean;
  readonly lastScan: number;
  /** Whether the latest scan of one of the wanted roots saw it. */
  readonly inRoots: boolean;
}

export interface RootFacts {
  readonly locator: string;
  /** 0: never. */
  readonly seenScan: number;
  readonly lastScan: number;
  readonly isWanted: boolean;
}

/** Makes a reader of roots by row id; `wanted` are those that a filter names. */
export function rootReader(db: Database, wanted: readonly number[] = []): Memo<number, RootFacts> {
  const find = db.prepare<[number], { locator: string; seenScan: number; lastScan: number }>(
    `SELECT locator, coalesce(seen_scan, 0) AS seenScan, coalesce(last_scan, 0) AS lastScan
       FROM place_root WHERE id = ?`,
  );
  const isWanted = new Set(wanted);
  return memo((id) => {
    const row = find.get(id);
    if (row === undefined) throw new RangeError('no such root');
    return { ...row, isWanted: isWanted.has(id) };
  });
}

/** Order of texts by code points, as SQLite has it; JavaScript's own goes by halves of surrogate pairs. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  const end = Math.min(a.length, b.length);
  for (let i = 0; i < end; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x === y) continue;
    const [isHighX, isHighY] = [(x & 0xf800) === 0xd800, (y & 0xf800) === 0xd800];
    return isHighX === isHighY ? x - y : isHighX ? 1 : -1;
  }
  return a.length - b.length;
}

function isDouble(a: AppearanceKey, b: AppearanceKey): boolean {
  return (
    a.path === b.path && a.place === b.place && a.type === b.type && a.item === b.item && a.about === b.about
  );
}

/** Whether `a` is told rather than its double `b`: alive, then the most pressing kind, then the first locator. */
function comesFirst(a: AppearanceKey, b: AppearanceKey, rootOf: (id: number) => RootFacts): boolean {
  const vanished = Number(a.vanished_scan !== null) - Number(b.vanished_scan !== null);
  if (vanished !== 0) return vanished < 0;
  if (a.kind !== b.kind) return a.kind < b.kind;
  return compareTexts(rootOf(a.root).locator, rootOf(b.root).locator) < 0;
}

function isSeen(row: AppearanceKey, root: RootFacts): boolean {
  return (
    root.isWanted && row.vanished_scan === null && Math.max(row.seen_scan, root.seenScan) >= root.lastScan
  );
}

/** @param rows all appearances of one content, in the order of the primary key */
export function standingsOf<Row extends AppearanceKey>(
  rows: readonly Row[],
  rootOf: (id: number) => RootFacts,
): Standing<Row>[] {
  const standings: Standing<Row>[] = [];
  for (let i = 0; i < rows.length; ) {
    const first = rows[i] as Row;
    let told = first;
    let inRoots = isSeen(first, rootOf(first.root));
    for (i++; i < rows.length; i++) {
      const other = rows[i] as Row;
      if (!isDouble(first, other)) break;
      if (comesFirst(other, told, rootOf)) told = other;
      inRoots ||= isSeen(other, rootOf(other.root));
    }
    const vanished = told.vanished_scan !== null;
    const lastScan = vanished ? told.seen_scan : Math.max(told.seen_scan, rootOf(told.root).seenScan);
    standings.push({ row: told, vanished, lastScan, inRoots });
  }
  return standings;
}

/** Each appearance by itself: what one root shows, whatever its doubles say. */
export function rootStandingsOf<Row extends AppearanceKey>(
  rows: readonly Row[],
  rootOf: (id: number) => RootFacts,
): Standing<Row>[] {
  return rows.map((row) => {
    const root = rootOf(row.root);
    const vanished = row.vanished_scan !== null;
    const lastScan = vanished ? row.seen_scan : Math.max(row.seen_scan, root.seenScan);
    return { row, vanished, lastScan, inRoots: isSeen(row, root) };
  });
}
