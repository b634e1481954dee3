/** One value, planted in many places and spellings: one secret, and one answer that lists them all. */
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import yazl from 'yazl';
import { fakeSecret } from '../support/fake-secret.js';
import { GitFixture } from '../support/git-fixture.js';
import { CliHome, scratch } from '../support/scratch.js';

async function zipWith(path: string, entries: Readonly<Record<string, string>>): Promise<void> {
  const zip = new yazl.ZipFile();
  for (const [name, text] of Object.entries(entries)) zip.addBuffer(Buffer.from(text), name);
  zip.end();
  await new Promise<void>((resolve) => zip.outputStream.pipe(createWriteStream(path)).on('close', resolve));
}

test('one value in every spelling is one secret with all its places', async () => {
  const folder = scratch();
  // A password with characters that every escape has to write differently.
  const value = `${fakeSecret('github-pat-classic', 'one').slice(4, 20)}/"+&7k`;
  const one = new GitFixture(join(folder, 'one'));
  one.commit('a', { 'config.json': `${JSON.stringify({ db: { password: value } })}\n` });
  one.commit('b', {
    'secret.yaml': `apiVersion: v1\nkind: Secret\ndata:\n  password: ${Buffer.from(value).toString('base64')}\n`,
  });
  const two = new GitFixture(join(folder, 'two'));
  two.commit('a', {
    'app.py': `DSN = "postgresql://orders:${encodeURIComponent(value)}@db.example.org/orders"\n`,
  });
  two.commit('b', {
    'call.sh': `curl -H "Authorization: Basic ${Buffer.from(`orders:${value}`).toString('base64')}" https://x.example.org\n`,
  });
  const share = join(folder, 'share');
  mkdirSync(share);
  writeFileSync(join(share, 'bare.txt'), `please try ${value} there\n`);
  await zipWith(join(share, 'backup.zip'), { 'notes/a.txt': `it was ${value}\n` });
  const home = new CliHome(folder);
  const scan = home.run(['scan', one.path, two.path, share]);
  expect(scan.status, scan.stderr).toBe(1);
  const answers = home.json(['where', '-'], { input: value }).filter((line) => line['type'] === 'finding');
  const paths = new Set(answers.map((line) => line['path']));
  expect(paths).toEqual(
    new Set(['config.json', 'secret.yaml', 'app.py', 'call.sh', 'bare.txt', 'backup.zip!/notes/a.txt']),
  );
  expect(new Set(answers.map((line) => line['fingerprint'])).size).toBe(1);
});

test('a bare value that no detector flags is found by value', () => {
  const folder = scratch();
  const value = fakeSecret('github-pat-classic', 'bare').slice(4, 26);
  mkdirSync(join(folder, 'notes'));
  writeFileSync(join(folder, 'notes', 'memo.txt'), `line one\nuse ${value} when asked\n`);
  const home = new CliHome(folder);
  expect(home.run(['scan', join(folder, 'notes')]).status).toBe(0);
  const [copy] = home.json(['where', '-'], { input: value }).filter((line) => line['type'] === 'finding');
  expect(copy).toMatchObject({ path: 'memo.txt', line: 2, column: 5 });
  expect(home.run(['where', '-'], { input: `${value.slice(0, -1)}Z` }).status).toBe(0);
});

test('a secret learned in a later scan is found in what was read before', () => {
  const folder = scratch();
  const value = fakeSecret('slack-bot-token', 'later').slice(5);
  const early = new GitFixture(join(folder, 'early'));
  early.commit('chatter', { 'chat.txt': `the thing was ${value}, I think\n` });
  const home = new CliHome(folder);
  expect(home.run(['scan', early.path]).status).toBe(0);
  const late = new GitFixture(join(folder, 'late'));
  late.commit('code', { 'app.js': `const password = "${value}";\n` });
  expect(home.run(['scan', late.path]).status).toBe(1);
  const places = (): unknown[] =>
    home
      .json(['where', '-'], { input: value })
      .filter((line) => line['type'] === 'finding')
      .map((line) => line['path']);
  expect(places()).toContain('chat.txt');
  // An unchanged clone still learns of it at its next scan.
  expect(home.run(['scan', early.path]).status).toBe(1);
  expect(places()).toEqual(expect.arrayContaining(['chat.txt', 'app.js']));
});

test('two clones of one repository are one place', () => {
  const folder = scratch();
  const value = fakeSecret('github-pat-classic', 'clone');
  const origin = new GitFixture(join(folder, 'origin'));
  origin.commit('a', { 'a.txt': `${value}\n` });
  origin.git('clone', '-q', origin.path, join(folder, 'copy-1'));
  origin.git('clone', '-q', origin.path, join(folder, 'copy-2'));
  const home = new CliHome(folder);
  expect(home.run(['scan', join(folder, 'copy-1'), join(folder, 'copy-2')]).status).toBe(1);
  const found = home.json(['where', '-'], { input: value }).filter((line) => line['type'] === 'finding');
  expect(found.map((line) => line['path'])).toEqual(['a.txt']);
});
