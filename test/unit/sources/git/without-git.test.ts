/** Ordinary stores are read without starting git at all. */
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { gitFileMarks } from '../../../../src/sources/git/file-marks.js';
import { openGitSource } from '../../../../src/sources/git/git-source.js';
import { makeRepo, type TestRepo } from '../../../support/make-repo.js';
import { objectsByGit } from './pack/pack-support.js';
import { readAll } from './read-all.js';

const path = process.env['PATH'];
const repos: TestRepo[] = [];
afterEach(() => {
  process.env['PATH'] = path;
  for (const repo of repos.splice(0)) repo.remove();
});

function filled(objectFormat: 'sha1' | 'sha256'): TestRepo {
  const repo = makeRepo({ objectFormat });
  repos.push(repo);
  const first = repo.commit('one', { 'a.txt': 'needle\n', 'dir/b.txt': 'b\n' });
  repo.git('tag', '-a', '-m', 'needle in a tag', 'v1');
  repo.git('notes', 'add', '-m', 'needle in a note', first);
  repo.commit('two', { 'dir/b.txt': 'b\nneedle\n' });
  repo.git('checkout', '-q', '--orphan', 'other');
  repo.commit('another root', { 'c.txt': 'c\n' });
  repo.git('checkout', '-q', 'main');
  return repo;
}

describe.each(['sha1', 'sha256'] as const)('%s', (objectFormat) => {
  test.each(['loose', 'packed', 'packed in part'])('%s objects, places, roots and marks', async (how) => {
    const repo = filled(objectFormat);
    if (how !== 'loose') repo.git('repack', '-adq');
    if (how === 'packed in part') repo.commit('three', { 'dir/b.txt': 'needle\n', 'd.txt': 'd\n' });
    const expected = objectsByGit(join(repo.dir, '.git'));
    const roots = repo.git('rev-list', '--max-parents=0', '--all', '--exclude=refs/notes/*').split('\n');
    const headText = repo.git('show', 'HEAD:dir/b.txt');
    process.env['PATH'] = '';
    const result = await readAll(repo.dir, {}, (text) => text.includes('needle'));
    const { source } = result;
    expect(result.problems).toEqual([]);
    const read = [...result.documents].map(([oid, text]) => [oid, result.types.get(oid), text]);
    const held = [...expected].filter(([, { type }]) => type !== 'tree');
    expect(read.sort()).toEqual(
      held.map(([oid, { type, bytes }]) => [oid, type, bytes.toString('latin1')]).sort(),
    );
    expect((await source.fullPlace()).rootCommits?.filter((oid) => roots.includes(oid))).toHaveLength(2);
    expect((await source.headFile('dir/b.txt', 100))?.toString().trimEnd()).toBe(headText);
    const blob = [...expected.keys()].find((oid) => result.documents.get(oid) === 'needle\n') ?? '';
    expect(result.appearances.get(blob)?.length).toBeGreaterThan(0);
    const [resolved] = (await source.resolve?.([blob.slice(0, 30)])) ?? [];
    expect(Buffer.from(resolved?.oid ?? []).toString('hex')).toBe(blob);
    const marks = await gitFileMarks(source);
    expect(marks.indexOid('a.txt')).toBe(blob);
    source.close();
  });
});

test('a file that is not tracked is what git is asked about', async () => {
  const repo = filled('sha1');
  repo.write('.gitignore', '*.env\n').write('dir/.env', 'x').write('dir/new.txt', 'x');
  const source = await openGitSource(repo.dir);
  const marks = await gitFileMarks(source);
  expect(marks.isIgnored('dir/.env')).toBe(true);
  expect(marks.isIgnored('dir/new.txt')).toBe(false);
  expect(marks.isIgnored('a.txt')).toBe(false);
  source.close();
});
