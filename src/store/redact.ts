/**
 * Rewrites stored texts that turn out to hold a secret. Every text that came from a target is visited
 * once; texts that become equal become one row.
 */
import type { Database } from 'better-sqlite3';
import type { Receipt } from '../model/receipt.js';
import type { Interner } from './interner.js';
import { moveAppearances, moveReferences } from './row-moves.js';
import { redactStatements } from './statements.js';

/** Gives the redacted text, or undefined to keep it. */
export type Replace = (text: string) => string | undefined;

const noBytes = Buffer.alloc(0);

function dropRows(db: Database, table: string, moves: ReadonlyMap<number, number>): void {
  db.prepare(`DELETE FROM ${table} WHERE id IN (SELECT value FROM json_each(?))`).run(
    JSON.stringify([...moves.keys()]),
  );
}

function redactTerms(db: Database, interner: Interner, replace: Replace): number {
  const find = db
    .prepare<[string, Buffer], number>('SELECT id FROM term WHERE text = ? AND bytes = ?')
    .pluck();
  // The raw bytes of a name hold what its text holds.
  const rename = db.prepare('UPDATE term SET text = ?, bytes = ? WHERE id = ?');
  const dropMatches = db.prepare('DELETE FROM glob_path WHERE path = ?');
  const moves = new Map<number, number>();
  let changed = 0;
  for (const { id, text } of db
    .prepare<[], { id: number; text: string }>('SELECT id, text FROM term WHERE id > 0')
    .all()) {
    const redacted = replace(text);
    if (redacted === undefined || redacted === text) continue;
    changed++;
    dropMatches.run(id);
    const other = find.get(redacted, noBytes);
    if (other === undefined) {
      rename.run(redacted, noBytes, id);
      interner.matchPath(id, redacted);
    } else moves.set(id, other);
  }
  if (moves.size > 0) {
    moveReferences(db, 'sighting', 'slot', moves);
    moveReferences(db, 'sighting', 'account', moves);
    moveReferences(db, 'appearance', 'permalink', moves);
    moveReferences(db, 'appearance', 'title', moves);
    moveReferences(db, 'appearance', 'details', moves);
    moveReferences(db, 'attribute', 'text', moves);
    moveReferences(db, 'public_fact', 'text', moves);
    moveReferences(db, 'place_allow', 'path', moves);
    moveAppearances(db, 'path', moves);
    dropRows(db, 'term', moves);
  }
  return changed;
}

/** The redacted list, or undefined when nothing changes. */
function redactItems(json: string, replace: Replace): string | undefined {
  const items = JSON.parse(json) as string[];
  const redacted = items.map((item) => replace(item) ?? item);
  return redacted.some((item, i) => item !== items[i]) ? JSON.stringify(redacted) : undefined;
}

function redactLists(db: Database, interner: Interner, replace: Replace): number {
  const find = db.prepare<[string], number>('SELECT id FROM list WHERE items = ?').pluck();
  const rename = db.prepare('UPDATE list SET items = ? WHERE id = ?');
  const dropMatches = db.prepare('DELETE FROM glob_chain WHERE chain = ?');
  const moves = new Map<number, number>();
  let changed = 0;
  for (const { id, items } of db
    .prepare<[], { id: number; items: string }>('SELECT id, items FROM list WHERE id > 0')
    .all()) {
    const redacted = redactItems(items, replace);
    if (redacted === undefined) continue;
    changed++;
    dropMatches.run(id);
    const other = find.get(redacted);
    if (other === undefined) {
      rename.run(redacted, id);
      interner.matchChain(id, JSON.parse(redacted) as string[]);
    } else moves.set(id, other);
  }
  if (moves.size > 0) {
    moveReferences(db, 'sighting', 'chain', moves);
    moveReferences(db, 'appearance', 'refs', moves);
    moveAppearances(db, 'item', moves);
    dropRows(db, 'list', moves);
  }
  return changed;
}

function redactPeople(db: Database, replace: Replace): number {
  const find = db
    .prepare<[string, string], number>('SELECT id FROM person WHERE name = ? AND email = ?')
    .pluck();
  const rename = db.prepare('UPDATE person SET name = ?, email = ? WHERE id = ?');
  const moves = new Map<number, number>();
  let changed = 0;
  const people = db.prepare<[], { id: number; name: string; email: string }>(
    'SELECT * FROM person WHERE id > 0',
  );
  for (const { id, name, email } of people.all()) {
    const redacted = { name: replace(name) ?? name, email: replace(email) ?? email };
    if (redacted.name === name && redacted.email === email) continue;
    changed++;
    const other = find.get(redacted.name, redacted.email);
    if (other === undefined) rename.run(redacted.name, redacted.email, id);
    else moves.set(id, other);
  }
  if (moves.size > 0) {
    moveReferences(db, 'commit_fact', 'author', moves);
    moveReferences(db, 'appearance', 'author', moves);
    dropRows(db, 'person', moves);
  }
  return changed;
}

function mergeRoots(db: Database, moves: ReadonlyMap<number, number>): void {
  if (moves.size === 0) return;
  // What a scan kept of a history may name what is redacted; the next one reads it again.
  db.prepare('DELETE FROM root_history').run();
  moveAppearances(db, 'root', moves);
  moveReferences(db, 'holding', 'root', moves);
  moveReferences(db, 'public_fact', 'root', moves);
  moveReferences(db, 'sweep_chunk', 'root', moves);
  moveReferences(db, 'place_root', 'main', moves);
  dropRows(db, 'place_root', moves);
}

function redactLocators(db: Database, replace: Replace): number {
  const find = db
    .prepare<[number, string], number>('SELECT id FROM place_root WHERE place = ? AND locator = ?')
    .pluck();
  const rename = db.prepare('UPDATE place_root SET locator = ? WHERE id = ?');
  const moves = new Map<number, number>();
  let changed = 0;
  const roots = db.prepare<[], { id: number; place: number; locator: string }>(
    'SELECT id, place, locator FROM place_root',
  );
  for (const { id, place, locator } of roots.all()) {
    const redacted = replace(locator);
    if (redacted === undefined || redacted === locator) continue;
    changed++;
    const other = find.get(place, redacted);
    if (other === undefined) rename.run(redacted, id);
    else moves.set(id, other);
  }
  mergeRoots(db, moves);
  return changed;
}

/** Moves the roots of one place to another and drops it. */
function mergePlace(db: Database, from: number, to: number): void {
  const find = db
    .prepare<[number, string], number>('SELECT id FROM place_root WHERE place = ? AND locator = ?')
    .pluck();
  const roots = db
    .prepare<[number], { id: number; locator: string }>('SELECT id, locator FROM place_root WHERE place = ?')
    .all(from);
  const merged = new Map<number, number>();
  for (const { id, locator } of roots) {
    const other = find.get(to, locator);
    if (other === undefined) db.prepare('UPDATE place_root SET place = ? WHERE id = ?').run(to, id);
    else merged.set(id, other);
  }
  moveAppearances(db, 'place', new Map([[from, to]]));
  moveReferences(db, 'place_allow', 'place', new Map([[from, to]]));
  mergeRoots(db, merged);
  db.prepare('DELETE FROM place WHERE id = ?').run(from);
}

interface PlaceTexts {
  readonly key: string;
  readonly name: string;
  readonly tenant: string | null;
  readonly team: string | null;
  readonly fork_of: string | null;
}

function redactPlaces(db: Database, replace: Replace): number {
  const find = db.prepare<[string], number>('SELECT id FROM place WHERE key = ?').pluck();
  const update = db.prepare(
    'UPDATE place SET key = :key, name = :name, tenant = :tenant, team = :team, fork_of = :fork_of WHERE id = :id',
  );
  const redact = <Text extends string | null>(text: Text): Text | string =>
    text === null ? text : (replace(text) ?? text);
  let changed = 0;
  const places = db.prepare<[], PlaceTexts & { id: number }>(
    'SELECT id, key, name, tenant, team, fork_of FROM place',
  );
  for (const { id, ...texts } of places.all()) {
    const redacted = {
      key: redact(texts.key),
      name: redact(texts.name),
      tenant: redact(texts.tenant),
      team: redact(texts.team),
      fork_of: redact(texts.fork_of),
    };
    if (JSON.stringify(redacted) === JSON.stringify(texts)) continue;
    changed++;
    const other = redacted.key === texts.key ? undefined : find.get(redacted.key);
    if (other === undefined) update.run({ ...redacted, id });
    else mergePlace(db, id, other);
  }
  return changed;
}

/** Names in the problems of receipts, and targets as typed. */
function redactRecords(db: Database, replace: Replace): number {
  let changed = 0;
  const rewrite = (table: string, column: string, change: (json: string) => string | undefined): void => {
    const update = db.prepare(`UPDATE ${table} SET ${column} = ? WHERE id = ?`);
    const rows = db.prepare<[], { id: number; json: string }>(
      `SELECT id, ${column} AS json FROM ${table} WHERE ${column} IS NOT NULL`,
    );
    for (const { id, json } of rows.all()) {
      const redacted = change(json);
      if (redacted === undefined) continue;
      changed++;
      update.run(redacted, id);
    }
  };
  const redactReceipt = (json: string): string | undefined => {
    const receipt = JSON.parse(json) as Receipt;
    const problems = receipt.problems.map((problem) => ({
      ...problem,
      where: replace(problem.where) ?? problem.where,
    }));
    const redacted = JSON.stringify({ ...receipt, problems });
    return redacted === json ? undefined : redacted;
  };
  rewrite('place_allow', 'decided_by', (text) => {
    const redacted = replace(text);
    return redacted === text ? undefined : redacted;
  });
  rewrite('scan', 'targets', (json) => redactItems(json, replace));
  rewrite('scan', 'receipt', redactReceipt);
  rewrite('place_root', 'receipt', redactReceipt);
  return changed;
}

/** Runs inside a write transaction; gives the number of texts that changed. */
export function redactStrings(db: Database, interner: Interner, replace: Replace): number {
  return (
    redactTerms(db, interner, replace) +
    redactLists(db, interner, replace) +
    redactPeople(db, replace) +
    redactLocators(db, replace) +
    redactPlaces(db, replace) +
    redactRecords(db, replace) +
    redactStatements(db, replace)
  );
}
