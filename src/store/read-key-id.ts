/** Asks a database which key it was made with, before there is a key to open it with. */
import type { Database } from 'better-sqlite3';
import { type KeyId, parseKeyId } from '../model/ids.js';
import { copyDatabase, requireDatabaseFile } from './database-file.js';
import { openSqlite } from './sqlite.js';
import { guarded } from './sqlite-problem.js';

/** The id of the key, or undefined when the file is new, empty or of another program. Throws for a broken one. */
export function readKeyIdOf(path: string): KeyId | undefined {
  return guarded(path, () => {
    requireDatabaseFile(path);
    try {
      return keyIdIn(openSqlite(path, { readonly: true, fileMustExist: true }));
    } catch (error) {
      // A WAL database on read-only media cannot be read in place.
      if (!/^SQLITE_(?:READONLY|CANTOPEN)/.test(String((error as { readonly code?: unknown }).code)))
        throw error;
      const copy = copyDatabase(path);
      try {
        return keyIdIn(openSqlite(copy.path));
      } finally {
        copy.remove();
      }
    }
  });
}

function keyIdIn(db: Database): KeyId | undefined {
  try {
    const hasMeta = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'meta'").get() !== undefined;
    const stored = hasMeta
      ? db.prepare("SELECT value FROM meta WHERE name = 'key_id'").pluck().get()
      : undefined;
    return typeof stored === 'string' ? parseKeyId(stored) : undefined;
  } finally {
    db.close();
  }
}
