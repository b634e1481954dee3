/** A database or key that cannot serve: one clear line, exit code 2, and nothing that was there is lost. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSqlite } from '../../src/store/sqlite.js';
import { openToAll, runUnder, runUnprivileged } from '../support/cli-process.js';
import { fakeSecret } from '../support/fake-secret.js';
import { CliHome, type CliResult, cliEntry, scratch } from '../support/scratch.js';

interface Scene {
  readonly folder: string;
  readonly home: CliHome;
  readonly target: string;
  readonly database: string;
}

/** A folder with one secret, scanned once. */
function scanned(): Scene {
  const folder = scratch();
  const target = join(folder, 'target');
  mkdirSync(target);
  writeFileSync(join(target, 'app.env'), `TOKEN=${fakeSecret('github-pat', 'kept')}\n`);
  const home = new CliHome(folder);
  expect(home.run(['scan', target]).status).toBe(1);
  return { folder, home, target, database: join(home.home, 'data', 'sprawl', 'sprawl.db') };
}

/** Exit code 2, and one error line that says what is wrong, without a stack. */
function expectFatal(result: CliResult, says: RegExp): void {
  expect(result.status, result.stderr).toBe(2);
  const errors = result.stderr.split('\n').filter((line) => line.startsWith('error:'));
  expect(errors).toHaveLength(1);
  expect(errors[0]).toMatch(says);
  expect(result.stderr).not.toMatch(/^\s+at /m);
  expect(result.stdout).toBe('');
}

function digest(home: CliHome): string {
  const result = home.run(['db', 'check', '--digest']);
  expect(result.status, result.stderr).toBe(0);
  return result.stdout;
}

describe('a database that cannot serve', () => {
  it('was made with another key', () => {
    const { folder, home, target, database } = scanned();
    const before = digest(home);
    const other = new CliHome(join(folder, 'other'));
    expect(other.run(['key', 'init']).status).toBe(0);
    for (const args of [['scan', target], ['list'], ['report', '--json'], ['db', 'check']]) {
      expectFatal(other.run([...args, '--db', database]), /key/);
    }
    expect(digest(home)).toBe(before);
  });

  it('was written by a newer version', () => {
    const { home, target, database } = scanned();
    const db = openSqlite(database);
    db.pragma('user_version = 9000');
    db.close();
    for (const args of [['scan', target], ['list'], ['where', '-']])
      expectFatal(home.run(args, { input: 'x7Kq9vQ2rT4mZs8w' }), /newer/);
    const again = openSqlite(database, { readonly: true });
    expect(again.pragma('user_version', { simple: true })).toBe(9000);
    again.close();
  });

  it('is no database, or a damaged one', () => {
    const { home, target, database } = scanned();
    for (const suffix of ['-wal', '-shm']) rmSync(database + suffix, { force: true });
    writeFileSync(database, 'this is a text file, and long enough to be taken for one.\n'.repeat(40));
    const before = statSync(database).size;
    for (const args of [['scan', target], ['list'], ['db', 'check']])
      expectFatal(home.run(args), /damaged or no sprawl database/);
    expect(statSync(database).size).toBe(before);
  });

  it('belongs to another program', () => {
    const { home, target, database } = scanned();
    for (const suffix of ['', '-wal', '-shm']) rmSync(database + suffix, { force: true });
    const db = openSqlite(database);
    db.exec('CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)');
    db.close();
    chmodSync(database, 0o600);
    expectFatal(home.run(['scan', target]), /another program/);
    const again = openSqlite(database, { readonly: true });
    expect(again.prepare('SELECT count(*) FROM theirs').pluck().get()).toBe(1);
    expect(again.prepare("SELECT count(*) FROM sqlite_master WHERE type = 'table'").pluck().get()).toBe(1);
    again.close();
  });

  it('lies on a medium that cannot be written: readers read, writing is refused', () => {
    const { folder, home, target, database } = scanned();
    const fixed = join(folder, 'fixed');
    mkdirSync(fixed);
    cpSync(database, join(fixed, 'sprawl.db'));
    chmodSync(join(fixed, 'sprawl.db'), 0o444);
    chmodSync(fixed, 0o555);
    const keyFile = join(folder, 'key');
    writeFileSync(keyFile, home.run(['key', 'export']).stdout, { mode: 0o444 });
    openToAll(folder, home.home);
    chmodSync(join(folder, 'target'), 0o755);
    const use = ['--db', join(fixed, 'sprawl.db'), '--key-file', keyFile];
    expect(runUnprivileged(home, ['list', ...use]).stdout).toContain('github-pat-classic');
    expectFatal(
      runUnprivileged(home, ['scan', target, ...use]),
      /read-only|may not be written|cannot be opened/,
    );
    chmodSync(fixed, 0o755);
  });

  it('cannot be made where the folder is closed', () => {
    const { folder, target } = scanned();
    const home = new CliHome(join(folder, 'other'));
    openToAll(folder, home.home, join(home.home, 'config'), join(folder, 'other'));
    chmodSync(target, 0o755);
    mkdirSync(join(home.home, 'data'));
    chmodSync(join(home.home, 'data'), 0o555);
    expectFatal(runUnprivileged(home, ['scan', target]), /data.*(cannot|may not)|cannot.*data/);
    chmodSync(join(home.home, 'data'), 0o755);
  });
});

describe('a key that cannot serve', () => {
  it('is gone', () => {
    const { home, target } = scanned();
    rmSync(join(home.home, 'config', 'sprawl', 'keys'), { recursive: true });
    expectFatal(home.run(['list']), /no key/);
    // A scan would make a new key, but the database has another.
    expectFatal(home.run(['scan', target]), /key/);
  });

  it('is no key', () => {
    const { folder, home, target } = scanned();
    const path = join(folder, 'key');
    writeFileSync(path, 'hunter2\n', { mode: 0o600 });
    expectFatal(home.run(['scan', target, '--key-file', path]), /key/);
    expectFatal(home.run(['list', '--key-file', join(folder, 'nowhere')]), /key/);
  });
});

/** Lines that look like tokens, so that the sweep index grows and the database must. */
function writeManyTokens(path: string, lines: number, seed: string): void {
  let text = '';
  for (let i = 0; i < lines; i++) text += `${fakeSecret('github-pat', `${seed} ${i}`)}\n`;
  writeFileSync(path, text);
}

describe('a full disk', () => {
  it('ends a scan with one line, keeps what was there, and the scan goes on when there is room', () => {
    const { folder, home, target } = scanned();
    const before = digest(home);
    writeManyTokens(join(target, 'many.txt'), 3000, 'full');
    // A limit on the size of files, in 512-byte blocks, stands for a disk that is full.
    const full = runUnder(home, 'ulimit -f 1400; exec', ['scan', target]);
    expectFatal(full, /disk is full/);
    expect(home.run(['db', 'check']).status).toBe(0);
    expect(home.json(['report']).some((record) => record['path'] === 'app.env')).toBe(true);
    const scan = home.run(['scan', target]);
    expect(scan.status, scan.stderr).toBe(1);
    const after = digest(home);
    expect(after).not.toBe(before);
    const fresh = new CliHome(join(folder, 'fresh'));
    cpSync(join(home.home, 'config'), join(fresh.home, 'config'), { recursive: true });
    expect(fresh.run(['scan', target]).status).toBe(1);
    expect(digest(fresh)).toBe(after);
  });

  it('is met on a real full file system, where one can be mounted', () => {
    const { folder, home, target } = scanned();
    const mount = join(folder, 'tiny');
    mkdirSync(mount);
    writeManyTokens(join(target, 'many.txt'), 3000, 'tiny');
    const script = `mount -t tmpfs -o size=1m tmpfs "${mount}" && "$@"; echo "exit $?" >&2`;
    const args = [process.execPath, cliEntry, 'scan', target];
    const run = spawnSync(
      'unshare',
      ['-rm', 'sh', '-c', script, 'sh', ...args, '--db', join(mount, 'a.db')],
      {
        env: home.env,
        encoding: 'utf8',
      },
    );
    const isMounted = run.status !== null && !/mount|unshare|permitted/.test(run.stderr);
    expect(isMounted ? run.stderr : 'error: the disk is full\nexit 2\n').toMatch(
      /error: .*full[\s\S]*exit 2/,
    );
  });

  it('at the reports: output to a full device is an error, not a success', () => {
    const { home } = scanned();
    if (!existsSync('/dev/full')) return;
    const run = spawnSync(
      'sh',
      ['-c', '"$@" > /dev/full', 'sh', process.execPath, cliEntry, 'report', '--json'],
      { env: home.env, encoding: 'utf8' },
    );
    expect(run.status, run.stderr).toBe(2);
    expect(run.stderr).toMatch(/full|ENOSPC/);
  });
});

it('a reader of the pipe that goes away ends the output quietly', () => {
  const { home } = scanned();
  const out = execFileSync(
    'sh',
    ['-c', '"$@" | head -c 10', 'sh', process.execPath, cliEntry, 'report', '--json'],
    { env: home.env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  );
  expect(out).toHaveLength(10);
});
