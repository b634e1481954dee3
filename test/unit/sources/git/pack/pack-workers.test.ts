/** Several workers over one table and plan: together they give what one gives, each object once. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { planPack } from '../../../../../src/sources/git/pack/pack-walker.js';
import { scratch } from '../../../../support/scratch.js';
import { allTypes } from './collect.js';
import { encodeDelta, type MadeEntry, makePack, opened, testModule, writePack } from './pack-support.js';

const sources = fileURLToPath(new URL('../../../../../src/sources/git/pack/', import.meta.url));

const workerCode = `
  import { createHash } from 'node:crypto';
  import { parentPort, workerData } from 'node:worker_threads';
  import { WasmCore } from '../../../prefilter/wasm-core.js';
  import { PackWalker } from './pack-walker.js';
  const walker = new PackWalker(new WasmCore(workerData.module), workerData.table, workerData.walk, { dirtyWidth: 16 });
  const found = [];
  walker.run({
    object(object) {
      found.push([object.entry, createHash('sha1').update(object.bytes).digest('hex')]);
      return true;
    },
    repeat: () => true,
    unreadable(entry, reason) {
      found.push([entry, reason]);
    },
  });
  walker.close();
  parentPort.postMessage(found);
`;

test('four workers share a pack', async () => {
  const entries: MadeEntry[] = [];
  const expected: [number, string][] = [];
  for (let entry = 0; entry < 400; entry++) {
    const text = Buffer.from(`object ${entry}\n`.repeat(20 + (entry % 50)));
    if (entry % 4 === 0) entries.push({ type: 3, data: text });
    else entries.push({ type: 6, base: entry - 1, data: deltaToNew(entries, entry, text) });
    expected.push([entry, createHash('sha1').update(text).digest('hex')]);
  }
  entries.push({ type: 3, data: Buffer.from('broken'), stream: Buffer.from('no stream') });
  expected.push([400, 'bad-stream']);

  const folder = scratch();
  const pack = opened(writePack(folder, makePack(entries)));
  const { walk } = planPack(pack, { types: allTypes, batchBytes: 300 });
  expect(walk.batches.length).toBeGreaterThan(20);
  const file = join(folder, 'worker.mjs');
  await build({
    stdin: { contents: workerCode, resolveDir: sources, loader: 'ts' },
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
  });
  const workerData = { module: await testModule(), table: pack.table, walk };
  const parts = await Promise.all(
    Array.from(
      { length: 4 },
      () =>
        new Promise<[number, string][]>((resolve, reject) => {
          new Worker(file, { workerData }).once('message', resolve).once('error', reject);
        }),
    ),
  );
  expect(parts.flat().sort((a, b) => a[0] - b[0])).toEqual(expected);
});

/** A delta that copies nothing. */
function deltaToNew(entries: readonly MadeEntry[], entry: number, text: Buffer): Buffer {
  const former = entry - 1;
  const base = Buffer.from(`object ${former}\n`.repeat(20 + (former % 50)));
  expect(entries.length).toBe(entry);
  return encodeDelta(base.length, text.length, [{ insert: text }]);
}
