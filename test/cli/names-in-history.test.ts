/** A secret in the name of a file or folder is found in old commits too, with what brought it and took it away. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fakeSecret } from '../support/fake-secret.js';
import { GitFixture } from '../support/git-fixture.js';
import { CliHome, scratch } from '../support/scratch.js';

interface Found {
  readonly path: string;
  readonly from: string | undefined;
  readonly until: string | undefined;
  readonly refs: readonly string[];
}

function namesIn(home: CliHome, ...args: string[]): Found[] {
  return home
    .json(['scan', ...args])
    .filter(({ type, locationKind }) => type === 'finding' && locationKind === 'git-metadata')
    .map(({ path, commit, removedCommit, refs }) => ({
      path: String(path).replace(/‹[^›]*›/g, '‹›'),
      from: commit as string | undefined,
      until: removedCommit as string | undefined,
      refs: refs as string[],
    }));
}

function repository(...initArgs: string[]): GitFixture {
  const repo = new GitFixture(join(scratch(), 'repo'), ...initArgs);
  repo.commit('start', { 'a/b/first.txt': 'nothing\n', 'other.txt': 'nothing else\n' });
  return repo;
}

const main = ['refs/heads/main'];

describe.each([['sha1'], ['sha256']])('in a store of %s', (format) => {
  test('a folder and a file that are gone, and one that is there', () => {
    const repo = repository(`--object-format=${format}`);
    const folder = fakeSecret('github-pat', 'a folder');
    const file = fakeSecret('github-pat', 'a file');
    const added = repo.commit('folder', { [`a/${folder}/x.txt`]: '1\n', [`a/${folder}/y.txt`]: '2\n' });
    repo.commit('both', { [`a/${folder}/x.txt`]: '3\n', [`a/b/dump-${file}.json`]: '' });
    repo.git('rm', '-rq', `a/${folder}`);
    const removed = repo.commit('gone');
    const moved = repo.commit('more', { 'z.txt': '1\n' });
    repo.git('mv', `a/b/dump-${file}.json`, `dump-${file}.json`);
    const last = repo.commit('moved');
    repo.git('clone', '-q', '--bare', repo.path, join(repo.path, '../bare'));
    const both = repo.git('rev-parse', 'HEAD~3');
    const home = new CliHome();
    const expected = [
      { path: 'a/b/dump-‹›.json', from: both, until: last, refs: [] },
      { path: 'a/‹›', from: added, until: removed, refs: [] },
      { path: 'dump-‹›.json', from: last, until: undefined, refs: main },
    ];
    const found = namesIn(home, join(repo.path, '../bare'));
    expect(new Set(found)).toEqual(new Set(expected));
    expect(moved).not.toBe(last);
    // Nothing is new, and nothing is lost.
    expect(namesIn(home, join(repo.path, '../bare'))).toEqual(found);
    expect(namesIn(new CliHome(), join(repo.path, '../bare'), '--jobs', '1')).toEqual(found);
    for (const value of [folder, file]) expect(home.allBytes().includes(value)).toBe(false);
  });
});

test('what comes later is found as if all had been there at first', () => {
  const repo = repository();
  for (let i = 0; i < 30; i++) repo.commit(`${i}`, { [`many/${i}.txt`]: `${i}\n` });
  repo.git('gc', '-q');
  const home = new CliHome();
  expect(namesIn(home, repo.path)).toEqual([]);

  const first = fakeSecret('github-pat', 'later');
  const added = repo.commit('first', { [`many/${first}`]: '1\n' });
  const one = [{ path: 'many/‹›', from: added, until: undefined, refs: main }];
  expect(namesIn(home, repo.path)).toEqual(one);

  repo.git('gc', '-q');
  repo.commit('quiet', { 'b.txt': '1\n' });
  expect(namesIn(home, repo.path)).toEqual(one);

  repo.git('rm', '-q', `many/${first}`);
  const removed = repo.commit('gone');
  repo.commit('second', { [`many/${fakeSecret('github-pat', 'second')}`]: '1\n' });
  const all = namesIn(home, repo.path);
  expect(all).toHaveLength(2);
  expect(all).toContainEqual({ path: 'many/‹›', from: added, until: removed, refs: [] });
  expect(namesIn(new CliHome(), repo.path)).toEqual(all);
});

test('of a commit that no ref leads to, and of a tree without any commit', () => {
  const repo = repository();
  repo.git('checkout', '-q', '-b', 'side');
  const lost = repo.commit('side', { [`lost/${fakeSecret('github-pat', 'side')}`]: '1\n' });
  repo.git('checkout', '-q', 'main');
  repo.git('branch', '-qD', 'side');
  const blob = repo.git('hash-object', '-w', 'other.txt');
  const name = fakeSecret('github-pat', 'tree');
  repo.git('update-index', '--add', '--cacheinfo', `100644,${blob},staged-${name}`);
  repo.git('write-tree');
  repo.git('reset', '-q', '--hard');
  const nowhere = { from: undefined, until: undefined, refs: [] };
  const found = namesIn(new CliHome(), repo.path);
  expect(found).toHaveLength(2);
  expect(found).toContainEqual({ ...nowhere, path: 'staged-‹›' });
  expect(found).toContainEqual({ ...nowhere, path: 'lost/‹›', from: lost });
});

test('a range and a commit under way are told what they bring in, and not what was there', () => {
  const repo = repository();
  const old = fakeSecret('github-pat', 'old');
  const base = repo.commit('old', { [`a/${old}.txt`]: '1\n' });
  repo.commit('beside', { 'a/beside.txt': '1\n' });
  const home = new CliHome();
  expect(namesIn(home, repo.path, '--range', `${base}..HEAD`)).toEqual([]);
  const added = repo.commit('new', { [`a/${fakeSecret('github-pat', 'new')}.txt`]: '1\n' });
  expect(namesIn(new CliHome(), repo.path, '--range', `${base}..HEAD`)).toEqual([
    { path: 'a/‹›.txt', from: added, until: undefined, refs: main },
  ]);
  repo.write('a/beside.txt', '2\n');
  repo.write(`c/${fakeSecret('github-pat', 'staged')}/x`, '1\n');
  repo.git('add', '-A');
  expect(namesIn(new CliHome(), repo.path, '--staged').map(({ path }) => path)).toEqual(['c/‹›']);
});

test('a name that holds a secret stands in no path of another finding', () => {
  const repo = repository();
  const name = fakeSecret('github-pat', 'above');
  repo.commit('in it', { [`${name}/x.env`]: `TOKEN=${fakeSecret('github-pat', 'within')}\n` });
  repo.git('rm', '-rq', name);
  repo.commit('gone');
  const home = new CliHome();
  const findings = home.json(['scan', repo.path]).filter(({ type }) => type === 'finding');
  const paths = findings.map(({ path }) => String(path).replace(/‹[^›]*›/g, '‹›'));
  expect(paths.sort()).toEqual(['‹›', '‹›/x.env']);
  expect(home.allBytes().includes(name)).toBe(false);
});

test('names that are no UTF-8 and are shown alike are found each', () => {
  const repo = repository();
  const name = fakeSecret('github-pat', 'bytes');
  const paths = ['a/first/x-NAME\\376', 'a/second/x-NAME\\377'].map((path) => path.replace('NAME', name));
  const [from] = paths.map((path, i) => {
    const start = `commit refs/heads/main\ncommitter A <a@example.org> ${1_800_000_000 + i} +0000\ndata 1\nm\n`;
    const parent = `from ${repo.git('rev-parse', 'main')}\n`;
    repo.import(`${start}${parent}M 100644 inline "${path}"\ndata 2\n1\n\n`);
    return repo.git('rev-parse', 'main');
  });
  repo.git('clone', '-q', '--bare', repo.path, join(repo.path, '../bare'));
  const home = new CliHome();
  const found = namesIn(home, join(repo.path, '../bare'));
  expect(found.map(({ path }) => path).sort()).toEqual(['a/first/x-‹›\ufffd', 'a/second/x-‹›\ufffd']);
  expect(found.filter((one) => one.from === from)).toHaveLength(1);
  expect(home.allBytes().includes(name)).toBe(false);
});

test('rules that came later look at old names', () => {
  const repo = repository();
  for (let i = 0; i < 30; i++) repo.commit(`${i}`, { [`many/${i}.txt`]: `${i}\n` });
  const name = ['acme_k', '3j5h2g9f8d7s6a4q1w2e3r4'].join('');
  const added = repo.commit('acme', { [`${name}.txt`]: '1\n' });
  repo.git('rm', '-q', `${name}.txt`);
  const removed = repo.commit('gone');
  repo.git('gc', '-q');
  const home = new CliHome();
  expect(namesIn(home, repo.path)).toEqual([]);
  const config = join(scratch(), 'config.yaml');
  writeFileSync(config, rules);
  expect(namesIn(home, repo.path, '--config', config)).toEqual([
    { path: 'acme_‹›.txt', from: added, until: removed, refs: [] },
  ]);
});

const rules = `
rules:
  add:
    - id: acme-deploy-token
      name: ACME deploy token
      pattern: 'acme_([a-z0-9]{24})'
      keywords: [acme_]
      confidence: high
      examples: ['ACME_TOKEN = "acme_{{token}}"']
      negatives: ['acme_documentation_page']
`;
