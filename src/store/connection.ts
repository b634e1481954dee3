/** Opens the SQLite file: pragmas, migrations, key check, and the clock that views see. */
import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import type { Database } from 'better-sqlite3';
import { copyDatabase, ensureDatabaseFile, requireDatabaseFile } from './database-file.js';
import { checkKey, migrate } from './migrations.js';
import { openSqlite } from './sqlite.js';
import { guarded } from './sqlite-problem.js';
import type { HashText, OpenOptions } from './store.js';

/** How long a statement waits for another process' transaction; batches take well below a second. */
const busyTimeoutMs = 30_000;

export interface Connection {
  readonly db: Database;
  /** Where the database lies for people, also when a copy is read. */
  readonly path: string;
  readonly now: () => string;
  readonly keyId: string;
  readonly hashText: HashText | undefined;
}

/**
 * The views compare with `'now'`. This connection shadows them by temporary views that compare with the
 * caller's clock instead, so that entries end when the caller says so and other tools see the same views.
 */
function shadowViews(db: Database): void {
  db.exec('CREATE TEMP TABLE clock (at TEXT NOT NULL)');
  const views = db
    .prepare<[], { sql: string }>("SELECT sql FROM main.sqlite_schema WHERE type = 'view' ORDER BY rowid")
    .all();
  for (const view of views) {
    db.exec(
      view.sql
        .replace(/^CREATE VIEW/i, 'CREATE TEMP VIEW')
        .replace("julianday('now')", 'julianday((SELECT at FROM temp.clock))'),
    );
  }
  db.prepare('INSERT INTO temp.clock VALUES (?)').run('');
}

type SettledOptions = OpenOptions & { readonly now: () => string };

function prepare(db: Database, options: SettledOptions, migratable: boolean): void {
  db.pragma('trusted_schema = OFF');
  db.pragma('cell_size_check = ON');
  db.pragma('foreign_keys = ON');
  db.pragma('temp_store = MEMORY');
  db.pragma('cache_size = -65536');
  if (migratable) {
    // A file that is no database must not be touched, so the first statement only reads.
    db.pragma('schema_version');
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = NORMAL');
    // Batches rewrite the same tree pages; with 64 MiB of log between checkpoints each is copied back once.
    db.pragma('wal_autocheckpoint = 16384');
    db.pragma('journal_size_limit = 67108864');
  }
  migrate(db, options.path, options.now(), options.keyId);
  checkKey(db, options.path, options.keyId);
  shadowViews(db);
}

function open(file: string, options: SettledOptions, readonly: boolean): Database {
  const db = openSqlite(file, { readonly, timeout: busyTimeoutMs, fileMustExist: true });
  try {
    prepare(db, options, !readonly);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** A WAL database can be read in place only where its folder takes the index file of the WAL. */
function isFolderWritable(path: string): boolean {
  try {
    accessSync(dirname(path), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function openCopy(options: SettledOptions): Database {
  const copy = copyDatabase(options.path);
  try {
    const db = open(copy.path, options, false);
    // Out of WAL and held open, the copy needs no other file and can lose its name at once.
    db.pragma('locking_mode = EXCLUSIVE');
    db.pragma('journal_mode = MEMORY');
    return db;
  } finally {
    copy.remove();
  }
}

function openForReading(options: SettledOptions): Database {
  requireDatabaseFile(options.path);
  if (isFolderWritable(options.path)) {
    try {
      return open(options.path, options, true);
    } catch (error) {
      // Older schemas are migrated in a copy; the original waits for its next writer.
      const code = (error as { readonly code?: unknown }).code;
      if (!/^SQLITE_(?:READONLY|CANTOPEN)/.test(String(code))) throw error;
    }
  }
  return openCopy(options);
}

export function connect(given: OpenOptions): Connection {
  const options = { now: () => new Date().toISOString(), ...given };
  return guarded(options.path, () => {
    if (options.mode === 'write') ensureDatabaseFile(options.path);
    const db = options.mode === 'write' ? open(options.path, options, false) : openForReading(options);
    const { path, now, keyId, hashText } = options;
    return { db, path, now, keyId, hashText };
  });
}
