/** The baseline from the first write to a commit that it lets through, without the key that made it. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fakeSecret } from '../support/fake-secret.js';
import { GitFixture } from '../support/git-fixture.js';
import { CliHome, scratch } from '../support/scratch.js';

const token = (seed: string): string => fakeSecret('github-pat-classic', seed);

test('write, check, prune and the hook agree without a common key', () => {
  const folder = scratch();
  const repo = new GitFixture(join(folder, 'repo'));
  repo.commit('a', {
    'a.txt': `token=${token('a')}\n`,
    'app.ini': 'db_user=orders\ndb_password="hunter42!x"\n',
    'k8s.yaml': `kind: Secret\ndata:\n  token: ${Buffer.from(token('b')).toString('base64')}\n`,
  });
  const home = new CliHome(folder);
  const at = { cwd: repo.path };
  expect(home.run(['baseline', 'check'], at).status).toBe(1);
  const written = home.run(['baseline', 'write', '--reason', 'legacy'], at);
  expect(written.status, written.stderr).toBe(0);
  const file = join(repo.path, '.sprawl', 'baseline.json');
  const text = readFileSync(file, 'utf8');
  expect(text).toContain('legacy');
  for (const value of [token('a'), token('b'), 'hunter42']) expect(text).not.toContain(value);
  repo.commit('baseline');
  // Another machine: another key.
  const other = new CliHome(join(folder, 'other'));
  const check = other.run(['baseline', 'check'], at);
  expect(check.status, check.stdout + check.stderr).toBe(0);
  const scan = other.run(['scan', '.', '--trust-repo-config'], at);
  expect(scan.status, scan.stdout + scan.stderr).toBe(0);
  expect(scan.stderr).toContain('baselined (.sprawl/baseline.json');
  const untrusted = other.run(['scan', '.'], at);
  expect(untrusted.stderr).toContain('author-suppressed (.sprawl/baseline.json');

  // The hook lets a known value pass wherever it turns up, and stops a new one.
  repo.write('copy.txt', `token=${token('a')}\n`);
  repo.git('add', '-A');
  const known = other.run(['hook', 'run'], at);
  expect(known.status, known.stderr).toBe(0);
  repo.write('new.txt', `token=${token('c')}\n`);
  repo.git('add', '-A');
  expect(other.run(['hook', 'run'], at).status).toBe(1);
  repo.git('commit', '-q', '-m', 'new');
  const fresh = other.run(['baseline', 'check'], at);
  expect(fresh.status).toBe(1);
  expect(fresh.stdout).toContain('new.txt');
  expect(fresh.stdout).not.toContain('copy.txt');
});

test('prune removes what is gone; a folder works as well as a repository', () => {
  const folder = scratch();
  const share = join(folder, 'share');
  mkdirSync(share);
  writeFileSync(join(share, 'a.txt'), `token=${token('a')}\n`);
  writeFileSync(join(share, 'b.txt'), `token=${token('b')}\n`);
  const home = new CliHome(folder);
  expect(home.run(['baseline', 'prune', share]).status).toBe(2);
  expect(home.run(['baseline', 'write', share]).status).toBe(0);
  const file = join(share, '.sprawl', 'baseline.json');
  const count = (): number =>
    (JSON.parse(readFileSync(file, 'utf8')) as { entries: unknown[] }).entries.length;
  expect(count()).toBe(2);
  rmSync(join(share, 'b.txt'));
  const check = home.run(['baseline', 'check', share]);
  expect(check.status, check.stdout + check.stderr).toBe(0);
  expect(check.stderr).toContain('1 entry that nothing matches');
  expect(home.run(['baseline', 'prune', share]).status).toBe(0);
  expect(count()).toBe(1);
  expect(home.run(['scan', share, '--baseline', file]).status).toBe(0);
});

test('the hook honours the ignore lists of its own checkout', () => {
  const folder = scratch();
  const repo = new GitFixture(join(folder, 'repo'));
  repo.commit('first', {
    '.gitleaksignore': 'a.txt:some-rule:2\n',
    '.gitleaks.toml': "[allowlist]\npaths = ['''^fix/''']\n",
  });
  repo.write('a.txt', `\n${token('a')}\n`);
  repo.write('fix/b.txt', `${token('b')}\n`);
  repo.git('add', '-A');
  const home = new CliHome(folder);
  const run = home.run(['hook', 'run'], { cwd: repo.path });
  expect(run.status, run.stderr).toBe(0);
  repo.write('a.txt', `${token('a')}\n`);
  repo.git('add', '-A');
  expect(home.run(['hook', 'run'], { cwd: repo.path }).status).toBe(1);
});
