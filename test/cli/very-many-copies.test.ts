/** More copies of one secret, and more entries, than a call takes arguments. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fakeSecret } from '../support/fake-secret.js';
import { GitFixture } from '../support/git-fixture.js';
import { CliHome, scratch } from '../support/scratch.js';

const many = 150_000;

test('a list of the repository suppresses each of them', () => {
  const repo = new GitFixture(join(scratch(), 'repo'), '--bare');
  const inline = (path: string, text: string): string =>
    `M 100644 inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}\n`;
  const text = `token = "${fakeSecret('github-pat', 'many')}"\n`;
  const paths = Array.from({ length: many }, (_, i) => `M 100644 :1 d${i % 300}/${i}\n`);
  repo.import(
    `blob\nmark :1\ndata ${text.length}\n${text}\ncommit refs/heads/main\n` +
      'committer A <a@example.org> 1700000000 +0000\ndata 1\nm\n' +
      `${inline('.gitleaks.toml', '[allowlist]\npaths = ["^d"]\n')}${paths.join('')}`,
  );
  const home = new CliHome();
  const records = home.json(['scan', repo.path]);
  expect(
    records.filter(({ type, status }) => type === 'finding' && status === 'author-suppressed'),
  ).toHaveLength(many);
  expect(records.at(-1)).toMatchObject({ type: 'receipt', complete: true, open: 0 });
}, 60_000);

test('a merge with as many conflicts', () => {
  const repo = new GitFixture(join(scratch(), 'repo'));
  repo.write('blob', `token = "${fakeSecret('github-pat', 'conflict')}"\n`);
  const blob = repo.git('hash-object', '-w', 'blob');
  const entries = Array.from({ length: many }, (_, i) => `100644 ${blob} 2\tf${i}\n`);
  repo.input(entries.join(''), 'update-index', '--index-info');
  const records = new CliHome().json(['scan', repo.path, '--staged']);
  expect(records.filter(({ type }) => type === 'finding')).toHaveLength(many);
}, 60_000);
