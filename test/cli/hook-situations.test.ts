/** The installed hook, called by git itself, in all the ways in which commits are made. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fakeSecret } from '../support/fake-secret.js';
import { CliHome, cliEntry, scratch } from '../support/scratch.js';

const leak = (seed: string): string => `TOKEN=${fakeSecret('github-pat', seed)}\n`;

class Checkout {
  readonly folder: string = scratch();
  readonly home: CliHome = new CliHome(this.folder);
  readonly path: string = join(this.folder, 'repo');

  constructor(...initArgs: string[]) {
    mkdirSync(this.path);
    expect(this.git('init', '-q', '-b', 'main', ...initArgs).status).toBe(0);
    expect(this.home.run(['hook', 'install'], { cwd: this.path }).status).toBe(0);
  }

  git(...args: string[]): { status: number | null; stderr: string } {
    return this.gitIn(this.path, ...args);
  }

  gitIn(cwd: string, ...args: string[]): { status: number | null; stderr: string } {
    const who = ['-c', 'user.name=T', '-c', 'user.email=t@acme.example'];
    const run = spawnSync('git', [...who, ...args], { cwd, env: this.home.env, encoding: 'utf8' });
    return { status: run.status, stderr: run.stderr };
  }

  write(name: string, text: string | Buffer): void {
    writeFileSync(join(this.path, name), text);
  }

  /** Stages all and commits; true when the hook let it pass. */
  commits(...args: string[]): boolean {
    expect(this.git('add', '-A').status).toBe(0);
    return this.git('commit', '-qm', 'x', ...args).status === 0;
  }
}

test.each([['sha1'], ['sha256']])('the first commit of a repository, and the next ones (%s)', (format) => {
  const checkout = new Checkout(`--object-format=${format}`);
  checkout.write('a.env', leak('first'));
  expect(checkout.commits()).toBe(false);
  checkout.write('a.env', 'TOKEN=\n');
  expect(checkout.commits()).toBe(true);
  checkout.write('a.env', leak('first'));
  expect(checkout.commits()).toBe(false);
  expect(checkout.commits('--no-verify')).toBe(true);
  // It stands in the history now: changing and moving its file adds nothing.
  checkout.write('b.env', `${leak('first')}MORE=1\n`);
  expect(checkout.git('rm', '-q', 'a.env').status).toBe(0);
  expect(checkout.commits()).toBe(true);
});

test('commit -a, and commits of some files only, are judged by what they commit', () => {
  const checkout = new Checkout();
  checkout.write('a.env', 'TOKEN=\n');
  checkout.write('b.txt', '1\n');
  expect(checkout.commits()).toBe(true);
  checkout.write('a.env', leak('all'));
  checkout.write('b.txt', '2\n');
  expect(checkout.git('commit', '-qm', 'b', 'b.txt').status).toBe(0);
  expect(checkout.git('commit', '-qm', 'a', 'a.env').status).toBe(1);
  expect(checkout.git('commit', '-qam', 'all').status).toBe(1);
});

test('a linked work tree, a folder below the root, and a git directory elsewhere', () => {
  const checkout = new Checkout();
  mkdirSync(join(checkout.path, 'below'));
  checkout.write('below/a.txt', '1\n');
  expect(checkout.commits()).toBe(true);
  writeFileSync(join(checkout.path, 'below/a.txt'), leak('below'));
  checkout.git('add', '-A');
  expect(checkout.gitIn(join(checkout.path, 'below'), 'commit', '-qm', 'x').status).toBe(1);
  checkout.git('reset', '-q', '--hard');

  const linked = join(checkout.folder, 'linked');
  expect(checkout.git('worktree', 'add', '-q', linked).status).toBe(0);
  writeFileSync(join(linked, 'b.env'), leak('linked'));
  checkout.gitIn(linked, 'add', '-A');
  expect(checkout.gitIn(linked, 'commit', '-qm', 'x').status).toBe(1);
  writeFileSync(join(linked, 'b.env'), 'TOKEN=\n');
  checkout.gitIn(linked, 'add', '-A');
  expect(checkout.gitIn(linked, 'commit', '-qm', 'x').status).toBe(0);

  // As people keep their dotfiles.
  const files = join(checkout.folder, 'files');
  mkdirSync(files);
  const apart = [`--git-dir=${join(checkout.path, '.git')}`, `--work-tree=${files}`];
  writeFileSync(join(files, 'c.env'), leak('apart'));
  expect(checkout.gitIn(files, ...apart, 'add', 'c.env').status).toBe(0);
  const run = checkout.gitIn(files, ...apart, 'commit', '-qm', 'x');
  expect([run.status, run.stderr]).toEqual([1, expect.stringContaining('c.env:1:')]);
});

test('binary files, links, submodules and intents to add pass; secrets beside them do not', () => {
  const checkout = new Checkout();
  checkout.write('image.bin', Buffer.from([0, 1, 2, 0xff, 0, 0x89]));
  symlinkSync('image.bin', join(checkout.path, 'link'));
  checkout.git('add', '-A');
  checkout.git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},module`);
  checkout.write('later.env', leak('later'));
  checkout.git('add', '-N', 'later.env');
  expect(checkout.git('commit', '-qm', 'x').status).toBe(0);
  checkout.git('update-index', '--cacheinfo', `160000,${'2'.repeat(40)},module`);
  expect(checkout.git('commit', '-qm', 'x').status).toBe(0);
  checkout.git('add', 'later.env');
  expect(checkout.git('commit', '-qm', 'x').status).toBe(1);
});

test('files too large to be read at once, and archives', () => {
  const checkout = new Checkout();
  checkout.write('large.log', `${'nothing to see in this line\n'.repeat(650_000)}${leak('large')}`);
  expect(checkout.commits()).toBe(false);
  checkout.git('rm', '-qf', 'large.log');
  checkout.write('inner.env', leak('archived'));
  execFileSync('tar', ['-czf', 'a.tgz', 'inner.env'], { cwd: checkout.path });
  checkout.git('add', 'a.tgz');
  const run = checkout.git('commit', '-qm', 'x');
  expect([run.status, run.stderr]).toEqual([1, expect.stringContaining('a.tgz!/')]);
});

test.each([
  ['packed objects', ['gc', '-q']],
  ['an index of version 4', ['update-index', '--index-version', '4']],
  ['a split index', ['update-index', '--split-index']],
  ['an index that remembers no trees', ['read-tree', '--empty']],
])('%s', (_name, prepare) => {
  const checkout = new Checkout();
  for (const name of ['a', 'b', 'c']) mkdirSync(join(checkout.path, name));
  for (const name of ['a/1', 'a/2', 'b/1', 'c/1', 'old.env']) checkout.write(name, `${name}\n`);
  checkout.write('old.env', leak('old'));
  expect(checkout.commits('--no-verify')).toBe(true);
  expect(checkout.git(...prepare).status).toBe(0);
  checkout.write('a/2', 'changed\n');
  checkout.write('old.env', `${leak('old')}MORE=1\n`);
  expect(checkout.commits()).toBe(true);
  checkout.write('b/2', leak('new'));
  const run = [checkout.git('add', '-A').status, checkout.git('commit', '-qm', 'x')];
  expect(run).toEqual([0, { status: 1, stderr: expect.stringContaining('b/2:1:') }]);
});

test('a hook manager that calls it from its own script and names the files', () => {
  const checkout = new Checkout();
  const hooks = join(checkout.path, '.husky');
  mkdirSync(hooks);
  const call = `exec '${process.execPath}' '${cliEntry}' hook run a.env "with blank"\n`;
  writeFileSync(join(hooks, 'pre-commit'), `#!/bin/sh\n${call}`);
  chmodSync(join(hooks, 'pre-commit'), 0o755);
  checkout.git('config', 'core.hooksPath', '.husky');
  checkout.write('a.env', leak('managed'));
  expect(checkout.commits()).toBe(false);
  checkout.write('a.env', 'TOKEN=\n');
  expect(checkout.commits()).toBe(true);
});

test('compiled code is kept for the next commit, holds no value, and counts only where nobody else writes', () => {
  const checkout = new Checkout();
  checkout.write('a.env', leak('kept'));
  expect(checkout.commits()).toBe(false);
  const folder = join(checkout.home.env['XDG_CACHE_HOME'] ?? '', 'sprawl', 'code');
  const [name = '', ...others] = readdirSync(folder).filter((file) => file.startsWith('hook-'));
  expect(others).toEqual([]);
  const file = join(folder, name);
  const kept = readFileSync(file);
  expect(kept.includes(fakeSecret('github-pat', 'kept'))).toBe(false);
  // Cut off: V8 refuses it, and it is written anew.
  writeFileSync(file, kept.subarray(0, 2000));
  expect(checkout.commits()).toBe(false);
  expect(readFileSync(file).length).toBeGreaterThan(10_000);
  // What others could have written is neither run nor replaced.
  chmodSync(folder, 0o777);
  writeFileSync(file, kept.subarray(0, 2000));
  expect(checkout.commits()).toBe(false);
  expect(readFileSync(file).length).toBe(2000);
});

test('a secret in the name of a file is refused and not shown; one that was there before is not new', () => {
  const checkout = new Checkout();
  const named = fakeSecret('github-pat', 'named');
  const inside = fakeSecret('github-pat', 'inside');
  const staged = (): { status: number | null; stderr: string } => {
    checkout.git('add', '-A');
    return checkout.git('commit', '-qm', 'x');
  };
  mkdirSync(join(checkout.path, named));
  checkout.write(`${named}/a.txt`, 'nothing\n');
  const refused = staged();
  expect([refused.status, refused.stderr]).toEqual([
    1,
    expect.stringMatching(/‹secret [0-9a-f]{12}›\/a\.txt \(in the name\)/),
  ]);
  expect(refused.stderr).not.toContain(named);
  expect(checkout.commits('--no-verify')).toBe(true);
  // Changed, or moved below the same folder: the name is known.
  checkout.write(`${named}/a.txt`, 'changed\n');
  expect(staged().status).toBe(0);
  checkout.git('mv', `${named}/a.txt`, `${named}/b.txt`);
  expect(staged().status).toBe(0);
  // Another secret in it: refused for that one, and the name is still not shown.
  checkout.write(`${named}/b.txt`, `TOKEN=${inside}\n`);
  const other = staged();
  expect([other.status, other.stderr]).toEqual([1, expect.stringContaining('would add 1 secret')]);
  expect(other.stderr).toMatch(/‹secret [0-9a-f]{12}›\/b\.txt:1:7/);
  expect(other.stderr).not.toContain(named);
  // In an archive.
  checkout.git('reset', '-q', '--hard');
  checkout.write(`${named}.env`, `TOKEN=${inside}\n`);
  execFileSync('tar', ['-czf', 'a.tgz', `${named}.env`], { cwd: checkout.path });
  checkout.git('add', 'a.tgz');
  const archived = checkout.git('commit', '-qm', 'x');
  expect([archived.status, archived.stderr]).toEqual([1, expect.stringContaining('a.tgz!/')]);
  expect(archived.stderr).not.toContain(named);
});
