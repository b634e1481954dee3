import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ArchiveTexts } from '../../../src/scan/archive-texts.js';
import { zipOf } from '../../support/exports-of-acme.js';
import { fileLocation, secretOf } from '../../support/exposure-builder.js';
import { fakeStore } from '../../support/fake-store.js';
import { scratch } from '../../support/scratch.js';

test('an archive is walked once for the locations in all of its entries', async () => {
  const folder = scratch();
  const inner = await zipOf({ 'deep.txt': 'words of deep' });
  writeFileSync(
    join(folder, 'all.zip'),
    await zipOf({ 'a.txt': 'words of a', 'b.txt': 'words of b', 'c.txt': 'words of c', 'in.zip': inner }),
  );
  const paths = ['all.zip!/a.txt', 'all.zip!/b.txt', 'all.zip!/in.zip!/deep.txt', 'plain.txt'];
  const locations = paths.map((path) => fileLocation('share', path));
  const { store } = fakeStore({ exposures: [secretOf('old', { locations })] });
  let lists = 0;
  const counting: Pick<typeof store, 'exposures'> = {
    exposures: (filter) => {
      lists++;
      return store.exposures(filter);
    },
  };
  const texts = new ArchiveTexts(counting, new AbortController().signal);
  const root = Buffer.from(folder).toString('base64');
  const file = { path: { text: 'all.zip' }, size: 0, modifiedMs: 0, ignored: false, tracked: false };
  const textOf = async (chain: string): Promise<string | undefined> =>
    (await texts.entry(root, file, chain))?.toString();
  // The first is looked for alone, and nobody lists what else is known.
  expect(await textOf('b.txt')).toBeUndefined();
  expect(lists).toBe(0);
  expect(await textOf('b.txt')).toBe('words of b');
  expect(await textOf('a.txt')).toBe('words of a');
  expect(lists).toBe(1);
  expect(await textOf('in.zip!/deep.txt')).toBe('words of deep');
  // No location: whoever asks has to read it by itself.
  expect(await textOf('c.txt')).toBeUndefined();
  // What was written since is read, and what is gone is not told from memory.
  writeFileSync(join(folder, 'all.zip'), await zipOf({ 'a.txt': 'other words' }));
  expect(await textOf('a.txt')).toBe('other words');
  expect(await textOf('b.txt')).toBeUndefined();
  rmSync(join(folder, 'all.zip'));
  expect(await textOf('a.txt')).toBeUndefined();
});
