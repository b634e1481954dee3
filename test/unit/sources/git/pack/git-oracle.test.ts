/** The pack reader against `git cat-file` on repositories of its own making. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { GitFixture } from '../../../../support/git-fixture.js';
import { scratch } from '../../../../support/scratch.js';
import { allTypes, collect, difference } from './collect.js';
import { objectsByGit, onlyPack, opened, testCore } from './pack-support.js';

const core = await testCore();

/** Numbers that look random and are the same in each run. */
function* noise(seed: number): Generator<number> {
  let state = seed;
  for (;;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

/** A history of small edits, moves and appends in text, one growing log, a binary, tags; in one run of git. */
function history(commits: number, ...init: string[]): GitFixture {
  const repo = new GitFixture(scratch(), ...init);
  const random = noise(commits);
  const next = (below: number): number => Math.floor((random.next().value ?? 0) * below);
  const word = (): string => next(2 ** 30).toString(36);
  const line = (): string => `${word()} = call(${word()}, "${word()}${word()}"); // ${word()}`;
  const lines = Array.from({ length: 300 }, line);
  let log = '';
  const stream: (string | Buffer)[] = [];
  const data = (bytes: string | Buffer): void => {
    stream.push(`data ${Buffer.byteLength(bytes)}\n`, bytes, '\n');
  };
  for (let turn = 0; turn < commits; turn++) {
    for (let edit = 0; edit < 3; edit++) lines.splice(next(lines.length), next(3), line());
    if (turn % 7 === 0) lines.push(...lines.splice(next(100), 40));
    log += `${line()}\n`;
    const who = `Ana Writer <ana@example.org> ${1_700_000_000 + turn * 60} +0100\n`;
    stream.push(`commit refs/heads/main\nauthor ${who}committer ${who}`);
    data(`turn ${turn}`);
    const files: Record<string, string | Buffer> = {
      'src/main.c': `${lines.join('\n')}\n`,
      'log.txt': log,
      'data/image.bin': Buffer.from(Array.from({ length: 2000 }, (_, at) => (at * 7 + (turn % 5)) & 255)),
      [`notes/${turn}.md`]: turn % 3 === 0 ? line() : '',
    };
    for (const [name, bytes] of Object.entries(files)) {
      stream.push(`M 100644 inline ${name}\n`);
      data(bytes);
    }
    if (turn % 10 === 5) {
      stream.push(`tag v${turn}\nfrom refs/heads/main\ntagger ${who}`);
      data(`release ${turn}`);
    }
  }
  const input = Buffer.concat(stream.map((part) => Buffer.from(part)));
  execFileSync('git', ['fast-import', '--quiet'], { cwd: repo.path, input });
  return repo;
}

describe('a packed repository', () => {
  test.each([
    ['depth 50', ['-c', 'pack.threads=1', 'repack', '-adfq', '--depth=50', '--window=20'], []],
    ['depth 1000', ['-c', 'pack.threads=1', 'repack', '-adfq', '--depth=1000', '--window=50'], []],
    ['no deltas', ['repack', '-adfq', '--depth=0'], []],
    ['REF deltas', ['-c', 'repack.useDeltaBaseOffset=false', 'repack', '-adfq'], []],
    ['sha256', ['repack', '-adfq'], ['--object-format=sha256']],
    ['level 0', ['-c', 'pack.compression=0', 'repack', '-adfFq'], []],
  ])('gives the same objects as git: %s', (_, repack, init) => {
    const repo = history(60, ...init);
    repo.git(...repack);
    const gitDir = join(repo.path, '.git');
    const pack = opened(onlyPack(gitDir), init.length === 0 ? 20 : 32);
    const expected = objectsByGit(gitDir);
    for (const options of [
      {},
      { checkCrc: true },
      { dirtyWidth: 32 },
      { batchBytes: 1 },
      { largeWork: 20 },
    ]) {
      const { objects, unreadable } = collect(core, pack, options);
      expect([...unreadable]).toEqual([]);
      expect(difference(objects, expected)).toBeUndefined();
    }
  });

  test('gives only the types and rows that are wanted', () => {
    const repo = history(20);
    repo.git('repack', '-adfq', '--depth=50');
    const gitDir = join(repo.path, '.git');
    const pack = opened(onlyPack(gitDir));
    const all = objectsByGit(gitDir);
    for (const type of allTypes) {
      const name = ['', 'commit', 'tree', 'blob', 'tag'][type];
      const expected = new Map([...all].filter(([, object]) => object.type === name));
      expect(difference(collect(core, pack, { types: [type] }).objects, expected)).toBeUndefined();
    }
    const wanted = Uint8Array.from({ length: pack.table.count }, (_, row) => (row % 3 === 0 ? 1 : 0));
    const oids = [...all.keys()].sort();
    const expected = new Map([...all].filter(([oid]) => oids.indexOf(oid) % 3 === 0));
    expect(difference(collect(core, pack, { wanted }).objects, expected)).toBeUndefined();
  });

  test('reads a completed thin pack, and says what a bare one lacks', () => {
    const repo = history(20);
    repo.git('repack', '-adfq');
    const old = repo.git('rev-parse', 'HEAD');
    const log = execFileSync('git', ['show', 'HEAD:log.txt'], { cwd: repo.path });
    repo.commit('one more', { 'log.txt': `${log}one line more\n` });
    const thin = execFileSync('git', ['pack-objects', '--revs', '--thin', '--stdout', '-q'], {
      cwd: repo.path,
      input: `HEAD\n^${old}\n`,
    });
    const folder = scratch();
    execFileSync('git', ['init', '-q', '--bare', folder]);
    execFileSync('git', ['fetch', '-q', repo.path, `${old}:refs/heads/old`], { cwd: folder });
    execFileSync('git', ['index-pack', '--stdin', '--fix-thin'], { cwd: folder, input: thin });
    const names = readdirSync(join(folder, 'objects/pack')).filter((name) => name.endsWith('.pack'));
    const found = new Map<string, string>();
    let refDeltas = 0;
    for (const name of names) {
      const pack = opened(join(folder, 'objects/pack', name));
      refDeltas += pack.table.bases.filter((base, entry) => base > entry).length;
      const { objects, unreadable } = collect(core, pack);
      expect([...unreadable]).toEqual([]);
      for (const [oid, object] of objects) found.set(oid, object.type);
    }
    expect(refDeltas).toBeGreaterThan(0);
    expect([...found.keys()].sort()).toEqual([...objectsByGit(folder).keys()].sort());
  });

  test('keeps working when the pack disappears after it was opened', () => {
    const repo = history(5);
    repo.git('repack', '-adfq');
    const path = onlyPack(join(repo.path, '.git'));
    const copy = join(scratch(), 'pack-copy.pack');
    copyFileSync(path.replace(/pack$/, 'idx'), copy.replace(/pack$/, 'idx'));
    const all = collect(core, opened(path)).objects.size;
    const { objects, unreadable } = collect(core, opened(copy));
    expect(objects.size).toBe(0);
    expect([...new Set(unreadable.values())]).toEqual(['read-failed']);
    expect(unreadable.size).toBe(all);
  });
});
