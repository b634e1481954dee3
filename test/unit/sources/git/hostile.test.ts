import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { InputProblemError } from '../../../../src/model/problem.js';
import { gitFileMarks } from '../../../../src/sources/git/file-marks.js';
import { openGitSource } from '../../../../src/sources/git/git-source.js';
import { makeRepo, type TestRepo } from '../../../support/make-repo.js';
import { readAll } from './read-all.js';

const repos: TestRepo[] = [];
afterAll(() => {
  for (const repo of repos) repo.remove();
});
function repoOf(): TestRepo {
  const repo = makeRepo();
  repos.push(repo);
  return repo;
}
const isHit = (text: string): boolean => text.includes('needle');

/** Config that would run a command at every chance that git has ever offered. */
function trap(repo: TestRepo): string {
  const proof = join(repo.home, 'it-ran');
  const script = join(repo.home, 'trap.sh');
  writeFileSync(script, `#!/bin/sh\ntouch ${proof}\nexec cat\n`);
  chmodSync(script, 0o755);
  const hooks = join(repo.home, 'hooks');
  mkdirSync(hooks);
  for (const name of [
    'pre-commit',
    'post-checkout',
    'reference-transaction',
    'fsmonitor-watchman',
    'post-index-change',
  ]) {
    symlinkSync(script, join(hooks, name));
  }
  repo.write('.gitattributes', '* filter=trap diff=trap merge=trap\n');
  const lines = `
[core]
  fsmonitor = ${script}
  hooksPath = ${hooks}
  pager = ${script}
  editor = ${script}
  sshCommand = ${script}
  askPass = ${script}
  alternateRefsCommand = ${script}
  gitProxy = ${script}
[diff]
  external = ${script}
[diff "trap"]
  textconv = ${script}
  command = ${script}
[filter "trap"]
  clean = ${script}
  smudge = ${script}
  process = ${script}
[credential]
  helper = "!${script}"
[alias]
  cat-file = "!${script}"
  ls-files = "!${script}"
[remote "origin"]
  url = "ext::${script}"
  uploadpack = ${script}
  promisor = true
[remote "second"]
  url = ${repo.dir}
  uploadpack = ${script}
  vcs = trap
[extensions]
  partialClone = origin
[include]
  path = ${repo.home}/included
`;
  writeFileSync(
    join(repo.dir, '.git/config'),
    `${readFileSync(join(repo.dir, '.git/config'), 'utf8')}${lines}`,
  );
  return proof;
}

describe('a store that would run commands', () => {
  test('nothing runs, whatever is asked, and an absent promised object is counted', async () => {
    const repo = repoOf();
    repo.commit('one', { 'a.txt': 'needle\n', 'lost.txt': 'lost\n', '.gitignore': 'ignored\n' });
    const second = repo.commit('two', { 'b.txt': 'b\n' });
    const lost = repo.blobId('lost\n');
    const proof = trap(repo);
    rmSync(join(repo.dir, '.git/objects', lost.slice(0, 2), lost.slice(2)));
    repo.write('ignored', 'x\n').write('a.txt', 'needle changed\n');
    for (const scope of [
      { type: 'all' as const },
      { type: 'tips' as const },
      { type: 'staged' as const },
      { type: 'range' as const, range: `${second}~1..${second}` },
      { type: 'range' as const, range: `..${second}` },
    ]) {
      const result = await readAll(repo.dir, { scope }, isHit);
      await result.source.metadata();
      await result.source.fullPlace();
      expect(await gitFileMarks(result.source).then((marks) => marks.isIgnored('ignored'))).toBe(true);
      if (scope.type === 'all') {
        expect(result.skipped['missing-promised-object']).toBe(1);
        expect(result.appearances.size).toBe(1);
      }
      result.source.close();
    }
    expect(existsSync(proof)).toBe(false);
  });

  test('a range is no place for options', async () => {
    const repo = repoOf();
    const head = repo.commit('one', { a: 'a\n' });
    for (const range of [
      '--output=/tmp/x..HEAD',
      `HEAD..--all`,
      head,
      'HEAD',
      '..',
      'a...b',
      'HEAD..nowhere',
    ]) {
      const result = await readAll(repo.dir, { scope: { type: 'range', range } });
      expect(result.problems.map(({ code }) => code)).toEqual(['not-found']);
      expect(result.documents.size).toBe(0);
      result.source.close();
    }
  });

  test('a store of another user is refused unless trusted', async () => {
    const repo = repoOf();
    repo.commit('one', { a: 'a\n' });
    const refused = openGitSource(repo.dir, { ownUids: [987_654] });
    await expect(refused).rejects.toBeInstanceOf(InputProblemError);
    await expect(refused).rejects.toMatchObject({ problem: { code: 'untrusted-owner' } });
    const source = await openGitSource(repo.dir, { ownUids: [987_654], trustOwner: true });
    source.close();
  });

  test('objects that are a link out of the store are refused', async () => {
    const repo = repoOf();
    const victim = repoOf();
    victim.commit('private', { a: 'needle\n' });
    rmSync(join(repo.dir, '.git/objects'), { recursive: true });
    symlinkSync(join(victim.dir, '.git/objects'), join(repo.dir, '.git/objects'));
    await expect(openGitSource(repo.dir)).rejects.toMatchObject({ problem: { code: 'not-a-repository' } });
  });
});

describe('damage', () => {
  test('a corrupt loose object is reported, the rest is read', async () => {
    const repo = repoOf();
    repo.commit('one', { 'a.txt': 'needle one\n', 'b.txt': 'needle two\n', 'c.txt': 'needle three\n' });
    const id = repo.blobId('needle two\n');
    const file = join(repo.dir, '.git/objects', id.slice(0, 2), id.slice(2));
    chmodSync(file, 0o644);
    writeFileSync(file, 'garbage');
    const result = await readAll(repo.dir, {}, isHit);
    expect(result.problems.map(({ code }) => code)).toEqual(['corrupt-object']);
    expect(JSON.stringify(result.problems)).not.toContain(id.slice(0, 8));
    expect([...result.documents.values()].filter(isHit).sort()).toEqual(['needle one\n', 'needle three\n']);
    result.source.close();
  });

  test('an object whose data ends early kills git once, then counts as corrupt', async () => {
    const repo = repoOf();
    const big = Array.from({ length: 20_000 }, (_, i) => `line ${i * 7919}\n`).join('');
    repo.commit('one', { 'a.txt': 'needle one\n', 'big.txt': big, 'z.txt': 'needle two\n' });
    const id = repo.blobId(big);
    const file = join(repo.dir, '.git/objects', id.slice(0, 2), id.slice(2));
    chmodSync(file, 0o644);
    truncateSync(file, 2000);
    const result = await readAll(repo.dir, {}, isHit);
    expect(result.problems.map(({ code }) => code)).toEqual(['corrupt-object']);
    expect([...result.documents.values()].filter(isHit).sort()).toEqual(['needle one\n', 'needle two\n']);
    result.source.close();
  });

  test('a truncated pack is reported, loose objects are still read', async () => {
    const repo = repoOf();
    repo.commit('one', { 'a.txt': 'packed\n' });
    repo.git('repack', '-a', '-d', '-q');
    repo.commit('two', { 'b.txt': 'needle loose\n' });
    const packs = join(repo.dir, '.git/objects/pack');
    const pack = readdirSync(packs).find((name) => name.endsWith('.pack')) ?? '';
    chmodSync(join(packs, pack), 0o644);
    truncateSync(join(packs, pack), 60);
    const result = await readAll(repo.dir, {}, isHit);
    expect(result.problems.map(({ code }) => code)).toContain('corrupt-pack');
    expect([...result.documents.values()]).toContain('needle loose\n');
    result.source.close();
  });

  test('a pack without index is reported', async () => {
    const repo = repoOf();
    repo.commit('one', { 'a.txt': 'packed\n' });
    repo.git('repack', '-a', '-d', '-q');
    const packs = join(repo.dir, '.git/objects/pack');
    for (const name of readdirSync(packs)) if (name.endsWith('.idx')) rmSync(join(packs, name));
    const result = await readAll(repo.dir);
    expect(result.problems).toContainEqual(expect.objectContaining({ code: 'corrupt-pack' }));
    result.source.close();
  });

  test('a multi-pack index that hides objects is not believed', async () => {
    const repo = repoOf();
    repo.commit('one', { 'a.txt': 'needle\n' });
    repo.git('repack', '-a', '-d', '-q');
    repo.git('multi-pack-index', 'write');
    const file = join(repo.dir, '.git/objects/pack/multi-pack-index');
    chmodSync(file, 0o644);
    writeFileSync(file, 'MIDX garbage');
    const result = await readAll(repo.dir, {}, isHit);
    expect(result.problems).toEqual([]);
    expect(result.appearances.size).toBe(1);
    result.source.close();
  });
});
