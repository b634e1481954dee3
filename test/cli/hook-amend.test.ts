/** The hook where HEAD is not the parent of what is committed, and where the index is another than the store's own. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { fakeSecret } from '../support/fake-secret.js';
import { CliHome, scratch } from '../support/scratch.js';

const leak = (seed: string): string => `TOKEN=${fakeSecret('github-pat', seed)}\n`;

class Checkout {
  readonly home: CliHome;
  readonly path: string;
  #clock = 1_700_000_000;

  constructor(path: string = join(scratch(), 'repo'), home: CliHome = new CliHome()) {
    this.home = home;
    this.path = path;
    mkdirSync(path, { recursive: true });
    this.git('init', '-q', '-b', 'main');
  }

  hook(): this {
    expect(this.home.run(['hook', 'install'], { cwd: this.path }).status).toBe(0);
    return this;
  }

  git(...args: string[]): { status: number | null; stderr: string; stdout: string } {
    return this.gitWith({}, ...args);
  }

  /** Each call is a minute later. */
  gitWith(
    { input = '', env = {} }: { input?: string; env?: Record<string, string> },
    ...args: string[]
  ): { status: number | null; stderr: string; stdout: string } {
    this.#clock += 60;
    const who = ['-c', 'user.name=T', '-c', 'user.email=t@acme.example', '-c', 'protocol.file.allow=always'];
    const date = `${this.#clock} +0000`;
    const run = spawnSync('git', [...who, ...args], {
      cwd: this.path,
      input,
      env: { ...this.home.env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date, GIT_EDITOR: 'true', ...env },
      encoding: 'utf8',
    });
    return { status: run.status, stderr: run.stderr, stdout: run.stdout };
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(join(this.path, name)), { recursive: true });
    writeFileSync(join(this.path, name), text);
  }

  /** Commits without a hook. */
  quietly(message: string, files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) this.write(name, text);
    this.git('add', '-A');
    expect(this.git('commit', '-qm', message, '--no-verify').status).toBe(0);
  }

  /** True when the hook lets it pass; what else goes wrong fails the test. */
  commits(...args: string[]): boolean {
    const { status, stderr } = this.git('commit', '-qm', 'x', ...args);
    if (status !== 0) expect(stderr).toContain('would add');
    return status === 0;
  }
}

test('an amended commit is judged by all that it holds', () => {
  const checkout = new Checkout();
  checkout.quietly('start', { 'a.txt': '1\n' });
  checkout.quietly('leak', { 'a.env': leak('amended'), 'b.txt': '1\n' });
  checkout.hook();
  checkout.write('b.txt', '2\n');
  checkout.git('add', 'b.txt');
  expect(checkout.commits('--amend')).toBe(false);
  expect(checkout.commits('--amen', '--reset-author')).toBe(false);
  checkout.git('config', 'alias.again', 'commit --amend');
  checkout.git('config', 'alias.outside', '!git commit --am');
  expect(checkout.git('again', '-qm', 'x').status).toBe(1);
  expect(checkout.git('outside', '-qm', 'x').status).toBe(1);
  // A new commit on top of it adds nothing.
  expect(checkout.commits('--amend', '--no-amend')).toBe(true);
  checkout.git('reset', '-q', '--soft', 'HEAD~1');
  // What is taken out of it is gone.
  checkout.write('a.env', 'TOKEN=\n');
  checkout.git('add', '-A');
  expect(checkout.commits('--amend')).toBe(true);
});

test('an amended commit may bring back what it had taken away, and an amended first commit nothing', () => {
  const checkout = new Checkout();
  checkout.quietly('leak', { 'a.env': leak('before') });
  checkout.quietly('away', { 'a.env': 'TOKEN=\n' });
  checkout.hook();
  checkout.write('a.env', `${leak('before')}MORE=1\n`);
  checkout.git('add', '-A');
  expect(checkout.commits()).toBe(false);
  expect(checkout.commits('--amend')).toBe(true);

  const first = new Checkout();
  first.quietly('leak', { 'a.env': leak('first') });
  first.hook();
  expect(first.commits('--amend')).toBe(false);
  first.write('a.env', 'TOKEN=\n');
  first.git('add', '-A');
  expect(first.commits('--amend')).toBe(true);
});

test('an amended merge is judged against both of its parents', () => {
  const checkout = new Checkout();
  checkout.quietly('start', { 'a.txt': '1\n' });
  checkout.git('checkout', '-qb', 'side');
  checkout.quietly('side', { 'side.env': leak('side') });
  checkout.git('checkout', '-q', 'main');
  checkout.quietly('main', { 'main.env': leak('main') });
  expect(checkout.git('merge', '-q', '--no-edit', '--no-verify', 'side').status).toBe(0);
  checkout.hook();
  expect(checkout.commits('--amend')).toBe(true);
  checkout.write('a.env', leak('merged'));
  checkout.git('add', '-A');
  expect(checkout.commits('--amend')).toBe(false);
});

test('where the system does not tell how git was called, the author does', async () => {
  const { isAuthorOf } = await import('../../src/cli/hook-parents.js');
  const checkout = new Checkout();
  checkout.quietly('start', { 'a.txt': '1\n' });
  const commit = checkout.git('cat-file', 'commit', 'HEAD').stdout;
  const [, date = ''] = /^author .*> (.*)$/m.exec(commit) ?? [];
  const author = { GIT_AUTHOR_NAME: 'T', GIT_AUTHOR_EMAIL: 't@acme.example', GIT_AUTHOR_DATE: `@${date}` };
  expect(isAuthorOf(commit, author)).toBe(true);
  expect(isAuthorOf(commit, { ...author, GIT_AUTHOR_DATE: '@1700000001 +0000' })).toBe(false);
  expect(isAuthorOf(commit, { ...author, GIT_AUTHOR_EMAIL: 'other@acme.example' })).toBe(false);
});

test('a shallow clone amends its oldest commit', () => {
  const origin = new Checkout();
  origin.quietly('old', { 'old.env': leak('old'), 'a.txt': '1\n' });
  origin.quietly('new', { 'a.txt': '2\n' });
  const path = join(scratch(), 'shallow');
  origin.git('clone', '-q', '--depth', '1', `file://${origin.path}`, path);
  const clone = new Checkout(path, origin.home).hook();
  expect(clone.commits('--amend')).toBe(true);
  clone.write('b.env', leak('new'));
  clone.git('add', '-A');
  expect(clone.commits('--amend')).toBe(false);
});

test('a rebase goes on, and a commit that it stops at is judged when it is amended', () => {
  const checkout = new Checkout();
  checkout.quietly('start', { 'a.txt': '1\n' });
  checkout.quietly('leak', { 'a.env': leak('rebased') });
  checkout.quietly('end', { 'b.txt': '1\n' });
  checkout.hook();
  const editing = (word: string): Record<string, string> => ({
    GIT_SEQUENCE_EDITOR: `sed -i s/^pick/${word}/`,
  });
  expect(checkout.gitWith({ env: editing('reword') }, 'rebase', '-q', '-i', 'HEAD~2').status).toBe(0);
  checkout.gitWith({ env: editing('edit') }, 'rebase', '-q', '-i', 'HEAD~2');
  expect(checkout.commits('--amend', '--allow-empty')).toBe(false);
  checkout.write('a.env', 'TOKEN=\n');
  checkout.git('add', '-A');
  expect(checkout.commits('--amend')).toBe(true);
});

test('a cherry-pick with a conflict adds what it picks to this branch', () => {
  const checkout = new Checkout();
  checkout.quietly('start', { f: '1\n' });
  checkout.git('checkout', '-qb', 'side');
  checkout.quietly('side', { f: leak('picked') });
  checkout.git('checkout', '-q', 'main');
  checkout.quietly('main', { f: '2\n' });
  checkout.hook();
  expect(checkout.git('cherry-pick', 'side').status).toBe(1);
  checkout.write('f', leak('picked'));
  checkout.git('add', 'f');
  expect(checkout.commits()).toBe(false);
  checkout.write('f', '3\n');
  checkout.git('add', 'f');
  expect(checkout.commits()).toBe(true);
});

test('commit -p, of some files only, and amended so', () => {
  const checkout = new Checkout();
  checkout.quietly('start', { 'a.env': 'TOKEN=\n', 'b.txt': '1\n' });
  checkout.hook();
  checkout.write('a.env', leak('patch'));
  checkout.write('b.txt', '2\n');
  // One change of each file is offered: the first is the secret.
  expect(checkout.gitWith({ input: 'y\nn\n' }, 'commit', '-pqm', 'x').stderr).toContain('would add');
  expect(checkout.gitWith({ input: 'n\ny\n' }, 'commit', '-pqm', 'x').status).toBe(0);
  checkout.write('b.txt', '3\n');
  expect(checkout.commits('--amend', 'b.txt')).toBe(true);
  expect(checkout.commits('--amend', 'b.txt', 'a.env')).toBe(false);
  checkout.quietly('all', {});
  checkout.write('b.txt', '4\n');
  expect(checkout.commits('b.txt')).toBe(true);
  checkout.git('reset', '-q', '--soft', 'HEAD~1');
  expect(checkout.commits('--amend', '-o', 'b.txt')).toBe(false);
});

test('a sparse checkout, with and without a sparse index', () => {
  const checkout = new Checkout();
  checkout.quietly('start', { 'in/a.txt': '1\n', 'out/b.env': leak('outside'), 'out/c.txt': '1\n' });
  checkout.hook();
  for (const kind of ['--no-sparse-index', '--sparse-index']) {
    expect(checkout.git('sparse-checkout', 'set', '--cone', kind, 'in').status).toBe(0);
    checkout.write('in/a.txt', `${kind}\n`);
    checkout.git('add', '-A');
    expect(checkout.commits()).toBe(true);
    checkout.write('in/a.env', leak(kind));
    checkout.git('add', '-A');
    expect(checkout.commits()).toBe(false);
    checkout.git('reset', '-q', '--hard');
    rmSync(join(checkout.path, 'in/a.env'), { force: true });
  }
  // All of it stands in the first commit.
  expect(checkout.git('reset', '-q', '--soft', 'HEAD~2').status).toBe(0);
  expect(checkout.commits('--amend')).toBe(false);
});

test('in a submodule, and in a work tree whose merge is under way', () => {
  const module = new Checkout();
  module.quietly('start', { 'a.txt': '1\n' });
  const checkout = new Checkout(join(scratch(), 'outer'), module.home);
  checkout.quietly('start', { 'a.txt': '1\n' });
  expect(checkout.git('submodule', 'add', '-q', module.path, 'sub').status).toBe(0);
  checkout.quietly('module', {});
  const inner = new Checkout(join(checkout.path, 'sub'), module.home).hook();
  inner.write('a.env', leak('inner'));
  inner.git('add', '-A');
  expect(inner.commits()).toBe(false);
  expect(inner.commits('--no-verify')).toBe(true);
  expect(inner.commits('--amend', '--allow-empty')).toBe(false);
  checkout.hook();
  checkout.git('add', '-A');
  expect(checkout.commits()).toBe(true);

  checkout.git('branch', 'side');
  checkout.quietly('main', { 'a.txt': '2\n', 'main.env': leak('main') });
  const linked = join(checkout.path, '../linked');
  checkout.git('worktree', 'add', '-q', linked, 'side');
  const tree = new Checkout(linked, module.home);
  tree.quietly('side', { 'a.txt': '3\n' });
  expect(tree.git('merge', '-q', 'main').status).toBe(1);
  tree.write('a.txt', '4\n');
  tree.git('add', 'a.txt');
  expect(tree.commits()).toBe(true);
  tree.write('b.env', leak('tree'));
  tree.git('add', '-A');
  expect(tree.commits('--amend')).toBe(false);
});
