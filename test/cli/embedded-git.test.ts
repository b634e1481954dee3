/** Repositories and bundles within archives, through the command line. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { describe, expect, test } from 'vitest';
import { startCli } from '../support/cli-process.js';
import { zipOf } from '../support/exports-of-acme.js';
import { fakeSecret } from '../support/fake-secret.js';
import { GitFixture } from '../support/git-fixture.js';
import { CliHome, scratch } from '../support/scratch.js';

type Line = Record<string, unknown>;

interface TarLink {
  readonly link: string;
}
type TarEntries = readonly (readonly [name: string, content: string | Buffer | TarLink])[];

function findingsOf(lines: readonly Line[]): Line[] {
  return lines.filter(({ type }) => type === 'finding');
}

async function tarGz(entries: TarEntries): Promise<Buffer> {
  const tar = pack();
  for (const [name, content] of entries) {
    if (typeof content === 'object' && 'link' in content)
      tar.entry({ name, type: 'symlink', linkname: content.link });
    else tar.entry({ name }, Buffer.from(content));
  }
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return gzipSync(Buffer.concat(chunks));
}

/** All files of a folder as entries below `prefix`. */
function entriesOf(folder: string, prefix: string): [string, Buffer][] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => [`${prefix}${path.slice(folder.length + 1)}`, readFileSync(path)]);
}

/** A repository whose history once held the secret; gives the commit that brought it in. */
function repositoryWith(path: string, secret: string): { repository: GitFixture; commit: string } {
  const repository = new GitFixture(path);
  repository.commit('start', { 'README.md': '# hello\n' });
  const commit = repository.commit('add settings', { 'deploy/settings.env': `TOKEN=${secret}\n` });
  repository.commit('take it out', { 'deploy/settings.env': 'TOKEN=\n' });
  return { repository, commit };
}

/** A bare copy, its objects in a pack. */
function bareCopy(repository: GitFixture, path: string): string {
  repository.git('clone', '-q', '--bare', '.', path);
  execFileSync('git', ['--git-dir', path, 'repack', '-adq']);
  return path;
}

function bundleOf(repository: GitFixture, path: string): Buffer {
  repository.git('bundle', 'create', '-q', path, '--all');
  return readFileSync(path);
}

function cacheOf(home: CliHome): string {
  return join(home.home, 'cache', 'sprawl', 'mirrors');
}

/** What lies in the cache of a home. */
function cached(home: CliHome): string[] {
  return existsSync(cacheOf(home)) ? readdirSync(cacheOf(home)).sort() : [];
}

const migrationLists: TarEntries = [
  ['schema.json', '{"version":"1.0.1"}'],
  [
    'repositories_000001.json',
    JSON.stringify([{ type: 'repository', url: 'https://github.com/Acme/Shop', name: 'Shop' }]),
  ],
];

async function migrationArchive(
  folder: string,
  secret: string,
  wikiSecret: string,
): Promise<{ archive: string; commit: string }> {
  const { repository, commit } = repositoryWith(join(folder, 'shop'), secret);
  const wiki = new GitFixture(join(folder, 'wiki'));
  wiki.commit('page', { 'Home.md': `use ${wikiSecret}\n` });
  wiki.commit('page again', { 'Home.md': 'ask Ana\n' });
  const archive = join(folder, 'migration.tar.gz');
  const shop = bareCopy(repository, join(folder, 'bare'));
  writeFileSync(
    archive,
    await tarGz([
      ...migrationLists,
      ...entriesOf(shop, 'repositories/Acme/Shop.git/'),
      // Loose objects and a dot in front, as some tars have.
      ...entriesOf(join(wiki.path, '.git'), './repositories/Acme/Shop.wiki.git/'),
    ]),
  );
  return { archive, commit };
}

describe('a migration archive', () => {
  test('gives its repositories as the places that their clones are', async () => {
    const folder = scratch();
    const [secret, wikiSecret] = [fakeSecret('github-pat-classic', 'shop'), fakeSecret('npm-token', 'wiki')];
    const { archive, commit } = await migrationArchive(folder, secret, wikiSecret);
    const clone = new GitFixture(join(folder, 'clone'));
    clone.git('remote', 'add', 'origin', 'git@github.com:acme/shop.git');
    clone.commit('also here', { 'notes.txt': `token ${secret}\n` });
    const home = new CliHome(folder);
    const lines = home.json(['scan', archive, clone.path]);
    const found = findingsOf(lines);
    expect(lines.at(-1)).toMatchObject({ type: 'receipt', complete: true, gaps: {} });
    const shop = { place: 'git:github.com/acme/shop', kind: 'github-pat-classic' };
    expect(found.filter(({ kind }) => kind === 'github-pat-classic')).toEqual([
      expect.objectContaining({ ...shop, path: 'notes.txt' }),
      expect.objectContaining({ ...shop, path: 'deploy/settings.env', commit, locationKind: 'git-history' }),
    ]);
    expect(found.filter(({ kind }) => kind === 'npm-token')).toEqual([
      expect.objectContaining({ place: 'git:github.com/acme/shop.wiki', path: 'Home.md' }),
    ]);
  });

  test('takes the host from the list of repositories', async () => {
    const folder = scratch();
    const secret = fakeSecret('github-pat-classic', 'own host');
    const { repository } = repositoryWith(join(folder, 'shop'), secret);
    const archive = join(folder, 'migration.tar.gz');
    const list = JSON.stringify([{ type: 'repository', url: 'https://git.acme.example/Acme/Shop' }]);
    const bare = entriesOf(bareCopy(repository, join(folder, 'bare')), 'top/repositories/Acme/Shop.git/');
    writeFileSync(archive, await tarGz([...bare, ['top/repositories_000001.json', list]]));
    const found = findingsOf(new CliHome(folder).json(['scan', archive]));
    expect(found.map(({ place }) => place)).toEqual(['git:git.acme.example/Acme/Shop']);
  });

  test('gives repositories that share their objects by hard links, as tar keeps them', () => {
    const folder = scratch();
    const secret = fakeSecret('github-pat-classic', 'links');
    const { repository, commit } = repositoryWith(join(folder, 'shop'), secret);
    const owner = join(folder, 'all', 'repositories', 'Acme');
    mkdirSync(owner, { recursive: true });
    for (const name of ['One.git', 'Two.git'])
      repository.git('clone', '-q', '--bare', '.', join(owner, name));
    const archive = join(folder, 'all.tar.gz');
    execFileSync('tar', ['czf', archive, '-C', join(folder, 'all'), '.']);
    const lines = new CliHome(folder).json(['scan', archive]);
    expect(lines.at(-1)).toMatchObject({ complete: true });
    expect(findingsOf(lines)).toEqual([
      expect.objectContaining({ place: 'git:github.com/acme/one', commit }),
      expect.objectContaining({ place: 'git:github.com/acme/two', commit }),
    ]);
  });

  test('is not unpacked again while it has not changed, even when the cache is gone', async () => {
    const folder = scratch();
    const secret = fakeSecret('github-pat-classic', 'again');
    const { archive } = await migrationArchive(folder, secret, fakeSecret('npm-token', 'again'));
    const home = new CliHome(folder);
    const first = home.json(['scan', archive]);
    expect(cached(home)).toHaveLength(2);
    rmSync(join(home.home, 'cache'), { recursive: true });
    const second = home.json(['scan', archive]);
    expect(cached(home)).toEqual([]);
    expect(second.at(-1)).toMatchObject({ type: 'receipt', documents: 0, complete: true });
    const stripped = (lines: readonly Line[]): unknown[] =>
      findingsOf(lines).map(({ place, path, commit, fingerprint }) => ({ place, path, commit, fingerprint }));
    expect(stripped(second)).toEqual(stripped(first));
    expect(stripped(second)).toHaveLength(2);
  });

  test('is read in parts when only one of several archives has changed', async () => {
    const folder = scratch();
    mkdirSync(join(folder, 'all'));
    const secret = fakeSecret('github-pat-classic', 'parts');
    const { archive } = await migrationArchive(folder, secret, fakeSecret('npm-token', 'parts'));
    renameSync(archive, join(folder, 'all', 'migration.tar.gz'));
    writeFileSync(join(folder, 'all', 'notes.txt'), 'hello\n');
    const home = new CliHome(folder);
    home.run(['scan', join(folder, 'all')]);
    const before = cached(home).map((name) => statSync(join(cacheOf(home), name)).ino);
    writeFileSync(join(folder, 'all', 'notes.txt'), 'hello again\n');
    const second = home.json(['scan', join(folder, 'all')]);
    expect(cached(home).map((name) => statSync(join(cacheOf(home), name)).ino)).toEqual(before);
    expect(findingsOf(second)).toHaveLength(2);
  });

  test('tells that a repository is gone when its next version does not hold it', async () => {
    const folder = scratch();
    const secret = fakeSecret('github-pat-classic', 'gone');
    const { archive } = await migrationArchive(folder, secret, fakeSecret('npm-token', 'gone'));
    const home = new CliHome(folder);
    home.run(['scan', archive]);
    const whole = readFileSync(archive);
    writeFileSync(archive, await tarGz(migrationLists));
    const statuses = (): unknown[] => findingsOf(home.json(['report', '--all'])).map(({ status }) => status);
    for (let scans = 0; scans < 2; scans++) {
      expect(home.json(['scan', archive]).at(-1)).toMatchObject({ complete: true });
      expect(statuses()).toEqual(['vanished', 'vanished']);
    }
    writeFileSync(archive, whole);
    expect(home.json(['scan', archive]).at(-1)).toMatchObject({ complete: true });
    expect(statuses()).toEqual(['open', 'open']);
  });

  test('that was unpacked by hand has the same places', async () => {
    const folder = scratch();
    const secret = fakeSecret('github-pat-classic', 'by hand');
    const { repository } = repositoryWith(join(folder, 'shop'), secret);
    for (const top of ['migration', 'server']) {
      mkdirSync(join(folder, top, 'repositories', 'Acme'), { recursive: true });
      bareCopy(repository, join(folder, top, 'repositories', 'Acme', 'Shop.git'));
    }
    for (const [name, content] of migrationLists)
      writeFileSync(join(folder, 'migration', name), content as string);
    const home = new CliHome(folder);
    expect(findingsOf(home.json(['scan', join(folder, 'migration')]))).toEqual([
      expect.objectContaining({ place: 'git:github.com/acme/shop', path: 'deploy/settings.env' }),
    ]);
    // A server's own folders are called the same.
    expect(findingsOf(home.json(['scan', join(folder, 'server')]))).toEqual([
      expect.objectContaining({ place: expect.stringMatching(/^git:roots:/) }),
    ]);
  });
});

describe('a project export', () => {
  test('gives what its bundles hold', async () => {
    const folder = scratch();
    const secrets = ['project', 'wiki', 'snippet'].map((name) => fakeSecret('github-pat-classic', name));
    const bundles = secrets.map((secret, i) => {
      const { repository, commit } = repositoryWith(join(folder, String(i)), secret);
      return { bundle: bundleOf(repository, join(folder, `${i}.bundle`)), commit };
    });
    const names = ['project.bundle', 'project.wiki.bundle', 'snippets/0a1b2c.bundle'];
    const archive = join(folder, '2026-01-05_acme_shop_export.tar.gz');
    writeFileSync(
      archive,
      await tarGz([
        ['VERSION', '0.2.4'],
        ...names.map((name, i) => [`./${name}`, bundles[i]?.bundle ?? ''] as const),
        ['tree/project.json', '{"description":"shop"}'],
      ]),
    );
    const home = new CliHome(folder);
    const lines = home.json(['scan', archive]);
    expect(lines.at(-1)).toMatchObject({ complete: true });
    for (const [i, { commit }] of bundles.entries()) {
      expect(findingsOf(lines)).toContainEqual(
        expect.objectContaining({
          place: expect.stringMatching(/^git:roots:/),
          commit,
          path: 'deploy/settings.env',
        }),
      );
      const where = findingsOf(home.json(['where', '-'], { input: secrets[i] as string }));
      expect(where).toHaveLength(1);
    }
    expect(home.allBytes().includes('hello\n')).toBe(false);
    const prefix = String(findingsOf(lines)[0]?.['fingerprint']).slice(0, 12);
    expect(home.run(['show', prefix, '--show-secrets']).stdout).toMatch(
      new RegExp(secrets.map((secret) => secret).join('|')),
    );
    // Names tell the archive, since nothing in it says where the project is.
    expect(home.run(['scan', archive]).stdout).toContain('2026-01-05_acme_shop_export.tar.gz!/');
  });

  test('is found in archives within archives, in zips and beside other files', async () => {
    const folder = scratch();
    const secret = fakeSecret('github-pat-classic', 'nested');
    const { repository, commit } = repositoryWith(join(folder, 'one'), secret);
    const bundle = bundleOf(repository, join(folder, 'one.bundle'));
    const all = join(folder, 'all');
    mkdirSync(all);
    const inner = await tarGz([
      ['work/app/README.md', 'hi'],
      ...entriesOf(join(repository.path, '.git'), 'work/app/.git/'),
    ]);
    writeFileSync(join(all, 'nested.zip'), await zipOf({ 'a.tar.gz': inner }));
    writeFileSync(join(all, 'renamed.bin'), bundle);
    writeFileSync(
      join(all, 'lone.zip'),
      await zipOf({ 'lost/found': bundle.subarray(bundle.indexOf('PACK')) }),
    );
    const home = new CliHome(folder);
    const lines = home.json(['scan', all]);
    expect(lines.at(-1)).toMatchObject({ complete: true });
    const history = { path: 'deploy/settings.env', commit };
    expect(findingsOf(lines)).toEqual([
      expect.objectContaining({ ...history, place: expect.stringMatching(/^git:roots:/) }),
      // Nothing says what of a lone pack was a branch.
      expect.objectContaining({
        ...history,
        place: expect.stringMatching(/^git:local:/),
        placeName: 'lone.zip!/lost/found',
      }),
    ]);
    expect(cached(home)).toHaveLength(3);
  });

  test('of which a bundle is broken has a gap, at the next scan too', async () => {
    const folder = scratch();
    const archive = join(folder, 'export.tar.gz');
    writeFileSync(
      archive,
      await tarGz([
        ['project.bundle', '# v2 git bundle\nnonsense'],
        ['project.wiki.bundle', '# v3 git bundle\n@object-format=sha1\n\nPACK\0\0\0\x02'],
      ]),
    );
    const home = new CliHome(folder);
    for (let scans = 0; scans < 2; scans++) {
      expect(home.run(['scan', archive]).status).toBe(3);
      const lines = home.json(['scan', archive]);
      expect(lines.at(-1)).toMatchObject({ complete: false, gaps: { 'broken-archive': 2 } });
      expect(lines.filter(({ type }) => type === 'problem').map(({ where }) => where)).toEqual([
        'export.tar.gz!/project.bundle',
        'export.tar.gz!/project.wiki.bundle',
      ]);
    }
  });

  test('of which a bundle or a pack is cut gives what is in front of the cut, and a gap', async () => {
    const folder = scratch();
    const secret = fakeSecret('github-pat-classic', 'cut');
    const repository = new GitFixture(join(folder, 'one'));
    // Blobs come behind all commits and trees, in the order in which the newest commits name them.
    const commit = repository.commit('start', {
      a: `TOKEN=${secret}\n`,
      z: randomBytes(4000).toString('hex'),
    });
    const bundle = bundleOf(repository, join(folder, 'one.bundle'));
    const bare = entriesOf(bareCopy(repository, join(folder, 'bare')), 'r.git/');
    const cut = (bytes: Buffer): Buffer => bytes.subarray(0, bytes.length - 1000);
    const archives = {
      'bundle.tar.gz': await tarGz([['project.bundle', cut(bundle)]]),
      'pack.tar.gz': await tarGz(
        bare.map(([name, bytes]) => [name, name.endsWith('.pack') ? cut(bytes) : bytes] as const),
      ),
    };
    for (const [name, bytes] of Object.entries(archives)) {
      writeFileSync(join(folder, name), bytes);
      const home = new CliHome(join(folder, `home of ${name}`));
      for (let scans = 0; scans < 2; scans++) {
        const lines = home.json(['scan', join(folder, name)]);
        expect(findingsOf(lines)).toEqual([expect.objectContaining({ path: 'a', commit })]);
        expect(lines.at(-1)).toMatchObject({ complete: false, gaps: { 'broken-archive': 1 } });
      }
    }
  });

  test('of a bundle on top of another says what is missing', async () => {
    const folder = scratch();
    const secret = fakeSecret('github-pat-classic', 'incremental');
    const repository = new GitFixture(join(folder, 'one'));
    repository.commit('start', { a: 'hello\n' });
    const commit = repository.commit('more', { b: `TOKEN=${secret}\n` });
    const path = join(folder, 'more.bundle');
    repository.git('bundle', 'create', '-q', path, 'HEAD~1..main');
    const lines = new CliHome(folder).json(['scan', path]);
    expect(findingsOf(lines)).toEqual([expect.objectContaining({ path: 'b', commit })]);
    expect(lines.at(-1)).toMatchObject({ complete: false });
  });

  test('of sha256 is read as well', async () => {
    const folder = scratch();
    const secret = fakeSecret('github-pat-classic', 'sha256');
    const repository = new GitFixture(join(folder, 'one'), '--object-format=sha256');
    const commit = repository.commit('start', { a: `TOKEN=${secret}\n` });
    const bundle = bundleOf(repository, join(folder, 'one.bundle'));
    const archive = join(folder, 'all.tar.gz');
    writeFileSync(
      archive,
      await tarGz([['one.bundle', bundle], ...entriesOf(join(repository.path, '.git'), 'one/.git/')]),
    );
    const home = new CliHome(folder);
    const lines = home.json(['scan', archive]);
    expect(lines.at(-1)).toMatchObject({ complete: true });
    expect(findingsOf(lines)).toEqual([expect.objectContaining({ path: 'a', commit })]);
    expect(cached(home)).toHaveLength(2);
  });
});

describe('a bundle of its own', () => {
  test('is a target, and one that git tracks is a gap of the history', () => {
    const folder = scratch();
    const secret = fakeSecret('github-pat-classic', 'own');
    const { repository, commit } = repositoryWith(join(folder, 'one'), secret);
    const path = join(folder, 'one.bundle');
    bundleOf(repository, path);
    const home = new CliHome(folder);
    expect(findingsOf(home.json(['scan', path]))).toEqual([
      expect.objectContaining({ path: 'deploy/settings.env', commit }),
    ]);
    const outer = new GitFixture(join(folder, 'outer'));
    outer.commit('fixture', { 'fixtures/one.bundle': readFileSync(path) });
    for (let scans = 0; scans < 2; scans++) {
      expect(home.json(['scan', outer.path]).at(-1)).toMatchObject({ gaps: { 'unsupported-archive': 1 } });
    }
  });
});

describe('a hostile archive', () => {
  test('writes nothing but its objects and refs, and runs nothing', async () => {
    const folder = scratch();
    const secret = fakeSecret('github-pat-classic', 'hostile');
    const { repository } = repositoryWith(join(folder, 'one'), secret);
    const bare = bareCopy(repository, join(folder, 'bare'));
    const canary = join(folder, 'ran');
    const run = `touch ${canary}`;
    const config = [
      '[core]',
      `\tfsmonitor = ${run}`,
      `\thooksPath = ${folder}`,
      `\tworktree = ${folder}`,
      `\tsshCommand = ${run}`,
      `[include]\n\tpath = ${folder}/more`,
      `[uploadpack]\n\tpackObjectsHook = ${run}`,
      `[remote "up\\"stream"]\n\turl = ext::${run}\n\tpromisor = true`,
    ].join('\n');
    const oid = repository.git('rev-parse', 'HEAD');
    const store = 'x/r.git';
    const archive = join(folder, 'hostile.tar.gz');
    writeFileSync(
      archive,
      await tarGz([
        ...entriesOf(bare, `${store}/`).filter(([name]) => !name.endsWith('/config')),
        [`${store}/config`, config],
        [`${store}/hooks/post-checkout`, `#!/bin/sh\n${run}\n`],
        [`${store}/refs/heads/../../../../../escaped`, `${oid}\n`],
        [`${store}/refs/heads/..\\..\\..\\escaped`, `${oid}\n`],
        [`${store}/../../../escaped`, oid],
        [`/${folder}/escaped`, oid],
        [`${store}/refs/heads/link`, { link: folder }],
        [`${store}/refs/heads/link/escaped`, `${oid}\n`],
        [`${store}/objects/info/alternates`, join(folder, 'one', '.git', 'objects')],
        [`${store}/commondir`, join(folder, 'one', '.git')],
        ['../../objects/pack/pack-00.pack', Buffer.from('PACK\0\0\0\x02\0\0\0\0')],
      ]),
    );
    const home = new CliHome(join(folder, 'h'));
    const outside = (): string[] =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => !name.startsWith('h/'))
        .sort();
    const before = outside();
    const found = findingsOf(home.json(['scan', archive]));
    expect(outside()).toEqual(before);
    expect(existsSync(canary)).toBe(false);
    expect(found.map(({ path }) => path)).toEqual(['deploy/settings.env']);
    const written = readdirSync(join(home.home, 'cache'), { recursive: true, withFileTypes: true });
    expect(written.filter((entry) => entry.isSymbolicLink())).toEqual([]);
    const names = written.map((entry) => join(entry.parentPath, entry.name));
    expect(names.filter((name) => /escaped|hooks|alternates|commondir/.test(name))).toEqual([
      expect.stringMatching(/refs\/heads\/link\/escaped$/),
    ]);
    for (const name of names) expect(statSync(name).mode & 0o077).toBe(0);
    const text = readFileSync(names.find((name) => name.endsWith('/config')) ?? '', 'utf8');
    expect(text).not.toMatch(/fsmonitor|hooksPath|worktree|sshCommand|include|packObjectsHook/);
  });
});

describe('what is left behind', () => {
  class OwnTemp extends CliHome {
    readonly temp: string = join(this.home, 'temp');

    override get env(): Record<string, string> {
      mkdirSync(this.temp, { recursive: true });
      return { ...super.env, TMPDIR: this.temp };
    }
  }

  test('is the cache and nothing else', async () => {
    const folder = scratch();
    const { archive } = await migrationArchive(
      folder,
      fakeSecret('github-pat-classic', 'left'),
      fakeSecret('npm-token', 'left'),
    );
    const home = new OwnTemp(folder);
    const lines = home.json(['scan', archive]);
    rmSync(cacheOf(home), { recursive: true });
    const fingerprint = String(findingsOf(lines)[0]?.['fingerprint']);
    expect(home.run(['show', fingerprint.slice(0, 12), '--show-secrets']).status).toBe(0);
    expect(readdirSync(home.temp)).toEqual([]);
    expect(cached(home)).toEqual([]);
  });

  test('after a kill is at most a draft in the cache, which is never taken for whole', async () => {
    const folder = scratch();
    const { archive } = await migrationArchive(
      folder,
      fakeSecret('github-pat-classic', 'killed'),
      fakeSecret('npm-token', 'killed'),
    );
    const home = new OwnTemp(folder);
    const run = startCli(home, ['scan', archive]);
    for (let looks = 0; looks < 2000 && cached(home).length === 0; looks++) await sleep(5);
    run.child.kill('SIGKILL');
    await run.ended;
    const lines = home.json(['scan', archive]);
    expect(findingsOf(lines)).toHaveLength(2);
    expect(lines.at(-1)).toMatchObject({ complete: true });
  });
});
