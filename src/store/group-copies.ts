/**
 * The copies of one secret as row ids, with their status: cheap enough to walk all of them where only the
 * first few are shown. Rows come by plain index walks; which form and which of several roots counts is
 * decided here, as the view `x_location` has it, which tests hold this against.
 */
import type { Database } from 'better-sqlite3';
import { type Decision, statusReader } from './decide-status.js';
import { counts, type FormRow, formReader, type GlobReader, globReader } from './form-rows.js';
import { memo } from './memo.js';
import { type AppearanceKey, rootReader, rootStandingsOf, type Standing, standingsOf } from './standings.js';

/** A fingerprint of the secret. */
export interface OwnRow {
  readonly id: number;
  readonly fingerprint: string;
  readonly knownPublic: string | null;
  readonly weak: number;
}

export interface SightingRow {
  readonly own: OwnRow;
  readonly content: number;
  readonly chain: number;
  readonly start: number;
  readonly end: number;
  readonly form: number;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly slot: number;
  readonly account: number;
  readonly rawRanges: string | null;
  readonly firstScan: number;
}

/** The columns of {@link copiesSql}.sightings: as objects they would take twice the time. */
type SightingTuple = [
  content: number,
  chain: number,
  start: number,
  end: number,
  form: number,
  line: number,
  column: number,
  endLine: number,
  endColumn: number,
  slot: number,
  account: number,
  rawRanges: string | null,
  firstScan: number,
];

function sightingOf(own: OwnRow, row: SightingTuple): SightingRow {
  return {
    own,
    content: row[0],
    chain: row[1],
    start: row[2],
    end: row[3],
    form: row[4],
    line: row[5],
    column: row[6],
    endLine: row[7],
    endColumn: row[8],
    slot: row[9],
    account: row[10],
    rawRanges: row[11],
    firstScan: row[12],
  };
}

export interface AppearanceRow extends AppearanceKey {
  readonly introduced: number;
  readonly removed: number;
  readonly refs: number;
  readonly ref_count: number;
  readonly modified: string | null;
  readonly ignored: number;
  readonly tracked: number;
  readonly author: number;
  readonly created: string | null;
  readonly permalink: number;
  readonly title: number;
  readonly details: number;
}

/** The columns of {@link copiesSql}.appearances. */
type AppearanceTuple = [
  place: number,
  type: number,
  path: number,
  item: number,
  about: number,
  root: number,
  kind: number,
  vanished_scan: number | null,
  first_scan: number,
  seen_scan: number,
  introduced: number,
  removed: number,
  refs: number,
  ref_count: number,
  modified: string | null,
  ignored: number,
  tracked: number,
  author: number,
  created: string | null,
  permalink: number,
  title: number,
  details: number,
];

function appearanceOf(row: AppearanceTuple): AppearanceRow {
  return {
    place: row[0],
    type: row[1],
    path: row[2],
    item: row[3],
    about: row[4],
    root: row[5],
    kind: row[6],
    vanished_scan: row[7],
    first_scan: row[8],
    seen_scan: row[9],
    introduced: row[10],
    removed: row[11],
    refs: row[12],
    ref_count: row[13],
    modified: row[14],
    ignored: row[15],
    tracked: row[16],
    author: row[17],
    created: row[18],
    permalink: row[19],
    title: row[20],
    details: row[21],
  };
}

export interface Copy {
  readonly sighting: SightingRow;
  readonly form: FormRow;
  readonly standing: Standing<AppearanceRow>;
  readonly status: Decision;
  readonly firstScan: number;
}

/** The statements behind a reader, exported for the test that looks at their query plans. */
export const copiesSql = {
  owns: `SELECT id, lower(hex(fingerprint)) AS fingerprint, known_public AS knownPublic, weak
    FROM secret WHERE canonical = ?`,
  // The order brings the forms of one span together.
  sightings: `SELECT content, chain, start_byte, end_byte, form, line, "column", end_line, end_column, slot, account,
      raw_ranges, first_scan
    FROM sighting WHERE secret = ? ORDER BY content, chain, start_byte, end_byte`,
  appearances: `SELECT place, type, path, item, about, root, kind, vanished_scan, first_scan, seen_scan,
      introduced, removed, refs, ref_count, modified, ignored, tracked, author, created, permalink, title, details
    FROM appearance WHERE content = ? ORDER BY place, type, path, item, about, root`,
} as const;

function isSameSpan(a: SightingRow, b: SightingRow): boolean {
  return (
    a.content === b.content &&
    a.start === b.start &&
    a.end === b.end &&
    a.own === b.own &&
    a.chain === b.chain
  );
}

/** Index of the most telling of the forms that count at this path; -1 when none does. */
export function tellingForm(
  forms: readonly FormRow[],
  path: number,
  chain: number,
  globs: GlobReader,
): number {
  const only = forms[0];
  if (forms.length === 1 && only?.glob === 0) return 0;
  let best = -1;
  for (const [i, form] of forms.entries()) {
    if (!counts(form, path, chain, globs)) continue;
    if (best < 0 || form.sort < (forms[best] as FormRow).sort) best = i;
  }
  return best;
}

export interface CopyReader {
  /** All copies of a secret by the row id of its canonical fingerprint, in no order that means anything. */
  copies(group: number): Copy[];
  /** The same, one for each root that has or had it. */
  rootCopies(group: number): Copy[];
  forget(): void;
}

/** Makes a reader; `roots` are those that {@link Standing.inRoots} asks about. */
export function copyReader(db: Database, roots?: readonly number[]): CopyReader {
  const findOwns = db.prepare<[number], OwnRow>(copiesSql.owns);
  const findSightings = db.prepare<[number], SightingTuple>(copiesSql.sightings).raw();
  const findAppearances = db.prepare<[number], AppearanceTuple>(copiesSql.appearances).raw();
  const formOf = formReader(db);
  const globs = globReader(db);
  const rootOf = rootReader(db, roots);
  const statuses = statusReader(db, globs);
  // Contents with many secrets are asked for again and again.
  const rowsOf = (content: number): AppearanceRow[] => findAppearances.all(content).map(appearanceOf);
  const standings = memo((content: number) => standingsOf(rowsOf(content), rootOf));
  const rootStandings = (content: number) => rootStandingsOf(rowsOf(content), rootOf);
  const copies = (group: number, within: (content: number) => Standing<AppearanceRow>[]): Copy[] => {
    const found: Copy[] = [];
    const rows = findOwns
      .all(group)
      .flatMap((own) => findSightings.all(own.id).map((tuple) => sightingOf(own, tuple)));
    for (let i = 0; i < rows.length; ) {
      const first = rows[i] as SightingRow;
      const start = i;
      for (i++; i < rows.length; i++) if (!isSameSpan(first, rows[i] as SightingRow)) break;
      const forms = rows.slice(start, i).map((row) => formOf(row.form));
      for (const standing of within(first.content)) {
        const { place, path, first_scan } = standing.row;
        const told = tellingForm(forms, path, first.chain, globs);
        const form = forms[told];
        if (form === undefined) continue;
        const sighting = rows[start + told] as SightingRow;
        const { vanished } = standing;
        const { knownPublic } = first.own;
        const status = statuses.decide({ group, knownPublic, form, place, path, vanished });
        found.push({ sighting, form, standing, status, firstScan: Math.max(sighting.firstScan, first_scan) });
      }
    }
    return found;
  };
  const forget = (): void => {
    for (const memory of [formOf, globs, rootOf, statuses, standings]) memory.forget();
  };
  return {
    copies: (group) => copies(group, standings),
    rootCopies: (group) => copies(group, rootStandings),
    forget,
  };
}
