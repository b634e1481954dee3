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
  const texts = new ArchiveTexts(store, new AbortController().signal);
  const root = Buffer.from(folder).toString('base64');
  const file = { path: { text: 'all.zip' }, size: 0, modifiedMs: 0, ignored: false, tracked: false };
  const textOf = async (chain: string): Promise<string | undefined> =>
    (await texts.entry(root, file, chain))?.toString();
  expect(await textOf('b.txt')).toBe('words of b');
  // All that locations are known of was kept when it was walked.
  rmSync(join(folder, 'all.zip'));
  expect(await textOf('a.txt')).toBe('words of a');
  expect(await textOf('in.zip!/deep.txt')).toBe('words of deep');
  // No location: whoever asks has to read it by itself.
  expect(await textOf('c.txt')).toBeUndefined();
});
