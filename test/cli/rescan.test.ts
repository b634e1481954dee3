/**
 * A database that grew scan by scan, while packs came and went, says what one says that was filled at once; and what it
 * keeps to be quick holds no secret, nor outlives what it was kept of.
 */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freshHomeLike } from '../support/cli-process.js';
import { fakeSecret } from '../support/fake-secret.js';
import { GitFixture } from '../support/git-fixture.js';
import { CliHome, scratch } from '../support/scratch.js';

const token = (seed: string): string => fakeSecret('github-pat-classic', seed);

/** A history of so many commits of some three objects each, enough to be worth keeping. */
function longHistory(commits: number): string {
  const parts: string[] = [];
  for (let i = 0; i < commits; i++) {
    const date = `Ana Writer <ana@example.org> ${1_600_000_000 + 60 * i} +0000`;
    const text = i % 50 === 0 ? `key = "${token(`old ${i}`)}"\n` : `line ${i}\n`;
    parts.push(`commit refs/heads/main\nauthor ${date}\ncommitter ${date}\ndata 2\nc\n`);
    parts.push(`M 100644 inline dir${i % 7}/file${i % 31}.txt\ndata ${text.length}\n${text}\n`);
  }
  return parts.join('');
}

function digestOf(home: CliHome): string {
  const { status, stdout, stderr } = home.run(['db', 'check', '--digest']);
  expect(`${status} ${stderr}`).toBe('0 ');
  return stdout;
}

test('scans in sequence end where one scan ends', () => {
  const folder = scratch();
  const repo = new GitFixture(join(folder, 'repo'));
  repo.import(longHistory(750));
  repo.git('checkout', '-q', 'main');
  const mirror = join(folder, 'mirror.git');
  repo.git('clone', '-q', '--mirror', '--no-local', repo.path, mirror);
  const inMirror = (...args: string[]): void => void repo.git('--git-dir', mirror, ...args);
  const fetch = (): void => inMirror('-c', 'fetch.unpackLimit=1', 'fetch', '-q', '--prune', 'origin');
  const home = new CliHome();
  const scan = (to: CliHome = home): void => {
    expect(to.run(['scan', mirror]).status).toBe(1);
  };
  const check = (): void => {
    scan();
    const fresh = new CliHome();
    freshHomeLike(home, fresh);
    scan(fresh);
    expect(digestOf(home)).toBe(digestOf(fresh));
  };
  scan();
  // A new pack with old and new secrets, on a branch that is merged.
  repo.git('checkout', '-q', '-b', 'side', 'HEAD~40');
  repo.commit('side', { 'side.env': `A=${token('side')}\n`, 'again.env': `key = "${token('old 50')}"\n` });
  repo.git('checkout', '-q', 'main');
  repo.git('merge', '-q', '--no-ff', '-m', 'merge side', 'side');
  fetch();
  check();
  // A forced push and a replaced branch: nothing reaches what they held.
  repo.git('branch', '-f', 'side', 'HEAD~2');
  repo.git('reset', '-q', '--hard', 'HEAD~100');
  repo.commit('other way', { 'other.env': `B=${token('other')}\n` });
  fetch();
  check();
  // All packs are another one, then one more comes.
  inMirror('repack', '-adq', '--keep-unreachable');
  scan();
  repo.git('rm', '-q', 'other.env');
  repo.commit('no more', { 'last.env': `C=${token('last')}\n` });
  fetch();
  check();
  const bytes = home.allBytes();
  for (const seed of ['old 0', 'old 50', 'side', 'other', 'last'])
    expect(bytes.includes(token(seed))).toBe(false);
});
