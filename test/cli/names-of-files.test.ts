/** A secret in a file's name is found though there is nothing in the file, or its content is read with the history. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fakeSecret } from '../support/fake-secret.js';
import { GitFixture } from '../support/git-fixture.js';
import { CliHome, scratch } from '../support/scratch.js';

function findingsIn(home: CliHome, target: string): unknown[] {
  return home
    .json(['scan', target])
    .filter(({ type }) => type === 'finding')
    .map(({ rule, path }) => [rule, String(path).replace(/‹.*›/, '‹›')]);
}

test('of an empty file', () => {
  const folder = join(scratch(), 'tree');
  mkdirSync(folder);
  const value = fakeSecret('github-pat', 'an empty file');
  writeFileSync(join(folder, `dump-${value}.txt`), '');
  writeFileSync(join(folder, 'a.txt'), 'nothing\n');
  const home = new CliHome();
  expect(findingsIn(home, folder)).toEqual([['github-pat-classic', 'dump-‹›.txt']]);
  expect(home.allBytes().includes(value)).toBe(false);
});

test('of a tracked file without a finding, and of its folder in the history', () => {
  const value = fakeSecret('github-pat', 'a tracked file');
  const repo = new GitFixture(join(scratch(), 'repo'));
  repo.commit('start', { [`notes/${value}/a.txt`]: 'nothing\n', 'b.txt': 'nothing else\n' });
  const home = new CliHome();
  const expected = [
    ['github-pat-classic', 'notes/‹›'],
    ['github-pat-classic', 'notes/‹›/a.txt'],
  ];
  expect(findingsIn(home, repo.path)).toEqual(expected);
  expect(home.allBytes().includes(value)).toBe(false);
  // Nothing is new, and nothing is lost.
  expect(findingsIn(home, repo.path)).toEqual(expected);
});
