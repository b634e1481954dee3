/** A folder that holds repositories: asked by value, each copy is one copy, however the value is written on stdin. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fakeSecret } from '../support/fake-secret.js';
import { GitFixture } from '../support/git-fixture.js';
import { CliHome, scratch } from '../support/scratch.js';

test('where reads the repositories in a folder once, and each copy is counted once', () => {
  const folder = scratch();
  const target = join(folder, 'org');
  mkdirSync(join(target, 'notes'), { recursive: true });
  const value = fakeSecret('github-pat', 'org').slice(4, 28);
  const repo = new GitFixture(join(target, 'api'));
  repo.commit('a', { 'db.py': `PASSWORD = "${value}"\n` });
  writeFileSync(join(target, 'notes', 'handover.txt'), `try "${value}" or key: ${value}\n`);
  const home = new CliHome(folder);
  home.run(['scan', target]);
  const expected = ['db.py:1:13', 'notes/handover.txt:1:40', 'notes/handover.txt:1:6'];
  const spellings = [value, `${value}\r\n`, `"${value}"\n`, `key: ${value}`];
  for (const input of spellings) {
    for (const flags of [[], ['--deep']]) {
      const copies = home
        .json(['where', '-', ...flags], { input })
        .filter(({ type }) => type === 'finding')
        .map(({ path, line, column }) => `${path}:${line}:${column}`);
      expect(copies.sort(), `${JSON.stringify(input)} ${flags}`).toEqual(expected);
    }
  }
});
