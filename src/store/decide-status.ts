/**
 * Status of a location and who decided it (design §11.4), as the view `x_status` has it, which tests hold
 * this against. Entries are read once for a whole answer rather than asked for at each location.
 */
import type { Database } from 'better-sqlite3';
import { type StatusDetail, statuses } from '../model/exposure.js';
import { wordOf } from './codes.js';
import type { FormRow, GlobReader } from './form-rows.js';
import { memo } from './memo.js';

/** What decides of one location. */
export interface Decidable {
  /** Row id of the canonical fingerprint. */
  readonly group: number;
  /** Of the fingerprint that stands there. */
  readonly knownPublic: string | null;
  readonly form: FormRow;
  readonly place: number;
  readonly path: number;
  readonly vanished: boolean;
}

/** A status with its number: its position in {@link statuses}. */
export interface Decision {
  readonly code: number;
  readonly detail: StatusDetail;
}

export interface StatusReader {
  decide(location: Decidable): Decision;
  forget(): void;
}

function decision(code: number, by?: string): Decision {
  const status = wordOf(statuses, code);
  return { code, detail: by === undefined ? { status } : { status, by } };
}

const open = decision(0);
const low = decision(4);
const vanished = decision(6);
const marked = memo((mark: string) => decision(3, mark));
const publicAt = memo((origin: string) => decision(5, origin));

interface PlaceAllowRow {
  readonly id: number;
  readonly glob: number;
  readonly secret: string;
  readonly rule: string;
  readonly marked: number;
  readonly status: number;
  readonly by: string;
}

/** Entries of `sprawl allow`: those of secrets before those of rules, those of paths last. */
function allowReader(db: Database, globs: GlobReader, printsOf: (group: number) => readonly string[]) {
  const rows = db
    .prepare<[], { subject: string; target: string; author: string; reason: string }>(
      "SELECT subject, target, author, reason FROM x_allow WHERE subject <> 'gap'",
    )
    .all();
  const bySubject = new Map<string, Map<string, Decision>>();
  for (const { subject, target, author, reason } of rows) {
    const entries = bySubject.get(subject) ?? new Map<string, Decision>();
    bySubject.set(subject, entries.set(target, decision(1, `allow entry by ${author}: ${reason}`)));
  }
  const first = (subject: string, names: () => readonly string[]): Decision | undefined => {
    const entries = bySubject.get(subject);
    const name = entries === undefined ? undefined : names().find((key) => entries.has(key));
    return name === undefined ? undefined : entries?.get(name);
  };
  return ({ group, form, path }: Decidable): Decision | undefined =>
    rows.length === 0
      ? undefined
      : (first('secret', () => printsOf(group)) ??
        first('rule', () => [form.rule]) ??
        first('path', () => globs.patterns(path)));
}

/** What the files of a place say. */
function placeAllowReader(db: Database, globs: GlobReader, printsOf: (group: number) => readonly string[]) {
  if (db.prepare('SELECT 1 FROM x_place_allow LIMIT 1').get() === undefined) return () => undefined;
  const find = db.prepare<[number, number], PlaceAllowRow>(
    `SELECT id, glob, secret, rule, marked, status, decided_by AS by FROM x_place_allow
      WHERE place = ? AND path = ? ORDER BY status, id`,
  );
  const general = memo((place: number) => find.all(place, 0));
  const byPlace = memo((place: number) => memo((path: number) => find.all(place, path)));
  const decisions = memo((row: PlaceAllowRow) => decision(row.status, row.by));
  const firstOf = (rows: readonly PlaceAllowRow[], { group, form, path }: Decidable) => {
    if (rows.length === 0) return undefined;
    return rows.find(
      (row) =>
        (row.rule === '' || row.rule === form.rule) &&
        (row.marked === 0 || form.mark !== null) &&
        (row.secret === '' || printsOf(group).some((print) => print.startsWith(row.secret))) &&
        (row.glob === 0 || globs.path(path, row.glob)),
    );
  };
  return (location: Decidable): Decision | undefined => {
    const { place, path, form } = location;
    const any = firstOf(general(place), location);
    const here = path === 0 ? undefined : firstOf(byPlace(place)(path), location);
    const isHere = here !== undefined && (any === undefined || comesBefore(here, any));
    const row = isHere ? here : any;
    if (row === undefined) return undefined;
    return row.by === '' && form.mark !== null ? decision(row.status, form.mark) : decisions(row);
  };
}

function comesBefore(a: PlaceAllowRow, b: PlaceAllowRow): boolean {
  return a.status === b.status ? a.id < b.id : a.status < b.status;
}

export function statusReader(db: Database, globs: GlobReader): StatusReader {
  const findPrints = db
    .prepare<[number], string>(
      'SELECT lower(hex(fingerprint)) FROM secret WHERE canonical = ? ORDER BY fingerprint',
    )
    .pluck();
  const printsOf = memo((group: number): readonly string[] => findPrints.all(group));
  const load = () => ({
    allowOf: allowReader(db, globs, printsOf),
    placeAllowOf: placeAllowReader(db, globs, printsOf),
  });
  let entries: ReturnType<typeof load> | undefined;
  const decide = (location: Decidable): Decision => {
    if (location.vanished) return vanished;
    if (location.knownPublic !== null) return publicAt(location.knownPublic);
    entries ??= load();
    const decided = entries.allowOf(location) ?? entries.placeAllowOf(location);
    if (decided !== undefined) return decided;
    const { mark, confidence } = location.form;
    if (mark !== null) return marked(mark);
    return confidence === 0 ? low : open;
  };
  return {
    decide,
    forget: () => {
      entries = undefined;
      printsOf.forget();
    },
  };
}
