import Database from 'better-sqlite3';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RowLoader } from '../../../src/store/row-loader.js';

function table(): { loader: RowLoader; rows: () => unknown[] } {
  const db = new Database(':memory:');
  db.exec('CREATE TABLE item (key INTEGER PRIMARY KEY, text TEXT, times INTEGER)');
  const sql = (rows: string): string =>
    `INSERT INTO item VALUES ${rows}
     ON CONFLICT DO UPDATE SET text = excluded.text, times = times + excluded.times`;
  return {
    loader: new RowLoader(db, 3, sql),
    rows: () => db.prepare('SELECT key, text, times FROM item ORDER BY key').raw().all(),
  };
}

test('rows stand as if each had been added by itself, in the order of adding', () => {
  const key = fc.nat(60);
  fc.assert(
    fc.property(fc.array(fc.tuple(key, fc.string()), { maxLength: 400 }), fc.nat(400), (items, middle) => {
      const { loader, rows } = table();
      const expected = new Map<number, [number, string, number]>();
      items.forEach(([at, text], i) => {
        loader.add(at, text, 1);
        expected.set(at, [at, text, (expected.get(at)?.[2] ?? 0) + 1]);
        if (i === middle) loader.settle();
      });
      loader.settle();
      expect(rows()).toEqual([...expected.values()].sort((a, b) => a[0] - b[0]));
    }),
    { numRuns: 40 },
  );
});

test('what is forgotten is not added later', () => {
  const { loader, rows } = table();
  loader.add(1, 'a', 1);
  loader.settle();
  loader.add(2, 'b', 1);
  loader.clear();
  loader.add(3, 'c', null);
  loader.settle();
  loader.settle();
  expect(rows()).toEqual([
    [1, 'a', 1],
    [3, 'c', null],
  ]);
});
