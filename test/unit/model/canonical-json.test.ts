import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../../src/model/canonical-json.js';
import '../../support/fixed-seed.js';

function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(entries.map(([key, inner]) => [key, shuffled(inner)]));
}

describe('canonical JSON', () => {
  test.each([
    [{ b: 1, a: [true, null, 'x'] }, '{"a":[true,null,"x"],"b":1}'],
    [{ a: undefined, b: {} }, '{"b":{}}'],
    [{ 10: 'ten', 9: 'nine' }, '{"10":"ten","9":"nine"}'],
    // U+10000 comes after U+FFFF, though its first code unit comes before.
    [{ '\u{10000}': 1, '\uffff': 2 }, '{"\uffff":2,"\u{10000}":1}'],
    [{ ab: 1, a: 2 }, '{"a":2,"ab":1}'],
    [-0, '0'],
    [1e21, '1e+21'],
  ])('%j', (data, text) => {
    expect(canonicalJson(data)).toBe(text);
  });

  test('does not depend on the order of keys, and reads back as the same data', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(shuffled(value))).toBe(text);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });

  test.each([[Number.NaN], [Number.POSITIVE_INFINITY], [[undefined]], [() => 1]])('refuses %s', (data) => {
    expect(() => canonicalJson(data)).toThrow(TypeError);
  });
});
