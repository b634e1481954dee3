import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { readExport } from '../../../../support/read-export.js';
import { textsOf, users } from './fixtures.js';

const channel = {
  id: 'C0DEPLOY01',
  name: 'deploys',
  is_channel: true,
  is_private: false,
  created: 1500000000,
  topic: { value: 'where ops meet' },
};
const direct = { id: 'D0DIRECT01', is_im: true, user: 'U0ANA00001' };

const said = (ts: string, text: string, more: object = {}): Record<string, unknown> => ({
  type: 'message',
  user: 'U0ANA00001',
  ts,
  text,
  ...more,
});

/** What slackdump writes: rows of JSON, with the run that fetched them. */
function archive(
  messages: readonly (readonly [chunk: number, channel: string, message: Record<string, unknown>])[],
): Buffer {
  const db = new Sqlite(':memory:');
  db.exec(`
    CREATE TABLE goose_db_version (id INTEGER PRIMARY KEY AUTOINCREMENT, version_id INTEGER NOT NULL, tstamp TIMESTAMP);
    CREATE TABLE SESSION (ID INTEGER PRIMARY KEY, CREATED_AT TIMESTAMP, MODE TEXT NOT NULL, ARGS TEXT);
    CREATE TABLE CHUNK (ID INTEGER PRIMARY KEY, SESSION_ID INTEGER, TYPE_ID SMALLINT, SEARCH_QUERY TEXT);
    CREATE TABLE MESSAGE (
      ID INTEGER NOT NULL, -- number of the message
      CHUNK_ID INTEGER NOT NULL, LOAD_DTTM TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, CHANNEL_ID TEXT NOT NULL,
      TS TEXT NOT NULL, PARENT_ID INTEGER, TXT TEXT, DATA BLOB NOT NULL, PRIMARY KEY (ID, CHUNK_ID));
    CREATE TABLE CHANNEL (ID TEXT NOT NULL, CHUNK_ID INTEGER, NAME TEXT, DATA BLOB NOT NULL);
    CREATE TABLE FILE (ID TEXT NOT NULL, CHUNK_ID INTEGER, CHANNEL_ID TEXT NOT NULL, FILENAME TEXT, DATA BLOB NOT NULL);
    CREATE TABLE WORKSPACE (ID INTEGER PRIMARY KEY, CHUNK_ID INTEGER, TEAM TEXT, TEAM_ID TEXT, URL TEXT, DATA BLOB);
    CREATE TABLE S_USER (ID TEXT NOT NULL, CHUNK_ID INTEGER, USERNAME TEXT, DATA BLOB NOT NULL);
    CREATE TABLE SEARCH_MESSAGE (ID INTEGER PRIMARY KEY, CHUNK_ID INTEGER, CHANNEL_ID TEXT, CHANNEL_NAME TEXT, TS TEXT,
      TXT TEXT, DATA BLOB NOT NULL);
    CREATE TABLE ALIAS (CHANNEL_ID TEXT NOT NULL PRIMARY KEY, ALIAS TEXT);
  `);
  const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
  db.prepare('INSERT INTO SESSION VALUES (1, ?, ?, ?)').run('2025-02-07', 'archive', '-token marker-args');
  db.prepare('INSERT INTO CHUNK VALUES (1, 1, 10, ?)').run('marker-query');
  db.prepare('INSERT INTO ALIAS VALUES (?, ?)').run(channel.id, 'marker-alias');
  db.prepare('INSERT INTO WORKSPACE VALUES (1, 1, ?, ?, ?, ?)').run(
    'Acme',
    'T0TEAM001',
    'https://acme.slack.com/',
    json({ url: 'https://acme.slack.com/', team: 'Acme marker-team', user_id: 'U0ANA00001' }),
  );
  for (const user of users) db.prepare('INSERT INTO S_USER VALUES (?, 1, ?, ?)').run(user.id, '', json(user));
  for (const one of [channel, direct])
    db.prepare('INSERT INTO CHANNEL VALUES (?, 1, NULL, ?)').run(one.id, json(one));
  const file = { id: 'F0FILE0001', name: 'marker-file.txt', preview: 'marker-preview', mode: 'snippet' };
  db.prepare('INSERT INTO FILE VALUES (?, 1, ?, ?, ?)').run(file.id, channel.id, file.name, json(file));
  const insert = db.prepare(
    'INSERT INTO MESSAGE (ID, CHUNK_ID, CHANNEL_ID, TS, TXT, DATA) VALUES (?, ?, ?, ?, ?, ?)',
  );
  for (const [chunk, where, message] of messages) {
    const ts = String(message['ts']);
    insert.run(Number(ts.replace('.', '')), chunk, where, ts, message['text'] ?? null, json(message));
  }
  const found = said('1700000009.000000', 'marker-found', { channel: { id: channel.id, name: 'deploys' } });
  db.prepare('INSERT INTO SEARCH_MESSAGE VALUES (1, 1, ?, ?, ?, ?, ?)').run(
    channel.id,
    'deploys',
    found['ts'],
    '',
    json(found),
  );
  const bytes = db.serialize();
  db.close();
  return bytes;
}

const first = said('1700000001.000100', 'marker-first');

describe('a database of slackdump', () => {
  it('gives messages with channel, author, time and link', async () => {
    const bytes = archive([
      [1, channel.id, first],
      [1, channel.id, said('1700000002.000100', 'marker-reply', { thread_ts: '1700000001.000100' })],
    ]);
    const { reader, records, unknownKeys, damage } = await readExport(
      { 'renamed.bin': bytes },
      'renamed.bin',
    );
    expect(reader).toBe('slack-slackdump-database');
    expect(damage).toEqual([]);
    expect(unknownKeys).toEqual([]);
    expect(records.find(({ id }) => id === '1700000001.000100')).toMatchObject({
      place: { kind: 'channel', tenant: 'T0TEAM001', id: channel.id, name: '#deploys', audience: 'internal' },
      actor: { id: 'U0ANA00001', name: 'Ana R', email: 'ana@example.org' },
      time: { created: '2023-11-14T22:13:21.000100Z' },
      permalink: { url: 'https://acme.slack.com/archives/C0DEPLOY01/p1700000001000100' },
      revision: { state: 'current' },
    });
    expect(records.find(({ id }) => id === '1700000002.000100')).toMatchObject({
      thread: '1700000001.000100',
    });
    const texts = JSON.stringify(records.map((record) => record.texts));
    const markers = ['args', 'query', 'alias', 'team', 'file.txt', 'preview', 'found', 'first', 'reply'];
    expect(markers.filter((marker) => !texts.includes(`marker-${marker}`))).toEqual([]);
  });

  it('keeps what a message said before it was edited, and tells twice what was fetched twice as one', async () => {
    const edited = said('1700000001.000100', 'now clean', { edited: { ts: '1700000300.000000' } });
    const bytes = archive([
      [1, channel.id, first],
      [2, channel.id, first],
      [7, channel.id, edited],
    ]);
    const { records } = await readExport({ 'slackdump.sqlite': bytes }, 'slackdump.sqlite');
    const versions = records.filter(({ id, type }) => type === 'message' && id === '1700000001.000100');
    expect(versions.map((one) => [one.revision.state, textsOf(one)['text']])).toEqual([
      ['current', 'now clean'],
      ['previous', 'marker-first'],
    ]);
  });

  it('leaves direct messages out unless they are asked for', async () => {
    const files = { x: archive([[1, direct.id, said('1700000004.000000', 'marker-direct')]]) };
    const without = await readExport(files, 'x', { includeDirect: false });
    expect(JSON.stringify(without.records)).not.toContain('marker-direct');
    expect(without.notes['direct-message']).toBe(1);
    expect(JSON.stringify((await readExport(files, 'x')).records)).toContain('marker-direct');
  });

  it('gives the messages of a file that was cut', async () => {
    const many = [...Array(600).keys()].map(
      (i) => [1, channel.id, said(`17000${10_000 + i}.000000`, `word-${i}-end ${'x'.repeat(200)}`)] as const,
    );
    const whole = archive(many);
    const bytes = whole.subarray(0, Math.floor(whole.length / 2));
    const { records, damage } = await readExport({ x: bytes }, 'x');
    expect(damage[0]).toMatch(/^ends too early/);
    const read = new Set(records.filter(({ place }) => place.id === channel.id).map(({ id }) => id));
    const whole_ = many.filter(([, , { ts, text }]) => bytes.includes(`"ts":"${ts}","text":"${text}"`));
    expect(whole_.length).toBeGreaterThan(200);
    expect(whole_.filter(([, , { ts }]) => !read.has(String(ts))).length).toBeLessThan(8);
  });
});
