import { describe, expect, test } from 'vitest';
import { unprovenSkeletons } from '../../../src/rules/keyword-proof.js';
import { analysePattern, SubsetError } from '../../../src/rules/subset.js';

describe('analysePattern', () => {
  test('measures the shortest and the longest match', () => {
    const shape = analysePattern('(?<![A-Za-z0-9])(ab[0-9]{2,5}(?:-x)?)(?![0-9])', false);
    expect([shape.minBytes, shape.maxBytes, shape.ways]).toEqual([4, 9, 2]);
  });

  test.each([
    ['a backreference', String.raw`(a)\1`],
    ['an open-ended repeat', '(a+)'],
    ['an open-ended repeat with a lower bound', '(a{3,})'],
    ['a repeat above the limit', '(a{0,5000})'],
    ['nested ambiguous repeats', '((?:a{1,40}){1,40})b'],
    ['neighbouring repeats that overlap', String.raw`(\w{0,400}\d{0,400}\w{0,400}x)`],
    ['a line anchor', '^(abc)'],
    ['a lookahead over more than a class', '(abc)(?=def)'],
    ['no capturing group', 'abc'],
    ['two capturing groups', '(abc)(def)'],
    ['a repeated secret', '(?:x(abc)){1,3}'],
    ['an optional secret', 'x(?:y(abc))?'],
    ['an inline modifier', '(?i:a)(b)'],
    ['a match of nothing', '(a{0,3})'],
    ['a match of more than the window', '(a{4000}b{4000}c{4000})'],
  ])('refuses %s', (_what, source) => {
    expect(() => analysePattern(source, false)).toThrow();
  });

  test('says which part is refused', () => {
    expect(() => analysePattern('(ab+)', false)).toThrow(SubsetError);
    expect(() => analysePattern('(ab+)', false)).toThrow('b+');
  });

  test('counts the choices that remain', () => {
    expect(analysePattern('a{0,9}(b{2})', false).ways).toBe(1);
    expect(analysePattern('a{0,9}(a{2})', false).ways).toBe(10);
    expect(analysePattern('(?:ab|ac){3}(d)', false).ways).toBe(8);
  });
});

describe('unprovenSkeletons', () => {
  const keyword = (text: string, caseSensitive = false) => ({ text, caseSensitive });

  test.each([
    ['a literal', '(ghp_[a-z]{4})', [keyword('ghp_', true)]],
    ['alternatives that each hold one', '((?:abc|xyz)[0-9])', [keyword('abc'), keyword('xyz')]],
    ['a letter in either case', '[Aa][Bb][Cc](x)', [keyword('abc')]],
    ['a small class spelled out', '(xox[ab]-[0-9])', [keyword('xoxa-', true), keyword('xoxb-', true)]],
    [
      'joints between the words of a name',
      '[Aa]b[_-]?cd(x)',
      [keyword('abcd'), keyword('ab_cd'), keyword('ab-cd')],
    ],
  ])('proves %s', (_what, source, keywords) => {
    expect(unprovenSkeletons(analysePattern(source, false), keywords)).toEqual([]);
  });

  test.each([
    ['an alternative without', '((?:abc|xyz)[0-9])', [keyword('abc')]],
    ['a literal across a gap', '(ab[0-9]{0,3}cd)', [keyword('abcd')]],
    ['an exact keyword where the case is open', '[Aa]bc(x)', [keyword('abc', true)]],
    ['an optional literal', '((?:abc)?[0-9])', [keyword('abc')]],
  ])('does not prove %s', (_what, source, keywords) => {
    expect(unprovenSkeletons(analysePattern(source, false), keywords)).not.toEqual([]);
  });
});
