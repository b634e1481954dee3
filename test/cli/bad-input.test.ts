/** Input that cannot be read: one clear line each, the rest of the scan goes on, the receipt counts it. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  createWriteStream,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import yazl from 'yazl';
import { openToAll, runUnprivileged } from '../support/cli-process.js';
import { fakeSecret } from '../support/fake-secret.js';
import { GitFixture } from '../support/git-fixture.js';
import { CliHome, type CliResult, scratch } from '../support/scratch.js';

/** A folder with one secret, scanned beside every bad input: it must be found whatever else happens. */
function withSecret(folder: string): { readonly good: string; readonly value: string } {
  const good = join(folder, 'good');
  mkdirSync(good);
  const value = fakeSecret('github-pat', 'good');
  writeFileSync(join(good, 'app.env'), `TOKEN=${value}\n`);
  return { good, value };
}

function gapsOf(result: CliResult): Record<string, number> {
  const last = result.stdout.trimEnd().split('\n').at(-1) ?? '{}';
  return (JSON.parse(last) as { gaps: Record<string, number> }).gaps;
}

interface Case {
  readonly name: string;
  /** Makes the input below the folder and gives its path. */
  readonly make: (folder: string) => string | Promise<string>;
  /** Exit code when it is scanned alone. */
  readonly alone: number;
  readonly gaps: readonly string[];
  /** A word of the one line that says it. */
  readonly says: RegExp;
}

async function zipBomb(path: string): Promise<void> {
  const zip = new yazl.ZipFile();
  zip.addBuffer(Buffer.alloc(40 * 2 ** 20, 'a'), 'big.txt');
  zip.end();
  await new Promise<void>((done) => zip.outputStream.pipe(createWriteStream(path)).on('close', done));
}

function objectPath(repo: GitFixture, oid: string): string {
  return join(repo.path, '.git', 'objects', oid.slice(0, 2), oid.slice(2));
}

const cases: readonly Case[] = [
  {
    name: 'a path that does not exist',
    make: (folder) => join(folder, 'nowhere'),
    alone: 2,
    gaps: ['not-found'],
    says: /nowhere: not found/,
  },
  {
    name: 'a corrupt object',
    make: (folder) => {
      const repo = new GitFixture(join(folder, 'corrupt'));
      repo.commit('a', { 'a.txt': 'first\n', 'b.txt': 'second\n' });
      const path = objectPath(repo, repo.git('rev-parse', 'HEAD:b.txt'));
      chmodSync(path, 0o600);
      writeFileSync(path, 'no zlib stream');
      return repo.path;
    },
    alone: 3,
    gaps: ['corrupt-object'],
    says: /corrupt git object/,
  },
  {
    name: 'a truncated pack',
    make: (folder) => {
      const repo = new GitFixture(join(folder, 'truncated'));
      for (let i = 0; i < 20; i++)
        repo.commit(`c${i}`, { [`f${i}.txt`]: `${'x'.repeat(i * 50)} line ${i}\n` });
      repo.git('gc', '-q');
      const packs = join(repo.path, '.git', 'objects', 'pack');
      for (const name of readdirSync(packs).filter((file) => file.endsWith('.pack'))) {
        chmodSync(join(packs, name), 0o600);
        truncateSync(join(packs, name), Math.floor(statSync(join(packs, name)).size / 2));
      }
      return repo.path;
    },
    alone: 3,
    gaps: ['corrupt-pack'],
    says: /corrupt pack|git failed/,
  },
  {
    name: 'a broken zip',
    make: (folder) => {
      const path = join(folder, 'broken.zip');
      writeFileSync(path, Buffer.from('PK\x03\x04 no more of it', 'latin1'));
      return path;
    },
    alone: 3,
    gaps: ['broken-archive'],
    says: /broken\.zip: broken archive/,
  },
  {
    name: 'a zip bomb',
    make: async (folder) => {
      const path = join(folder, 'bomb.zip');
      await zipBomb(path);
      return path;
    },
    alone: 3,
    gaps: ['archive-ratio'],
    says: /bomb\.zip.*: .*bomb/,
  },
  {
    name: 'a gzip that ends in the middle',
    make: (folder) => {
      const path = join(folder, 'cut.txt.gz');
      const whole = execFileSync('gzip', ['-c'], { input: Buffer.from('some text\n'.repeat(900)) });
      writeFileSync(path, whole.subarray(0, whole.length - 12));
      return path;
    },
    alone: 3,
    gaps: ['broken-archive'],
    says: /cut\.txt\.gz.*: broken archive/,
  },
  {
    name: 'a folder that only looks like a repository',
    make: (folder) => {
      const path = join(folder, 'hollow');
      mkdirSync(join(path, '.git'), { recursive: true });
      writeFileSync(join(path, 'a.txt'), 'hello\n');
      return path;
    },
    alone: 0,
    gaps: [],
    says: /Read 1 document/,
  },
];

describe('bad input', () => {
  it.each(cases)('$name', async ({ make, alone, gaps, says }) => {
    const folder = scratch();
    const path = await make(folder);
    const { good, value } = withSecret(folder);
    const home = new CliHome(folder);
    const first = home.run(['scan', path]);
    expect(first.status, first.stderr).toBe(alone);
    expect(first.stderr).toMatch(says);
    expect(first.stderr.split('\n').filter((line) => line.startsWith('warning:')).length).toBe(
      Object.keys(gapsOf(home.run(['scan', path, '--json', '--exit-zero']))).length,
    );
    const both = home.run(['scan', path, good, '--json']);
    expect(both.status, both.stderr).toBe(1);
    expect(both.stdout).toContain('"path":"app.env"');
    for (const gap of gaps) expect(gapsOf(both)).toHaveProperty(gap);
    expect(home.run(['where', '-'], { input: value }).status).toBe(1);
    expect(home.run(['db', 'check']).status).toBe(0);
  });

  it('files and folders without permission', () => {
    const folder = scratch();
    const home = new CliHome(folder);
    const { good } = withSecret(folder);
    writeFileSync(join(good, 'closed.env'), 'closed\n');
    chmodSync(join(good, 'closed.env'), 0);
    mkdirSync(join(good, 'locked'));
    chmodSync(join(good, 'locked'), 0);
    openToAll(folder, home.home);
    const scan = runUnprivileged(home, ['scan', good, '--json']);
    chmodSync(join(good, 'locked'), 0o700);
    expect(scan.status, scan.stderr).toBe(1);
    expect(scan.stdout).toContain('"path":"app.env"');
    expect(gapsOf(scan)).toEqual({ 'permission-denied': 2 });
    expect(scan.stderr).toMatch(/closed\.env: permission denied/);
    expect(scan.stderr).toMatch(/locked: permission denied/);
  });

  it('a file of the work tree whose object is damaged is read as a file', () => {
    const folder = scratch();
    const repo = new GitFixture(join(folder, 'repo'));
    const value = fakeSecret('github-pat', 'damaged');
    repo.commit('a', { 'app.env': `TOKEN=${value}\n`, 'b.txt': 'fine\n' });
    const path = objectPath(repo, repo.git('rev-parse', 'HEAD:app.env'));
    chmodSync(path, 0o600);
    writeFileSync(path, 'no zlib stream');
    const home = new CliHome(folder);
    const scan = home.run(['scan', repo.path, '--json']);
    expect(scan.status, scan.stderr).toBe(1);
    expect(scan.stdout).toContain('"path":"app.env"');
    expect(gapsOf(scan)).toEqual({ 'corrupt-object': 1 });
  });

  it.each([['--worktree-only'], ['--no-history']])('%s reads files that git holds', (scope) => {
    const folder = scratch();
    const repo = new GitFixture(join(folder, 'repo'));
    repo.commit('a', { 'app.env': `TOKEN=${fakeSecret('github-pat', 'committed')}\n` });
    repo.write('staged.env', `TOKEN=${fakeSecret('github-pat', 'staged')}\n`);
    repo.git('add', 'staged.env');
    const home = new CliHome(folder);
    const scan = home.run(['scan', scope, repo.path, '--json']);
    expect(scan.status, scan.stderr).toBe(1);
    expect(scan.stdout).toContain('"path":"app.env"');
    expect(scan.stdout).toContain('"path":"staged.env"');
  });

  it('names that are not UTF-8, and names that would draw on the terminal', () => {
    const folder = scratch();
    const target = join(folder, 'names');
    mkdirSync(target);
    const value = fakeSecret('github-pat', 'names');
    const odd = Buffer.concat([Buffer.from(`${target}/caf`), Buffer.from([0xe9, 0xff]), Buffer.from('.env')]);
    writeFileSync(odd, `TOKEN=${value}\n`);
    writeFileSync(join(target, '\x1b]0;owned\x07\x1b[31mred\n\u202egnp.env'), `TOKEN=${value}\n`);
    const home = new CliHome(folder);
    const json = home.run(['scan', target, '--json']);
    expect(json.status, json.stderr).toBe(1);
    const records = json.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const paths = records.filter((record) => record['type'] === 'finding');
    expect(paths.map((record) => record['pathBytes']).filter((bytes) => bytes !== undefined)).toContain(
      Buffer.concat([Buffer.from('caf'), Buffer.from([0xe9, 0xff]), Buffer.from('.env')]).toString('base64'),
    );
    for (const args of [
      ['scan', target],
      ['scan', target, '--format', 'md'],
      ['scan', target, '--format', 'csv'],
      ['list'],
      ['report'],
    ]) {
      const { stdout, stderr } = home.run(args);
      expect((stdout + stderr).replaceAll('\r\n', '\n'), args.join(' ')).not.toMatch(
        /(?![\n\t])[\p{Cc}\p{Bidi_Control}]/u,
      );
    }
    expect(home.run(['where', '-'], { input: value }).stdout.split('.env').length).toBeGreaterThan(2);
  });

  it('a large file without a line break', () => {
    const folder = scratch();
    const path = join(folder, 'one-line.txt');
    const value = fakeSecret('github-pat', 'long line');
    const size = 48 * 2 ** 20;
    const bytes = Buffer.alloc(size, 'lorem ipsum ');
    bytes.write(` token=${value} `, size - 1000);
    writeFileSync(path, bytes);
    const home = new CliHome(folder);
    const scan = home.run(['scan', path, '--json']);
    expect(scan.status, scan.stderr).toBe(1);
    const finding = scan.stdout.split('\n').find((line) => line.includes('"finding"')) ?? '{}';
    expect(JSON.parse(finding)).toMatchObject({ line: 1, column: size - 1000 + ' token='.length + 1 });
  });

  it('a fifo, a socket-like name and a link out of the target do not hang or leak', () => {
    const folder = scratch();
    const target = join(folder, 'target');
    mkdirSync(target);
    writeFileSync(join(folder, 'outside.env'), `TOKEN=${fakeSecret('github-pat', 'outside')}\n`);
    symlinkSync('../outside.env', join(target, 'link.env'));
    symlinkSync('.', join(target, 'loop'));
    execFileSync('mkfifo', [join(target, 'pipe')]);
    writeFileSync(join(target, 'a.txt'), 'hello\n');
    const home = new CliHome(folder);
    const scan = home.run(['scan', target, '--json']);
    expect(scan.status, scan.stderr).toBe(0);
    const receipt = JSON.parse(scan.stdout.trimEnd().split('\n').at(-1) ?? '{}') as { skipped: object };
    expect(receipt.skipped).toMatchObject({ 'outside-target-link': 1, 'special-file': 1 });
  });
});
