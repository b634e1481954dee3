import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { fileOfBytes } from '../../../../../src/sources/exports/offer.js';
import { type Database, openDatabase } from '../../../../../src/sources/exports/sqlite/database.js';
import { NoTree } from '../../../../../src/sources/exports/trees.js';
import { drawer } from '../../../../support/draw.js';
import { readExport } from '../../../../support/read-export.js';

/** A database made by SQLite itself. */
function made(fill: (db: Sqlite.Database) => void, pragmas: readonly string[] = []): Buffer {
  const db = new Sqlite(':memory:');
  for (const pragma of pragmas) db.pragma(pragma);
  fill(db);
  const bytes = db.serialize();
  db.close();
  return bytes;
}

async function opened(bytes: Buffer): Promise<{ database: Database | undefined; damage: string[] }> {
  const damage: string[] = [];
  const sink = { damaged: (detail: string) => damage.push(detail), note: () => undefined };
  return { database: await openDatabase(fileOfBytes('x.db', bytes, new NoTree(), undefined), sink), damage };
}

/** Rows by column, as SQLite would give them. */
function rowsOf(database: Database | undefined, name: string): Record<string, unknown>[] {
  const table = database?.table(name);
  if (database === undefined || table === undefined) return [];
  return [...database.rows(table)]
    .flat()
    .map(({ number, values }) =>
      Object.fromEntries(
        table.stored.map((column, i) => [column, i === table.rowNumber ? number : (values[i] ?? null)]),
      ),
    );
}

describe('tables of a SQLite database', () => {
  for (const pageSize of [512, 4096, 65536])
    for (const encoding of ['UTF-8', 'UTF-16le', 'UTF-16be'])
      it(`are read as SQLite reads them: pages of ${pageSize}, ${encoding}`, async () => {
        const draw = drawer(7);
        let expected: unknown[] = [];
        const bytes = made(
          (db) => {
            db.exec('CREATE TABLE "odd ""name" (id INTEGER PRIMARY KEY, [a b] TEXT, n NUMERIC, c BLOB, d)');
            const insert = db.prepare('INSERT INTO "odd ""name" VALUES (?, ?, ?, ?, ?)');
            const numbers = [
              0,
              1,
              -1,
              127,
              -32_768,
              8_388_607,
              2 ** 31,
              2 ** 40,
              -(2 ** 47),
              2 ** 52,
              1.5,
              -1e300,
            ];
            for (let i = 0; i < 400; i++) {
              const text = 'aé漢😀'.repeat(draw.below(i % 50 === 0 ? 20_000 : 40));
              const blob = Buffer.alloc(draw.below(900), i);
              insert.run(
                i * 3 - 200,
                text,
                numbers[i % numbers.length],
                i % 7 === 0 ? null : blob,
                `end ${i}`,
              );
            }
            db.exec('DELETE FROM "odd ""name" WHERE id % 5 = 0');
            expected = db.prepare('SELECT * FROM "odd ""name" ORDER BY id').all();
          },
          [`page_size = ${pageSize}`, `encoding = '${encoding}'`],
        );
        const { database, damage } = await opened(bytes);
        expect(rowsOf(database, 'odd "name')).toEqual(expected);
        expect(damage).toEqual([]);
      });

  it('have their columns named, whatever the statement looks like', async () => {
    let expected: Record<string, unknown> = {};
    const bytes = made((db) => {
      db.exec(`CREATE TABLE t(/* (not, a column) */ a TEXT DEFAULT ('x,y)'), -- nor, this
        b DECIMAL(10,2) CHECK (b > 0), "c,d" TEXT, v TEXT GENERATED ALWAYS AS (a || b) VIRTUAL,
        s TEXT AS (a) STORED, k INTEGER NOT NULL, PRIMARY KEY (k), UNIQUE(a, b))`);
      db.exec('ALTER TABLE t ADD COLUMN later TEXT');
      db.exec(`CREATE TABLE w (x TEXT, k2 INT, k1 TEXT, PRIMARY KEY (k1, k2)) WITHOUT ROWID`);
      db.exec(`INSERT INTO t (b, "c,d", k, later) VALUES (2, 'e', 41, 'l')`);
      db.exec(`INSERT INTO w VALUES ('v', 1, 'one')`);
      expected = db.prepare('SELECT a, b, "c,d", s, k, later FROM t').get() as Record<string, unknown>;
    });
    const { database } = await opened(bytes);
    expect(rowsOf(database, 't')).toEqual([expected]);
    const [row] = rowsOf(database, 'w');
    expect(row).toMatchObject({ x: 'v' });
    expect(new Set(Object.values(row ?? {}))).toEqual(new Set(['v', 1, 'one']));
  });
});

describe('a damaged database', () => {
  const bytes = made(
    (db) => {
      db.exec('CREATE TABLE t (text TEXT)');
      const insert = db.prepare('INSERT INTO t VALUES (?)');
      for (let i = 0; i < 2000; i++) insert.run(`row ${i} ${'x'.repeat(60)}`);
    },
    ['page_size = 1024'],
  );
  const textsIn = (database: Database | undefined): Set<unknown> => {
    const texts = rowsOf(database, 't').map((row) => row['text']);
    for (const rows of database?.leftRows() ?? []) for (const { values } of rows) texts.push(values[0]);
    return new Set(texts);
  };

  it('gives all rows that are still in it, and says where it ends', async () => {
    const cut = bytes.subarray(0, Math.floor(bytes.length * 0.6));
    const { database, damage } = await opened(cut);
    const texts = textsIn(database);
    // Each page is whole or is not there.
    const there = [...Array(2000).keys()].filter((i) => cut.includes(`row ${i} x`));
    expect(there.length).toBeGreaterThan(1000);
    const missing = there.filter((i) => !texts.has(`row ${i} ${'x'.repeat(60)}`));
    expect(missing.length).toBeLessThanOrEqual(14);
    expect(damage[0]).toMatch(/^ends too early, at byte \d+$/);
  });

  it('gives the rows of pages that nothing leads to any more', async () => {
    const broken = Buffer.from(bytes);
    const root = (await opened(bytes)).database?.table('t')?.root ?? 0;
    broken.fill(0, (root - 1) * 1024, root * 1024);
    const { database, damage } = await opened(broken);
    const texts = textsIn(database);
    for (let i = 0; i < 2000; i++) expect(texts.has(`row ${i} ${'x'.repeat(60)}`)).toBe(true);
    expect(damage).toContain(`page ${root} of a database`);
  });

  it('gives them as records, too', async () => {
    const broken = Buffer.from(bytes);
    const root = (await opened(bytes)).database?.table('t')?.root ?? 0;
    broken.fill(0, (root - 1) * 1024, root * 1024);
    const { records } = await readExport({ 'x.db': broken }, 'x.db', { system: 'generic' });
    expect(records.length).toBe(2000);
    const ids = new Set(records.map(({ id }) => id));
    expect(ids.size).toBe(records.length);
  });

  it('ends, however its pages refer to each other', async () => {
    const draw = drawer(3);
    for (let round = 0; round < 60; round++) {
      const hostile = Buffer.from(bytes);
      for (let i = 0; i < 200; i++) {
        // Kinds of pages, pointers, lengths: the first bytes of a page hold most of them.
        const page = draw.below(hostile.length / 1024);
        hostile[page * 1024 + draw.below(i % 2 === 0 ? 24 : 1024)] = draw.below(256);
      }
      const { database } = await opened(hostile);
      for (const table of database?.tables ?? []) for (const _ of database?.rows(table) ?? []);
      for (const _ of database?.leftRows() ?? []);
    }
  });
});
