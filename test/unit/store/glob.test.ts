import { describe, expect, it } from 'vitest';
import { compileGlob } from '../../../src/store/glob.js';

const cases: readonly [string, readonly string[], readonly string[]][] = [
  ['*.md', ['a.md', 'x/y/a.md'], ['a.md/x', 'amd', 'a.mdx']],
  ['a/*.md', ['a/b.md'], ['a/b/c.md', 'x/a/b.md']],
  ['/a/*.md', ['a/b.md'], ['x/a/b.md']],
  ['**/.npmrc', ['.npmrc', 'a/.npmrc', 'a/b/.npmrc'], ['a.npmrc', 'a/x.npmrc']],
  ['test/**', ['test/a', 'test/a/b'], ['test', 'tests/a', 'x/test/a']],
  ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b'], ['ab', 'a/xb']],
  ['**', ['a', 'a/b'], []],
  ['a?c', ['abc', 'x/abc'], ['ac', 'a/c']],
  ['[a-c]x.{ts,js}', ['ax.ts', 'cx.js', 'y/bx.js'], ['dx.ts', 'ax.tsx']],
  ['[!a]x', ['bx'], ['ax']],
  ['{a,b/{c,d}}', ['a', 'b/c', 'b/d'], ['b', 'c']],
  ['a{b', ['a{b'], ['ab']],
  ['\\*.md', ['*.md'], ['a.md']],
];

describe('globs', () => {
  for (const [glob, yes, no] of cases) {
    it(glob, () => {
      const matches = compileGlob(glob);
      expect(yes.filter((path) => !matches(path))).toEqual([]);
      expect(no.filter(matches)).toEqual([]);
    });
  }

  it('costs no more than glob times path, whoever wrote it', () => {
    const matches = compileGlob(`${'*a'.repeat(60)}b`);
    expect(matches('a'.repeat(4000))).toBe(false);
  });
});
