/** What the files of a target say about its findings: a status, never a filter, and only as strong as it is trusted. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fakeSecret } from '../support/fake-secret.js';
import { GitFixture } from '../support/git-fixture.js';
import { CliHome, scratch } from '../support/scratch.js';

const token = (seed: string): string => fakeSecret('github-pat-classic', seed);

/** Path -> `status (by)` of the copies that a report shows. */
function statuses(home: CliHome): Record<string, string> {
  const records = home.json(['report', '--all']).filter((record) => record['type'] === 'finding');
  return Object.fromEntries(
    records.map(({ path, status, statusBy }) => [
      String(path),
      statusBy === undefined ? String(status) : `${status} (${statusBy})`,
    ]),
  );
}

function shareWith(folder: string, files: Readonly<Record<string, string>>): string {
  const share = join(folder, 'share');
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(share, name, '..'), { recursive: true });
    writeFileSync(join(share, name), text);
  }
  return share;
}

test('allow entries of .sprawl/config.yaml are a status: author-suppressed until the user trusts them', () => {
  const folder = scratch();
  const share = shareWith(folder, {
    '.sprawl/config.yaml':
      'exclude: [skipped/**]\nallow:\n  - path: "docs/**"\n    reason: samples\n  - rule: slack-bot-token\n    reason: old\n    until: 2020-01-01\n',
    'docs/a.md': `token ${token('docs')}\n`,
    'skipped/s.txt': `token ${token('skipped')}\n`,
    'src/b.ts': `const t = '${token('src')}'; // gitleaks:allow\n`,
    'src/c.ts': `const t = '${fakeSecret('slack-bot-token', 'c')}';\n`,
  });
  const home = new CliHome(folder);
  const untrusted = home.run(['scan', share]);
  expect(untrusted.status, untrusted.stderr).toBe(1);
  expect(statuses(home)).toEqual({
    'docs/a.md': 'author-suppressed (.sprawl/config.yaml line 3: samples)',
    'skipped/s.txt': 'open',
    'src/b.ts': 'author-suppressed (gitleaks:allow)',
    'src/c.ts': 'open',
  });
  expect(untrusted.stderr).toContain('2 copies author-suppressed (.sprawl/config.yaml 1, gitleaks:allow 1)');
  const trusted = home.run(['scan', share, '--trust-repo-config']);
  expect(trusted.stderr).toContain('2 copies allowed (.sprawl/config.yaml 1, gitleaks:allow 1)');
  expect(trusted.stderr).toContain('excluded');
  expect(statuses(home)).toMatchObject({
    'docs/a.md': 'allowed (.sprawl/config.yaml line 3: samples)',
    'src/b.ts': 'allowed (gitleaks:allow)',
    'src/c.ts': 'open',
  });
  // The next scan replaces what the files said: trust is not remembered.
  home.run(['scan', share]);
  expect(statuses(home)).toMatchObject({
    'docs/a.md': 'author-suppressed (.sprawl/config.yaml line 3: samples)',
  });
  writeFileSync(join(share, '.sprawl', 'config.yaml'), 'allow: []\n');
  home.run(['scan', share]);
  expect(statuses(home)).toMatchObject({ 'docs/a.md': 'open' });
});

test('entries of one place say nothing of another; a secret can be named by its fingerprint', () => {
  const folder = scratch();
  const value = token('both');
  const one = new GitFixture(join(folder, 'one'));
  one.commit('a', { 'a.txt': `${value}\n` });
  const two = new GitFixture(join(folder, 'two'));
  two.commit('a', { 'b.txt': `${value}\n` });
  const home = new CliHome(folder);
  home.run(['scan', one.path, two.path]);
  const [secret] = home.json(['list']).filter((record) => record['type'] === 'secret');
  const prefix = String(secret?.['fingerprint']).slice(0, 16);
  one.commit('allow', { '.sprawl/config.yaml': `allow:\n  - secret: "${prefix}"\n    reason: rotated\n` });
  expect(home.run(['scan', one.path, '--trust-repo-config']).status).toBe(0);
  expect(home.run(['scan', two.path, '--trust-repo-config']).status).toBe(1);
  expect(statuses(home)).toEqual({
    '.sprawl/config.yaml': 'allowed (.sprawl/config.yaml line 2: a fingerprint)',
    'a.txt': 'allowed (.sprawl/config.yaml line 2: rotated)',
    'b.txt': 'open',
  });
});

test('a configuration that the user names counts; faults name file, line and field', () => {
  const folder = scratch();
  const share = shareWith(folder, { 'a.txt': `${token('a')}\n`, '.sprawl/config.yaml': 'alow: []\n' });
  const home = new CliHome(folder);
  const mine = join(folder, 'mine.yaml');
  writeFileSync(mine, 'allow:\n  - path: a.txt\n    reason: mine\n');
  expect(home.run(['scan', share, '--config', mine]).status).toBe(0);
  writeFileSync(mine, 'allow:\n  - path: a.txt\n');
  const faulty = home.run(['scan', share, '--config', mine]);
  expect(faulty.status).toBe(2);
  expect(faulty.stderr).toContain(`${mine} is not valid: line 2: field "reason" is missing`);
  // The target's own broken file cannot end a scan, but is not silent.
  const untrusted = home.run(['scan', share]);
  expect(untrusted.status).toBe(1);
  expect(untrusted.stderr).toContain('unknown field "alow"');
  expect(home.run(['scan', share, '--trust-repo-config']).status).toBe(2);
});

test('ignore lists of other scanners cover the secret in the file that they name', () => {
  const folder = scratch();
  const repo = new GitFixture(join(folder, 'repo'));
  const first = repo.commit('a', {
    'a.txt': `${token('a')}\n`,
    'b.txt': `\n${token('b')}\n`,
    'fixtures/c.txt': `${token('c')}\n`,
    'd.txt': `${token('d')}\n`,
  });
  // The line moves; the author's word stays with the secret.
  repo.commit('b', {
    'a.txt': `\n\n${token('a')}\n`,
    '.gitleaksignore': `# known\n${first}:a.txt:github-pat:1\nnonsense\n`,
    '.secrets.baseline': JSON.stringify({ results: { 'b.txt': [{ type: 'x', line_number: 2 }] } }),
    '.gitleaks.toml': "[allowlist]\npaths = ['''^fixtures/''']\n",
  });
  const home = new CliHome(folder);
  const scan = home.run(['scan', repo.path]);
  expect(scan.status).toBe(1);
  expect(statuses(home)).toEqual({
    'a.txt': 'author-suppressed (.gitleaksignore)',
    'b.txt': 'author-suppressed (.secrets.baseline)',
    'fixtures/c.txt': 'author-suppressed (.gitleaks.toml)',
    'd.txt': 'open',
  });
  expect(scan.stderr).toContain('.gitleaksignore line 3: expected commit:file:rule:line');
  expect(scan.stderr).toContain('.gitleaksignore 2');
  home.run(['scan', repo.path, '--trust-repo-config']);
  expect(statuses(home)['a.txt']).toBe('allowed (.gitleaksignore)');
  // A bare clone has no files: the tip of its default branch speaks.
  repo.git('clone', '-q', '--bare', repo.path, join(folder, 'bare.git'));
  const other = new CliHome(join(folder, 'other'));
  other.run(['scan', join(folder, 'bare.git')]);
  expect(statuses(other)).toMatchObject({
    'a.txt': 'author-suppressed (.gitleaksignore)',
    'd.txt': 'open',
  });
});
