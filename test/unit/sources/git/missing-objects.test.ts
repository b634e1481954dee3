/** Objects that a store names and lacks: each must be a gap, and nothing else may be one. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { makeRepo, type TestRepo } from '../../../support/make-repo.js';
import { type ReadResult, readAll } from './read-all.js';

const repos: TestRepo[] = [];
afterAll(() => {
  for (const repo of repos) repo.remove();
});

function repoOf(objectFormat: 'sha1' | 'sha256' = 'sha1'): TestRepo {
  const repo = makeRepo({ objectFormat });
  repos.push(repo);
  repo.commit('one', { 'a.txt': 'needle\n', 'dir/sub/b.txt': 'b\n' });
  repo.commit('two', { 'dir/sub/b.txt': 'bb\n' });
  return repo;
}

function lose(repo: TestRepo, oid: string): void {
  rmSync(join(repo.dir, '.git/objects', oid.slice(0, 2), oid.slice(2)));
}

async function missingOf(path: string): Promise<readonly (string | undefined)[]> {
  const result: ReadResult = await readAll(path);
  result.source.close();
  expect(result.skipped['missing-promised-object']).toBeUndefined();
  return result.problems.map(({ code, detail }) => `${code}: ${detail}`);
}

describe('a store that lost', () => {
  test.each([
    ['a blob of an old commit', 'HEAD~1:dir/sub/b.txt'],
    ['a tree', 'HEAD:dir/sub'],
    ['a root tree', 'HEAD~1^{tree}'],
    ['a commit', 'HEAD~1'],
    ['the commit of a branch', 'HEAD'],
  ])('%s says so', async (_what, name) => {
    for (const format of ['sha1', 'sha256'] as const) {
      const repo = repoOf(format);
      // Trees and blobs of lost commits are there and name nothing that is not.
      lose(repo, repo.git('rev-parse', name));
      expect(await missingOf(repo.dir)).toEqual(['missing-object: 1 object(s)']);
    }
  });

  test('a blob when its pack was written says so', async () => {
    const repo = repoOf();
    const gone = repo.blobId('b\n');
    const kept = repo.git('rev-list', '--objects', '--no-object-names', 'HEAD').split('\n');
    const input = `${kept.filter((oid) => oid !== gone).join('\n')}\n`;
    repo.gitWith({ input }, 'pack-objects', '-q', '.git/objects/pack/pack');
    for (const oid of kept) lose(repo, oid);
    expect(await missingOf(repo.dir)).toEqual(['missing-object: 1 object(s)']);
  });

  test('a blob that only the index names says so', async () => {
    const repo = repoOf();
    repo.write('staged.txt', 'staged\n').git('add', 'staged.txt');
    lose(repo, repo.blobId('staged\n'));
    expect(await missingOf(repo.dir)).toEqual(['missing-object: 1 object(s)']);
  });

  test('the target of an annotated tag that nothing else names says so', async () => {
    const repo = repoOf();
    repo.git('tag', '-a', '-m', 'a file', 'kept', repo.blobId('bb\n'));
    repo.git('update-ref', 'refs/heads/main', 'HEAD~1');
    rmSync(join(repo.dir, '.git/logs'), { recursive: true });
    rmSync(join(repo.dir, '.git/index'));
    lose(repo, repo.blobId('bb\n'));
    const problems = await missingOf(repo.dir);
    expect(problems).toEqual(['missing-object: 1 object(s)']);
  });
});

describe('nothing is missing', () => {
  test('in a whole store, packed or not, with a submodule, an empty tree and a file that is only intended', async () => {
    const repo = repoOf();
    repo.git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},sub`);
    repo.git('commit', '-qm', 'link');
    repo.write('later.txt', 'later\n').git('add', '--intent-to-add', 'later.txt');
    const empty = repo.git('commit-tree', '-m', 'empty', '4b825dc642cb6eb9a060e54bf8d69288fbee4904');
    repo.git('update-ref', 'refs/heads/empty', empty);
    expect(await missingOf(repo.dir)).toEqual([]);
  });

  test('in a shallow clone', async () => {
    const repo = repoOf();
    const shallow = join(repo.home, 'shallow.git');
    repo.git(
      '-c',
      'fetch.unpackLimit=100',
      'clone',
      '-q',
      '--bare',
      '--depth',
      '1',
      `file://${repo.dir}`,
      shallow,
    );
    expect(await missingOf(shallow)).toEqual([]);
  });

  test('when only an unreachable commit lost its file', async () => {
    const repo = repoOf();
    const gone = repo.commit('three', { 'c.txt': 'c\n' });
    repo.git('reset', '-q', '--hard', 'HEAD~1');
    lose(repo, repo.blobId('c\n'));
    writeFileSync(join(repo.dir, '.git/ORIG_HEAD'), `${gone}\n`);
    expect(await missingOf(repo.dir)).toEqual([]);
  });
});
