import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  type EmbeddedPath,
  embeddedLocator,
  liesIn,
  parseEmbeddedLocator,
} from '../../../../src/sources/embedded/embedded-path.js';
import { EmbeddedStores } from '../../../../src/sources/embedded/embedded-stores.js';
import { GitFixture } from '../../../support/git-fixture.js';
import { scratch } from '../../../support/scratch.js';

const signal = new AbortController().signal;

beforeEach(() => vi.stubEnv('TMPDIR', scratch()));
afterEach(() => void vi.unstubAllEnvs());

function bundle(folder: string): EmbeddedPath {
  const repository = new GitFixture(join(folder, 'one'));
  repository.commit('start', { a: 'hello\n' });
  const path = join(folder, 'shop 100%.bundle');
  repository.git('bundle', 'create', '-q', path, '--all');
  return { file: Buffer.from(path).toString('base64'), chain: [], folder: '' };
}

test('without a cache lie in a temporary folder that only the user can enter, and go with it', async () => {
  const stores = new EmbeddedStores(undefined);
  const [store] = await stores.open([bundle(scratch())], signal);
  const path = store?.path ?? '';
  expect(existsSync(join(path, 'HEAD'))).toBe(true);
  const temporary = dirname(dirname(path));
  for (const folder of [path, dirname(path), temporary]) expect(statSync(folder).mode & 0o777).toBe(0o700);
  stores.close();
  expect(existsSync(temporary)).toBe(false);
});

test('in a cache are taken out again only when their file has changed', async () => {
  const folder = scratch();
  const at = bundle(folder);
  const cache = join(folder, 'cache');
  const inode = async (): Promise<number> => {
    const [store] = await new EmbeddedStores(cache).open([at], signal);
    return statSync(store?.path ?? '').ino;
  };
  const first = await inode();
  expect(await inode()).toBe(first);
  writeFileSync(Buffer.from(at.file, 'base64'), '# v2 git bundle\n\nnonsense');
  const [broken] = await new EmbeddedStores(cache).open([at], signal);
  expect(broken).toEqual({ fault: expect.objectContaining({ code: 'broken-archive', isEmpty: true }) });
});

test('of an interrupted scan are not kept', async () => {
  const folder = scratch();
  const at = bundle(folder);
  const cache = join(folder, 'cache');
  const [store] = await new EmbeddedStores(cache).open([at], AbortSignal.abort());
  expect(store?.path).toBeUndefined();
  expect(readdirSync(cache)).toEqual([]);
});

test('a locator leads back to the repository, whatever the file is called', () => {
  const path = join(scratch(), 'a!b%.tar.gz');
  writeFileSync(path, '');
  const file = Buffer.from(path).toString('base64');
  for (const at of [
    { file, chain: [], folder: 'repositories/o/r.git' },
    { file, chain: ['inner.zip', 'project.bundle'], folder: '' },
  ]) {
    expect(parseEmbeddedLocator(embeddedLocator(at))).toEqual(at);
    expect(liesIn(embeddedLocator(at), dirname(path))).toBe(true);
    expect(liesIn(embeddedLocator(at), `${dirname(path)}/a`)).toBe(false);
  }
  expect(parseEmbeddedLocator(`${path}.gone!/x`)).toBeUndefined();
});
