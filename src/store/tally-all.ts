/**
 * Tallies of many secrets in one walk over sightings and appearances side by side, both in the order of
 * their contents: a look-up for each of half a million copies costs more than reading them all.
 */
import type { Database } from 'better-sqlite3';
import { statusReader } from './decide-status.js';
import { type FormRow, formReader, globReader } from './form-rows.js';
import { tellingForm } from './group-copies.js';
import { type AppearanceKey, rootReader, type Standing, standingsOf } from './standings.js';
import type { TallyFold } from './tally-fold.js';

/** Sightings that are read at once: bounds the memory. */
const sightingsPerPage = 8192;

/** content, secret, form, account, first_scan, chain, start_byte, end_byte */
type SightingTuple = [number, number, number, number, number, number, number, number];

/** content, place, type, path, item, about, root, kind, vanished_scan, first_scan, seen_scan */
type AppearanceTuple = [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number | null,
  number,
  number,
];

const sightingsSql = `SELECT content, secret, form, account, first_scan, chain, start_byte, end_byte
  FROM sighting WHERE content BETWEEN ? AND ?
  ORDER BY content, secret, chain, start_byte, end_byte, form`;

const appearancesSql = `SELECT content, place, type, path, item, about, root, kind, vanished_scan, first_scan,
    seen_scan
  FROM appearance WHERE content BETWEEN ? AND ?
  ORDER BY content, place, type, path, item, about, root`;

interface SecretFacts {
  readonly group: number;
  readonly isWeak: boolean;
  readonly knownPublic: string | null;
}

function readSecrets(db: Database, groups: ReadonlySet<number> | undefined): Map<number, SecretFacts> {
  const rows = db
    .prepare<[], [number, number, number, string | null]>(
      'SELECT id, canonical, weak, known_public FROM secret',
    )
    .raw();
  const secrets = new Map<number, SecretFacts>();
  for (const [id, group, weak, knownPublic] of rows.all()) {
    if (groups?.has(group) !== false) secrets.set(id, { group, isWeak: weak === 1, knownPublic });
  }
  return secrets;
}

/** First and last content of each page, whole contents each. */
function* pages(db: Database): Generator<readonly [number, number]> {
  const last = db.prepare<[], number | null>('SELECT max(content) FROM sighting').pluck().get() ?? 0;
  const after = db
    .prepare<[number, number], number>(
      'SELECT content FROM sighting WHERE content >= ? ORDER BY content LIMIT 1 OFFSET ?',
    )
    .pluck();
  for (let from = 0; from <= last; ) {
    const to = after.get(from, sightingsPerPage) ?? last;
    yield [from, to];
    from = to + 1;
  }
}

function keyOf(tuple: AppearanceTuple): AppearanceKey {
  return {
    place: tuple[1],
    type: tuple[2],
    path: tuple[3],
    item: tuple[4],
    about: tuple[5],
    root: tuple[6],
    kind: tuple[7],
    vanished_scan: tuple[8],
    first_scan: tuple[9],
    seen_scan: tuple[10],
  };
}

/** Gives the standings of contents that are asked for in rising order. */
function standingWalk(
  rows: readonly AppearanceTuple[],
  rootOf: Parameters<typeof standingsOf>[1],
): (content: number) => readonly Standing<AppearanceKey>[] {
  let at = 0;
  let current = -1;
  let standings: readonly Standing<AppearanceKey>[] = [];
  return (content) => {
    if (content === current) return standings;
    while (at < rows.length && (rows[at] as AppearanceTuple)[0] < content) at++;
    const keys: AppearanceKey[] = [];
    for (; at < rows.length; at++) {
      const row = rows[at] as AppearanceTuple;
      if (row[0] !== content) break;
      keys.push(keyOf(row));
    }
    current = content;
    standings = standingsOf(keys, rootOf);
    return standings;
  };
}

function isSameSpan(a: SightingTuple, b: SightingTuple): boolean {
  return a[0] === b[0] && a[1] === b[1] && a[5] === b[5] && a[6] === b[6] && a[7] === b[7];
}

/** Where the run of sightings with the span of the one at `start` ends. */
function endOfSpan(sightings: readonly SightingTuple[], start: number): number {
  const first = sightings[start] as SightingTuple;
  let end = start + 1;
  while (end < sightings.length && isSameSpan(first, sightings[end] as SightingTuple)) end++;
  return end;
}

/** Adds the copies of all groups, or of these, to the fold. */
export function tallyAll(
  db: Database,
  fold: TallyFold,
  groups?: ReadonlySet<number>,
  roots?: readonly number[],
): void {
  const secrets = readSecrets(db, groups);
  const formOf = formReader(db);
  const globs = globReader(db);
  const statuses = statusReader(db, globs);
  const rootOf = rootReader(db, roots);
  const findSightings = db.prepare<[number, number], SightingTuple>(sightingsSql).raw();
  const findAppearances = db.prepare<[number, number], AppearanceTuple>(appearancesSql).raw();
  const addCopy = (
    { group, isWeak, knownPublic }: SecretFacts,
    sighting: SightingTuple,
    form: FormRow,
    { row, vanished, inRoots, lastScan }: Standing<AppearanceKey>,
  ): void => {
    const { place, path, kind } = row;
    const account = isWeak ? sighting[3] : 0;
    const firstScan = Math.max(sighting[4], row.first_scan);
    const { code } = statuses.decide({ group, knownPublic, form, place, path, vanished });
    fold.add(group, place, code, kind, account, inRoots, form.confidence, firstScan, lastScan);
  };
  /** The sightings from `start` to `end` are the forms of one span. */
  const addSpan = (
    sightings: readonly SightingTuple[],
    start: number,
    end: number,
    standings: readonly Standing<AppearanceKey>[],
  ): void => {
    const first = sightings[start] as SightingTuple;
    const facts = secrets.get(first[1]);
    if (facts === undefined) return;
    const only = end === start + 1 ? formOf(first[2]) : undefined;
    // Most spans have one form, which counts everywhere.
    if (only?.glob === 0) {
      for (const standing of standings) addCopy(facts, first, only, standing);
      return;
    }
    const span = sightings.slice(start, end);
    const forms = span.map((row) => formOf(row[2]));
    for (const standing of standings) {
      const told = tellingForm(forms, standing.row.path, first[5], globs);
      if (told >= 0) addCopy(facts, span[told] as SightingTuple, forms[told] as FormRow, standing);
    }
  };
  for (const [from, to] of pages(db)) {
    const sightings = findSightings.all(from, to);
    const standingsAt = standingWalk(findAppearances.all(from, to), rootOf);
    for (let start = 0; start < sightings.length; ) {
      const end = endOfSpan(sightings, start);
      addSpan(sightings, start, end, standingsAt((sightings[start] as SightingTuple)[0]));
      start = end;
    }
  }
}
