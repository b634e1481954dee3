import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchGlob, parseGlob } from '../../../../src/rotation/policy/glob.js';

function matches(pattern: string, text: string): boolean {
  return matchGlob(parseGlob(pattern), text).isMatch;
}

describe('glob', () => {
  it.each([
    ['acme/erp-*', 'acme/erp-core', true],
    ['acme/erp-*', 'acme/erp-core/deep', false],
    ['acme/**', 'acme/erp/deep', true],
    ['**/deploy/**', 'a/b/deploy/c', true],
    ['**', '', true],
    ['*', 'a/b', false],
    ['?', '/', false],
    ['?', 'é', true],
    ['a?c', 'abc', true],
    ['a.c', 'abc', false],
    ['[ab]', 'a', false],
    ['a*b*c', 'aXbYbZc', true],
    ['*a**b', 'xa/y/b', true],
    ['', '', true],
    ['', 'a', false],
    ['a', '', false],
  ])('%s and %s: %s', (pattern, text, expected) => {
    expect(matches(pattern, text)).toBe(expected);
  });

  it('takes steps that a pattern cannot multiply', () => {
    const text = 'a'.repeat(100_000);
    for (const pattern of ['*a*a*a*b', '**a**a**a**b', '*a'.repeat(20), '?*?*?*?*b']) {
      const { tokens } = parseGlob(pattern);
      const { steps } = matchGlob(parseGlob(pattern), text);
      expect(steps).toBeLessThanOrEqual((tokens.length + 1) * (text.length + 1));
    }
    expect(matchGlob(parseGlob('*a*a*a*b'), text).isMatch).toBe(false);
    // A text that is lost at once costs next to nothing.
    expect(matchGlob(parseGlob('b*'), text).steps).toBeLessThan(10);
  });

  it('agrees with a reader that tries every way', () => {
    const slow = (pattern: string, text: string): boolean => {
      if (pattern === '') return text === '';
      if (pattern.startsWith('**')) {
        const rest = pattern.replace(/^\*+/, '');
        return Array.from({ length: text.length + 1 }, (_, at) => at).some((at) =>
          slow(rest, text.slice(at)),
        );
      }
      const [first] = pattern;
      if (first === '*') {
        const end = text.indexOf('/') < 0 ? text.length : text.indexOf('/');
        return Array.from({ length: end + 1 }, (_, at) => at).some((at) =>
          slow(pattern.slice(1), text.slice(at)),
        );
      }
      if (text === '' || (first === '?' ? text[0] === '/' : text[0] !== first)) return false;
      return slow(pattern.slice(1), text.slice(1));
    };
    const letters = (alphabet: string): fc.Arbitrary<string> =>
      fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 7 });
    fc.assert(
      fc.property(letters('ab/*?'), letters('ab/'), (pattern, text) => {
        expect(matches(pattern, text)).toBe(slow(pattern, text));
      }),
      { numRuns: 2000 },
    );
  });
});
