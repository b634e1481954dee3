import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { readExport } from '../../../../support/read-export.js';

describe('a SQLite database of whatever program', () => {
  it('gives rows as records, texts under the names of their columns', async () => {
    const db = new Sqlite(':memory:');
    db.pragma(`encoding = 'UTF-16le'`);
    db.exec(
      'CREATE TABLE ItemTable (key TEXT UNIQUE, value BLOB); CREATE TABLE logins (user TEXT, password TEXT)',
    );
    db.prepare('INSERT INTO ItemTable VALUES (?, ?)').run('smtp.password', Buffer.from('marker-blob'));
    db.prepare('INSERT INTO ItemTable VALUES (?, ?)').run(
      'state',
      '{"inner": {"token": "marker-json", "more": "a\\nb"}}',
    );
    db.prepare('INSERT INTO logins VALUES (?, ?)').run('ana', `marker-${'long'.repeat(900)}`);
    db.prepare('INSERT INTO logins VALUES (?, ?)').run('bob', Buffer.from([0, 1, 2, 255]));
    const bytes = db.serialize();
    db.close();
    const { reader, records, damage } = await readExport({ 'dir/state.vscdb': bytes }, 'dir/state.vscdb');
    expect(reader).toBe('sqlite-database');
    expect(damage).toEqual([]);
    const texts = records.flatMap((record) => record.texts.map((text) => ({ id: record.id, ...text })));
    expect(texts.filter(({ text }) => text.startsWith('marker')).map(({ id, label }) => [id, label])).toEqual(
      [
        ['state.vscdb#ItemTable/1', 'password'],
        ['state.vscdb#ItemTable/2', 'token'],
        ['state.vscdb#logins/1', 'password'],
      ],
    );
  });
});
