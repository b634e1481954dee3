/**
 * One writer of a log at a time, over all processes. The lock is SQLite's own on an empty database beside the log: the
 * system gives it back when a process dies, so that no lock is ever stale, and nothing is ever written into that file.
 */
import type { Database } from 'better-sqlite3';
import { ensureDatabaseFile } from './database-file.js';
import { openSqlite } from './sqlite.js';
import { guarded } from './sqlite-problem.js';

/** Milliseconds that a writer waits for the others. */
const patience = 30_000;

function lock(path: string): Database {
  return guarded(path, () => {
    ensureDatabaseFile(path);
    const db = openSqlite(path, { timeout: patience });
    try {
      db.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      db.close();
      throw error;
    }
    return db;
  });
}

export function withEvidenceLock<Result>(logPath: string, work: () => Result): Result {
  const db = lock(`${logPath}.lock`);
  try {
    return work();
  } finally {
    db.close();
  }
}
