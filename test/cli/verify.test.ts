/** `verify` through the command line: what is left of a secret, and how that is known. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { slackExport, zipOf } from '../support/exports-of-acme.js';
import { fakeSecret } from '../support/fake-secret.js';
import { GitFixture } from '../support/git-fixture.js';
import { CliHome, scratch } from '../support/scratch.js';
import { leaksIn } from '../support/value-forms.js';

type Row = Readonly<Record<string, unknown>>;

/** Fingerprint of the secret of a kind. */
function fingerprintIn(home: CliHome, value: string): string {
  const { stdout } = home.run(['fingerprint', '-', '--json'], { input: value });
  return /"fingerprint":"([0-9a-f]{64})"/.exec(stdout)?.[1] ?? '';
}

interface Looked {
  readonly status: number | null;
  readonly verdict: Row;
  readonly copies: readonly Row[];
  readonly successors: readonly Row[];
  readonly text: string;
}

function verify(home: CliHome, subject: string, args: readonly string[] = [], input = ''): Looked {
  const { status, stdout, stderr } = home.run(['verify', subject, '--json', ...args], { input });
  const rows = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
  return {
    status,
    verdict: rows.find(({ type }) => type === 'verdict') ?? {},
    copies: rows.filter(({ type }) => type === 'copy'),
    successors: rows.filter(({ type }) => type === 'successor'),
    text: stdout + stderr,
  };
}

const states = (copies: readonly Row[]): string[] =>
  copies.map(({ state, class: sort, locationKind }) => `${state} ${sort} ${locationKind}`).sort();

function gc(repo: GitFixture): void {
  repo.git('reflog', 'expire', '--expire=now', '--expire-unreachable=now', '--all');
  repo.git('gc', '-q', '--prune=now');
}

describe('a repository', () => {
  const value = fakeSecret('github-pat', 'verify');
  const prepared = (): { home: CliHome; repo: GitFixture; fingerprint: string; folder: string } => {
    const folder = scratch();
    const repo = new GitFixture(join(folder, 'repo'));
    repo.commit('first', { 'readme.txt': 'hello\n' });
    repo.commit('add', { 'config/app.env': `TOKEN=${value}\n` });
    const home = new CliHome(folder);
    home.run(['scan', repo.path]);
    return { home, repo, fingerprint: fingerprintIn(home, value), folder };
  };

  test('at HEAD and in the work tree: still-at-head, exit 1', () => {
    const { home, fingerprint } = prepared();
    const { status, verdict, copies, text } = verify(home, fingerprint);
    expect(status, text).toBe(1);
    expect(verdict).toMatchObject({ verdict: 'still-at-head', verdicts: ['still-at-head'] });
    expect(states(copies)).toEqual(['present head git-head']);
  });

  test('scenario 34: the rescan finds only history, which is listed', () => {
    const { home, repo, fingerprint } = prepared();
    repo.git('rm', '-q', 'config/app.env');
    const removal = repo.commit('remove');
    repo.git('branch', 'other');
    const { status, verdict, copies } = verify(home, fingerprint);
    expect(status).toBe(1);
    expect(verdict['verdicts']).toEqual(['history-remains']);
    const introduced = repo.git('rev-parse', 'HEAD~1');
    expect(verdict['history']).toEqual([
      {
        place: expect.stringMatching(/^git:roots:/),
        placeName: 'repo',
        path: 'config/app.env',
        firstCommit: introduced,
        lastCommit: removal,
        refCount: 2,
      },
    ]);
    expect(states(copies)).toEqual(['present history git-history']);
    const { stdout } = home.run(['verify', fingerprint.slice(0, 12)]);
    expect(stdout.split('\n')[0]).toMatch(/^history-remains {2}[0-9a-f]{12}/);
    expect(stdout).toMatch(/repo {2}config\/app\.env {2}first [0-9a-f]+, last [0-9a-f]+, 2 refs lead to it/);
    expect(stdout).not.toContain(value);
  });

  test('a rewritten history is clean by value once the objects are gone, under the same place', () => {
    const { home, repo, fingerprint } = prepared();
    repo.git('checkout', '-q', '--orphan', 'fresh');
    repo.git('rm', '-q', '-rf', '.');
    repo.commit('anew', { 'readme.txt': 'hello\n' });
    repo.git('branch', '-D', 'main');
    const before = verify(home, fingerprint);
    expect(before.verdict['verdicts']).toEqual(['unreachable-remains']);
    expect(before.status).toBe(1);
    gc(repo);
    const after = verify(home, fingerprint);
    expect(after.verdict, after.text).toMatchObject({ verdict: 'clean', ground: 'clean-by-value' });
    expect(after.status).toBe(0);
    expect(states(after.copies).every((state) => state.startsWith('gone'))).toBe(true);
    expect(after.verdict['notes']).toMatchObject([{ type: 'history-rewritten', placeName: 'repo' }]);
    expect(home.json(['place', 'list']).filter(({ type }) => type === 'place')).toHaveLength(1);
    expect(home.run(['verify', fingerprint, '--no-rescan']).status).toBe(0);
  });

  test('a force-pushed host is named with the commits that it may still serve', () => {
    const folder = scratch();
    const repo = new GitFixture(join(folder, 'repo'));
    repo.git('remote', 'add', 'origin', 'https://git.acme.example/team/api.git');
    const commit = repo.commit('add', { 'config/app.env': `TOKEN=${value}\n` });
    const home = new CliHome(folder);
    home.run(['scan', repo.path]);
    const fingerprint = fingerprintIn(home, value);
    repo.git('checkout', '-q', '--orphan', 'fresh');
    repo.git('rm', '-q', '-rf', '.');
    repo.commit('anew', { 'readme.txt': 'hello\n' });
    repo.git('branch', '-D', 'main');
    gc(repo);
    const { verdict } = verify(home, fingerprint);
    expect(verdict['notes']).toEqual([
      {
        type: 'history-rewritten',
        place: 'git:git.acme.example/team/api',
        placeName: 'git.acme.example/team/api',
        commits: [commit],
        host: 'git.acme.example',
      },
    ]);
  });

  test('a deleted clone proves nothing: unproven, exit 3', () => {
    const { home, repo, fingerprint } = prepared();
    rmSync(repo.path, { recursive: true });
    const { status, verdict, copies } = verify(home, fingerprint);
    expect(status).toBe(3);
    expect(verdict['verdicts']).toEqual(['unproven']);
    expect(copies.map(({ reason }) => reason)).toEqual(['source-gone']);
    expect(verdict['open']).toMatchObject([{ reason: 'source-gone' }, { reason: 'source-gone' }]);
  });

  test('of two clones each must be without it', () => {
    const { home, repo, fingerprint, folder } = prepared();
    const clone = join(folder, 'clone');
    execFileSync('git', ['clone', '-q', '--bare', repo.path, clone]);
    repo.git('remote', 'add', 'origin', 'https://git.acme.example/team/api.git');
    execFileSync('git', [
      '-C',
      clone,
      'remote',
      'set-url',
      'origin',
      'https://git.acme.example/team/api.git',
    ]);
    home.run(['db', 'forget', '--place', String(home.json(['place', 'list'])[1]?.['key'])]);
    home.run(['scan', repo.path, clone]);
    repo.git('checkout', '-q', '--orphan', 'fresh');
    repo.git('rm', '-q', '-rf', '.');
    repo.commit('anew', { 'readme.txt': 'hello\n' });
    repo.git('branch', '-D', 'main');
    gc(repo);
    const held = verify(home, fingerprint);
    expect(held.verdict['verdicts'], held.text).toEqual(['still-at-head']);
    const rows = held.copies.flatMap(({ roots }) => roots as Row[]);
    expect(rows.filter(({ state }) => state === 'present')).toMatchObject([{ locator: clone }]);
    rmSync(clone, { recursive: true });
    expect(verify(home, fingerprint).verdict['verdicts']).toEqual(['unproven']);
  });

  test('a squash that leaves it in a stash is found', () => {
    const { home, repo, fingerprint } = prepared();
    repo.write('config/app.env', `TOKEN=${value}\nMORE=1\n`);
    repo.git('stash');
    repo.git('checkout', '-q', '--orphan', 'fresh');
    repo.git('rm', '-q', '-rf', '.');
    repo.commit('anew', { 'readme.txt': 'hello\n' });
    repo.git('branch', '-D', 'main');
    const { status, copies, verdict } = verify(home, fingerprint);
    expect(status).toBe(1);
    expect(states(copies)).toContain('present history git-stash');
    expect(verdict['verdicts']).toContain('history-remains');
  });

  test('scenario 37: a revert that restores the old value at HEAD is a reappearance', () => {
    const { home, repo, fingerprint } = prepared();
    const next = fakeSecret('github-pat', 'verify next');
    const swap = repo.commit('rotate', { 'config/app.env': `TOKEN=${next}\n` });
    expect(verify(home, fingerprint).verdict['verdicts']).toEqual(['history-remains']);
    repo.git('revert', '--no-edit', swap);
    const { status, verdict, text } = verify(home, fingerprint);
    expect(status).toBe(1);
    expect(verdict['verdicts']).toEqual(['reappeared', 'still-at-head']);
    expect(text).toContain('old-value-returned');
    expect(home.run(['verify', fingerprint]).stdout).toContain('OLD_VALUE_RETURNED');
    // The log alone shows it too: the file comes back without another value in between.
    expect(verify(home, fingerprint, ['--no-record']).verdict['returned']).not.toEqual([]);
  });

  test('what an earlier look did not find at HEAD is a reappearance, unless that look was not recorded', () => {
    for (const recorded of [true, false]) {
      const { home, repo, fingerprint } = prepared();
      repo.git('rm', '-q', 'config/app.env');
      repo.commit('remove');
      verify(home, fingerprint, recorded ? [] : ['--no-record']);
      repo.commit('again', { 'other.env': `TOKEN=${value}\n` });
      const { verdict } = verify(home, fingerprint);
      expect((verdict['verdicts'] as string[]).includes('reappeared')).toBe(recorded);
    }
  });

  test('without a rescan the database alone is judged', () => {
    const { home, repo, fingerprint } = prepared();
    repo.git('rm', '-q', 'config/app.env');
    repo.commit('remove');
    expect(verify(home, fingerprint, ['--no-rescan']).verdict['verdicts']).toEqual(['still-at-head']);
  });

  test('usage: no such plan or secret, a value as an argument, another value', () => {
    const { home, fingerprint } = prepared();
    expect(home.run(['verify', 'ffffffffffff']).status).toBe(2);
    expect(home.run(['verify', fingerprint, '--value', 'hunter2hunter2']).status).toBe(2);
    const other = home.run(['verify', fingerprint, '--value', '-'], {
      input: fakeSecret('github-pat', 'else'),
    });
    expect(other.status).toBe(2);
    expect(other.stderr).toContain('is not the secret that is to be verified');
    expect(home.run(['verify', fingerprint, '--now', 'soon']).status).toBe(2);
  });
});

const channel = (text: string, later: readonly string[] = []): Record<string, string> =>
  slackExport([
    { ts: '1709287200.000100', user: 'U02BOB', text: 'deploy is red' },
    { ts: '1709287620.000200', user: 'U01ANA', text },
    ...later.map((line, i) => ({ ts: `${1709288000 + i}.000300`, user: 'U02BOB', text: line })),
  ]);

describe('exports', () => {
  const value = fakeSecret('github-pat', 'verify chat');
  const prepared = async (): Promise<{
    home: CliHome;
    file: string;
    fingerprint: string;
    folder: string;
  }> => {
    const folder = scratch();
    const file = join(folder, 'slack.zip');
    writeFileSync(file, await zipOf(channel(`try ${value} now`, ['thanks'])));
    const home = new CliHome(folder);
    home.run(['scan', file]);
    return { home, file, fingerprint: fingerprintIn(home, value), folder };
  };

  test('a message that is there: human-copies-remain', async () => {
    const { home, fingerprint, file } = await prepared();
    const { status, verdict, copies } = verify(home, fingerprint);
    expect(status).toBe(1);
    expect(verdict['verdicts']).toEqual(['human-copies-remain']);
    expect(states(copies)).toEqual(['present human chat-message']);
    expect(verdict['notes']).toEqual([{ type: 'export-file-holds-it', locator: file }]);
  });

  test('a newer export that holds messages before and after it, and not it: clean', async () => {
    const { home, fingerprint, folder } = await prepared();
    const next = join(folder, 'next.zip');
    writeFileSync(next, await zipOf(channel('-', ['thanks', 'later'])));
    home.run(['scan', next]);
    const { status, verdict, copies } = verify(home, fingerprint);
    expect(copies).toMatchObject([{ state: 'gone', reason: 'newer-export-lacks-it' }]);
    expect([status, verdict['verdict']]).toEqual([0, 'clean']);
  });

  test('an export that was cut before the message proves nothing', async () => {
    const { home, fingerprint, file } = await prepared();
    writeFileSync(
      file,
      await zipOf(slackExport([{ ts: '1709287200.000100', user: 'U02BOB', text: 'deploy is red' }])),
    );
    const { status, verdict, copies } = verify(home, fingerprint);
    expect(copies).toMatchObject([{ state: 'unproven', reason: 'export-not-around' }]);
    expect([status, verdict['verdict']]).toEqual([3, 'unproven']);
  });

  test('a bare copy that no detector flags is found by value, in plain and in base64', async () => {
    const folder = scratch();
    const secret = 'Tr0ub4dor'; // no token: too weak for the index
    const repo = new GitFixture(join(folder, 'repo'));
    repo.commit('add', { 'config/app.properties': `db.password=${secret}\n` });
    const chat = join(folder, 'slack.zip');
    writeFileSync(chat, await zipOf(channel(`try ${secret} maybe`, ['thanks'])));
    const share = join(folder, 'share');
    mkdirSync(share);
    writeFileSync(join(share, 'note.txt'), `v: ${Buffer.from(secret).toString('base64')}\n`);
    const home = new CliHome(folder);
    home.run(['scan', repo.path, chat, share]);
    const fingerprint = fingerprintIn(home, secret);
    repo.git('checkout', '-q', '--orphan', 'fresh');
    repo.git('rm', '-q', '-rf', '.');
    repo.commit('anew', { 'readme.txt': 'hello\n' });
    repo.git('branch', '-D', 'main');
    gc(repo);
    const blind = verify(home, fingerprint);
    expect(blind.verdict, blind.text).toMatchObject({ verdict: 'clean', ground: 'clean-by-detection' });
    expect(home.run(['verify', fingerprint]).stdout).toContain('bare copies of this value are not recorded');
    const { status, copies, verdict } = verify(home, fingerprint, ['--value', '-'], secret);
    expect(status).toBe(1);
    expect(verdict['verdicts']).toEqual(['reappeared', 'still-at-head', 'human-copies-remain']);
    const present = copies.filter(({ state }) => state === 'present');
    expect(present.map(({ locationKind, spelling }) => `${locationKind} ${spelling}`).sort()).toEqual([
      'chat-message plain',
      'loose-file base64',
    ]);
    expect(present.every(({ ground }) => ground === 'by-value')).toBe(true);
  });
});

test('no output, and nothing that is written, holds a value in any form', async () => {
  const folder = scratch();
  const value = fakeSecret('github-pat', 'verify grep');
  const repo = new GitFixture(join(folder, 'repo'));
  repo.commit('add', {
    'config/app.env': `TOKEN=${value}\n`,
    [`${value}.txt`]: `${Buffer.from(value).toString('base64')}\n`,
  });
  const home = new CliHome(folder);
  home.run(['scan', repo.path]);
  const fingerprint = fingerprintIn(home, value);
  const outputs = [
    home.run(['verify', fingerprint]),
    home.run(['verify', fingerprint, '--json']),
    home.run(['verify', fingerprint, '--value', '-'], { input: value }),
    home.run(['verify', fingerprint, '--value', '-', '--json'], { input: value }),
    home.run(['verify', value]),
  ];
  const bytes = Buffer.concat(outputs.map(({ stdout, stderr }) => Buffer.from(stdout + stderr)));
  expect(leaksIn(bytes, value, ['ghp_'])).toEqual([]);
  expect(leaksIn(home.allBytes(), value, ['ghp_'])).toEqual([]);
});
