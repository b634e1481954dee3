/** What was written last to a database stands in the log beside it only. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { readExport } from '../../../../support/read-export.js';

interface Copied {
  readonly database: Buffer;
  readonly log: Buffer;
}

/** A database and its log, copied while a program has them open. */
function copied(use: (db: Sqlite.Database) => void): Copied {
  const folder = mkdtempSync(join(tmpdir(), 'sprawl-test-'));
  const path = join(folder, 'x.db');
  const db = new Sqlite(path);
  db.pragma('journal_mode = WAL');
  db.pragma('wal_autocheckpoint = 0');
  use(db);
  const files = { database: readFileSync(path), log: readFileSync(`${path}-wal`) };
  db.close();
  rmSync(folder, { recursive: true });
  return files;
}

async function textsOf(files: Record<string, Buffer>, name: string): Promise<string[]> {
  const { records } = await readExport(files, name, { system: 'generic' });
  return records.flatMap(({ texts }) => texts.map(({ text }) => text));
}

const long = 'word '.repeat(5000);

describe('a database with a log beside it', () => {
  const { database, log } = copied((db) => {
    db.exec('CREATE TABLE notes (body TEXT)');
    const add = db.prepare('INSERT INTO notes VALUES (?)');
    add.run('copied back');
    add.run('to be changed');
    db.pragma('wal_checkpoint(TRUNCATE)');
    add.run('only in the log');
    add.run(`${long}end`);
    db.exec("UPDATE notes SET body = 'was changed' WHERE body = 'to be changed'");
  });

  it('is read as SQLite reads it', async () => {
    expect(await textsOf({ 'a/x.db': database, 'a/x.db-wal': log }, 'a/x.db')).toEqual([
      'copied back',
      'was changed',
      'only in the log',
      `${long}end`,
    ]);
    expect(await textsOf({ 'a/x.db': database }, 'a/x.db')).toEqual(['copied back', 'to be changed']);
  });

  it('ends, however many pages the log states', async () => {
    const pageSize = log.readUInt32BE(8);
    const hostile = Buffer.from(log);
    for (let at = 32; at + 24 + pageSize <= hostile.length; at += 24 + pageSize) {
      if (hostile.readUInt32BE(at + 4) > 0) hostile.writeUInt32BE(0xfffffffe, at + 4);
      // The pages that they were are gone, so that all pages are looked at.
      if (hostile.readUInt32BE(at) > 2) hostile.fill(0, at + 24, at + 24 + pageSize);
    }
    const files = { 'x.db': database, 'x.db-wal': hostile };
    const { records, damage } = await readExport(files, 'x.db', { system: 'generic' });
    const texts = records.flatMap((one) => one.texts.map(({ text }) => text));
    expect(texts).toContain('only in the log');
    expect(damage).toContain('the end of a long row of a database');
  });

  it('is read up to the last transaction that the log has whole', async () => {
    const cut = log.subarray(0, log.length - 5000);
    expect(await textsOf({ 'x.db': database, 'x.db-wal': cut }, 'x.db')).toContain('only in the log');
    expect(await textsOf({ 'x.db': database, 'x.db-wal': cut }, 'x.db')).not.toContain('was changed');
    const none = log.subarray(0, 2000);
    expect(await textsOf({ 'x.db': database, 'x.db-wal': none }, 'x.db')).toEqual([
      'copied back',
      'to be changed',
    ]);
  });

  it('leaves out frames of a time when the log was longer', async () => {
    const after = copied((db) => {
      db.exec('CREATE TABLE notes (body TEXT)');
      const add = db.prepare('INSERT INTO notes VALUES (?)');
      for (let i = 0; i < 50; i++) add.run(`${i} ${'filler '.repeat(500)}`);
      db.exec('DELETE FROM notes');
      // The log begins anew, in the file that it has.
      db.pragma('wal_checkpoint(RESTART)');
      add.run('behind the restart');
    });
    expect(await textsOf({ 'x.db': after.database, 'x.db-wal': after.log }, 'x.db')).toEqual([
      'behind the restart',
    ]);
  });

  it('is told of when the log is too large to be held', async () => {
    const tree = {
      list: async () => ['x.db', 'x.db-wal'],
      read: async () => undefined,
      memo: <T>(_: string, make: () => Promise<T>) => make(),
    };
    const { notes } = await readExport({ 'x.db': database }, 'x.db', { system: 'generic', tree });
    expect(notes).toEqual({ 'too-large': 1 });
  });
});

describe('a log without its database', () => {
  const { database, log } = copied((db) => {
    db.exec("CREATE TABLE notes (body TEXT); INSERT INTO notes VALUES ('never copied back')");
  });

  it('is read by itself', async () => {
    expect(await textsOf({ 'x.db-wal': log }, 'x.db-wal')).toEqual(['never copied back']);
    expect(await textsOf({ 'x.db-wal': log, 'x.db': Buffer.alloc(0) }, 'x.db-wal')).toEqual([
      'never copied back',
    ]);
  });

  it('is left to the reader of a database that is there', async () => {
    const both = { 'x.db-wal': log, 'x.db': database };
    expect(await textsOf(both, 'x.db')).toEqual(['never copied back']);
    expect(await textsOf(both, 'x.db-wal')).toEqual([]);
  });
});
