/**
 * Whatever form a store has, a scan says the same of it whether packs and objects are read directly or all of it
 * comes from `git cat-file`, as it does in a package without `core.wasm`; and what was planted is found.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { freshHomeLike } from '../support/cli-process.js';
import { fakeSecret } from '../support/fake-secret.js';
import { GitFixture } from '../support/git-fixture.js';
import { CliHome, cliEntry } from '../support/scratch.js';

interface Form {
  readonly name: string;
  /** Makes the store in `folder` and gives its path. */
  readonly make: (folder: string) => string;
  /** Seeds of the secrets that the scan must find. */
  readonly seeds: readonly string[];
  readonly flags?: readonly string[];
}

const token = (seed: string): string => fakeSecret('github-pat-classic', seed);
const padding = Array.from({ length: 300 }, (_, i) => `line ${i} of a file that is worth a delta\n`).join('');

const allSeeds = ['head', 'deleted', 'message', 'tag', 'stash', 'branch', 'amended'];

/** Secrets at the tip, in history, in texts, in the stash, on a branch, and where only the reflog leads. */
function planted(folder: string, ...initArgs: string[]): GitFixture {
  const repo = new GitFixture(join(folder, 'repo'), ...initArgs);
  repo.commit('one', {
    'dir/a.txt': `${padding}a = "${token('head')}"\n`,
    'd.env': `T=${token('deleted')}\n`,
  });
  repo.commit('two', { 'dir/a.txt': `first\n${padding}a = "${token('head')}"\n` });
  repo.git('rm', '-q', 'd.env');
  repo.commit(`deploy with ${token('message')}`);
  repo.git('tag', '-a', 'v1', '-m', `release ${token('tag')}`);
  repo.git('checkout', '-q', '-b', 'side', 'HEAD~1');
  repo.commit('side', { 'side.txt': `${padding}s = "${token('branch')}"\n` });
  repo.git('checkout', '-q', 'main');
  repo.git('merge', '-q', '--no-ff', '-m', 'merge side', 'side');
  repo.commit('oops', { 'oops.txt': `o = "${token('amended')}"\n` });
  repo.git('reset', '-q', '--hard', 'HEAD~1');
  repo.write('dir/a.txt', `${padding}x = "${token('stash')}"\n`);
  repo.git('stash', '-q');
  return repo;
}

const gitDir = (repo: GitFixture): string => join(repo.path, '.git');

const forms: readonly Form[] = [
  { name: 'loose objects', make: (folder) => planted(folder).path, seeds: allSeeds },
  {
    name: 'one pack with deltas',
    make: (folder) => {
      const repo = planted(folder);
      repo.git('repack', '-adfq', '--window=50', '--depth=50');
      repo.git('prune-packed');
      return repo.path;
    },
    seeds: allSeeds,
  },
  {
    name: 'several packs with a multi-pack-index and a commit graph',
    make: (folder) => {
      const repo = planted(folder);
      repo.git('repack', '-dq');
      repo.commit('later', { 'later.txt': `${padding}l = "${token('later')}"\n` });
      repo.git('repack', '-dq');
      repo.git('multi-pack-index', 'write');
      repo.git('commit-graph', 'write', '--reachable');
      return repo.path;
    },
    seeds: [...allSeeds, 'later'],
  },
  {
    name: 'the same objects in two packs and loose as well',
    make: (folder) => {
      const repo = planted(folder);
      repo.git('repack', '-aq');
      const ids = repo.git('rev-list', '--objects', '--all', '--no-object-names');
      execFileSync('git', ['pack-objects', '-q', join(gitDir(repo), 'objects/pack/pack')], {
        cwd: repo.path,
        input: `${ids}\n`,
        stdio: ['pipe', 'ignore', 'ignore'],
      });
      return repo.path;
    },
    seeds: allSeeds,
  },
  {
    name: 'an index of version 1',
    make: (folder) => {
      const repo = planted(folder);
      repo.git('-c', 'pack.indexVersion=1', 'repack', '-adfq');
      return repo.path;
    },
    seeds: allSeeds,
  },
  {
    name: 'SHA-256',
    make: (folder) => {
      const repo = planted(folder, '--object-format=sha256');
      repo.git('repack', '-adfq');
      return repo.path;
    },
    seeds: allSeeds,
  },
  {
    name: 'a shallow clone',
    make: (folder) => {
      const repo = planted(folder);
      repo.git('clone', '-q', '--bare', '--depth', '2', `file://${repo.path}`, join(folder, 'shallow.git'));
      return join(folder, 'shallow.git');
    },
    seeds: ['head', 'deleted', 'message', 'tag', 'branch'],
  },
  {
    name: 'a partial clone without blobs',
    make: (folder) => {
      const repo = planted(folder);
      repo.git('config', 'uploadpack.allowFilter', 'true');
      const partial = join(folder, 'partial.git');
      repo.git('clone', '-q', '--bare', '--filter=blob:none', `file://${repo.path}`, partial);
      return partial;
    },
    seeds: ['message', 'tag'],
  },
  {
    name: 'borrowed objects, left out',
    make: (folder) => {
      const repo = planted(folder);
      const own = join(folder, 'own');
      repo.git('clone', '-q', '--shared', repo.path, own);
      const borrower = new GitFixture(own);
      borrower.commit('own', { 'own.txt': `o = "${token('own')}"\n` });
      return borrower.path;
    },
    // The work tree holds what its tip holds; history lies with the lender.
    seeds: ['own', 'head', 'branch'],
  },
  {
    name: 'borrowed objects, asked for',
    make: (folder) => {
      const repo = planted(folder);
      repo.git('repack', '-adq');
      repo.git('clone', '-q', '--bare', '--shared', repo.path, join(folder, 'borrower.git'));
      return join(folder, 'borrower.git');
    },
    seeds: allSeeds,
    flags: ['--alternates'],
  },
  {
    name: 'replace refs, which are not followed',
    make: (folder) => {
      const repo = planted(folder);
      const clean = repo.git('hash-object', '-w', '.git/description');
      repo.git('replace', repo.git('rev-parse', 'HEAD:dir/a.txt'), clean);
      repo.git('replace', '--graft', 'HEAD');
      return repo.path;
    },
    seeds: allSeeds,
  },
  {
    name: 'grafts, which are not followed',
    make: (folder) => {
      const repo = planted(folder);
      writeFileSync(join(gitDir(repo), 'info/grafts'), `${repo.git('rev-parse', 'HEAD')}\n`);
      return repo.path;
    },
    seeds: allSeeds,
  },
  {
    name: 'a linked work tree',
    make: (folder) => {
      const repo = planted(folder);
      const linked = join(folder, 'linked');
      repo.git('worktree', 'add', '-q', linked, 'side');
      writeFileSync(join(linked, 'new.env'), `N=${token('untracked')}\n`);
      return linked;
    },
    seeds: [...allSeeds, 'untracked'],
  },
  {
    name: 'only what the tips hold',
    make: (folder) => {
      const repo = planted(folder);
      repo.git('repack', '-adq');
      return repo.path;
    },
    // Branches, the tag with its commit, the stash; what a reflog leads to is no tip.
    seeds: allSeeds.filter((seed) => seed !== 'amended'),
    flags: ['--no-history'],
  },
];

let folder = '';
/** A copy of the built package that lacks the core. */
let plainEntry = '';
let first: CliHome;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sprawl-forms-'));
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const plain = join(folder, 'plain');
  cpSync(join(root, 'dist'), join(plain, 'dist'), { recursive: true });
  for (const name of ['package.json', 'src/store/migrations']) {
    cpSync(join(root, name), join(plain, name), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(plain, 'node_modules'));
  rmSync(join(plain, 'dist/core.wasm'));
  plainEntry = join(plain, 'dist/cli/bin.cjs');
  first = new CliHome(join(folder, 'first'));
  first.run(['key', 'init']);
  return () => rmSync(folder, { recursive: true, force: true });
});

/** The findings of a scan into a new database, without what differs from run to run. */
function findingsBy(entry: string, name: string, target: string, flags: readonly string[]): string[] {
  const home = new CliHome(join(folder, name));
  freshHomeLike(first, home);
  const args = [entry, 'scan', target, '--json', '--all', '--exit-zero', ...flags];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { env: home.env, encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{"type":"finding"'))
    .map((line) => {
      const { firstSeen: _first, lastSeen: _last, ...finding } = JSON.parse(line) as Record<string, unknown>;
      return JSON.stringify(finding);
    })
    .sort();
}

function fingerprintOf(value: string): string {
  const run = first.run(['fingerprint', '-', '--json'], { input: value });
  const line = run.stdout.split('\n').find((text) => text.startsWith('{"type":"fingerprint"'));
  return (JSON.parse(line ?? '{}') as { fingerprint: string }).fingerprint;
}

describe('the same findings by both readers', () => {
  test.each(forms)('$name', ({ name, make, seeds, flags = [] }) => {
    const slug = name.replace(/\W+/g, '-');
    const target = make(join(folder, slug));
    const direct = findingsBy(cliEntry, `direct-${slug}`, target, flags);
    expect(direct).toEqual(findingsBy(plainEntry, `plain-${slug}`, target, flags));
    const found = new Set(direct.map((line) => (JSON.parse(line) as { fingerprint: string }).fingerprint));
    const wanted = seeds.map((seed) => fingerprintOf(token(seed)));
    expect([...found].sort()).toEqual(wanted.sort());
  });
});
