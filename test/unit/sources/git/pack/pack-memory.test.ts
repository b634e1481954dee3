/** The arena: chains need two objects' room, not the chain's, and what needs more is listed. */
import { describe, expect, test } from 'vitest';
import { scratch } from '../../../../support/scratch.js';
import { collect } from './collect.js';
import {
  applySteps,
  type DeltaStep,
  encodeDelta,
  type MadeEntry,
  madeOid,
  makePack,
  opened,
  testCore,
  writePack,
} from './pack-support.js';

const MIB = 1 << 20;

/**
 * A chain of versions, each one 4 KiB larger than its base, and at every third version side branches. Every
 * object is a little over 3 MiB, so that the arena of 4 MiB must grow.
 */
function versions(count: number, branches = true): { entries: MadeEntry[]; objects: Buffer[] } {
  const line = Buffer.from('the same line again and again, numbered 000\n');
  const objects: Buffer[] = [Buffer.concat(Array<Buffer>(Math.ceil((3 * MIB) / line.length)).fill(line))];
  const entries: MadeEntry[] = [{ type: 3, data: objects[0] as Buffer }];
  const add = (base: number, mark: string): number => {
    const from = objects[base] as Buffer;
    const half = from.length >> 1;
    const steps: DeltaStep[] = [
      { from: 0, size: half },
      { insert: Buffer.from(mark.repeat(4096 / mark.length)) },
      { from: half, size: from.length - half },
    ];
    objects.push(applySteps(from, steps));
    entries.push({ type: 6, base, data: encodeDelta(from.length, from.length + 4096, steps) });
    return objects.length - 1;
  };
  let tip = 0;
  for (let version = 0; version < count; version++) {
    const next = add(tip, 'main');
    if (branches && version % 3 === 0) add(add(tip, 'side'), 'leaf');
    tip = next;
  }
  return { entries, objects };
}

describe('a chain of large objects', () => {
  const { entries, objects } = versions(30);
  const made = makePack(entries);

  test.each([
    ['ample memory', 64],
    ['room for three and a delta', 11.5],
  ])('is rebuilt whole in %s', async (_, mebibytes) => {
    const core = await testCore();
    const found = collect(core, opened(writePack(scratch(), made)), {
      maxMemory: core.heap + (mebibytes - 1) * MIB,
      dirtyWidth: 16,
    });
    expect([...found.unreadable.values()]).toEqual([]);
    objects.forEach((bytes, entry) => {
      expect(found.objects.get(madeOid(entry).toString('hex'))?.bytes.equals(bytes)).toBe(true);
    });
    expect(core.bytes.length).toBeLessThan(core.heap + (mebibytes - 1) * MIB + 65536);
  });

  test('without branches is rebuilt in room for two, which must be made by moving them', async () => {
    const chain = versions(20, false);
    const path = writePack(scratch(), makePack(chain.entries));
    const core = await testCore();
    const found = collect(core, opened(path), { maxMemory: core.heap + 7 * MIB, dirtyWidth: 16 });
    expect([...found.unreadable.values()]).toEqual([]);
    chain.objects.forEach((bytes, entry) => {
      expect(found.objects.get(madeOid(entry).toString('hex'))?.bytes.equals(bytes)).toBe(true);
    });
  });

  test('is listed from where it does not fit', async () => {
    const core = await testCore();
    const found = collect(core, opened(writePack(scratch(), made)), { maxMemory: core.heap + 5 * MIB });
    expect(found.objects.size).toBe(1);
    expect(found.unreadable.size).toBe(objects.length - 1);
    expect(new Set(found.unreadable.values())).toEqual(new Set(['too-large', 'base-unreadable']));
  });

  test('whose packed bytes alone do not fit is listed', async () => {
    const found = collect(await testCore(), opened(writePack(scratch(), made)), { maxMemory: MIB });
    expect(found.objects.size).toBe(0);
    expect(new Set(found.unreadable.values())).toEqual(new Set(['too-large']));
  });
});

test('a receiver can end the walk', async () => {
  const { PackWalker, planPack } = await import('../../../../../src/sources/git/pack/pack-walker.js');
  const { entries } = versions(3);
  const pack = opened(writePack(scratch(), makePack(entries)));
  const walker = new PackWalker(await testCore(), pack.table, planPack(pack, { types: [3] }).walk);
  let delivered = 0;
  const ended = walker.run({
    object: () => ++delivered < 2,
    repeat: () => true,
    unreadable: () => undefined,
  });
  walker.close();
  expect(ended).toBe(false);
  expect(delivered).toBe(2);
});

test('a receiver that throws leaves the core usable', async () => {
  const core = await testCore();
  const pack = opened(writePack(scratch(), makePack([{ type: 3, data: Buffer.from('text') }])));
  const { walkPack } = await import('../../../../../src/sources/git/pack/pack-walker.js');
  const failing = {
    object: (): boolean => {
      throw new RangeError('receiver');
    },
    repeat: (): boolean => true,
    unreadable: (): void => undefined,
  };
  expect(() => walkPack(core, pack, { types: [3] }, failing)).toThrow(RangeError);
  expect(collect(core, pack).objects.size).toBe(1);
});
