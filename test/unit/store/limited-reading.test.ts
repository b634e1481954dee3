import { afterEach, describe, expect, it } from 'vitest';
import {
  blob,
  content,
  file,
  finding,
  fingerprint,
  newStore,
  place,
  removeFolders,
  rootOf,
  scanOnce,
} from './fixtures.js';

afterEach(removeFolders);

const secret = fingerprint('wide');

describe('an exposure with a limit', () => {
  it('has the first locations and the sums of all', async () => {
    const store = await newStore();
    for (const name of ['p', 'q']) {
      const contents = Array.from({ length: 9 }, (_, i) =>
        content(`${name} ${i}`, {
          findings: [finding(secret, i % 3 === 0 ? { confidence: 'low', reasons: ['entropy-low'] } : {})],
          appearances: [blob(`src/${i}.ts`), file(`${i}.env`)],
        }),
      );
      await scanOnce(store, place(name), contents);
    }
    const whole = await store.exposure(secret);
    expect(whole?.locations).toHaveLength(36);
    for (const limit of [1, 35, 36, 37]) {
      const cut = await store.exposure(secret, { limit });
      expect(cut).toEqual({ ...whole, locations: whole?.locations.slice(0, limit) });
    }
    store.close();
  });
});

describe('the place of a root', () => {
  it('is the one it was read as last', async () => {
    const store = await newStore();
    const [one, two] = [place('one', { rootCommits: ['0'.repeat(40)] }), place('two')];
    const locator = '/clones/x';
    expect(await store.rootAt(locator)).toBeUndefined();
    await scanOnce(store, one, [], { root: rootOf(one, locator) });
    expect(await store.rootAt(locator)).toMatchObject({ place: one });
    await scanOnce(store, two, [], { root: rootOf(two, locator) });
    expect(await store.rootAt(locator)).toMatchObject({ place: two });
    expect(await store.rootAt('/clones/y')).toBeUndefined();
    store.close();
  });
});
