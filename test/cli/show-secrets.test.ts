/** `--show-secrets`: values are re-read from where they stand, in every spelling, and nowhere else. */
import { createWriteStream, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import yazl from 'yazl';
import { fakeSecret } from '../support/fake-secret.js';
import { GitFixture } from '../support/git-fixture.js';
import { CliHome, scratch } from '../support/scratch.js';

async function zipOf(path: string, entries: Readonly<Record<string, string>>): Promise<void> {
  const zip = new yazl.ZipFile();
  for (const [name, text] of Object.entries(entries)) zip.addBuffer(Buffer.from(text), name);
  zip.end();
  await new Promise<void>((resolve) => zip.outputStream.pipe(createWriteStream(path)).on('close', resolve));
}

function findings(records: readonly Record<string, unknown>[]): Record<string, unknown>[] {
  return records.filter((record) => record['type'] === 'finding');
}

test('values come back from blobs, messages, unreachable objects, archives and files', async () => {
  const folder = scratch();
  const value = (seed: string): string => fakeSecret('github-pat-classic', seed);
  const repo = new GitFixture(join(folder, 'repo'));
  repo.commit('plain', { 'a.txt': `token=${value('blob')}\n` });
  repo.commit(`say ${value('message')}`, { 'a.txt': 'nothing\n' });
  repo.git('tag', '-a', 'v1', '-m', `tagged ${value('tag')}`);
  await zipOf(join(repo.path, 'in.zip'), { 'x/y.txt': `k ${value('zip-in-git')}\n` });
  repo.git('add', '-A');
  repo.git('commit', '-q', '-m', 'zip');
  repo.write('b.txt', `k ${value('dangling')}\n`);
  repo.git('hash-object', '-w', join(repo.path, 'b.txt'));
  rmSync(join(repo.path, 'b.txt'));
  const share = join(folder, 'share');
  mkdirSync(share);
  await zipOf(join(share, 'backup.zip'), { 'notes/a.txt': `it was ${value('zip')}\n` });
  writeFileSync(
    join(share, 'k8s.yaml'),
    `kind: Secret\ndata:\n  token: ${Buffer.from(value('base64')).toString('base64')}\n`,
  );
  writeFileSync(join(share, 'wide.txt'), Buffer.from(`\ufefftoken=${value('wide')}\n`, 'utf16le'));
  writeFileSync(join(share, 'log.gz'), gzipSync(`x ${value('gzip')}\n`));
  const home = new CliHome(folder);
  const all = findings(home.json(['scan', repo.path, share, '--show-secrets']));
  const seeds = ['blob', 'message', 'tag', 'zip-in-git', 'dangling', 'zip', 'base64', 'wide', 'gzip'];
  const shown = new Set(all.map((record) => record['secret']));
  expect([...shown].filter((secret) => secret !== undefined).sort()).toEqual(seeds.map(value).sort());
  expect(all.filter((record) => record['secretGone'] === true)).toEqual([]);
  const text = home.run(['report', '--show-secrets']);
  for (const seed of seeds) expect(text.stdout).toContain(`value: ${value(seed)}`);
  const where = home.run(['where', '-', '--show-secrets'], { input: value('zip-in-git') });
  expect(where.stdout).toContain(`value: ${value('zip-in-git')}`);
  expect(home.run(['report']).stdout).not.toContain(value('blob'));
  for (const seed of seeds) expect(home.allBytes().includes(value(seed))).toBe(false);
});

test('a changed or missing source says so instead of printing something else', () => {
  const folder = scratch();
  const share = join(folder, 'share');
  mkdirSync(share);
  const file = join(share, 'a.txt');
  writeFileSync(file, `token=${fakeSecret('github-pat-classic', 'first')}\n`);
  const home = new CliHome(folder);
  expect(home.run(['scan', share]).status).toBe(1);
  const other = fakeSecret('github-pat-classic', 'other');
  writeFileSync(file, `token=${other}\n`);
  const [changed] = findings(home.json(['report', '--show-secrets']));
  expect(changed).toMatchObject({ secretGone: true });
  expect(JSON.stringify(changed)).not.toContain(other);
  rmSync(share, { recursive: true });
  const [gone] = findings(home.json(['report', '--show-secrets']));
  expect(gone).toMatchObject({ secretGone: true });
  expect(home.run(['report', '--show-secrets']).stdout).toContain('its source is gone');
});
