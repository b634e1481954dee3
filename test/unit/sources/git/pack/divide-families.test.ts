import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { planPack } from '../../../../../src/sources/git/pack/pack-walker.js';
import { type Collected, collect } from './collect.js';
import {
  type DeltaStep,
  encodeDelta,
  type MadeEntry,
  makePack,
  opened,
  testCore,
  writePack,
} from './pack-support.js';

const text = Buffer.from('a line of a changelog\n'.repeat(2000));

/** One family: chains of `depth` deltas, all from the same root. */
function family(chains: number, depth: number): MadeEntry[] {
  const entries: MadeEntry[] = [{ type: 3, data: text }];
  for (let chain = 0; chain < chains; chain++) {
    for (let level = 0; level < depth; level++) {
      const steps: DeltaStep[] = [
        { insert: Buffer.from(`${chain}.${level} `.padEnd(10)) },
        { from: 0, size: text.length - 10 },
      ];
      const data = encodeDelta(text.length, text.length, steps);
      entries.push({ type: 6, base: level === 0 ? 0 : entries.length - 1, data });
    }
  }
  return entries;
}

/** Type and hash of each object: the test runner takes minutes to compare so many bytes one by one. */
function digests({ objects, unreadable }: Collected): unknown {
  const hashes = [...objects].map(([oid, { type, bytes }]) => [
    oid,
    `${type} ${createHash('sha256').update(bytes).digest('hex')}`,
  ]);
  return { objects: Object.fromEntries(hashes), unreadable };
}

const folder = mkdtempSync(join(tmpdir(), 'sprawl-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a family that is too large for one worker', () => {
  const pack = opened(writePack(folder, makePack(family(40, 10))));

  test('is divided into batches of like size, at little more work', () => {
    const { walk } = planPack(pack, { types: [3], largeWork: 44 * 50 });
    const sizes = [...walk.batches].slice(1).map((end, batch) => end - (walk.batches[batch] ?? 0));
    expect(sizes.length).toBeGreaterThanOrEqual(6);
    expect(Math.max(...sizes)).toBeLessThan(80);
    expect(walk.entries.length).toBeLessThan(pack.table.count * 1.1);
  });

  test('is delivered as if it were not, each object once', async () => {
    const core = await testCore();
    const whole = collect(core, pack, { dirtyWidth: 16 });
    const divided = collect(core, pack, { dirtyWidth: 16, largeWork: 44 * 50 });
    expect(digests(divided)).toEqual(digests(whole));
    expect(whole.objects.size).toBe(pack.table.count);
  });

  test('repeats the bases of its parts, so that no delta need be scanned whole', async () => {
    const known = new Set<number>();
    let repeats = 0;
    const { walk } = planPack(pack, { types: [3], largeWork: 44 * 50 });
    const { PackWalker } = await import('../../../../../src/sources/git/pack/pack-walker.js');
    for (let batch = 0; batch + 1 < walk.batches.length; batch++) {
      // Each batch to a receiver that knows nothing of the others.
      known.clear();
      const walker = new PackWalker(await testCore(), pack.table, walk, { dirtyWidth: 16 });
      walker.runBatch(batch, {
        object(object) {
          known.add(object.entry);
          if (object.base !== -1) expect(object.isBaseSeen && known.has(object.base)).toBe(true);
          return true;
        },
        repeat(object) {
          known.add(object.entry);
          repeats++;
          return true;
        },
        unreadable: () => undefined,
      });
      walker.close();
    }
    expect(repeats).toBe(walk.batches.length - 2);
  });

  test('says where a base is not handed over at all', async () => {
    const wanted = Uint8Array.from(pack.table.rows, () => 1);
    wanted[pack.table.rows[0] ?? 0] = 0;
    let unseen = 0;
    const { walkPack } = await import('../../../../../src/sources/git/pack/pack-walker.js');
    walkPack(
      await testCore(),
      pack,
      { types: [3], wanted, largeWork: 44 * 50 },
      {
        object(object) {
          if (!object.isBaseSeen) unseen++;
          return true;
        },
        repeat: () => true,
        unreadable: () => undefined,
      },
    );
    expect(unseen).toBe(40);
  });
});
