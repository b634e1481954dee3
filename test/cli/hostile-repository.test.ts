/**
 * Repositories that would run commands or lead out of themselves: nothing runs, nothing outside is read, and
 * the secret that lies inside is found all the same.
 */
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openToAll, runUnprivileged } from '../support/cli-process.js';
import { fakeSecret } from '../support/fake-secret.js';
import { GitFixture } from '../support/git-fixture.js';
import { CliHome, type CliResult, scratch } from '../support/scratch.js';

interface Scene {
  readonly folder: string;
  readonly home: CliHome;
  readonly repo: GitFixture;
  /** Shell command that leaves a mark when anybody runs it. */
  readonly canary: string;
  /** Names of the marks that were left. */
  readonly marks: () => string[];
}

function scene(): Scene {
  const folder = scratch();
  const repo = new GitFixture(join(folder, 'repo'));
  repo.commit('a', { 'app.env': `TOKEN=${fakeSecret('github-pat', 'inside')}\n`, 'b.txt': 'one\n' });
  const marksFolder = join(folder, 'marks');
  mkdirSync(marksFolder);
  const script = join(folder, 'canary.sh');
  writeFileSync(script, `#!/bin/sh\ntouch "${marksFolder}/$$-$1"\ncat 2>/dev/null\n`);
  chmodSync(script, 0o755);
  return { folder, home: new CliHome(folder), repo, canary: script, marks: () => readdirSync(marksFolder) };
}

interface ReceiptRecord {
  readonly gaps: Readonly<Record<string, number>>;
  readonly skipped: Readonly<Record<string, number>>;
}

function receiptOf(result: CliResult): ReceiptRecord {
  return JSON.parse(result.stdout.trimEnd().split('\n').at(-1) ?? '{}') as ReceiptRecord;
}

/** Scans by every way that touches the repository. */
function scanAll({ home, repo }: Scene): CliResult[] {
  return [
    home.run(['scan', repo.path, '--json']),
    home.run(['scan', repo.path, '--json', '--no-history']),
    home.run(['scan', repo.path, '--json', '--staged', '--exit-zero']),
    home.run(['hook', 'run'], { cwd: repo.path }),
    home.run(['where', '-', '--deep', '--json'], {
      input: fakeSecret('github-pat', 'inside'),
      cwd: repo.path,
    }),
  ];
}

describe('a hostile repository', () => {
  it('runs nothing by configuration, hooks or attributes', () => {
    const all = scene();
    const { repo, canary, folder } = all;
    const set = (key: string, value: string): void => {
      repo.git('config', '--local', key, value);
    };
    repo.commit('attributes', {
      '.gitattributes': '* filter=evil diff=evil merge=evil\n',
    });
    set('filter.evil.clean', `${canary} clean`);
    set('filter.evil.smudge', `${canary} smudge`);
    set('filter.evil.process', `${canary} process`);
    set('filter.evil.required', 'true');
    set('diff.evil.textconv', `${canary} textconv`);
    set('diff.evil.command', `${canary} diffcommand`);
    set('diff.external', `${canary} external`);
    set('merge.evil.driver', `${canary} driver`);
    set('core.fsmonitor', `${canary} fsmonitor`);
    set('core.sshCommand', `${canary} ssh`);
    set('core.pager', `${canary} pager`);
    set('core.editor', `${canary} editor`);
    set('core.askPass', `${canary} askpass`);
    set('core.alternateRefsCommand', `${canary} alternaterefs`);
    set('credential.helper', `!${canary} credential`);
    set('gpg.program', `${canary} gpg`);
    set('uploadpack.packObjectsHook', `${canary} packobjects`);
    for (const name of ['cat-file', 'log', 'ls-files', 'rev-list', 'rev-parse', 'for-each-ref', 'config'])
      set(`alias.${name}`, `!${canary} alias-${name}`);
    const hooks = join(folder, 'hooks');
    mkdirSync(hooks);
    for (const name of [
      'pre-commit',
      'post-index-change',
      'reference-transaction',
      'post-checkout',
      'fsmonitor-watchman',
    ]) {
      for (const at of [join(hooks, name), join(repo.path, '.git', 'hooks', name)]) {
        writeFileSync(at, `#!/bin/sh\n${canary} hook-${name}\n`);
        chmodSync(at, 0o755);
      }
    }
    const include = join(folder, 'included');
    writeFileSync(
      include,
      `[core]\n\tfsmonitor = ${canary} included\n[alias]\n\tlog = !${canary} included\n`,
    );
    set('include.path', include);
    set('includeIf.gitdir:/.path', include);
    // The index changes at the end, or git itself would run what was set.
    set('core.hooksPath', hooks);
    const runs = scanAll(all);
    expect(all.marks()).toEqual([]);
    expect(runs[0]?.status, runs[0]?.stderr).toBe(1);
    expect(runs[0]?.stdout).toContain('"path":"app.env"');
    expect(runs[1]?.stdout).toContain('"path":"app.env"');
    // The traps are armed: plain git springs them (and fails at the filter that they call).
    try {
      repo.git('status');
    } catch {}
    expect(all.marks()).not.toEqual([]);
  });

  it('fetches nothing for objects that a promisor is said to have', () => {
    const all = scene();
    const { repo, canary } = all;
    repo.git('config', 'remote.origin.url', `ext::${canary} promisor`);
    repo.git('config', 'remote.origin.promisor', 'true');
    repo.git('config', 'remote.origin.partialclonefilter', 'blob:none');
    repo.git('config', 'extensions.partialClone', 'origin');
    repo.git('config', 'core.repositoryFormatVersion', '1');
    repo.git('config', 'protocol.ext.allow', 'always');
    const gone = repo.git('rev-parse', 'HEAD:b.txt');
    const path = join(repo.path, '.git', 'objects', gone.slice(0, 2), gone.slice(2));
    rmSync(path);
    const runs = scanAll(all);
    expect(all.marks()).toEqual([]);
    expect(runs[0]?.stdout).toContain('"path":"app.env"');
    const receipt = receiptOf(runs[0] as CliResult);
    expect({ ...receipt.skipped, ...receipt.gaps }).toMatchObject(
      receipt.skipped['missing-promised-object'] === undefined
        ? { 'missing-object': 1 }
        : { 'missing-promised-object': 1 },
    );
  });

  it('lends no objects from outside, unless asked', () => {
    const all = scene();
    const { folder, home, repo } = all;
    const outside = new GitFixture(join(folder, 'outside'));
    outside.commit('theirs', { 'theirs.env': `TOKEN=${fakeSecret('github-pat', 'outside')}\n` });
    const info = join(repo.path, '.git', 'objects', 'info');
    mkdirSync(info, { recursive: true });
    writeFileSync(join(info, 'alternates'), `${outside.path}/.git/objects\n`);
    writeFileSync(
      join(repo.path, '.git', 'refs', 'heads', 'theirs'),
      `${outside.git('rev-parse', 'HEAD')}\n`,
    );
    const scan = home.run(['scan', repo.path, '--json']);
    expect(scan.stdout).toContain('"path":"app.env"');
    expect(scan.stdout).not.toContain('theirs.env');
    expect(receiptOf(scan).skipped).toHaveProperty('alternate-object');
    const asked = home.run(['scan', repo.path, '--json', '--alternates']);
    expect(asked.stdout).toContain('"path":"theirs.env"');
  });

  it('leads nowhere by links: in the tree, as .git file, in .git itself', () => {
    const all = scene();
    const { folder, home, repo } = all;
    const outside = join(folder, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'other.env'), `TOKEN=${fakeSecret('github-pat', 'outside')}\n`);
    symlinkSync(join(outside, 'other.env'), join(repo.path, 'link.env'));
    symlinkSync(outside, join(repo.path, 'linked-folder'));
    symlinkSync('/etc/passwd', join(repo.path, 'passwd'));
    repo.git('add', '-A');
    repo.git('commit', '-q', '-m', 'links');
    const scan = home.run(['scan', repo.path, '--json']);
    expect(scan.stdout).not.toContain('other.env"');
    expect(home.run(['where', '-'], { input: fakeSecret('github-pat', 'outside') }).status).toBe(0);
    expect(receiptOf(scan).skipped['outside-target-link']).toBeGreaterThanOrEqual(3);
  });

  it('a submodule that points elsewhere, or is named to escape, is not followed', () => {
    const all = scene();
    const { folder, home, repo, canary } = all;
    const outside = new GitFixture(join(folder, 'outside'));
    outside.commit('theirs', { 'theirs.env': `TOKEN=${fakeSecret('github-pat', 'outside')}\n` });
    repo.write(
      '.gitmodules',
      `[submodule "../../hooks"]\n\tpath = sub\n\turl = ext::${canary}\n\tupdate = !${canary} update\n`,
    );
    mkdirSync(join(repo.path, 'sub'));
    writeFileSync(join(repo.path, 'sub', '.git'), `gitdir: ${outside.path}/.git\n`);
    repo.git('update-index', '--add', '--cacheinfo', `160000,${outside.git('rev-parse', 'HEAD')},sub`);
    repo.git('add', '.gitmodules');
    repo.git('commit', '-q', '-m', 'submodule');
    const scan = home.run(['scan', repo.path, '--json']);
    expect(all.marks()).toEqual([]);
    expect(scan.stdout).toContain('"path":"app.env"');
    expect(scan.stdout).not.toContain('theirs.env');
    const receipt = receiptOf(scan);
    expect(Object.keys({ ...receipt.skipped, ...receipt.gaps }).length).toBeGreaterThan(0);
  });

  it('of another owner is read only on request', () => {
    const { folder, home, repo } = scene();
    if (process.getuid?.() === 0) {
      // Root's repository is another's to nobody.
      openToAll(folder, home.home);
      const refused = runUnprivileged(home, ['scan', repo.path, '--json', '--worktree-only']);
      const trusted = runUnprivileged(home, ['scan', repo.path, '--json', '--trust-owner']);
      expect(receiptOf(refused).gaps).toHaveProperty('untrusted-owner');
      expect(refused.status).toBe(3);
      expect(trusted.stdout, trusted.stderr).toContain('"path":"app.env"');
    }
    expect(home.run(['scan', repo.path, '--trust-owner']).status).toBe(1);
  });

  it('names of branches, tags and paths cannot draw on the terminal', () => {
    const { folder, home } = scene();
    const repo = new GitFixture(join(folder, 'named'));
    repo.commit('\x1b[2Jcleared \x9b31m', {
      '\x1b[31mred\r\n\u202egnp.env': `TOKEN=${fakeSecret('github-pat', 'named')}\n`,
    });
    repo.git(
      '-c',
      'user.name=x',
      'commit',
      '--allow-empty',
      '-q',
      '-m',
      'm',
      '--author',
      '\x1b]0;title\x07 <a@b>',
    );
    repo.git('branch', 'b\u202e\u2066\u009b2J');
    for (const args of [
      ['scan', repo.path, '--all'],
      ['list'],
      ['report', '--format', 'md'],
      ['place', 'list'],
      ['where', '-'],
    ]) {
      const { stdout, stderr } = home.run(args, { input: fakeSecret('github-pat', 'named') });
      expect(stdout + stderr, args.join(' ')).not.toMatch(/(?![\n\t])[\p{Cc}\p{Bidi_Control}]/u);
    }
  });

  it('that git cannot open at all is named, and its files are read', () => {
    const { home, repo } = scene();
    writeFileSync(join(repo.path, '.git', 'HEAD'), '\0\0\0');
    writeFileSync(join(repo.path, '.git', 'config'), '[core\nbroken');
    writeFileSync(join(repo.path, '.git', 'index'), 'DIRC no index');
    const scan = home.run(['scan', repo.path, '--json']);
    expect(scan.status, scan.stderr).toBe(1);
    expect(scan.stdout).toContain('"path":"app.env"');
    expect(existsSync(join(repo.path, '.git', 'config'))).toBe(true);
  });
});
