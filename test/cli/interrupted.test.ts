/** Scans that are killed, interrupted, doubled or divided otherwise: the database ends the same. */
import { execFileSync } from 'node:child_process';
import { createWriteStream, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import yazl from 'yazl';
import { freshHomeLike, startCli } from '../support/cli-process.js';
import { fakeSecret } from '../support/fake-secret.js';
import { GitFixture } from '../support/git-fixture.js';
import { CliHome } from '../support/scratch.js';

const commits = 200;
/** Beyond what the main thread reads alone, so that workers start. */
const fillerBytes = 5 * 2 ** 20;

/** Text of words with a few token-like runs, so that the sweep index has something to hold. */
function filler(size: number, seed: number): string {
  let text = '';
  for (let i = seed; text.length < size; i++)
    text += `line ${i} of ${seed} id=${(i * 2654435761).toString(36)}zq${i}\n`;
  return text;
}

/** One fast-import stream: hundreds of commits on two branches, secrets that come and go. */
function importStream(): string {
  const parts: string[] = ['feature done\n'];
  const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const perCommit = Math.floor(fillerBytes / commits);
  for (let i = 1; i <= commits; i++) {
    const branch = i % 7 === 0 ? 'side' : 'main';
    parts.push(`commit refs/heads/${branch}\nmark :${i}\n`);
    parts.push(`author Ana Writer <ana@example.org> ${1_700_000_000 + i * 60} +0000\n`);
    parts.push(`committer Ana Writer <ana@example.org> ${1_700_000_000 + i * 60} +0000\n`);
    const message = i % 40 === 0 ? `deploy with ${fakeSecret('github-pat', `message ${i}`)}` : `commit ${i}`;
    parts.push(data(message));
    if (i === 7) parts.push('from :6\n');
    parts.push(`M 100644 inline src/file${i % 30}.txt\n`, data(filler(perCommit, i)));
    if (i % 5 === 0) {
      const secret = fakeSecret('github-pat', `secret ${i % 25}`);
      parts.push(`M 100644 inline conf/app${i % 4}.env\n`, data(`TOKEN=${secret}\nid=${i}\n`));
    }
    if (i % 9 === 0 && branch === 'main')
      parts.push(`M 100644 inline conf/app${i % 4}.env\n`, data('clean\n'));
  }
  parts.push('done\n');
  return parts.join('');
}

async function zipWith(path: string, entries: Readonly<Record<string, string>>): Promise<void> {
  const zip = new yazl.ZipFile();
  for (const [name, text] of Object.entries(entries))
    zip.addBuffer(Buffer.from(text), name, { mtime: new Date(1_700_000_000_000) });
  zip.end();
  await new Promise<void>((resolve) => zip.outputStream.pipe(createWriteStream(path)).on('close', resolve));
}

/** Repository with history and a work tree, and a folder with loose files, bare copies and an archive. */
async function makeTargets(folder: string): Promise<string[]> {
  const repo = new GitFixture(join(folder, 'repo'));
  execFileSync('git', ['fast-import', '--quiet', '--done'], { cwd: repo.path, input: importStream() });
  repo.git('checkout', '-q', '-f', 'main');
  repo.write('untracked.env', `TOKEN=${fakeSecret('github-pat', 'untracked')}\n`);
  const share = join(folder, 'share');
  mkdirSync(share);
  writeFileSync(join(share, 'chat.txt'), `try ${fakeSecret('github-pat', 'secret 5')} please\n`);
  writeFileSync(
    join(share, 'memo.txt'),
    `${filler(50_000, 7)}\nbare ${fakeSecret('github-pat', 'secret 10').slice(4)}\n`,
  );
  await zipWith(join(share, 'backup.zip'), {
    'a/notes.txt': `password = "${fakeSecret('github-pat', 'in zip')}"\n`,
    'b.txt': filler(20_000, 3),
  });
  return [repo.path, share];
}

function digestOf(home: CliHome): string {
  const check = home.run(['db', 'check', '--digest']);
  expect(check.status, check.stdout + check.stderr).toBe(0);
  return check.stdout.trim();
}

let folder = '';
let targets: string[] = [];
let first: CliHome;
let wanted = '';
/** How long the undisturbed scan took; kills are spread over it. */
let wholeMs = 0;

function freshHome(name: string): CliHome {
  const home = new CliHome(join(folder, name));
  freshHomeLike(first, home);
  return home;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sprawl-kill-'));
  targets = await makeTargets(folder);
  first = new CliHome(join(folder, 'first'));
  const started = Date.now();
  const scan = first.run(['scan', ...targets, '--jobs', '2']);
  wholeMs = Date.now() - started;
  expect(scan.status, scan.stderr).toBe(1);
  wanted = digestOf(first);
  return () => execFileSync('rm', ['-rf', folder]);
});

describe('the same targets give the same database', () => {
  it('scanned twice', () => {
    expect(first.run(['scan', ...targets]).status).toBe(1);
    expect(digestOf(first)).toBe(wanted);
  });

  it('by one worker and in another order', () => {
    const home = freshHome('one');
    expect(home.run(['scan', ...[...targets].reverse(), '--jobs', '1']).status).toBe(1);
    expect(digestOf(home)).toBe(wanted);
  });

  it('one after the other', () => {
    // The folder first: the bare copy in it is of a secret that only the repository tells.
    const home = freshHome('apart');
    for (const target of [...targets].reverse()) expect(home.run(['scan', target]).status).toBe(1);
    expect(digestOf(home)).toBe(wanted);
  });

  it('by two processes at once', async () => {
    const home = freshHome('both');
    const both = [startCli(home, ['scan', ...targets]), startCli(home, ['scan', ...[...targets].reverse()])];
    for (const { ended } of both) {
      const { status, stderr } = await ended;
      expect(status, stderr).toBe(1);
    }
    expect(digestOf(home)).toBe(wanted);
  });

  it('by two first scans at once, which make one key', async () => {
    const home = new CliHome(join(folder, 'newcomers'));
    const share = targets[1] as string;
    const runs = await Promise.all([1, 2, 3].map(() => startCli(home, ['scan', share]).ended));
    for (const { status, stderr } of runs) expect(status, stderr).toBe(1);
    expect(readdirSync(join(home.home, 'config', 'sprawl', 'keys'))).toHaveLength(1);
    expect(home.run(['db', 'check']).status).toBe(0);
  });
});

describe('a scan that is stopped', () => {
  it('by SIGKILL at many points goes on as if nothing had been', async () => {
    const home = freshHome('killed');
    let kills = 0;
    // The delays start beyond the start of Node, and fall on every phase of the scan.
    for (let i = 0; i < 8; i++) {
      const { child, ended } = startCli(home, ['scan', ...targets, '--jobs', '2']);
      await sleep(150 + ((i * 0.618) % 1) * wholeMs);
      child.kill('SIGKILL');
      if ((await ended).signal === 'SIGKILL') kills++;
      if (i % 4 === 3) expect(home.run(['db', 'check']).status).toBe(0);
    }
    expect(kills).toBeGreaterThan(0);
    const last = home.run(['scan', ...targets]);
    expect(last.status, last.stderr).toBe(1);
    expect(digestOf(home)).toBe(wanted);
  });

  it('by SIGKILL, each time in a new database', async () => {
    for (let i = 1; i <= 3; i++) {
      const home = freshHome(`killed${i}`);
      const { child, ended } = startCli(home, ['scan', ...targets, '--jobs', '2']);
      await sleep((wholeMs * i) / 4);
      child.kill('SIGKILL');
      await ended;
      expect(home.run(['scan', ...targets]).status).toBe(1);
      expect(digestOf(home), `killed after ${i}/4`).toBe(wanted);
    }
  });

  it('by SIGINT says what is missing, exits 130, and goes on', async () => {
    const home = freshHome('interrupted');
    let interrupted = 0;
    // The machine may be faster now than when the whole run was timed, so the moments begin early.
    for (const part of [0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5]) {
      if (interrupted >= 2) break;
      const { child, ended } = startCli(home, ['scan', ...targets, '--jobs', '2', '--json']);
      await sleep(wholeMs * part);
      child.kill('SIGINT');
      const run = await ended;
      if (run.status !== 130) continue;
      interrupted++;
      const lines = run.stdout.trimEnd().split('\n');
      if (run.stdout === '') continue;
      expect(JSON.parse(lines.at(-1) ?? '{}')).toMatchObject({
        type: 'receipt',
        complete: false,
        interrupted: true,
      });
      expect(run.stderr).toMatch(/incomplete|interrupted/i);
    }
    expect(interrupted).toBeGreaterThan(0);
    expect(home.run(['scan', ...targets]).status).toBe(1);
    expect(digestOf(home)).toBe(wanted);
  });
});
