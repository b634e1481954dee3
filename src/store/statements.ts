/**
 * Statements: what imported files say. A file is replaced as a whole by its next version; only what tells of an event is
 * kept for good. They are few (thousands), so they are compared in memory.
 */
import type { Database } from 'better-sqlite3';
import { canonicalJson } from '../model/canonical-json.js';
import {
  eventTypes,
  type Statement,
  type StatementChange,
  type StatementItem,
  type StatementType,
  statementTypes,
} from './store.js';

interface StatementRow {
  readonly type: StatementType;
  readonly source: string;
  readonly key: string;
  readonly data: string;
  readonly imported: string;
}

export function readStatements(db: Database, types: readonly StatementType[] = statementTypes): Statement[] {
  const rows = db
    .prepare<[string], StatementRow>(
      `SELECT type, source, key, data, imported FROM v_statement
        WHERE type IN (SELECT value FROM json_each(?)) ORDER BY type, source, key`,
    )
    .all(JSON.stringify(types));
  return rows.map(({ imported, data, ...row }) => ({
    ...row,
    data: JSON.parse(data) as unknown,
    importedAt: imported,
  }));
}

function fileIdOf(db: Database, source: string, at: string): number {
  db.prepare('INSERT OR IGNORE INTO statement_file (name, imported) VALUES (?, ?)').run(source, at);
  return db
    .prepare<[string], number>('SELECT id FROM statement_file WHERE name = ?')
    .pluck()
    .get(source) as number;
}

/** Last import of a file that changed something; undefined when there was none. */
function importedAt(db: Database, source: string): string | undefined {
  return db
    .prepare<[string], string>('SELECT imported FROM statement_file WHERE name = ?')
    .pluck()
    .get(source);
}

/** See {@link Store.replaceStatements}. Call inside a write transaction. */
export function replaceStatements(
  db: Database,
  source: string,
  items: readonly StatementItem[],
  at: string,
): StatementChange {
  const file = fileIdOf(db, source, at);
  const known = new Map(
    db
      .prepare<[number], { id: number; type: StatementType; key: string; data: string }>(
        'SELECT id, type, key, data FROM statement WHERE file = ?',
      )
      .all(file)
      .map((row) => [JSON.stringify([row.type, row.key]), row]),
  );
  const insert = db.prepare('INSERT INTO statement (file, type, key, data, imported) VALUES (?, ?, ?, ?, ?)');
  const update = db.prepare('UPDATE statement SET data = ?, imported = ? WHERE id = ?');
  const remove = db.prepare('DELETE FROM statement WHERE id = ?');
  const count = { added: 0, changed: 0, removed: 0, unchanged: 0 };
  for (const { type, key, data } of items) {
    const name = JSON.stringify([type, key]);
    const text = canonicalJson(data);
    const old = known.get(name);
    known.delete(name);
    if (old === undefined) {
      insert.run(file, type, key, text, at);
      count.added++;
    } else if (old.data === text) {
      count.unchanged++;
    } else {
      update.run(text, at, old.id);
      count.changed++;
    }
  }
  for (const { id, type } of known.values()) {
    if (eventTypes.has(type)) {
      count.unchanged++;
      continue;
    }
    remove.run(id);
    count.removed++;
  }
  if (count.added + count.changed + count.removed > 0) {
    db.prepare('UPDATE statement_file SET imported = ? WHERE id = ?').run(at, file);
  }
  return count;
}

/** See {@link Store.removeStatements}. Call inside a write transaction. */
export function removeStatements(db: Database, source: string): number {
  const { changes } = db
    .prepare('DELETE FROM statement WHERE file = (SELECT id FROM statement_file WHERE name = ?)')
    .run(source);
  db.prepare('DELETE FROM statement_file WHERE name = ?').run(source);
  return changes;
}

/**
 * Takes over the files of another database: of two versions of one file the one that was imported last stands, of two of
 * the same time both. Events are added up.
 */
export function mergeStatements(ours: Database, theirs: Database): void {
  const bySource = new Map<string, Statement[]>();
  for (const statement of readStatements(theirs)) {
    bySource.set(statement.source, [...(bySource.get(statement.source) ?? []), statement]);
  }
  const own = new Map<string, Statement[]>();
  for (const statement of readStatements(ours)) {
    own.set(statement.source, [...(own.get(statement.source) ?? []), statement]);
  }
  for (const [source, statements] of bySource) {
    const theirTime = importedAt(theirs, source) ?? '';
    const ourTime = importedAt(ours, source) ?? '';
    const kept = ourTime >= theirTime ? (own.get(source) ?? []) : [];
    const taken = theirTime >= ourTime ? statements : statements.filter(({ type }) => eventTypes.has(type));
    const union = new Map<string, Statement>();
    for (const statement of [...kept, ...taken]) {
      const name = JSON.stringify([statement.type, statement.key]);
      const known = union.get(name);
      // Of two texts at one time any may stand, as long as it is the same in both databases.
      if (known === undefined || canonicalJson(known.data) < canonicalJson(statement.data))
        union.set(name, statement);
    }
    replaceStatements(ours, source, [...union.values()], theirTime > ourTime ? theirTime : ourTime);
  }
}

/** What stands where an erased person stood. */
const erasedName = '‹erased›';

/** The value with every text in it rewritten; the same value when nothing changes. */
function rewritten(value: unknown, rewrite: (text: string) => string): unknown {
  if (typeof value === 'string') return rewrite(value);
  if (Array.isArray(value)) return value.map((part: unknown) => rewritten(part, rewrite));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]: [string, unknown]) => [name, rewritten(part, rewrite)]),
  );
}

/** Rewrites texts and keys of all statements. What becomes equal to another statement of its file goes. */
function rewriteStatements(db: Database, rewrite: (text: string) => string): number {
  const rows = db
    .prepare<[], { id: number; file: number; type: string; key: string; data: string }>(
      'SELECT id, file, type, key, data FROM statement ORDER BY id',
    )
    .all();
  const update = db.prepare('UPDATE OR IGNORE statement SET key = ?, data = ? WHERE id = ?');
  const remove = db.prepare('DELETE FROM statement WHERE id = ?');
  let changed = 0;
  for (const { id, key, data } of rows) {
    const own = {
      key: key.startsWith('[') ? canonicalJson(rewritten(JSON.parse(key), rewrite)) : rewrite(key),
      data: canonicalJson(rewritten(JSON.parse(data), rewrite)),
    };
    if (own.key === key && own.data === data) continue;
    changed++;
    if (update.run(own.key, own.data, id).changes === 0) remove.run(id);
  }
  return changed;
}

interface NamedPerson {
  readonly emails?: readonly string[];
  readonly handles?: readonly string[];
  readonly name?: string;
}

/**
 * Erases a person by id, name, address, handle or pseudonym: the parties and names that are theirs go, and wherever else
 * one of their names stands alone (owner, consumer, whoever attested), or an address of theirs stands in a text, it is
 * taken out. Gives the number of statements that changed.
 */
export function forgetStatedPerson(db: Database, person: string): number {
  const wanted = person.trim().toLowerCase();
  const names = new Set([wanted]);
  const gone: number[] = [];
  const rows = db
    .prepare<[], { id: number; key: string; data: string }>(
      "SELECT id, key, data FROM statement WHERE type IN ('party', 'actor-name') ORDER BY id",
    )
    .all();
  for (const { id, key, data } of rows) {
    const { emails = [], handles = [], name } = JSON.parse(data) as NamedPerson;
    const own = [key, ...emails, ...handles, ...(name === undefined ? [] : [name])].map((text) =>
      text.toLowerCase(),
    );
    if (!own.includes(wanted)) continue;
    gone.push(id);
    for (const text of own) names.add(text);
  }
  db.prepare('DELETE FROM statement WHERE id IN (SELECT value FROM json_each(?))').run(JSON.stringify(gone));
  const addresses = [...names].filter((name) => name.includes('@') && name.length > 3);
  const rewrite = (text: string): string => {
    if (names.has(text.toLowerCase())) return erasedName;
    let left = text;
    for (const address of addresses) {
      for (
        let at = left.toLowerCase().indexOf(address);
        at >= 0;
        at = left.toLowerCase().indexOf(address, at)
      ) {
        left = left.slice(0, at) + erasedName + left.slice(at + address.length);
      }
    }
    return left;
  };
  return gone.length + rewriteStatements(db, rewrite);
}

/** Takes secrets that were learned after an import out of what it stated. Gives the number of statements that changed. */
export function redactStatements(db: Database, replace: (text: string) => string | undefined): number {
  return rewriteStatements(db, (text) => replace(text) ?? text);
}

/** Drops what was stated of a place. */
export function forgetStatedPlace(db: Database, keyOrName: string): number {
  return db.prepare("DELETE FROM statement WHERE type = 'place' AND key = ?").run(keyOrName).changes;
}
