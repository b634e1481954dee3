import { afterAll, describe, expect, test } from 'vitest';
import type { Appearance, GitBlobAppearance, GitTextAppearance } from '../../../../src/model/appearance.js';
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

/** Marks what counts as a hit; each test plants `needle-<name>`. */
const isHit = (text: string): boolean => text.includes('needle-');

async function attribute(
  repo: TestRepo,
  dir = repo.dir,
): Promise<(content: string) => readonly Appearance[]> {
  const result = await readAll(dir, {}, isHit);
  expect(result.problems).toEqual([]);
  const byContent = new Map(
    [...result.appearances].map(([oid, list]) => [result.documents.get(oid) ?? '', list]),
  );
  result.source.close();
  return (content) => {
    const keys = [...byContent.keys()].filter((key) => key.includes(content));
    expect(keys).toHaveLength(1);
    return byContent.get(keys[0] ?? '') ?? [];
  };
}

function blob(appearance: Appearance | undefined): GitBlobAppearance {
  if (appearance?.type !== 'git-blob') throw new Error(`not a blob: ${appearance?.type}`);
  return appearance;
}
function text(appearance: Appearance | undefined): GitTextAppearance {
  if (appearance?.type !== 'git-text') throw new Error(`not a text: ${appearance?.type}`);
  return appearance;
}

describe('every corner of a repository', () => {
  test('deleted, renamed, copied and live files', async () => {
    const repo = repoOf();
    const first = repo.commit('one', {
      'old.env': 'needle-renamed\n',
      'gone.env': 'needle-gone\n',
      'live/a.txt': 'needle-live\n',
    });
    repo.git('mv', 'old.env', 'new.env');
    const second = repo.commit('two', { 'live/b.txt': 'needle-live\n' });
    repo.git('rm', '-q', 'gone.env');
    const third = repo.commitStaged('three');
    const of = await attribute(repo);
    const gone = blob(of('needle-gone')[0]);
    expect(gone.locationKind).toBe('git-history');
    expect(gone.path).toEqual({ text: 'gone.env' });
    expect(gone.introduced?.id).toBe(first);
    expect(gone.removed?.id).toBe(third);
    expect(gone.introduced).toEqual({
      id: first,
      author: { name: 'Ana Example', email: 'ana@example.com' },
      authorDate: '2024-01-01T02:01:00+02:00',
      committerDate: '2024-01-01T02:01:00+02:00',
    });
    const renamed = of('needle-renamed').map(blob);
    expect(
      renamed.map((one) => [one.path?.text, one.locationKind, one.introduced?.id, one.removed?.id]),
    ).toEqual([
      ['old.env', 'git-history', first, second],
      ['new.env', 'git-head', second, undefined],
    ]);
    const live = of('needle-live').map(blob);
    expect(
      live.map((one) => [one.path?.text, one.locationKind, one.introduced?.id, one.refs, one.refCount]),
    ).toEqual([
      ['live/a.txt', 'git-head', first, ['refs/heads/main'], 1],
      ['live/b.txt', 'git-head', second, ['refs/heads/main'], 1],
    ]);
  });

  test('an evil merge introduces, a plain merge does not, an octopus is followed', async () => {
    const repo = repoOf();
    repo.commit('base', { 'a.txt': 'a\n' });
    repo.git('checkout', '-q', '-b', 'side');
    const side = repo.commit('side', { 'side.txt': 'needle-side\n' });
    repo.git('checkout', '-q', 'main');
    repo.commit('main', { 'main.txt': 'm\n' });
    repo.tick();
    repo.git('merge', '-q', '--no-ff', '--no-commit', 'side');
    const evil = repo.commit('merge side', { 'evil.txt': 'needle-evil\n' });
    repo.git('checkout', '-q', '-b', 'x');
    const x = repo.commit('x', { 'x.txt': 'needle-x\n' });
    repo.git('checkout', '-q', '-b', 'y', 'main');
    const y = repo.commit('y', { 'y.txt': 'needle-y\n' });
    repo.git('checkout', '-q', 'main');
    repo.commit('more', { 'z.txt': 'z\n' });
    repo.tick();
    repo.git('merge', '-q', '--no-ff', '-m', 'octopus', 'x', 'y');
    const of = await attribute(repo);
    expect(blob(of('needle-side')[0]).introduced?.id).toBe(side);
    expect(blob(of('needle-evil')[0]).introduced?.id).toBe(evil);
    expect(blob(of('needle-x')[0]).introduced?.id).toBe(x);
    const fromY = blob(of('needle-y')[0]);
    expect(fromY.introduced?.id).toBe(y);
    expect(fromY.locationKind).toBe('git-head');
    expect(fromY.refs).toEqual(['refs/heads/main', 'refs/heads/y']);
  });

  test('stash, untracked stash, older stash, note, tag, commit message', async () => {
    const repo = repoOf();
    const base = repo.commit('needle-message in a commit', { 'a.txt': 'a\n' });
    repo.write('a.txt', 'needle-older\n');
    repo.tick();
    repo.git('stash', '-q');
    repo.write('a.txt', 'needle-stash\n').write('new.txt', 'needle-untracked\n');
    repo.tick();
    repo.git('stash', '-q', '-u');
    repo.git('notes', 'add', '-m', 'needle-note', base);
    repo.git('tag', '-a', 'v1', '-m', 'needle-tag');
    const of = await attribute(repo);
    for (const name of ['needle-stash', 'needle-untracked', 'needle-older']) {
      expect(of(name).map((one) => one.locationKind)).toEqual(['git-stash']);
    }
    expect(blob(of('needle-untracked')[0]).path).toEqual({ text: 'new.txt' });
    const note = text(of('needle-note')[0]);
    expect([note.locationKind, note.commit?.id, note.label]).toEqual([
      'git-note',
      base,
      'refs/notes/commits',
    ]);
    const tag = text(of('needle-tag')[0]);
    expect([tag.locationKind, tag.commit?.id, tag.label, tag.refs]).toEqual([
      'git-tag-message',
      base,
      'v1',
      ['refs/tags/v1'],
    ]);
    // The stash commits repeat the subject of their base, so only the commit itself is looked at.
    const result = await readAll(repo.dir, {}, (t) => t.startsWith('needle-message'));
    const message = text(result.appearances.get(base)?.[0]);
    expect([message.locationKind, message.commit?.id, message.refs]).toEqual([
      'git-commit-message',
      base,
      ['refs/heads/main', 'refs/tags/v1'],
    ]);
    result.source.close();
  });

  test('other branch, reflog only, dangling commit and blob, dangling tree, staged', async () => {
    const repo = repoOf();
    repo.commit('base', { 'a.txt': 'a\n' });
    repo.git('checkout', '-q', '-b', 'topic');
    repo.commit('topic', { 't.txt': 'needle-topic\n' });
    repo.git('checkout', '-q', 'main');
    const amended = repo.commit('oops', { 'b.txt': 'needle-amended\n' });
    repo.write('b.txt', 'clean\n');
    repo.git('add', '-A');
    repo.commitStaged('fixed', '--amend');
    const tree = repo.gitWith(
      { input: `100644 blob ${hashed(repo, 'needle-dangling\n')}\td.txt\n` },
      'mktree',
    );
    repo.gitWith({}, 'commit-tree', '-m', 'needle-danglingmessage', tree);
    hashed(repo, 'needle-loner\n');
    repo.gitWith({ input: `100644 blob ${hashed(repo, 'needle-lonetree\n')}\tl.txt\n` }, 'mktree');
    repo.write('s.txt', 'needle-staged\n');
    repo.git('add', 's.txt');
    const of = await attribute(repo);
    const topic = blob(of('needle-topic')[0]);
    expect([topic.locationKind, topic.refs]).toEqual(['git-other-tip', ['refs/heads/topic']]);
    const reflog = blob(of('needle-amended')[0]);
    expect([reflog.locationKind, reflog.path?.text, reflog.introduced?.id]).toEqual([
      'git-reflog',
      'b.txt',
      amended,
    ]);
    const dangling = blob(of('needle-dangling\n')[0]);
    expect([dangling.locationKind, dangling.path?.text]).toEqual(['git-unreachable', 'd.txt']);
    expect(text(of('needle-danglingmessage')[0]).locationKind).toBe('git-unreachable');
    expect(of('needle-loner')).toEqual([
      { type: 'git-blob', locationKind: 'git-unreachable', refs: [], refCount: 0 },
    ]);
    const loneTree = blob(of('needle-lonetree')[0]);
    expect([loneTree.locationKind, loneTree.path?.text]).toEqual(['git-unreachable', 'l.txt']);
    const staged = blob(of('needle-staged')[0]);
    expect([staged.locationKind, staged.path?.text]).toEqual(['git-staged', 's.txt']);
  });

  test('a tag may name a blob or a tree directly', async () => {
    const repo = repoOf();
    repo.commit('base', { 'a.txt': 'a\n' });
    repo.git('tag', '-a', '-m', 'key', 'key', hashed(repo, 'needle-tagged\n'));
    const tree = repo.gitWith(
      { input: `100644 blob ${hashed(repo, 'needle-treetag\n')}\tt.txt\n` },
      'mktree',
    );
    repo.git('tag', 'tree', tree);
    const of = await attribute(repo);
    expect(of('needle-tagged')).toEqual([
      { type: 'git-blob', locationKind: 'git-other-tip', refs: ['refs/tags/key'], refCount: 1 },
    ]);
    const inTree = blob(of('needle-treetag')[0]);
    expect([inTree.locationKind, inTree.path?.text, inTree.refs]).toEqual([
      'git-other-tip',
      't.txt',
      ['refs/tags/tree'],
    ]);
  });

  test('names that are not UTF-8 keep their bytes', async () => {
    const repo = repoOf();
    const name = Buffer.from([0x63, 0x61, 0x66, 0xe9, 0x2e, 0x74]);
    const entry = Buffer.concat([
      Buffer.from(`100644 blob ${hashed(repo, 'needle-latin\n')}\t`),
      name,
      Buffer.from('\0'),
    ]);
    const tree = repo.gitWith({ input: entry }, 'mktree', '-z');
    repo.git('update-ref', 'refs/heads/main', repo.git('commit-tree', '-m', 'x', tree));
    const of = await attribute(repo);
    expect(blob(of('needle-latin')[0]).path).toEqual({ text: 'caf\ufffd.t', bytes: name.toString('base64') });
  });

  test('reverted and added again: the last removal, the first introduction', async () => {
    const repo = repoOf();
    const first = repo.commit('1', { a: 'needle-again\n', b: 'b\n' });
    repo.git('rm', '-q', 'a');
    repo.commitStaged('2');
    repo.commit('3', { a: 'needle-again\n' });
    repo.git('rm', '-q', 'a');
    const last = repo.commitStaged('4');
    const again = blob((await attribute(repo))('needle-again')[0]);
    expect([again.introduced?.id, again.removed?.id]).toEqual([first, last]);
  });

  test('a SHA-256 repository', async () => {
    const repo = repoOf({ objectFormat: 'sha256' });
    const first = repo.commit('1', { 'dir/a': 'needle-256\n' });
    const one = blob((await attribute(repo))('needle-256')[0]);
    expect([one.introduced?.id, one.path?.text, one.locationKind]).toEqual([first, 'dir/a', 'git-head']);
  });
});

function hashed(repo: TestRepo, content: string): string {
  return repo.gitWith({ input: content }, 'hash-object', '-w', '--stdin');
}
