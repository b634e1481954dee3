import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { discoverGitStore } from '../../../../src/sources/git/discover.js';
import { gitFileMarks } from '../../../../src/sources/git/file-marks.js';
import { openGitSource } from '../../../../src/sources/git/git-source.js';
import { makeRepo, type TestRepo } from '../../../support/make-repo.js';
import { readAll } from './read-all.js';

const repos: TestRepo[] = [];
afterAll(() => {
  for (const repo of repos) repo.remove();
});
function repoOf(options = {}): TestRepo {
  const repo = makeRepo(options);
  repos.push(repo);
  return repo;
}
const isHit = (text: string): boolean => text.includes('needle');

async function keyOf(path: string): Promise<string> {
  const source = await openGitSource(path);
  source.close();
  return source.place.key;
}

describe('kinds of stores', () => {
  test('work tree, subfolder, bare clone, linked work tree: one place, one set of objects', async () => {
    const repo = repoOf();
    repo.commit('one', { 'dir/a.txt': 'needle\n' });
    const bare = join(repo.home, 'bare.git');
    repo.git('clone', '-q', '--bare', repo.dir, bare);
    const linked = join(repo.home, 'linked');
    repo.git('worktree', 'add', '-q', linked);
    const expected = [...(await readAll(repo.dir)).documents.keys()].sort();
    const key = await keyOf(repo.dir);
    for (const path of [join(repo.dir, 'dir'), bare, linked, join(repo.dir, '.git')]) {
      const result = await readAll(path, {}, isHit);
      expect([...result.documents.keys()].sort()).toEqual(expected);
      expect(result.appearances.get(repo.blobId('needle\n'))).toMatchObject([{ locationKind: 'git-head' }]);
      expect(result.source.place.key).toBe(key);
      result.source.close();
    }
    expect(discoverGitStore(linked)).toMatchObject({
      linkedWorkTree: true,
      commonDir: join(repo.dir, '.git'),
    });
    expect(discoverGitStore(join(repo.dir, 'dir'))).toMatchObject({ prefix: 'dir', bare: false });
    expect(discoverGitStore(bare)).toMatchObject({ prefix: '', bare: true });
    expect(discoverGitStore(repo.home)).toBeUndefined();
  });

  test('a submodule checkout is a store, its entry in the parent is counted', async () => {
    const inner = repoOf();
    inner.commit('inner', { 'i.txt': 'needle\n' });
    const outer = repoOf();
    outer.gitWith({ env: { GIT_ALLOW_PROTOCOL: 'file' } }, 'submodule', '--quiet', 'add', inner.dir, 'sub');
    outer.commit('outer');
    const parent = await readAll(outer.dir, {}, isHit);
    expect(parent.skipped).toEqual({ submodule: 1 });
    expect(parent.appearances.size).toBe(0);
    parent.source.close();
    const child = await readAll(join(outer.dir, 'sub'), {}, isHit);
    expect(child.appearances.get(inner.blobId('needle\n'))).toMatchObject([
      { locationKind: 'git-head', path: { text: 'i.txt' } },
    ]);
    child.source.close();
  });

  test('a shallow clone does not claim to know who introduced what', async () => {
    const repo = repoOf();
    repo.commit('one', { 'a.txt': 'needle old\n' });
    const second = repo.commit('two', { 'b.txt': 'b\n' });
    const third = repo.commit('three', { 'c.txt': 'needle new\n' });
    const shallow = join(repo.home, 'shallow');
    repo.git('clone', '-q', '--depth', '2', `file://${repo.dir}`, shallow);
    const result = await readAll(shallow, {}, isHit);
    expect(result.problems).toEqual([]);
    expect(result.documents.has(second)).toBe(true);
    const old = result.appearances.get(repo.blobId('needle old\n'))?.[0];
    expect(old).toMatchObject({ locationKind: 'git-head', path: { text: 'a.txt' } });
    expect(old).not.toHaveProperty('introduced');
    expect(result.appearances.get(repo.blobId('needle new\n'))?.[0]).toMatchObject({
      introduced: { id: third },
    });
    expect(result.source.location.shallow).toBe(true);
    expect((await result.source.fullPlace()).rootCommits).toBeUndefined();
    result.source.close();
  });

  test('borrowed objects are counted, and read when asked for', async () => {
    const lender = repoOf();
    lender.commit('one', { 'a.txt': 'needle lent\n' });
    lender.git('repack', '-a', '-d', '-q');
    const borrower = join(lender.home, 'borrower');
    lender.git('clone', '-q', '--shared', lender.dir, borrower);
    const without = await readAll(borrower, {}, isHit);
    expect(without.documents.size).toBe(0);
    expect(without.skipped).toEqual({ 'alternate-object': 3 });
    without.source.close();
    const borrowed = await readAll(borrower, { alternates: true }, isHit);
    expect(borrowed.documents.size).toBe(2);
    expect(borrowed.appearances.size).toBe(1);
    borrowed.source.close();
  });

  test('an empty repository is a place without work', async () => {
    const repo = repoOf();
    for (const type of ['all', 'tips', 'staged'] as const) {
      const result = await readAll(repo.dir, { scope: { type } });
      expect([result.documents.size, result.problems]).toEqual([0, []]);
      expect(result.source.place.name).toBe('repo');
      result.source.close();
    }
  });
});

describe('scopes', () => {
  test('tips only: what refs and the index hold now', async () => {
    const repo = repoOf();
    repo.commit('one', { 'a.txt': 'needle gone\n' });
    repo.commit('two', { 'a.txt': 'needle now\n' });
    repo.write('s.txt', 'needle staged\n');
    repo.git('add', 's.txt');
    const result = await readAll(repo.dir, { scope: { type: 'tips' } }, isHit);
    expect([...result.documents.values()].filter(isHit).sort()).toEqual(['needle now\n', 'needle staged\n']);
    expect(result.appearances.get(repo.blobId('needle now\n'))).toMatchObject([{ locationKind: 'git-head' }]);
    expect(result.appearances.get(repo.blobId('needle staged\n'))).toMatchObject([
      { locationKind: 'git-staged' },
    ]);
    expect(await result.source.state()).toBeUndefined();
    result.source.close();
  });

  test('a range brings only what it introduced, with its commit', async () => {
    const repo = repoOf();
    repo.commit('one', { 'd/a.txt': 'needle before\n' });
    const second = repo.commit('two', { 'd/b.txt': 'needle within\n' });
    repo.commit('three', { 'c.txt': 'c\n' });
    const result = await readAll(repo.dir, { scope: { type: 'range', range: 'HEAD~2..main' } }, isHit);
    expect([...result.documents.values()].filter(isHit)).toEqual(['needle within\n']);
    expect(result.appearances.get(repo.blobId('needle within\n'))).toMatchObject([
      { locationKind: 'git-head', path: { text: 'd/b.txt' }, introduced: { id: second } },
    ]);
    result.source.close();
    const fresh = await readAll(
      repo.dir,
      { scope: { type: 'range', range: `${'0'.repeat(40)}..HEAD` } },
      isHit,
    );
    expect([...fresh.documents.values()].filter(isHit)).toHaveLength(2);
    fresh.source.close();
  });

  test('staged: additions and changes with their paths, also before the first commit', async () => {
    const repo = repoOf();
    repo.write('new é.txt', 'needle first\n');
    repo.git('add', '-A');
    const first = await readAll(repo.dir, { scope: { type: 'staged' } }, isHit);
    expect(first.appearances.get(repo.blobId('needle first\n'))).toMatchObject([
      { locationKind: 'git-staged', path: { text: 'new é.txt' } },
    ]);
    first.source.close();
    repo.commitStaged('one');
    repo.write('b.txt', 'needle second\n');
    repo.git('add', '-A');
    const second = await readAll(repo.dir, { scope: { type: 'staged' } }, isHit);
    expect([...second.documents.values()]).toEqual(['needle second\n']);
    second.source.close();
  });
});

test('the state changes with every change and with nothing else', async () => {
  const repo = repoOf();
  repo.commit('one', { 'a.txt': 'a\n' });
  const source = await openGitSource(repo.dir);
  const seen = new Set<string>();
  const next = async (): Promise<boolean> => {
    const hex = Buffer.from((await source.state()) ?? []).toString('hex');
    const isNew = !seen.has(hex);
    seen.add(hex);
    return isNew;
  };
  expect([await next(), await next()]).toEqual([true, false]);
  for (const change of [
    () => repo.git('branch', 'x'),
    () => repo.commit('two', { 'a.txt': 'b\n' }),
    () => repo.gitWith({ input: 'loose\n' }, 'hash-object', '-w', '--stdin'),
    () => repo.git('repack', '-a', '-d', '-q'),
    () => repo.git('pack-refs', '--all'),
    () => repo.git('update-ref', '-d', 'refs/heads/x'),
  ]) {
    change();
    expect([await next(), await next()]).toEqual([true, false]);
  }
  source.close();
});

test('marks tell tracked, ignored and other files apart', async () => {
  const repo = repoOf();
  repo.commit('one', { 'a.txt': 'a\n', '.gitignore': '*.env\nbuild/\n' });
  repo
    .write('p.env', 'x\n')
    .write('build/deep/x.txt', 'x\n')
    .write('other.txt', 'x\n')
    .write('local.txt', 'x\n');
  mkdirSync(join(repo.dir, '.git/info'), { recursive: true });
  writeFileSync(join(repo.dir, '.git/info/exclude'), 'local.txt\n');
  const source = await openGitSource(repo.dir);
  const marks = await gitFileMarks(source);
  expect([marks.isTracked('a.txt'), marks.isIgnored('a.txt'), marks.indexOid('a.txt')]).toEqual([
    true,
    false,
    repo.blobId('a\n'),
  ]);
  const ignored = ['p.env', 'build/deep/x.txt', 'other.txt', 'local.txt'].map((path) =>
    marks.isIgnored(path),
  );
  expect(ignored).toEqual([true, true, false, true]);
  source.close();
});

describe('a store without an origin', () => {
  test('is named by its own root commits, walked or remembered, never by an earlier name', async () => {
    const repo = repoOf();
    repo.commit('one', { 'a.txt': 'a\n' });
    const walked = await openGitSource(repo.dir);
    walked.close();
    const state = await walked.state();
    const asked: (Uint8Array | string)[] = [];
    const again = await openGitSource(repo.dir, {
      remembered: async (locator, now) => {
        asked.push(locator, now);
        return { ...walked.place, name: 'named once' };
      },
    });
    again.close();
    expect(asked).toEqual([walked.locator, state]);
    expect(again.place).toEqual(walked.place);
    repo.commit('two');
    expect(await walked.state()).not.toEqual(state);
  });
});
