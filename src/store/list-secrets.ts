/** Lists secrets: one pass over the locations that can matter, folded in memory. */
import type { Database } from 'better-sqlite3';
import { type SecretSummary, type Status, statuses } from '../model/exposure.js';
import { confidences } from '../model/finding.js';
import { type PlaceKey, parsePlaceKey } from '../model/ids.js';
import type { System } from '../model/place.js';
import { copyReader } from './group-copies.js';
import { groupFactsReader, readAllGroupFacts } from './group-facts.js';
import type { RootRef, SecretFilter } from './store.js';
import { byPriority, type GroupFacts, summaryOf } from './summary.js';
import { tallyAll } from './tally-all.js';
import { type ScopedTally, tallyFold } from './tally-fold.js';

/** Groups from which on the facts of all are read at once. */
const manyGroups = 500;

/** A listed secret with the row id of its group. */
export interface ListedSecret {
  readonly group: number;
  readonly summary: SecretSummary;
}

function rootIdsOf(db: Database, roots: readonly RootRef[]): number[] {
  const find = db
    .prepare<[PlaceKey, string], number>(
      'SELECT r.id FROM place_root r JOIN place p ON p.id = r.place WHERE p.key = ? AND r.locator = ?',
    )
    .pluck();
  return roots.map((root) => find.get(root.place, root.locator)).filter((id) => id !== undefined);
}

/** Row ids of the groups that have anything in these roots, in them or pending there. */
const groupsInRoots = `
  SELECT s.canonical FROM appearance a CROSS JOIN sighting x ON x.content = a.content
    CROSS JOIN secret s ON s.id = x.secret WHERE a.root IN (SELECT value FROM json_each(:roots))
  UNION SELECT s.canonical FROM holding h CROSS JOIN sighting x ON x.content = h.content
    CROSS JOIN secret s ON s.id = x.secret WHERE h.root IN (SELECT value FROM json_each(:roots))`;

/** Groups to look at; undefined means all. Only narrows: {@link isWanted} decides. */
function candidateGroups(
  db: Database,
  filter: SecretFilter,
  roots: readonly number[] | undefined,
): number[] | undefined {
  const parts: number[][] = [];
  const inRoots = (ids: readonly number[]): number[] =>
    db
      .prepare<unknown[], number>(groupsInRoots)
      .pluck()
      .all({ roots: JSON.stringify(ids) });
  if (roots !== undefined) parts.push(inRoots(roots));
  if (filter.places !== undefined || filter.systems !== undefined) {
    const ids = db
      .prepare<unknown[], number>(
        `SELECT r.id FROM place_root r JOIN place p ON p.id = r.place
          WHERE (:places IS NULL OR p.key IN (SELECT value FROM json_each(:places)))
            AND (:systems IS NULL OR p.system IN (SELECT value FROM json_each(:systems)))`,
      )
      .pluck()
      .all({
        places: filter.places === undefined ? null : JSON.stringify(filter.places),
        systems: filter.systems === undefined ? null : JSON.stringify(filter.systems),
      });
    parts.push(inRoots(ids));
  }
  if (filter.sinceScan !== undefined) {
    parts.push(
      db
        .prepare<[number], number>('SELECT DISTINCT canonical FROM secret WHERE first_scan >= ?')
        .pluck()
        .all(filter.sinceScan),
    );
  }
  if (filter.kinds !== undefined) {
    parts.push(
      db
        .prepare<[string], number>(
          `SELECT DISTINCT s.canonical FROM form f JOIN label l ON l.form = f.id JOIN secret s ON s.id = l.secret
            WHERE f.kind IN (SELECT value FROM json_each(?))`,
        )
        .pluck()
        .all(JSON.stringify(filter.kinds)),
    );
  }
  const first = parts.shift();
  if (first === undefined) return undefined;
  const sets = parts.map((part) => new Set(part));
  return first.filter((group) => sets.every((set) => set.has(group)));
}

/**
 * Sightings in contents that no appearance was written for yet: a scan was interrupted before it knew
 * where they stand. They count as found, without a location.
 */
const pendingSql = `
  SELECT s.canonical AS group_id, p.key AS place, p.system, h.root AS root,
    CASE WHEN s.known_public IS NOT NULL THEN 5 WHEN f.mark IS NOT NULL THEN 3
      WHEN f.confidence = 0 THEN 4 ELSE 0 END AS status,
    f.confidence, (SELECT text FROM term WHERE id = x.account) AS account,
    (SELECT started FROM scan WHERE id = x.first_scan) AS seen
  FROM secret s
  CROSS JOIN sighting x ON x.secret = s.id
  CROSS JOIN form f ON f.id = x.form AND f.path_glob = 0
  CROSS JOIN holding h ON h.content = x.content
  CROSS JOIN place_root r ON r.id = h.root
  CROSS JOIN place p ON p.id = r.place
  WHERE s.canonical = ? AND NOT EXISTS (SELECT 1 FROM appearance a WHERE a.content = x.content)`;

interface PendingRow {
  readonly place: string;
  readonly system: string;
  readonly root: number;
  readonly status: number;
  readonly confidence: number;
  readonly account: string;
  readonly seen: string;
}

/** Makes a reader of the pending tallies of one group. */
export function pendingReader(db: Database): (group: number, roots?: readonly number[]) => ScopedTally[] {
  const find = db.prepare<[number], PendingRow>(pendingSql);
  return (group, roots = []) =>
    find.all(group).map((row) => ({
      place: parsePlaceKey(row.place),
      system: row.system as System,
      status: row.status,
      confidence: row.confidence,
      live: false,
      account: row.account,
      count: 0,
      firstSeen: row.seen,
      lastSeen: row.seen,
      inRoots: roots.includes(row.root),
    }));
}

/** From this share of all secrets on, one walk over everything costs less than a look-up for each. */
const allShare = 0.5;

/** Tallies by row id of the group; all groups when none are named. */
export function readTallies(
  db: Database,
  groups?: readonly number[],
  roots?: readonly number[],
): Map<number, ScopedTally[]> {
  const all = db.prepare<[], number>('SELECT id FROM secret WHERE id = canonical').pluck().all();
  const wanted = groups ?? all;
  const fold = tallyFold(db);
  if (wanted.length >= all.length * allShare && wanted.length > 1) {
    tallyAll(db, fold, groups === undefined ? undefined : new Set(groups), roots);
  } else {
    const reader = copyReader(db, roots);
    for (const group of wanted) for (const copy of reader.copies(group)) fold.addCopy(group, copy);
  }
  const tallies = fold.tallies();
  const pending = pendingReader(db);
  for (const group of wanted) {
    if (tallies.has(group)) continue;
    const waiting = pending(group, roots);
    if (waiting.length > 0) tallies.set(group, waiting);
  }
  return tallies;
}

/**
 * Whether the filter takes a secret. Places, systems and roots choose locations; status, confidence and
 * liveness are then asked of the chosen ones, so that `open` with a root means open in that root.
 */
function isWanted(
  filter: SecretFilter,
  facts: GroupFacts,
  summary: SecretSummary,
  tallies: readonly ScopedTally[],
): boolean {
  const chosen = tallies.filter(
    (tally) =>
      (filter.places === undefined || filter.places.includes(tally.place)) &&
      (filter.systems === undefined || filter.systems.includes(tally.system)) &&
      (filter.roots === undefined || tally.inRoots),
  );
  if (chosen.length === 0) return false;
  const status = statuses[Math.min(...chosen.map((tally) => tally.status))] as Status;
  const confidence = Math.max(...chosen.map((tally) => tally.confidence));
  const { kinds, minConfidence, minPlaces, live, sinceScan } = filter;
  return (
    (filter.statuses === undefined || filter.statuses.includes(status)) &&
    (minConfidence === undefined || confidence >= confidences.indexOf(minConfidence)) &&
    (live === undefined || chosen.some((tally) => tally.live) === live) &&
    (minPlaces === undefined || summary.places.length >= minPlaces) &&
    (sinceScan === undefined || facts.firstScan >= sinceScan) &&
    (kinds === undefined || facts.labels.some((label) => kinds.includes(label.kind)))
  );
}

export function listSecrets(db: Database, filter: SecretFilter): readonly ListedSecret[] {
  const roots = filter.roots === undefined ? undefined : rootIdsOf(db, filter.roots);
  const groups = candidateGroups(db, filter, roots);
  const tallied = readTallies(db, groups, roots);
  // One walk over all costs as much as some hundred look-ups.
  const all = tallied.size > manyGroups ? readAllGroupFacts(db) : undefined;
  const factsOf = all === undefined ? groupFactsReader(db) : (group: number) => all.get(group);
  const listed: ListedSecret[] = [];
  for (const [group, tallies] of tallied) {
    const facts = factsOf(group);
    if (facts === undefined) continue;
    const summary = summaryOf(facts, tallies);
    if (isWanted(filter, facts, summary, tallies)) listed.push({ group, summary });
  }
  return byPriority(listed, ({ summary }) => summary);
}
