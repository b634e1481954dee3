import fc from 'fast-check';
import { expect, test } from 'vitest';
import { smallest } from '../../../src/store/smallest.js';

interface Item {
  readonly key: number;
  readonly number: number;
}

const byKey = (a: Item, b: Item): number => a.key - b.key;

test('the first of an order are those of a full sort, equal ones in the order in which they came', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20), { maxLength: 200 }), fc.nat(40), (keys, count) => {
      const items = keys.map((key, number) => ({ key, number }));
      expect(smallest(items, count, byKey)).toEqual([...items].sort(byKey).slice(0, count));
    }),
  );
});

test('of many items nearly all are compared once', () => {
  let compared = 0;
  const items = Array.from({ length: 100_000 }, (_, number) => ({ key: (number * 7919) % 100_003, number }));
  const counted = (a: Item, b: Item): number => {
    compared++;
    return byKey(a, b);
  };
  expect(smallest(items, 100, counted)).toHaveLength(100);
  expect(compared).toBeLessThan(120_000);
});
