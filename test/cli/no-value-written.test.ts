/**
 * The rule that no planted value is in any byte that is written: values stand in contents and in every name
 * (branch, tag, path, author, message, archive entry, remote URL, note), all commands run, and the database,
 * everything else below HOME and all outputs are searched for each value in every form.
 */
import { createHash, createHmac } from 'node:crypto';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import yazl from 'yazl';
import { lookupsOf } from '../../src/identity/canonical.js';
import { loadOrCreateKey } from '../../src/identity/keys.js';
import { reportFormats } from '../../src/report/formats.js';
import { fakeSecret } from '../support/fake-secret.js';
import { GitFixture } from '../support/git-fixture.js';
import { CliHome, scratch } from '../support/scratch.js';
import { leaksIn } from '../support/value-forms.js';

interface Planted {
  readonly repo: GitFixture;
  readonly share: string;
  /** What must not be written, by where it was planted. */
  readonly values: ReadonlyMap<string, string>;
}

/** A password of letters and digits, made from a seed; the kind that rules judge by context. */
function password(seed: string): string {
  return fakeSecret('github-pat', seed).slice(4, 28);
}

async function plantEverywhere(folder: string): Promise<Planted> {
  const values = new Map<string, string>();
  const plant = (where: string, value: string): string => {
    values.set(where, value);
    return value;
  };
  const pat = (where: string): string => plant(where, fakeSecret('github-pat', where));
  const repo = new GitFixture(join(folder, 'repo'));
  repo.commit('start', { 'README.md': 'hello\n' });
  repo.commit('contents', {
    'pat.env': `TOKEN=${pat('content')}\n`,
    'stripe.ts': `const key = '${plant('stripe', fakeSecret('stripe-secret-key', 'stripe'))}';\n`,
    'app.yaml': `db: postgres://orders:${plant('url password', password('url'))}@db.example.org/orders\n`,
    'id_key.pem': `${plant('private key', fakeSecret('private-key', 'pem'))}\n`,
    'encoded.txt': `data: ${Buffer.from(`token=${pat('base64 only')}`).toString('base64')}\n`,
    'one-line-password': `${plant('password file', password('file'))}\n`,
    'settings.py': `PASSWORD = "${plant('assignment', password('assignment'))}"\n`,
    'percent.txt': `https://u:${encodeURIComponent(plant('percent', `${password('percent')}/+`))}@example.org/\n`,
  });
  repo.commit('both', { [`${pat('path of a hit')}.env`]: `TOKEN=${pat('content below a path')}\n` });
  repo.git('branch', `fix/${pat('branch')}`);
  repo.git('tag', `v1-${pat('tag name')}`);
  repo.git('tag', '-a', 'v2', '-m', `release ${pat('tag message')}`);
  repo.commit(`deploy with ${pat('message')}`);
  repo.git('notes', 'add', '-m', `note ${pat('note')}`);
  repo.git(
    'commit',
    '-q',
    '--allow-empty',
    '-m',
    'who',
    `--author=${pat('author')} <${pat('email')}@example.org>`,
  );
  repo.git('remote', 'add', 'origin', `https://deploy:${pat('remote URL')}@git.example.org/team/app.git`);
  repo.write('stashed.txt', `k = "${pat('stash')}"\n`);
  repo.git('add', '-A');
  repo.git('stash', 'push', '-q', '-m', `wip ${pat('stash message')}`);
  repo.write('staged.env', `TOKEN=${pat('staged')}\n`);
  repo.git('add', 'staged.env');
  const share = join(folder, 'share');
  mkdirSync(join(share, `notes ${pat('folder name')}`), { recursive: true });
  writeFileSync(
    join(share, `notes ${values.get('folder name')}`, 'a.txt'),
    `try ${values.get('url password')}\n`,
  );
  writeFileSync(join(share, 'broken.zip'), Buffer.from('PK\x03\x04 no more', 'latin1'));
  writeFileSync(
    join(share, `${pat('name of a broken archive')}.zip`),
    Buffer.from('PK\x03\x04 no more', 'latin1'),
  );
  const zip = new yazl.ZipFile();
  zip.addBuffer(Buffer.from(`TOKEN=${pat('zip content')}\n`), `backup/${pat('archive entry name')}.env`);
  zip.end();
  await new Promise<void>((done) =>
    zip.outputStream.pipe(createWriteStream(join(share, 'backup.zip'))).on('close', done),
  );
  return { repo, share, values };
}

test('no planted value is in any byte that is written', async () => {
  const folder = scratch();
  const { repo, share, values } = await plantEverywhere(folder);
  const home = new CliHome(folder);
  const written: { readonly name: string; readonly bytes: Buffer }[] = [];
  const run = (args: readonly string[], options: { input?: string; cwd?: string } = {}): string => {
    const { stdout, stderr } = home.run(args, options);
    written.push({
      name: `output of run ${written.length}, ${args[0]?.slice(0, 8)}`,
      bytes: Buffer.from(stdout + stderr),
    });
    return stdout;
  };
  const first = run(['scan', repo.path, share, '--json', '-vv']);
  const fingerprint = /"fingerprint":"([0-9a-f]{64})"/.exec(first)?.[1] ?? '';
  const content = values.get('content') ?? '';
  for (const format of ['text', 'sarif']) run(['scan', repo.path, share, '--format', format, '--all']);
  for (const format of reportFormats) run(['report', '--format', format]);
  for (const args of [
    ['list'],
    ['list', '--json'],
    ['show', fingerprint],
    ['show', fingerprint, '--json'],
    ['where', fingerprint, '--json'],
    ['place', 'list'],
    ['place', 'list', '--json'],
    ['db', 'stats'],
    ['db', 'check', '--digest'],
    ['doctor'],
    ['doctor', '--json'],
    ['scan', join(folder, `missing-${content}`)],
    ['scan', repo.path, '--range', `${content}..HEAD`],
    ['scan', repo.path, '--staged', '--json'],
    ['scan', repo.path, '--no-store', '-vv'],
    ['allow', `place:${content}`, '--reason', 'a test'],
    [`--${content}`],
    [content],
    ['list', '--kind', content],
    ['show', content],
    ['where', content],
    ['scan', '--jobs', content],
    ['scan', repo.path, '--config', content],
    ['list', '--db', join(folder, `none-${content}`)],
  ])
    run(args);
  run(['hook', 'run'], { cwd: repo.path });
  run(['hook', 'install'], { cwd: repo.path });
  for (const input of [content, `${content}\n`]) {
    run(['where', '-', '--json', '-vv'], { input });
    run(['where', '-', '--deep'], { input });
    run(['fingerprint', '-'], { input });
    run(['scan', share, '--known', '-'], { input });
  }
  const bytes = home.allBytes();
  written.push({ name: 'files below HOME', bytes });
  // Every value was found; else its absence would prove nothing.
  const keyFolder = join(home.home, 'config', 'sprawl', 'keys');
  const { keys } = loadOrCreateKey(keyFolder);
  const leaks: string[] = [];
  const lost: string[] = [];
  for (const [where, value] of values) {
    for (const { name, bytes } of written)
      if (leaksIn(bytes, value).length > 0)
        leaks.push(`${where} in ${name}: ${leaksIn(bytes, value).length}`);
    const lookups = lookupsOf(keys.fingerprint, Buffer.from(value));
    if (lookups.some((lookup) => first.includes(lookup.fingerprint))) continue;
    // No detector flags a bare password; it is found by value.
    if (home.run(['where', '-'], { input: value }).status !== 1) lost.push(where);
  }
  expect({ leaks, lost }).toEqual({ leaks: [], lost: [] });
  expectNoGuessConfirmed(bytes, repo, values);
});

/** What somebody without the key could compute from a guess and look for in the database. */
function expectNoGuessConfirmed(home: Buffer, repo: GitFixture, values: ReadonlyMap<string, string>): void {
  const guesses: Buffer[] = [];
  for (const value of values.values()) {
    for (const text of [value, `${value}\n`, `TOKEN=${value}\n`]) {
      const bytes = Buffer.from(text);
      const blob = Buffer.concat([Buffer.from(`blob ${bytes.length}\0`), bytes]);
      for (const input of [bytes, blob])
        for (const hash of ['sha1', 'sha256', 'md5', 'sha512'])
          guesses.push(createHash(hash).update(input).digest());
      guesses.push(createHmac('sha256', '').update(bytes).digest());
    }
  }
  for (const line of repo.git('rev-list', '--all', '--objects', '--filter=object:type=blob').split('\n')) {
    const oid = line.split(' ')[0] ?? '';
    if (repo.git('cat-file', '-t', oid) === 'blob') guesses.push(Buffer.from(oid, 'hex'));
  }
  for (const guess of guesses) {
    // Half of a hash would confirm a guess as well.
    const start = guess.subarray(0, 8);
    for (const form of [
      start,
      Buffer.from(start.toString('hex')),
      Buffer.from(start.toString('hex').toUpperCase()),
    ])
      expect(home.includes(form), `${guess.toString('hex')}`).toBe(false);
  }
}
