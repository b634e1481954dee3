/** A gap that lies in a content is told again by every later scan, though nothing is read again. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GitFixture } from '../support/git-fixture.js';
import { CliHome, scratch } from '../support/scratch.js';

/** Magic bytes of an xz stream, and noise. */
const xz = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00, 0x00, 0x04, 1, 2, 3, 4, 5, 6, 7, 8]);

test('an archive that cannot be opened is a gap of every scan, also of one that adds to the history', () => {
  const folder = scratch();
  const repo = new GitFixture(join(folder, 'repo'));
  repo.commit('a', { 'dump.xz': xz });
  const home = new CliHome(folder);
  const gapOf = (): unknown => home.json(['scan', repo.path]).at(-1)?.['gaps'];
  const first = gapOf();
  expect(first).toEqual({ 'unsupported-archive': 1 });
  expect(gapOf()).toEqual(first);
  repo.commit('b', { 'more.txt': 'more\n' });
  expect(gapOf()).toEqual(first);
  expect(home.run(['scan', repo.path]).status).toBe(3);
  expect(home.run(['allow', '--gap', 'unsupported-archive', '--reason', 'looked at by hand']).status).toBe(0);
  expect(home.run(['scan', repo.path]).status).toBe(0);
});
