import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCodeowners, openCodeowners } from '../../../../src/rotation/derive/owners/codeowners.js';
import type { CodeownersDialect } from '../../../../src/rotation/derive/owners/codeowners-syntax.js';
import { type GlobDialect, matchesGlob, parseGlob } from '../../../../src/rotation/derive/owners/glob.js';
import { filesOf } from '../../../support/exposure-builder.js';

function owners(text: string, dialect: CodeownersDialect, path: string): readonly string[] | undefined {
  return openCodeowners(text, dialect, 'CODEOWNERS').ownersOf(path)?.owners;
}

/** True when the pattern alone owns the path. */
function takes(dialect: CodeownersDialect, pattern: string, path: string): boolean {
  return owners(`${pattern} @o`, dialect, path) !== undefined;
}

describe('patterns', () => {
  it.each<[CodeownersDialect, string, string, boolean]>([
    ['github', '*', 'a/b/c', true],
    ['github', '*.js', 'a/b.js', true],
    ['github', '*.js', 'a/b.ts', false],
    ['github', '/*.js', 'a/b.js', false],
    ['github', '/build/logs/', 'build/logs/a/b', true],
    ['github', '/build/logs/', 'x/build/logs/a', false],
    ['github', 'docs/*', 'docs/a.md', true],
    ['github', 'docs/*', 'docs/a/b.md', false],
    ['github', 'docs/*', 'x/docs/a.md', false],
    ['github', 'docs/**', 'docs/a/b.md', true],
    ['github', 'apps/', 'x/apps/y/z', true],
    ['github', 'apps/', 'apps', false],
    ['github', '/docs', 'docs/a/b', true],
    ['github', 'src/app', 'src/app/b', true],
    ['github', '**/logs', 'a/b/logs/c', true],
    ['github', '/a/**/z', 'a/z', true],
    ['github', '/a/**/z', 'a/b/c/z', true],
    ['github', '/my\\ dir/', 'my dir/a', true],
    ['github', 'f?o', 'foo', true],
    ['github', 'Readme', 'README', false],
    ['github', '[ab].js', 'a.js', false],
    ['github', '/', 'a', false],
    ['gitlab', '*', 'a/.b/c', true],
    ['gitlab', 'docs', 'x/docs', true],
    ['gitlab', 'docs', 'docs/a', false],
    ['gitlab', 'docs/', 'x/docs/a/b', true],
    ['gitlab', '/docs/', 'x/docs/a', false],
    ['gitlab', 'a/b.rb', 'x/a/b.rb', true],
    ['gitlab', '/docs/*', 'docs/a/b', false],
    ['gitlab', '/docs/**/*.md', 'docs/a.md', true],
    ['gitlab', '/docs/**/*.md', 'docs/a/b/c.md', true],
    ['gitlab', '/docs/**', 'docs/a/b', false],
    ['gitlab', '[ab].js', 'a.js', true],
    ['gitlab', '[!ab].js', 'a.js', false],
    ['gitlab', '[a-c].js', 'b.js', true],
    ['gitlab', '\\#x', '#x', true],
    ['gitlab', 'my\\ dir/', 'my dir/a', true],
    ['bitbucket', 'docs/*', 'docs/a/b', true],
    ['bitbucket', 'docs/', 'x/docs/a', true],
    ['bitbucket', '!docs', 'docs', false],
  ])('%s: %s and %s: %s', (dialect, pattern, path, isTaken) => {
    expect(takes(dialect, pattern, path)).toBe(isTaken);
  });

  const plain: GlobDialect = {
    isInnerSlashAnchored: true,
    doesNameCoverFolder: false,
    doesStarCoverFolder: false,
    isLastDoubleStarDeep: true,
    hasClasses: false,
  };

  /** Tries every way a wildcard can end. */
  function slowName(pattern: string, name: string): boolean {
    if (pattern === '') return name === '';
    if (pattern.startsWith('*')) {
      return slowName(pattern.slice(1), name) || (name !== '' && slowName(pattern, name.slice(1)));
    }
    return (
      name !== '' &&
      (pattern[0] === '?' || pattern[0] === name[0]) &&
      slowName(pattern.slice(1), name.slice(1))
    );
  }
  function slowPath(pattern: readonly string[], path: readonly string[]): boolean {
    const [first, ...rest] = pattern;
    if (first === undefined) return path.length === 0;
    if (first === '**') {
      if (rest.length === 0) return path.length > 0;
      return slowPath(rest, path) || (path.length > 0 && slowPath(pattern, path.slice(1)));
    }
    return path.length > 0 && slowName(first, path[0]!) && slowPath(rest, path.slice(1));
  }

  it('matches as a slow reading of the same pattern does', () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), minLength: 1, maxLength: 5 });
    const segment = fc.oneof(name, fc.constant('**'));
    const path = fc.array(fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 4 }), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 5 }), path, (pattern, names) => {
        // Stars beside each other within a name are one; only a name of exactly two is a run of folders.
        fc.pre(pattern.every((part) => part === '**' || !/\*{2}/.test(part)));
        const glob = parseGlob(`/${pattern.join('/')}`, plain);
        expect(glob !== undefined && matchesGlob(glob, names)).toBe(slowPath(pattern, names));
      }),
      { numRuns: 2000 },
    );
  });

  it('is not slowed down by stars', () => {
    const stars = Array.from({ length: 200 }, () => '*a').join('');
    expect(takes('github', `/${stars}b`, 'a'.repeat(4000))).toBe(false);
    expect(takes('github', `${'/**/a'.repeat(200)}/b`, Array(2000).fill('a').join('/'))).toBe(false);
  });
});

describe('rules', () => {
  it('takes the last that matches, wherever its first name stands', () => {
    const text = '/a/ @one\n* @two\n/a/b/ @three\n*.md @four';
    expect(owners(text, 'github', 'a/x')).toEqual(['@two']);
    expect(owners(text, 'github', 'a/b/x')).toEqual(['@three']);
    expect(owners(text, 'github', 'a/b/x.md')).toEqual(['@four']);
  });

  it('GitHub: comments, addresses, and lines that it skips', () => {
    const text = '* @a # all @b\n/x ana@acme.example @acme/team\n/x not-an-owner\n!/x @c\n';
    expect(owners(text, 'github', 'y')).toEqual(['@a']);
    expect(owners(text, 'github', 'x')).toEqual(['ana@acme.example', '@acme/team']);
  });

  it('a pattern without an owner takes the path out on purpose', () => {
    const file = openCodeowners('* @a\n/apps/legacy # nobody\n', 'github', 'CODEOWNERS');
    expect(file.ownersOf('apps/legacy/x')).toMatchObject({ owners: [], isUnowned: true, line: 2 });
    expect(file.ownersOf('apps/x')).toMatchObject({ isUnowned: false, line: 1 });
  });

  it('GitLab: sections add up, inherit defaults, and are one whatever their case', () => {
    const text = [
      '* @all',
      '[Docs][2] @docs',
      'docs/',
      'docs/api/ @api',
      '^[Style] @style',
      '*.css',
      '[DOCS] @more',
      '*.md',
    ].join('\n');
    expect(owners(text, 'gitlab', 'docs/x')).toEqual(['@all', '@docs']);
    expect(owners(text, 'gitlab', 'docs/api/x')).toEqual(['@all', '@api']);
    expect(owners(text, 'gitlab', 'docs/x.md')).toEqual(['@all', '@more']);
    expect(owners(text, 'gitlab', 'a.css')).toEqual(['@all']);
  });

  it('GitLab: an optional section counts where no other names anybody', () => {
    const file = openCodeowners('^[Style] @style\n*.css', 'gitlab', 'CODEOWNERS');
    expect(file.ownersOf('a.css')).toMatchObject({ owners: ['@style'], isOptional: true });
  });

  it('GitLab: an exclusion holds for its section, whatever follows', () => {
    const text = '* @all\n!*.lock\npackage.lock @late\n[Build] @build\n*.lock';
    expect(owners(text, 'gitlab', 'package.lock')).toEqual(['@build']);
    expect(openCodeowners('* @all\n!*.lock', 'gitlab', 'C').ownersOf('a.lock')).toMatchObject({
      isUnowned: true,
      pattern: '!*.lock',
    });
  });

  it('GitLab: a role is somebody, but nobody that the file can tell', () => {
    expect(openCodeowners('/x @@maintainer', 'gitlab', 'C').ownersOf('x')).toBeUndefined();
  });

  it('Bitbucket: teams of the file, and how reviewers are picked', () => {
    const text = '@@@Core @a @b\n* @@@Core:random(2) x@acme.example # c\n/w @acme/web:all';
    expect(owners(text, 'bitbucket', 'a')).toEqual(['@@@Core', 'x@acme.example']);
    expect(owners(text, 'bitbucket', 'w')).toEqual(['@acme/web']);
  });
});

describe('look-up', () => {
  const find = async (name: string, ...paths: string[]) => {
    const files = filesOf('git:x', Object.fromEntries(paths.map((path) => [path, '* @o'])));
    const file = await findCodeowners(files, name);
    return file === undefined ? undefined : `${file.dialect} ${file.path}`;
  };

  it.each([
    ['github.com/acme/api', ['CODEOWNERS', 'docs/CODEOWNERS'], 'github CODEOWNERS'],
    ['github.com/acme/api', ['CODEOWNERS', '.github/CODEOWNERS'], 'github .github/CODEOWNERS'],
    ['gitlab.acme.example/api', ['CODEOWNERS', '.gitlab/CODEOWNERS'], 'gitlab CODEOWNERS'],
    ['acme/api', ['.gitlab-ci.yml', 'docs/CODEOWNERS', '.gitlab/CODEOWNERS'], 'gitlab docs/CODEOWNERS'],
    ['acme/api', ['.bitbucket/CODEOWNERS', 'CODEOWNERS'], 'bitbucket .bitbucket/CODEOWNERS'],
    ['github.com/acme/api', ['.gitlab/CODEOWNERS'], undefined],
    ['acme/api', ['README.md'], undefined],
  ])('%s with %j: %s', async (name, paths, expected) => {
    expect(await find(name, ...paths)).toBe(expected);
  });

  it('knows GitLab by its sections when nothing else tells', async () => {
    const file = await findCodeowners(filesOf('git:x', { CODEOWNERS: '[Docs] @d\ndocs/' }), 'acme/api');
    expect(file?.ownersOf('docs/a')?.owners).toEqual(['@d']);
  });
});
