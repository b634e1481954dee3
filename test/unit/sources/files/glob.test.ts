import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import glob from 'fast-glob';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compileGlob } from '../../../../src/sources/files/glob.js';
import { pathFilterOf } from '../../../../src/sources/files/path-filter.js';

const paths = [
  'a',
  'b.txt',
  'ab',
  '.env',
  'x/a',
  'x/b.txt',
  'x/.env',
  'x/y/a',
  'x/y/b.txt',
  'x/y/abc.txt',
  'x/y.z/q-1',
  'src/lib/x.ts',
  'src/x.tsx',
  'src/x.js',
  'src/[id]',
];

describe('agrees with fast-glob', () => {
  let root = '';
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'sprawl-test-'));
    for (const path of paths) {
      mkdirSync(join(root, path, '..'), { recursive: true });
      writeFileSync(join(root, path), '');
    }
  });
  afterAll(() => rmSync(root, { recursive: true }));

  function matchesOf(pattern: string): string[] {
    const options = { cwd: root, dot: true, baseNameMatch: true, onlyFiles: true, suppressErrors: true };
    return glob
      .globSync(pattern, options)
      .map((path) => path.replace(/^\.\//, ''))
      .sort();
  }

  test.each([
    '*.txt',
    'a',
    '**',
    '**/*',
    '*',
    'x/*',
    'x/**',
    'x/**/a',
    '**/y/*.txt',
    '?b',
    '?',
    'x/y/a*c.*',
    '[ab].txt',
    '[!b]*',
    'src/**/*.{ts,tsx}',
    '{a,b.txt}',
    'src/{lib/,}x.{ts,js}',
    '.env',
    '**/.env',
    './a',
    'x/y.z/q-[0-9]',
    'x/**/**/b.txt',
    'nothing',
  ])('%s', (pattern) => {
    const compiled = compileGlob(pattern);
    expect(paths.filter((path) => compiled.matches(path)).sort()).toEqual(matchesOf(pattern));
  });

  test('generated patterns', () => {
    const part = fc.array(fc.constantFrom('a', 'b', 'x', 'y', '.txt', '*', '?', '.'), {
      minLength: 1,
      maxLength: 4,
    });
    const pattern = fc
      .array(
        fc.oneof(
          fc.constant('**'),
          part.map((tokens) => tokens.join('')),
        ),
        { minLength: 1, maxLength: 4 },
      )
      .map((parts) => parts.join('/'))
      // Left out, since they differ there: `a/**` takes a file `a` too, `?/a` is not walked into by
      // fast-glob, `.` and `..` mean folders to it, and nobody writes three stars in a row.
      .filter(
        (text) =>
          !/(^|\/)\.\.?($|\/)|\*\*\*|.\/\*\*$|(^|\/)\?\//.test(text) &&
          text.split('/').every((p) => p === '**' || !p.includes('**')),
      );
    fc.assert(
      fc.property(pattern, (text) => {
        const compiled = compileGlob(text);
        expect(paths.filter((path) => compiled.matches(path)).sort()).toEqual(matchesOf(text));
      }),
      { numRuns: 150 },
    );
  });
});

test('hostile patterns stay linear or are refused', () => {
  const stars = compileGlob(`${'a*'.repeat(500)}b`);
  expect(stars.matches('a'.repeat(5000))).toBe(false);
  const deep = compileGlob(`${'**/a/'.repeat(100)}b`);
  expect(deep.matches('a/'.repeat(500))).toBe(false);
  expect(() => compileGlob('{a,b}'.repeat(20))).toThrow(RangeError);
  for (const odd of ['', '[', '[]', '{', '}', '{a', '[a-', '\\', '{,}', '//', '[z-a]']) {
    expect(() => compileGlob(odd).matches('x/y')).not.toThrow();
  }
});

test('a folder pattern takes the folder itself, `?` is any one character', () => {
  expect(compileGlob('a/**').matches('a')).toBe(true);
  expect(compileGlob('?/a').matches('x/a')).toBe(true);
  expect(compileGlob('?/a').matches('xy/a')).toBe(false);
  expect(compileGlob('?').matches('\u{1f600}')).toBe(true);
});

test('a backslash takes the next character as it is', () => {
  expect(compileGlob('src/\\[id\\]').matches('src/[id]')).toBe(true);
  expect(compileGlob('a\\*').matches('ab')).toBe(false);
  expect(compileGlob('\\{a,b}').matches('{a,b}')).toBe(true);
});

test('a filter takes folders whole', () => {
  const filter = pathFilterOf(['src/'], ['**/gen/', '*.min.js']);
  expect(filter?.acceptsFile('src/a/b.ts')).toBe(true);
  expect(filter?.acceptsFile('src/gen/b.ts')).toBe(false);
  expect(filter?.acceptsFile('src/b.min.js')).toBe(false);
  expect(filter?.acceptsFile('other/b.ts')).toBe(false);
  expect(filter?.prunesFolder('src/gen')).toBe(true);
  expect(filter?.prunesFolder('src')).toBe(false);
  expect(pathFilterOf([], [])).toBeUndefined();
});
