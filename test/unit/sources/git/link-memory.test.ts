import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { deriveKeys } from '../../../../src/identity/hkdf-keys.js';
import { RememberedLinks } from '../../../../src/scan/link-memory.js';
import { type GitSource, openGitSource } from '../../../../src/sources/git/git-source.js';
import { makeRepo, type TestRepo } from '../../../support/make-repo.js';

const keys = deriveKeys(Buffer.alloc(32, 7));
const repos: TestRepo[] = [];
afterEach(() => {
  for (const repo of repos.splice(0)) repo.remove();
});

function packed(): TestRepo {
  const repo = makeRepo();
  repos.push(repo);
  repo.commit('one', { 'a.txt': 'a\n', 'dir/b.txt': 'b\n' });
  repo.commit('two', { 'dir/b.txt': 'bb\n' });
  repo.git('repack', '-adq');
  return repo;
}

/** Scans with what is remembered; gives what is missing, and what to remember then. */
async function scan(
  repo: TestRepo,
  before?: RememberedLinks,
): Promise<{ missing: string | undefined; links: RememberedLinks | undefined; source: GitSource }> {
  const source = await openGitSource(repo.dir);
  let missing: string | undefined;
  const events = {
    problem: ({ code, detail }: { code: string; detail?: string }) => {
      if (code === 'missing-object') missing = detail;
    },
    skipped: (reason: string, count: number) => {
      if (reason === 'missing-promised-object') missing = `${count} promised`;
    },
  };
  const isKnown = async (_oids: Uint8Array, types: Uint8Array): Promise<Uint8Array> =>
    new Uint8Array(types.length);
  for await (const _range of source.plan({ isKnown, ...(before && { links: before }) }, events));
  const findings = source.linkFindings?.();
  const after = findings && RememberedLinks.after(keys, before, findings);
  source.close();
  return { missing, links: after && RememberedLinks.read(keys, after.toBuffer()), source };
}

/** Removes a loose object. */
function lose(repo: TestRepo, oid: string): void {
  rmSync(join(repo.dir, '.git', 'objects', oid.slice(0, 2), oid.slice(2)));
}

describe('links are followed from what is new', () => {
  test('packs are remembered while all that they name lies in packs', async () => {
    const repo = packed();
    const first = await scan(repo);
    expect(first.links).toMatchObject({ packs: 1, missing: 0 });
    repo.commit('three', { 'c.txt': 'c\n' });
    const second = await scan(repo, first.links);
    expect(second).toMatchObject({ missing: undefined, links: { packs: 1 } });
    repo.git('repack', '-dq');
    expect(await scan(repo, second.links)).toMatchObject({ missing: undefined, links: { packs: 2 } });
  });

  test('a new loose tree that names an absent blob is met', async () => {
    const repo = packed();
    const { links } = await scan(repo);
    repo.commit('three', { 'c.txt': 'c\n' });
    lose(repo, repo.blobId('c\n'));
    expect((await scan(repo, links)).missing).toBe('1 object(s)');
  });

  test('a new pack that names an absent blob is met', async () => {
    const repo = packed();
    const { links } = await scan(repo);
    repo.commit('three', { 'c.txt': 'c\n' });
    const tree = repo.git('rev-parse', 'HEAD^{tree}');
    const input = `${tree}\n${repo.git('rev-parse', 'HEAD')}\n`;
    repo.gitWith({ input }, 'pack-objects', '-q', join(repo.dir, '.git/objects/pack/pack'));
    for (const oid of [tree, repo.git('rev-parse', 'HEAD'), repo.blobId('c\n')]) lose(repo, oid);
    const second = await scan(repo, links);
    expect(second.missing).toBe('1 object(s)');
    expect(second.links).toBeUndefined();
  });

  test('a remembered pack that is gone makes every link be followed again', async () => {
    const repo = packed();
    repo.commit('three', { 'c.txt': 'c\n' });
    repo.git('repack', '-dq');
    const { links } = await scan(repo);
    expect(links?.packs).toBe(2);
    const folder = join(repo.dir, '.git/objects/pack');
    const last = repo.git('verify-pack', '-v', ...idxOf(folder)).includes(repo.blobId('c\n'));
    expect(last).toBe(true);
    for (const idx of idxOf(folder)) {
      if (!repo.git('verify-pack', '-v', idx).includes(repo.blobId('c\n'))) removePack(idx);
    }
    expect((await scan(repo, links)).missing).toBe((await scan(repo)).missing);
    expect((await scan(repo, links)).missing).toBeDefined();
  });

  test('nothing is remembered of a pack that leans on loose objects', async () => {
    const repo = packed();
    repo.commit('three', { 'c.txt': 'c\n' });
    const input = `${repo.git('rev-parse', 'HEAD^{tree}')}\n`;
    repo.gitWith({ input }, 'pack-objects', '-q', join(repo.dir, '.git/objects/pack/pack'));
    expect((await scan(repo)).links).toBeUndefined();
  });

  test('promised objects stay counted, and are no longer when they come', async () => {
    const repo = packed();
    const blob = repo.blobId('b\n');
    const kept = repo.git('rev-list', '--objects', '--no-object-names', 'HEAD').split('\n');
    const folder = join(repo.dir, '.git/objects/pack');
    const former = idxOf(folder);
    const input = `${kept.filter((oid) => oid !== blob).join('\n')}\n`;
    repo.gitWith({ input }, 'pack-objects', '-q', join(folder, 'pack'));
    for (const idx of former) removePack(idx);
    repo.git('config', 'remote.origin.promisor', 'true');
    repo.git('config', 'remote.origin.url', 'https://git.example.org/a/b.git');
    const first = await scan(repo);
    expect(first).toMatchObject({ missing: '1 promised', links: { packs: 1, missing: 1 } });
    const second = await scan(repo, first.links);
    expect(second).toMatchObject({ missing: '1 promised', links: { missing: 1 } });
    repo.gitWith({ input: 'b\n' }, 'hash-object', '-w', '--stdin');
    expect((await scan(repo, second.links)).missing).toBeUndefined();
  });
});

test('bytes that are none of ours are no memory', () => {
  for (const bytes of ['', '00', '0100000000', '00000000', `02000000${'11'.repeat(8)}`]) {
    expect(RememberedLinks.read(keys, Buffer.from(bytes, 'hex'))).toBeUndefined();
  }
});

function idxOf(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.idx'))
    .map((name) => join(folder, name));
}

function removePack(idx: string): void {
  for (const end of ['.idx', '.pack', '.rev', '.bitmap']) rmSync(idx.replace(/\.idx$/, end), { force: true });
}
