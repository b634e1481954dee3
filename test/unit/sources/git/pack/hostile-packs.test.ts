/** Packs that lie: nothing crashes or hangs, and every object of the index is delivered or listed. */
import { createHash } from 'node:crypto';
import { truncateSync } from 'node:fs';
import { dirname } from 'node:path';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scratch } from '../../../../support/scratch.js';
import { collect } from './collect.js';
import {
  applySteps,
  type DeltaStep,
  encodeDelta,
  type MadeEntry,
  type MadePack,
  madeOid,
  makeIndex,
  makePack,
  opened,
  type PlainObject,
  testCore,
  typeNames,
  writePack,
} from './pack-support.js';

const core = await testCore();
const oid = (entry: number): string => madeOid(entry).toString('hex');

function walked(
  entries: readonly MadeEntry[],
  options = {},
): { objects: string[]; unreadable: Record<string, string> } {
  const found = collect(core, opened(writePack(scratch(), makePack(entries))), options);
  const nameOf = new Map(entries.map((_, entry) => [oid(entry), String(entry)]));
  return {
    objects: [...found.objects.keys()].map((id) => nameOf.get(id) ?? id).sort(),
    unreadable: Object.fromEntries(
      [...found.unreadable].map(([id, reason]) => [nameOf.get(id) ?? id, reason]),
    ),
  };
}

const base = Buffer.from('base text, some of which is copied\n'.repeat(4));
const whole: DeltaStep[] = [{ from: 0, size: base.length }];
const good = encodeDelta(base.length, base.length, whole);

describe('a lying pack', () => {
  test.each<[string, MadeEntry, string]>([
    ['a copy beyond the base', delta([{ from: base.length - 3, size: 4 }], 4), 'bad-delta'],
    ['a copy far beyond the base', delta([{ from: 0xffffff00, size: 0xffffff }], 4), 'bad-delta'],
    ['a target shorter than its pieces', delta(whole, 5), 'bad-delta'],
    ['a target longer than its pieces', delta(whole, base.length + 1), 'bad-delta'],
    [
      'another base size',
      { type: 6, base: 0, data: encodeDelta(base.length - 1, 5, [{ from: 0, size: 5 }]) },
      'bad-delta',
    ],
    [
      'instruction 0',
      { type: 6, base: 0, data: Buffer.from([(base.length & 127) | 128, 1, 1, 0]) },
      'bad-delta',
    ],
    ['an instruction cut off', { type: 6, base: 0, data: good.subarray(0, good.length - 1) }, 'bad-delta'],
    [
      'an insert cut off',
      { type: 6, base: 0, data: Buffer.concat([good.subarray(0, 4), Buffer.from([9, 1])]) },
      'bad-delta',
    ],
    ['an empty delta', { type: 6, base: 0, data: Buffer.alloc(0) }, 'bad-delta'],
    ['an endless size', { type: 6, base: 0, data: Buffer.alloc(20, 0xff) }, 'bad-delta'],
    [
      'a target of 4 GB',
      { type: 6, base: 0, data: encodeDelta(base.length, 2 ** 32 - 1, whole) },
      'too-large',
    ],
    ['a target of 2 GB', { type: 6, base: 0, data: encodeDelta(base.length, 2 ** 31, whole) }, 'too-large'],
    ['a target of 2^55', { type: 6, base: 0, data: encodeDelta(base.length, 2 ** 55, whole) }, 'too-large'],
    ['a size too small', { type: 3, data: base, size: base.length - 1 }, 'bad-stream'],
    ['a size too large', { type: 3, data: base, size: base.length + 1 }, 'bad-stream'],
    ['a size that no stream can hold', { type: 3, data: base, size: 2 ** 31 }, 'bad-header'],
    ['a size of 2^60', { type: 3, data: base, size: 2 ** 60 }, 'bad-header'],
    ['type 0', { type: 0, data: base }, 'bad-header'],
    ['type 5', { type: 5, data: base }, 'bad-header'],
    [
      'garbage for a stream',
      { type: 3, data: base, stream: Buffer.from('no zlib stream at all') },
      'bad-stream',
    ],
    ['no stream', { type: 3, data: base, stream: Buffer.alloc(0) }, 'bad-stream'],
    ['a base that is not here', { type: 7, base: madeOid(99), data: good }, 'missing-base'],
    ['itself as base', { type: 7, base: madeOid(1), data: good }, 'base-unreadable'],
  ])('with %s loses that object and what hangs on it', (_, entry, reason) => {
    const result = walked([
      { type: 3, data: base },
      entry,
      { type: 6, base: 1, data: good },
      { type: 6, base: 2, data: good },
      { type: 6, base: 0, data: good },
      { type: 2, data: Buffer.from('tree') },
    ]);
    expect(result.objects).toEqual(['0', '4', '5']);
    expect(result.unreadable).toEqual({ '1': reason, '2': 'base-unreadable', '3': 'base-unreadable' });
  });

  test('with a ring of bases', () => {
    const ring = [1, 2, 0].map((next) => ({ type: 7, base: madeOid(next), data: good }));
    const result = walked([...ring, { type: 3, data: base }, { type: 6, base: 2, data: good }]);
    expect(result.objects).toEqual(['3']);
    expect(new Set(Object.values(result.unreadable))).toEqual(new Set(['base-unreadable']));
  });

  test('with REF bases later in the pack is no lie', () => {
    const result = walked([
      { type: 7, base: madeOid(2), data: good },
      { type: 7, base: madeOid(0), data: good },
      { type: 3, data: base },
    ]);
    expect(result).toEqual({ objects: ['0', '1', '2'], unreadable: {} });
  });

  test('with a chain of 20,000 deltas is walked without recursion', () => {
    const small = Buffer.from('x');
    const step = encodeDelta(1, 1, [{ from: 0, size: 1 }]);
    const entries: MadeEntry[] = [{ type: 3, data: small }];
    for (let entry = 1; entry <= 20_000; entry++) entries.push({ type: 6, base: entry - 1, data: step });
    expect(walked(entries).objects.length).toBe(20_001);
  });

  test('whose index is wrong about offsets', () => {
    const made = makePack([
      { type: 3, data: base },
      { type: 3, data: Buffer.from('other') },
      { type: 6, base: 0, data: good },
    ]);
    const [first = 0, second = 0, third = 0] = made.offsets;
    const cases: [number[], number][] = [
      [[first, first, third], 0],
      [[first, second, made.pack.length], 2],
      [[first, second, made.pack.length - 20], 2],
      [[first, second, 5], 2],
      [[first, second, 2 ** 40], 2],
      [[first, second, third + 1], 2],
      [[first, second + 3, third], 2],
    ];
    for (const [offsets, least] of cases) {
      const idx = makeIndex(made.pack, made.oids, offsets);
      const { objects, unreadable } = collect(core, opened(writePack(scratch(), { pack: made.pack, idx })), {
        checkCrc: false,
      });
      expect(objects.size + unreadable.size).toBe(3);
      expect(objects.size).toBeGreaterThanOrEqual(least);
    }
  });

  test('with two ids at one place is believed for neither', () => {
    const made = makePack([
      { type: 3, data: base },
      { type: 3, data: Buffer.from('other') },
    ]);
    const [first = 0] = made.offsets;
    const idx = makeIndex(made.pack, made.oids, [first, first]);
    const found = collect(core, opened(writePack(scratch(), { pack: made.pack, idx })));
    expect([...found.unreadable.values()]).toEqual(['bad-offset', 'bad-offset']);
  });

  test('that shrinks after its headers were read', () => {
    const entries = Array.from({ length: 30 }, (_, entry) => ({
      type: 3,
      data: Buffer.from(`object ${entry} `.repeat(60)),
    }));
    const made = makePack(entries);
    const path = writePack(scratch(), made);
    for (const left of [0.9, 0.5, 0.01]) {
      writePack(dirname(path), made);
      const pack = opened(path);
      // The former walk has left the same bytes in the window.
      collect(core, pack);
      truncateSync(path, Math.floor(made.pack.length * left));
      const found = collect(core, pack);
      expect(found.objects.size + found.unreadable.size).toBe(30);
      expect(found.objects.size).toBe(
        made.offsets.filter((_, entry) => endOf(made, entry) <= made.pack.length * left).length,
      );
    }
  });

  test.each([
    ['empty', Buffer.alloc(0)],
    ['only a head', Buffer.from('PACK\0\0\0\x02\0\0\0\x01')],
    ['of another version', Buffer.concat([Buffer.from('PACK\0\0\0\x09\0\0\0\x01'), Buffer.alloc(60)])],
    ['no pack', Buffer.alloc(500, 'x')],
  ])('that is %s', (_, pack) => {
    const made = makePack([{ type: 3, data: base }]);
    const { objects, unreadable } = collect(core, opened(writePack(scratch(), { pack, idx: made.idx })));
    expect(objects.size).toBe(0);
    expect(unreadable.size).toBe(1);
  });

  test('with a delta that writes 400 MiB where 5 bytes are due', () => {
    const large = Buffer.alloc(1 << 20, 'x');
    const steps = Array<DeltaStep>(400).fill({ from: 0, size: large.length });
    const result = walked([
      { type: 3, data: large },
      { type: 6, base: 0, data: encodeDelta(large.length, 5, steps) },
      { type: 6, base: 0, data: encodeDelta(large.length, 0, steps) },
      { type: 6, base: 0, data: encodeDelta(large.length, 1 << 20, [{ from: 0, size: 1 << 20 }]) },
    ]);
    expect(result).toEqual({ objects: ['0', '3'], unreadable: { '1': 'bad-delta', '2': 'bad-delta' } });
  });

  test('with zip bombs stays within the memory that it may use', () => {
    const bomb = Buffer.alloc(48 << 20);
    const grow = encodeDelta(
      base.length,
      base.length * 1_000_000,
      Array<DeltaStep>(1_000_000).fill({ from: 0, size: base.length }),
    );
    const before = core.bytes.length;
    const result = walked(
      [
        { type: 3, data: bomb },
        { type: 3, data: base },
        { type: 6, base: 1, data: grow },
        { type: 6, base: 1, data: good },
        { type: 3, data: Buffer.alloc(0), stream: deflateSync(Buffer.alloc(5 << 20)), size: 4 << 20 },
      ],
      { maxMemory: 35 << 20 },
    );
    expect(result).toEqual({
      objects: ['1', '3'],
      unreadable: { '0': 'too-large', '2': 'too-large', '4': 'bad-stream' },
    });
    expect(core.bytes.length).toBeLessThanOrEqual(Math.max(before, 36 << 20));
  });
});

function delta(steps: readonly DeltaStep[], targetSize: number): MadeEntry {
  return { type: 6, base: 0, data: encodeDelta(base.length, targetSize, steps) };
}

function endOf(made: MadePack, entry: number): number {
  return made.offsets[entry + 1] ?? made.pack.length - 20;
}

/** A forest of random deltas, with both kinds of base. */
const forest = fc
  .array(
    fc.record({
      root: fc.boolean(),
      type: fc.integer({ min: 1, max: 4 }),
      base: fc.nat(),
      byId: fc.boolean(),
      text: fc.uint8Array({ maxLength: 400 }),
      cut: fc.nat(),
    }),
    { minLength: 1, maxLength: 25 },
  )
  .map((recipes) => {
    const entries: MadeEntry[] = [];
    const objects: PlainObject[] = [];
    recipes.forEach((recipe, entry) => {
      const text = Buffer.from(recipe.text);
      if (recipe.root || entry === 0) {
        entries.push({ type: recipe.type, data: text });
        objects.push({ type: typeNames[recipe.type] ?? '', bytes: text });
        return;
      }
      const number = recipe.base % entry;
      const on = objects[number] as PlainObject;
      const cut = on.bytes.length === 0 ? 0 : recipe.cut % on.bytes.length;
      const steps: DeltaStep[] = [];
      if (cut > 0) steps.push({ from: 0, size: cut });
      if (text.length > 0) steps.push({ insert: text });
      if (cut < on.bytes.length) steps.push({ from: cut, size: on.bytes.length - cut });
      const bytes = applySteps(on.bytes, steps);
      entries.push({
        type: recipe.byId ? 7 : 6,
        base: recipe.byId ? madeOid(number) : number,
        data: encodeDelta(on.bytes.length, bytes.length, steps),
      });
      objects.push({ type: on.type, bytes });
    });
    return { entries, objects };
  });

/** Families divided at every other entry, or not at all. */
const largeWork = fc.constantFrom({}, { largeWork: 1 }, { largeWork: 5 });

describe('a damaged pack', () => {
  test('undamaged gives all objects, with every option', () => {
    const folder = scratch();
    fc.assert(
      fc.property(
        forest,
        fc.constantFrom(1, 500, 1 << 20),
        largeWork,
        ({ entries, objects }, batchBytes, large) => {
          const pack = opened(writePack(folder, makePack(entries)));
          const found = collect(core, pack, { batchBytes, checkCrc: true, dirtyWidth: 8, ...large });
          expect(found.unreadable.size).toBe(0);
          objects.forEach((object, entry) => {
            expect(found.objects.get(oid(entry))).toEqual(object);
          });
        },
      ),
      { numRuns: 80 },
    );
  });

  test('gives each object whole or lists it, whatever bytes are changed', () => {
    const folder = scratch();
    let damaged = 0;
    fc.assert(
      fc.property(
        forest,
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 4 }),
        fc.option(fc.nat(), { freq: 4 }),
        largeWork,
        ({ entries, objects }, changes, cut, large) => {
          const made = makePack(entries);
          const pack = Buffer.from(made.pack);
          for (const [at, bits] of changes) pack[at % pack.length] = (pack[at % pack.length] ?? 0) ^ bits;
          const path = writePack(folder, {
            pack: cut === null ? pack : pack.subarray(0, cut % pack.length),
            idx: made.idx,
          });
          const found = collect(core, opened(path), { checkCrc: true, dirtyWidth: 8, ...large });
          expect(found.objects.size + found.unreadable.size).toBe(objects.length);
          damaged += found.unreadable.size;
          objects.forEach((object, entry) => {
            const delivered = found.objects.get(oid(entry));
            if (delivered !== undefined) expect(delivered).toEqual(object);
          });
        },
      ),
      { numRuns: 250 },
    );
    expect(damaged).toBeGreaterThan(100);
  });

  test('never loses count without the CRC either, or when the index is changed', () => {
    const folder = scratch();
    fc.assert(
      fc.property(
        forest,
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }),
        ({ entries }, packChanges, idxChanges) => {
          const made = makePack(entries);
          for (const [at, value] of packChanges) made.pack[at % made.pack.length] = value;
          // Only offsets: what is changed in the ids or the fan-out changes what is to be found.
          const start = 8 + 1024 + entries.length * 24;
          for (const [at, value] of idxChanges) made.idx[start + (at % (entries.length * 4))] = value;
          const pack = opened(writePack(folder, made));
          const found = collect(core, pack, { dirtyWidth: 8 });
          expect(found.objects.size + found.unreadable.size).toBe(entries.length);
        },
      ),
      { numRuns: 250 },
    );
  });

  test('of pure noise behind a good head', () => {
    const folder = scratch();
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 30, maxLength: 2000 }), fc.nat(20), (noise, seed) => {
        const made = makePack([]);
        const pack = Buffer.concat([made.pack.subarray(0, 12), noise, Buffer.alloc(20)]);
        const offsets = Array.from(
          createHash('sha256').update(`${seed}`).digest().subarray(0, 12),
          (byte) => 12 + ((byte * 7) % noise.length),
        );
        const oids = offsets.map((_, entry) => madeOid(entry));
        const found = collect(core, opened(writePack(folder, { pack, idx: makeIndex(pack, oids, offsets) })));
        expect(found.objects.size + found.unreadable.size).toBe(12);
      }),
      { numRuns: 300 },
    );
  });
});
