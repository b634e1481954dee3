/**
 * A database that keeps names of people and machines as keyed hashes. It does so for good from the first scan that
 * asks for it: what it held as text is hashed then, and every later write, whoever asks for it.
 */
import type { Database } from 'better-sqlite3';
import type { Finding } from '../model/finding.js';
import { ProblemError } from '../model/problem.js';
import type { Connection } from './connection.js';
import { dropOrphanTexts } from './erase.js';
import { compact } from './forget.js';
import type { Interner } from './interner.js';
import { moveReferences } from './row-moves.js';
import type { HashText } from './store.js';
import type { WriteSession } from './write-session.js';

const metaName = 'hashed_names';
/** Name under which accounts of copies are given to {@link HashText}. */
export const accountName = 'account';

export function keepsHashedNames(db: Database): boolean {
  return db.prepare('SELECT 1 FROM meta WHERE name = ?').get(metaName) !== undefined;
}

/** What is to be done with names before they are written; undefined: they are kept as text. */
export function hashToWrite({ db, path, hashText }: Connection): HashText | undefined {
  if (!keepsHashedNames(db)) return undefined;
  if (hashText !== undefined) return hashText;
  throw new ProblemError({
    code: 'database-unavailable',
    message: `The database ${path} keeps names as keyed hashes, and was opened without the function that makes them.`,
    hint: 'Give openDatabase the option hashText.',
  });
}

/** The finding as it is written. */
export function withHashedNames(finding: Finding, hash: HashText): Finding {
  return {
    ...finding,
    ...(finding.account === undefined ? {} : { account: hash(accountName, finding.account) }),
    attributes: finding.attributes.map(({ name, text }) => ({ name, text: hash(name, text) })),
  };
}

interface NamedText {
  readonly name: string;
  readonly id: number;
  readonly text: string;
}

/** Gives attributes of a table their hashes; of two rows that become one, one stays. */
function hashColumn(db: Database, interner: Interner, table: string, hash: HashText): number {
  const rows = db.prepare<[], NamedText>(
    `SELECT DISTINCT a.name, a.text AS id, t.text FROM ${table} a JOIN term t ON t.id = a.text`,
  );
  const move = db.prepare(`UPDATE OR IGNORE ${table} SET text = ? WHERE name = ? AND text = ?`);
  const drop = db.prepare(`DELETE FROM ${table} WHERE name = ? AND text = ?`);
  let changed = 0;
  for (const { name, id, text } of rows.all()) {
    const hashed = hash(name, text);
    if (hashed === text) continue;
    move.run(interner.term(hashed), name, id);
    drop.run(name, id);
    changed++;
  }
  return changed;
}

function hashAccounts(db: Database, interner: Interner, hash: HashText): number {
  const rows = db.prepare<[], Omit<NamedText, 'name'>>(
    'SELECT id, text FROM term WHERE id > 0 AND id IN (SELECT account FROM sighting)',
  );
  const moves = new Map<number, number>();
  for (const { id, text } of rows.all()) {
    const hashed = hash(accountName, text);
    if (hashed !== text) moves.set(id, interner.term(hashed));
  }
  moveReferences(db, 'sighting', 'account', moves);
  return moves.size;
}

/** Hashes what is stored. Call inside a write transaction with foreign keys off. @returns the number of texts */
export function hashStoredNames(db: Database, interner: Interner, hash: HashText): number {
  const changed =
    hashColumn(db, interner, 'attribute', hash) +
    hashColumn(db, interner, 'public_fact', hash) +
    hashAccounts(db, interner, hash);
  if (changed > 0) dropOrphanTexts(db);
  return changed;
}

/** Makes the database one that keeps hashes; nothing of the names stays on the disk. */
export function keepHashedNames(session: WriteSession, interner: Interner): void {
  const { connection } = session;
  const { db, hashText } = connection;
  if (keepsHashedNames(db)) return;
  session.flush();
  db.pragma('secure_delete = ON');
  db.pragma('foreign_keys = OFF');
  let changed = 0;
  try {
    changed = session.write(() => {
      db.prepare('INSERT OR IGNORE INTO meta (name, value) VALUES (?, ?)').run(metaName, '1');
      return hashStoredNames(db, interner, hashToWrite({ ...connection, hashText }) ?? ((_, text) => text));
    });
  } finally {
    db.pragma('foreign_keys = ON');
  }
  session.dropCaches();
  if (changed > 0) compact(session);
}
