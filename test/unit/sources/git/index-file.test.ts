import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseIndex, readIndexFile } from '../../../../src/sources/git/index-file.js';
import { GitFixture } from '../../../support/git-fixture.js';
import { scratch } from '../../../support/scratch.js';

function fixture(...init: string[]): GitFixture {
  const repo = new GitFixture(scratch(), ...init);
  const long = `${'deep/'.repeat(60)}${'n'.repeat(240)}`;
  repo.commit('one', {
    'a.txt': 'a',
    'dir/b.txt': 'b',
    'dir/c é.txt': 'c',
    [long]: 'd',
    'run.sh': '#!/bin/sh',
  });
  repo.git('update-index', '--chmod=+x', 'run.sh');
  repo.git('update-index', '--add', '--cacheinfo', `160000,${repo.git('rev-parse', 'HEAD')},sub`);
  return repo;
}

function indexOf(repo: GitFixture): string {
  return join(repo.path, '.git', 'index');
}

/** What git lists, in the shape of our entries. */
function byGit(repo: GitFixture): string[] {
  const listed = execFileSync('git', ['ls-files', '-s', '-z'], { cwd: repo.path }).toString('latin1');
  return listed
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => line.replace(/ \d\t/, ' '));
}

function byUs(repo: GitFixture, format: 'sha1' | 'sha256' = 'sha1'): string[] | undefined {
  return readIndexFile(indexOf(repo), format)?.map(
    ({ mode, oid, path }) => `${mode.toString(8)} ${oid} ${path.toString('latin1')}`,
  );
}

describe('entries are those that git lists', () => {
  test.each([2, 3, 4])('version %i', (version) => {
    const repo = fixture();
    if (version === 3) {
      repo.write('later.txt', 'later');
      repo.git('add', '--intent-to-add', 'later.txt');
      repo.git('update-index', '--skip-worktree', 'a.txt');
    } else {
      repo.git('update-index', '--index-version', String(version));
    }
    expect(readFileSync(indexOf(repo)).readUInt32BE(4)).toBe(version);
    expect(byUs(repo)).toEqual(byGit(repo));
  });

  test('of SHA-256', () => {
    const repo = fixture('--object-format=sha256');
    expect(byUs(repo, 'sha256')).toEqual(byGit(repo));
  });

  test('of an open conflict, all stages', () => {
    const repo = fixture();
    repo.git('checkout', '-q', '-b', 'side');
    repo.commit('side', { 'a.txt': 'side' });
    repo.git('checkout', '-q', 'main');
    repo.commit('main', { 'a.txt': 'main' });
    expect(() => repo.git('merge', '-q', 'side')).toThrow();
    expect(byUs(repo)).toEqual(byGit(repo));
    expect(byUs(repo)?.filter((line) => line.endsWith(' a.txt'))).toHaveLength(3);
  });

  test('none without an index', () => {
    expect(readIndexFile(join(scratch(), 'index'), 'sha1')).toEqual([]);
  });
});

describe('git is asked for', () => {
  test('a split index', () => {
    const repo = fixture();
    repo.git('update-index', '--split-index');
    expect(byUs(repo)).toBeUndefined();
  });

  test('a sparse index', () => {
    const repo = fixture();
    repo.git('sparse-checkout', 'init', '--cone', '--sparse-index');
    expect(byUs(repo)).toBeUndefined();
  });

  test('a damaged one', () => {
    const bytes = Buffer.from(readFileSync(indexOf(fixture())));
    bytes[60] = (bytes[60] ?? 0) ^ 1;
    expect(parseIndex(bytes, 'sha1')).toBeUndefined();
  });

  test('a folder in the place of the file', () => {
    expect(readIndexFile(scratch(), 'sha1')).toBeUndefined();
  });
});

test.each([2, 4])('no bytes make it fail or read beyond them: version %i', (version) => {
  const repo = fixture();
  repo.git('update-index', '--index-version', String(version));
  const whole = Buffer.from(readFileSync(indexOf(repo)));
  // Zeros stand for a hash that was not made, so that the damage is met by the parser.
  whole.fill(0, whole.length - 20);
  expect(parseIndex(whole, 'sha1')).toHaveLength(byGit(repo).length);
  const damaged = fc.record({
    length: fc.integer({ min: 0, max: whole.length }),
    changes: fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 6 }),
  });
  fc.assert(
    fc.property(damaged, ({ length, changes }) => {
      const bytes = Buffer.from(whole.subarray(0, length));
      for (const [at, value] of changes) if (at < length - 20) bytes[at] = value;
      bytes.fill(0, Math.max(0, length - 20));
      const entries = parseIndex(bytes, 'sha1') ?? [];
      expect(entries.every(({ path, oid }) => path.length <= length * 4 && oid.length === 40)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});
