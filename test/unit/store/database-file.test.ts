import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ProblemError } from '../../../src/model/problem.js';
import { openStore } from '../../../src/store/open-store.js';
import { openSqlite } from '../../../src/store/sqlite.js';
import type { OpenOptions } from '../../../src/store/store.js';
import {
  begin,
  clock,
  content,
  digest,
  file,
  finding,
  fingerprint,
  keyId,
  newStore,
  place,
  removeFolders,
  scanOnce,
  temporaryFolder,
} from './fixtures.js';

afterEach(removeFolders);

async function problemOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'none';
  } catch (error) {
    if (error instanceof ProblemError) return error.problem.code;
    throw error;
  }
}

function open(path: string, more: Partial<OpenOptions> = {}): ReturnType<typeof openStore> {
  return openStore({ path, keyId, mode: 'write', now: clock(), ...more });
}

describe('the database file', () => {
  it('is made 0600 with its folders, and so is its WAL', async () => {
    const path = join(temporaryFolder(), 'x/y/sprawl.db');
    const store = await open(path);
    await begin(store);
    for (const suffix of ['', '-wal']) expect(statSync(path + suffix).mode & 0o777).toBe(0o600);
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
    store.close();
  });

  it('is never a link', async () => {
    const folder = temporaryFolder();
    symlinkSync(join(folder, 'target.db'), join(folder, 'link.db'));
    expect(await problemOf(open(join(folder, 'link.db')))).toBe('database-unavailable');
    expect(existsSync(join(folder, 'target.db'))).toBe(false);
    mkdirSync(join(folder, 'dir.db'));
    expect(await problemOf(open(join(folder, 'dir.db')))).toBe('database-unavailable');
  });

  it('is refused with another key', async () => {
    const path = join(temporaryFolder(), 'x.db');
    (await open(path)).close();
    for (const mode of ['read', 'write'] as const) {
      expect(await problemOf(open(path, { keyId: 'ffffffffffffffff', mode }))).toBe('key-mismatch');
    }
  });

  it('is refused when it is newer, damaged, another program’s or not there', async () => {
    const folder = temporaryFolder();
    const newer = join(folder, 'newer.db');
    (await open(newer)).close();
    const db = openSqlite(newer);
    db.pragma('user_version = 999');
    db.close();
    const foreign = join(folder, 'foreign.db');
    const other = openSqlite(foreign);
    other.exec('CREATE TABLE t (x)');
    other.close();
    const damaged = join(folder, 'damaged.db');
    writeFileSync(damaged, 'not a database, '.repeat(1000));
    for (const mode of ['read', 'write'] as const) {
      expect(await problemOf(open(newer, { mode })), mode).toBe('database-newer');
      expect(await problemOf(open(foreign, { mode })), mode).toBe('database-corrupt');
      expect(await problemOf(open(damaged, { mode })), mode).toBe('database-corrupt');
    }
    expect(await problemOf(open(join(folder, 'none.db'), { mode: 'read' }))).toBe('not-found');
    expect(existsSync(join(folder, 'none.db'))).toBe(false);
  });

  it('cannot be written by a reader', async () => {
    const path = join(temporaryFolder(), 'x.db');
    (await open(path)).close();
    const reader = await open(path, { mode: 'read' });
    expect(await problemOf(begin(reader))).toBe('database-read-only');
    reader.close();
  });

  it('is read from a copy where its folder cannot be written, with what its WAL holds', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'x.db');
    const store = await newStore(path);
    await scanOnce(store, place('p'), [
      content(1, { findings: [finding(fingerprint('a'))], appearances: [file('a')] }),
    ]);
    const expected = await digest(store);
    chmodSync(folder, 0o500);
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('sprawl-read-'));
    const reader = await open(path, { mode: 'read' });
    expect(await digest(reader)).toBe(expected);
    const after = readdirSync(tmpdir()).filter((name) => name.startsWith('sprawl-read-'));
    expect(after.filter((name) => !before.includes(name))).toEqual([]);
    reader.close();
    chmodSync(folder, 0o700);
    store.close();
  });
});

describe('merging', () => {
  const p = place('p');
  const q = place('q');
  const one = [
    content(1, { findings: [finding(fingerprint('a'))], appearances: [file('a')] }),
    content(2, { findings: [finding(fingerprint('b'))], appearances: [file('b')] }),
  ];
  const two = [
    content(2, { findings: [finding(fingerprint('b'))], appearances: [file('c')] }),
    content(3, {
      findings: [
        finding(fingerprint('c'), {
          aliases: [{ domain: 'hex-lower', fingerprint: fingerprint('a') }],
          attributes: [{ name: 'key-id', text: 'K' }],
          pathCondition: '*.yml',
        }),
      ],
      appearances: [file('d.yml')],
    }),
  ];

  async function filled(
    now: () => string,
    ...scans: [ReturnType<typeof place>, typeof one][]
  ): Promise<string> {
    const path = join(temporaryFolder(), 'x.db');
    const store = await newStore(path, now);
    for (const [of, contents] of scans) await scanOnce(store, of, contents);
    store.close();
    return path;
  }

  it('gives what scanning both into one gives, from either side and repeatedly', async () => {
    const now = clock();
    const [left, right] = [await filled(now, [p, one]), await filled(now, [q, two])];
    const both = await newStore(await filled(now, [p, one], [q, two]), now);
    const expected = await digest(both);
    both.close();
    const a = await newStore(left, now);
    expect(await a.merge(right)).toEqual({ secrets: 0, locations: 2 });
    expect(await digest(a)).toBe(expected);
    expect(await a.merge(right)).toEqual({ secrets: 0, locations: 0 });
    expect(await digest(a)).toBe(expected);
    a.close();
    const b = await newStore(right, now);
    await b.merge(left);
    expect(await digest(b)).toBe(expected);
    b.close();
  });

  it('lets the newer whole scan of a root say what is still there', async () => {
    const now = clock();
    const old = await filled(now, [p, one]);
    const late = await filled(now, [p, [one[0] as (typeof one)[0]]]);
    const [a, b] = [await newStore(old, now), await newStore(late, now)];
    const copy = await filled(now);
    const c = await newStore(copy, now);
    await c.merge(late);
    await c.merge(old);
    await a.merge(late);
    await b.merge(old);
    expect((await a.exposure(fingerprint('b')))?.status).toBe('vanished');
    expect((await a.exposure(fingerprint('a')))?.status).toBe('open');
    expect(new Set([await digest(a), await digest(b), await digest(c)]).size).toBe(1);
    for (const store of [a, b, c]) store.close();
  });

  it('refuses a database of another key and changes nothing', async () => {
    const store = await newStore();
    const other = join(temporaryFolder(), 'o.db');
    (await open(other, { keyId: 'ffffffffffffffff' })).close();
    const before = await digest(store);
    expect(await problemOf(store.merge(other))).toBe('key-mismatch');
    expect(await problemOf(store.merge(`${other}.none`))).toBe('not-found');
    expect(await digest(store)).toBe(before);
    store.close();
  });
});
