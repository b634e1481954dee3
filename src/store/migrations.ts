/** Brings a database to the newest schema. Each step is one SQL file and one transaction. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { ProblemError } from '../model/problem.js';
import { packageRoot } from './package-root.js';

/** Marks a SQLite file as ours: `sprl`. */
const applicationId = 0x7370726c;

interface Migration {
  readonly version: number;
  readonly file: string;
}

function migrationFiles(folder: string): Migration[] {
  return readdirSync(folder)
    .filter((name) => /^\d{4}-.*\.sql$/.test(name))
    .sort()
    .map((name) => ({ version: Number(name.slice(0, 4)), file: join(folder, name) }));
}

function numberOf(db: Database, pragma: string): number {
  return db.pragma(pragma, { simple: true }) as number;
}

export function schemaVersionOf(db: Database): number {
  return numberOf(db, 'user_version');
}

/** Migrates within one write transaction, so that two processes which open a new file do it once. */
export function migrate(db: Database, path: string, now: string, keyId: string): void {
  const files = migrationFiles(join(packageRoot(), 'src/store/migrations'));
  const newest = files.at(-1)?.version ?? 0;
  if (schemaVersionOf(db) === newest && numberOf(db, 'application_id') === applicationId) return;
  db.transaction(() => {
    const version = schemaVersionOf(db);
    const tables = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() as number;
    if (tables > 0 && numberOf(db, 'application_id') !== applicationId) {
      throw new ProblemError({
        code: 'database-corrupt',
        message: `The file ${path} is a SQLite database of another program.`,
        hint: 'Name another one with --db.',
      });
    }
    if (version > newest) {
      throw new ProblemError({
        code: 'database-newer',
        message: `The database ${path} was written by a newer sprawl (schema ${version}, this one knows ${newest}).`,
        hint: 'Update sprawl.',
      });
    }
    for (const step of files) {
      if (step.version > version) db.exec(readFileSync(step.file, 'utf8'));
    }
    if (version === 0) {
      const insert = db.prepare('INSERT INTO meta (name, value) VALUES (?, ?)');
      insert.run('key_id', keyId);
      insert.run('created', now);
    }
    db.pragma(`application_id = ${applicationId}`);
    db.pragma(`user_version = ${newest}`);
  }).immediate();
}

/** Refuses a database whose fingerprints were made with another key. */
export function checkKey(db: Database, path: string, keyId: string): void {
  const stored = db.prepare("SELECT value FROM meta WHERE name = 'key_id'").pluck().get();
  if (stored === keyId) return;
  throw new ProblemError({
    code: 'key-mismatch',
    message: `The database ${path} was made with the key ${String(stored)}, not with ${keyId}.`,
    hint: 'Name its key with --key-file, or another database with --db.',
  });
}
