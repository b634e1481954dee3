/** The hook at a merge: what the merged branch holds was committed before; what the resolution adds was not. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fakeSecret } from '../support/fake-secret.js';
import { CliHome, scratch } from '../support/scratch.js';

test('a merge commit is refused for what it adds itself only', () => {
  const folder = scratch();
  const home = new CliHome(folder);
  const git = (...args: string[]): number | null =>
    spawnSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@acme.example', '-C', folder, ...args], {
      env: home.env,
    }).status;
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  git('init', '-q', '-b', 'main');
  write('.gitignore', 'home\n');
  write('f', 'a\n');
  git('add', '.');
  expect(git('commit', '-qm', 'a')).toBe(0);
  git('checkout', '-qb', 'side');
  write('s.py', `k = "${fakeSecret('github-pat', 'merged')}"\n`);
  write('f', 'b\n');
  git('add', '.');
  expect(git('commit', '-qm', 'side')).toBe(0);
  git('checkout', '-q', 'main');
  write('f', 'c\n');
  git('commit', '-qam', 'c');
  expect(home.run(['hook', 'install'], { cwd: folder }).status).toBe(0);
  expect(git('merge', '-q', 'side')).toBe(1);
  write('f', `k = "${fakeSecret('github-pat', 'resolution')}"\n`);
  git('add', 'f');
  expect(git('commit', '-qm', 'bad')).toBe(1);
  write('f', 'd\n');
  git('add', 'f');
  expect(git('commit', '-qm', 'merged')).toBe(0);
});
