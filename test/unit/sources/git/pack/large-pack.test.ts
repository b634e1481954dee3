/** Packs beyond 4 GiB: offsets of more than 32 bits, read piece by piece. The files are sparse. */
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scratch } from '../../../../support/scratch.js';
import { collect } from './collect.js';
import { encodeDelta, madeOid, makeIndex, makePack, opened, testCore } from './pack-support.js';

test('a pack of 9 GiB is read like any other', async () => {
  const text = Buffer.from('text of the base\n'.repeat(50));
  const delta = encodeDelta(text.length, text.length + 3, [
    { from: 0, size: text.length },
    { insert: Buffer.from('new') },
  ]);
  // The same two entries at three places: the delta's distance is relative, so each has its own base.
  const made = makePack([
    { type: 3, data: text },
    { type: 6, base: 0, data: delta },
    { type: 7, base: madeOid(0), data: delta },
  ]);
  const entries = made.pack.subarray(12, -20);
  const places = [12, 3 * 2 ** 30, 9 * 2 ** 30];
  const path = join(scratch(), 'pack-large.pack');
  const fd = openSync(path, 'w');
  for (const place of places) writeSync(fd, entries, 0, entries.length, place);
  writeSync(fd, made.pack, 0, 12, 0);
  writeSync(fd, Buffer.alloc(20), 0, 20, 9 * 2 ** 30 + entries.length);
  closeSync(fd);
  const offsets = places.flatMap((place) => made.offsets.map((offset) => offset - 12 + place));
  const oids = offsets.map((_, entry) => madeOid(entry));
  writeFileSync(path.replace(/pack$/, 'idx'), makeIndex(Buffer.alloc(20), oids, offsets));

  const core = await testCore();
  const found = collect(core, opened(path), { dirtyWidth: 8 });
  expect([...found.unreadable]).toEqual([]);
  offsets.forEach((_, entry) => {
    const expected = entry % 3 === 0 ? text : Buffer.concat([text, Buffer.from('new')]);
    expect(found.objects.get(madeOid(entry).toString('hex'))?.bytes.equals(expected)).toBe(true);
  });
  expect(core.bytes.length - core.heap).toBeLessThan(8 << 20);
});
