import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { CleanPages, cleanLists, removeFromAll } from '../../src/store/clean-pages.js';
import { sortedIds, uniqueIds } from '../../src/store/sort-ids.js';
import { openSqlite } from '../../src/store/sqlite.js';
import { newStore, removeFolders } from '../unit/store/fixtures.js';

afterEach(removeFolders);

/** Ids of 16 bytes that share long beginnings, so that sorting must look at all of them. */
const id = fc
  .tuple(fc.constantFrom('00000000', 'ffffffff', '00000001'), fc.nat(400))
  .map(([first, n]) => `${first}${'ab'.repeat(8)}${n.toString(16).padStart(8, '0')}`);

const packed = (ids: readonly string[]): Buffer => Buffer.from(ids.join(''), 'hex');
const sorted = (ids: readonly string[]): string[] => [...new Set(ids)].sort();

describe('packed ids', () => {
  it('are sorted by bytes, and given once each', () => {
    fc.assert(
      fc.property(fc.array(id, { maxLength: 300 }), (ids) => {
        const bytes = packed(ids);
        const order = sortedIds(bytes);
        expect([...order].map((i) => ids[i])).toEqual([...ids].sort());
        expect(uniqueIds(bytes, order).toString('hex')).toBe(sorted(ids).join(''));
      }),
    );
  });
});

interface Step {
  readonly analysis: number;
  readonly ids: readonly string[];
  readonly isRemoval: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  analysis: fc.constantFrom(1, 2),
  ids: fc.array(id, { maxLength: 700, size: 'max' }),
  isRemoval: fc.boolean(),
});

/** Ids by analysis. */
type Model = ReadonlyMap<number, Set<string>>;

function take(model: Model, { analysis, ids, isRemoval }: Step): void {
  if (isRemoval) for (const set of model.values()) for (const name of ids) set.delete(name);
  else for (const name of ids) model.get(analysis)?.add(name);
}

describe('lists of clean contents', () => {
  it('answer as sets would, through additions and removals of any size', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), fc.array(id), async (steps, others) => {
        const store = await newStore();
        const db = openSqlite(store.path);
        db.exec("INSERT INTO analysis (id, name) VALUES (1, 'one'), (2, 'two')");
        const pages = new CleanPages(db);
        const model: Model = new Map([1, 2].map((analysis) => [analysis, new Set<string>()]));
        for (const step of steps) {
          const bytes = packed(sorted(step.ids));
          if (step.isRemoval) removeFromAll(db, bytes);
          else pages.add(step.analysis, bytes);
          take(model, step);
        }
        const asked = [...others, ...steps.flatMap(({ ids }) => ids)];
        const bytes = packed(asked);
        for (const [analysis, set] of model) {
          const lists = [...cleanLists(db, analysis)];
          expect(Buffer.concat(lists).toString('hex')).toBe([...set].sort().join(''));
          expect(lists.every((list) => list.length > 0 && list.length <= 248 * 16)).toBe(true);
          const flags = new Uint8Array(asked.length);
          pages.mark(analysis, bytes, sortedIds(bytes), flags);
          expect([...flags]).toEqual(asked.map((name) => (set.has(name) ? 1 : 0)));
        }
        db.close();
        expect((await store.check()).faults).toEqual([]);
        store.close();
      }),
      { numRuns: 40 },
    );
  });
});
