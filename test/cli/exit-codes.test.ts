/** The exit codes of `--help` as a table, through the real command line. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { fakeSecret } from '../support/fake-secret.js';
import { GitFixture } from '../support/git-fixture.js';
import { CliHome, cliEntry, scratch } from '../support/scratch.js';

interface Scene {
  readonly home: CliHome;
  readonly open: string;
  readonly clean: string;
  readonly empty: string;
  readonly broken: string;
  readonly value: string;
}

function scene(folder: string = scratch()): Scene {
  const at = (name: string): string => {
    const path = join(folder, name);
    mkdirSync(path);
    return path;
  };
  const value = fakeSecret('github-pat', 'open');
  const open = at('open');
  writeFileSync(join(open, 'app.env'), `TOKEN=${value}\n`);
  const clean = at('clean');
  writeFileSync(join(clean, 'a.txt'), 'hello\n');
  const broken = join(folder, 'broken.zip');
  writeFileSync(broken, Buffer.from('PK\x03\x04 no more', 'latin1'));
  return { home: new CliHome(folder), open, clean, empty: at('empty'), broken, value };
}

describe('exit codes of scan', () => {
  // The rows build on one database, in order.
  let made: Scene | undefined;
  const shared = (): Scene => {
    if (made === undefined) throw new Error('made before all');
    return made;
  };
  beforeAll(() => {
    const folder = mkdtempSync(join(tmpdir(), 'sprawl-codes-'));
    made = scene(folder);
    return () => rmSync(folder, { recursive: true, force: true });
  });
  it.each<readonly [string, (scene: Scene) => readonly string[], number]>([
    ['0: complete, nothing open', ({ clean }) => [clean], 0],
    ['1: open', ({ open }) => [open], 1],
    ['1: open, known from before', ({ open }) => [open], 1],
    ['1: open and incomplete', ({ open, broken }) => [open, broken], 1],
    ['1: open and a path that is not there', ({ open, clean }) => [open, join(clean, 'no')], 1],
    ['0: open, --exit-zero', ({ open }) => [open, '--exit-zero'], 0],
    ['0: nothing new, --fail-on new', ({ open }) => [open, '--fail-on', 'new'], 0],
    ['1: --fail-on high', ({ open }) => [open, '--fail-on', 'high'], 1],
    ['3: incomplete', ({ clean, broken }) => [clean, broken], 3],
    ['0: incomplete, --exit-zero', ({ clean, broken }) => [clean, broken, '--exit-zero'], 0],
    ['3: a path that is not there', ({ clean }) => [clean, join(clean, 'no')], 3],
    ['2: only a path that is not there', ({ clean }) => [join(clean, 'no')], 2],
    ['2: nothing to scan', ({ empty }) => [empty], 2],
    ['0: nothing to scan, --allow-empty', ({ empty }) => [empty, '--allow-empty'], 0],
    ['2: everything excluded', ({ clean }) => [clean, '--exclude', '**'], 2],
    ['2: unknown flag', ({ clean }) => [clean, '--no-such-flag'], 2],
    ['2: bad number', ({ clean }) => [clean, '--jobs', 'many'], 2],
    ['2: contradiction', ({ clean }) => [clean, '--staged', '--range', 'A..B'], 2],
    ['2: a place for several targets', ({ open, clean }) => [clean, open, '--place', 'x'], 2],
    ['2: a list of targets that is not there', ({ clean }) => ['--targets-from', join(clean, 'no')], 2],
  ])('%s', (_name, argsOf, code) => {
    const given = shared();
    const run = given.home.run(['scan', ...argsOf(given)]);
    expect(run.status, run.stderr).toBe(code);
    if (code === 2) expect(run.stderr).toMatch(/error:|Nothing was scanned/);
  });
});

describe('exit codes of the others', () => {
  it('where: 0 not found, 1 found, 3 incomplete', () => {
    const { home, open, clean, broken, value } = scene();
    expect(home.run(['where', '-'], { input: value }).status).toBe(2);
    expect(home.run(['scan', clean]).status).toBe(0);
    expect(home.run(['where', '-'], { input: value }).status).toBe(0);
    expect(home.run(['scan', open]).status).toBe(1);
    expect(home.run(['where', '-'], { input: value }).status).toBe(1);
    expect(home.run(['where', '-'], { input: fakeSecret('github-pat', 'other') }).status).toBe(0);
    expect(home.run(['scan', broken]).status).toBe(3);
    expect(home.run(['where', '-'], { input: fakeSecret('github-pat', 'other') }).status).toBe(3);
    expect(home.run(['where', '-'], { input: value }).status).toBe(1);
    expect(home.run(['where', '-'], { input: '' }).status).toBe(2);
    expect(home.run(['where', 'ffffffffffff']).status).not.toBe(1);
  });

  it('a gap that is accepted, and an allowed secret, no longer count', () => {
    const { home, open, broken, clean } = scene();
    expect(home.run(['scan', clean, broken]).status).toBe(3);
    expect(home.run(['allow', '--gap', 'broken-archive', '--reason', 'known']).status).toBe(0);
    expect(home.run(['scan', clean, broken]).status).toBe(0);
    expect(home.run(['allow', '--gap', 'no-such-gap', '--reason', 'x']).status).toBe(2);
    const [found] = home.json(['scan', open]).filter(({ type }) => type === 'finding');
    expect(home.run(['allow', String(found?.['fingerprint']), '--reason', 'sample']).status).toBe(0);
    expect(home.run(['scan', open]).status).toBe(0);
    expect(home.run(['db', 'check']).status).toBe(0);
    expect(home.run(['show', 'ffffffffffff']).status).toBe(2);
    expect(home.run(['show', String(found?.['fingerprint']).slice(0, 12)]).status).toBe(0);
  });

  it('a reader of the pipe that goes away changes no exit code', () => {
    const { home, open } = scene();
    const piped = `{ "$@"; echo $? >&3; } 3>"$OUT/code" | head -c 1`;
    const args = ['-c', piped, 'sh', process.execPath, cliEntry, 'scan', open, '--json'];
    spawnSync('sh', args, { env: { ...home.env, OUT: home.home }, input: '' });
    expect(readFileSync(join(home.home, 'code'), 'utf8').trim()).toBe('1');
  });

  it.each([
    [[], 2],
    [['--help'], 0],
    [['--version'], 0],
    [['scan', '--help'], 0],
    [['no-such-command'], 2],
    [['db'], 2],
    [['list'], 2],
    [['rules', 'check'], 0],
    [['rules', 'list'], 0],
    [['completion', 'bash'], 0],
    [['completion', 'tcsh'], 2],
  ] as const)('%j: %i', (args, code) => {
    const home = new CliHome();
    const run = home.run(args);
    expect(run.status, run.stderr).toBe(code);
  });

  it('scan --staged: 0 nothing is staged, 1 a secret is, 2 no such repository', () => {
    const folder = scratch();
    const home = new CliHome(folder);
    const repo = new GitFixture(join(folder, 'repo'));
    repo.commit('a', { 'a.txt': 'hello\n' });
    const none = home.run(['scan', '--staged'], { cwd: repo.path });
    expect([none.status, none.stderr]).toEqual([0, expect.stringContaining('Nothing is staged.')]);
    repo.write('b.env', `TOKEN=${fakeSecret('github-pat', 'staged')}\n`);
    repo.git('add', '-A');
    expect(home.run(['scan', '--staged'], { cwd: repo.path }).status).toBe(1);
    expect(home.run(['scan', '--staged', join(folder, 'no')]).status).toBe(2);
  });

  it('hook run: 0 clean, 1 a secret is staged', () => {
    const folder = scratch();
    const home = new CliHome(folder);
    const repo = new GitFixture(join(folder, 'repo'));
    repo.commit('a', { 'a.txt': 'hello\n' });
    expect(home.run(['hook', 'run'], { cwd: repo.path }).status).toBe(0);
    repo.write('b.env', `TOKEN=${fakeSecret('github-pat', 'staged')}\n`);
    repo.git('add', '-A');
    expect(home.run(['hook', 'run'], { cwd: repo.path }).status).toBe(1);
  });
});
