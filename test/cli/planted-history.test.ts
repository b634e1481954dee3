/** Secrets hidden in every corner of a repository: each must be found and named as what it is. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fakeSecret } from '../support/fake-secret.js';
import { GitFixture } from '../support/git-fixture.js';
import { CliHome, scratch } from '../support/scratch.js';

interface Plant {
  readonly value: string;
  readonly kind: string;
  readonly path?: string;
}

function plantAll(repo: GitFixture): Plant[] {
  const plants: Plant[] = [];
  const plant = (seed: string, locationKind: string, path?: string): string => {
    const value = fakeSecret('github-pat-classic', seed);
    plants.push({ value, kind: locationKind, ...(path === undefined ? {} : { path }) });
    return value;
  };
  repo.commit('start', { 'README.md': 'hello\n', 'shared.txt': 'one\n' });
  repo.commit('config', { 'deleted.env': `TOKEN=${plant('deleted', 'git-history', 'deleted.env')}\n` });
  repo.git('rm', '-q', 'deleted.env');
  repo.commit('remove it');
  const renamed = plant('renamed', 'git-head', 'new/name.txt');
  repo.commit('add', { 'old-name.txt': `${renamed}\n` });
  repo.write('new/.keep', '');
  repo.git('mv', 'old-name.txt', 'new/name.txt');
  repo.commit('rename');
  repo.commit(`deploy with ${plant('message', 'git-commit-message')}`);
  repo.git('tag', '-a', 'v1', '-m', `release ${plant('tag', 'git-tag-message')}`);
  repo.git('notes', 'add', '-m', `note ${plant('note', 'git-note')}`);
  // An evil merge: the merge commit itself adds what neither parent has.
  repo.git('checkout', '-q', '-b', 'side');
  repo.commit('side', { 'side.txt': 'side\n' });
  repo.git('checkout', '-q', 'main');
  repo.commit('main', { 'main.txt': 'main\n' });
  repo.git('merge', '-q', '--no-ff', '--no-commit', 'side');
  repo.commit('merge side', { 'evil.txt': `k = "${plant('evil', 'git-head', 'evil.txt')}"\n` });
  repo.git('checkout', '-q', '-b', 'other');
  repo.commit('on a branch', { 'branch.txt': `${plant('branch', 'git-other-tip', 'branch.txt')}\n` });
  repo.git('checkout', '-q', 'main');
  repo.write('shared.txt', `${plant('stash', 'git-stash', 'shared.txt')}\n`);
  repo.git('stash', '-q');
  // Dangling: the branch is deleted and the reflog expired.
  repo.git('checkout', '-q', '--detach');
  repo.commit('dangling', { 'gone.txt': `${plant('dangling', 'git-unreachable', 'gone.txt')}\n` });
  repo.git('checkout', '-q', 'main');
  repo.git('reflog', 'expire', '--expire=now', 'HEAD');
  // Amended away: only the reflog still leads there.
  repo.commit('amend me', { 'amended.txt': `${plant('reflog', 'git-reflog', 'amended.txt')}\n` });
  repo.write('amended.txt', 'clean\n');
  repo.git('add', '-A');
  repo.git('commit', '-q', '--amend', '-m', 'amended');
  repo.write('.gitignore', '.env\n');
  repo.write('.env', `GH=${plant('ignored', 'loose-file', '.env')}\n`);
  return plants;
}

test('every corner of a repository is found and named', () => {
  const folder = scratch();
  const repo = new GitFixture(join(folder, 'repo'));
  const plants = plantAll(repo);
  const home = new CliHome(folder);
  const scan = home.run(['scan', repo.path, '--json']);
  expect(scan.status, scan.stderr).toBe(1);
  for (const { value, kind, path } of plants) {
    const lines = home.json(['where', '-'], { input: value }).filter((line) => line['type'] === 'finding');
    const kinds = lines.map((line) => `${line['locationKind']} ${line['path'] ?? ''}`.trim());
    expect(kinds, kind).toContain(
      path === undefined || kind === 'git-note'
        ? (kinds.find((text) => text.startsWith(kind)) ?? kind)
        : `${kind} ${path}`,
    );
    expect(lines.every((line) => line['fingerprint'] === lines[0]?.['fingerprint'])).toBe(true);
  }
  const written = Buffer.concat([home.allBytes(), Buffer.from(scan.stdout + scan.stderr)]);
  for (const { value } of plants) {
    for (const form of [
      value,
      Buffer.from(value).toString('base64').slice(0, 40),
      Buffer.from(value).toString('hex'),
    ]) {
      expect(written.includes(form)).toBe(false);
    }
  }
});
