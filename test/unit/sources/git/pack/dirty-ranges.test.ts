/** What a delta object says to be new, and what it says to be copied. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { walkPack } from '../../../../../src/sources/git/pack/pack-walker.js';
import { scratch } from '../../../../support/scratch.js';
import {
  applySteps,
  type DeltaStep,
  encodeDelta,
  makePack,
  opened,
  testCore,
  writePack,
} from './pack-support.js';

const core = await testCore();

interface Ranges {
  readonly target: Buffer;
  readonly isWhole: boolean;
  readonly isSnapCut: boolean;
  readonly dirty: readonly (readonly [number, number])[];
  readonly copies: readonly (readonly [number, number, number])[];
}

/** Builds base and delta as a pack and returns what the walk says of the target. */
function rangesOf(
  base: Buffer,
  delta: Buffer,
  dirtyWidth: number,
  snapLimit = 4096,
  folder = scratch(),
): Ranges {
  const made = makePack([
    { type: 3, data: base },
    { type: 6, data: delta, base: 0 },
  ]);
  let result: Ranges | undefined;
  const options = { types: [3], dirtyWidth, snapLimit };
  walkPack(core, opened(writePack(folder, made)), options, {
    object(object) {
      if (object.base === -1) expect(object.isWhole).toBe(true);
      else {
        const dirty = [...object.dirty];
        const copies = [...object.copies];
        result = {
          target: Buffer.from(object.bytes),
          isWhole: object.isWhole,
          isSnapCut: object.isSnapCut,
          dirty: dirty.flatMap((start, at) => (at % 2 === 0 ? [[start, dirty[at + 1] ?? 0] as const] : [])),
          copies: copies.flatMap((start, at) =>
            at % 3 === 0 ? [[start, copies[at + 1] ?? 0, copies[at + 2] ?? 0] as const] : [],
          ),
        };
      }
      return true;
    },
    repeat: () => true,
    unreadable(entry, reason) {
      throw new Error(`${entry}: ${reason}`);
    },
  });
  if (result === undefined) throw new Error('the delta was not delivered');
  return result;
}

const isToken = (byte: number | undefined): boolean =>
  byte !== undefined && /[A-Za-z0-9+/=_.-]/.test(String.fromCharCode(byte));

function cutsToken(target: Buffer, border: number): boolean {
  return border > 0 && border < target.length && isToken(target[border - 1]) && isToken(target[border]);
}

function expectRisingAndApart(dirty: Ranges['dirty'], size: number): void {
  let former = -1;
  for (const [start, end] of dirty) {
    expect(start).toBeGreaterThan(former);
    expect(end).toBeGreaterThan(start);
    expect(end).toBeLessThanOrEqual(size);
    former = end;
  }
}

/** Bytes outside the dirty ranges that do not lie `width` deep in a copied one. There should be none. */
function shallowBytes({ target, dirty, copies }: Ranges, baseSize: number, width: number): number[] {
  const isClean = new Uint8Array(target.length).fill(1);
  for (const [start, end] of dirty) isClean.fill(0, start, end);
  for (const [start, end, from] of copies) {
    const left = start === 0 && from === 0 ? 0 : width;
    const right = end === target.length && from + end - start === baseSize ? 0 : width;
    if (start + left < end - right) isClean.fill(0, start + left, end - right);
  }
  return [...isClean.keys()].filter((at) => isClean[at] === 1);
}

const text = fc
  .array(fc.constantFrom('a', 'Z9', '+/=', ' ', '\n', '(', 'token_', 'é'), { minLength: 1, maxLength: 400 })
  .map((parts) => Buffer.from(parts.join('')));

const deltaCase = text.chain((base) =>
  fc.record({
    base: fc.constant(base),
    steps: fc.array(
      fc.oneof(
        { weight: 3, arbitrary: copyStep(base.length) },
        { weight: 1, arbitrary: text.map((insert) => ({ insert: insert.subarray(0, 90) })) },
        { weight: 1, arbitrary: fc.constant({ from: 0, size: base.length }) },
      ),
      { maxLength: 12 },
    ) as fc.Arbitrary<DeltaStep[]>,
    width: fc.integer({ min: 1, max: 40 }),
    snapLimit: fc.constantFrom(0, 3, 4096),
  }),
);

function copyStep(baseSize: number): fc.Arbitrary<DeltaStep> {
  return fc
    .tuple(fc.nat(baseSize - 1), fc.integer({ min: 1, max: baseSize }))
    .map(([from, size]) => ({ from, size: Math.min(size, baseSize - from) }));
}

describe('dirty ranges', () => {
  test('and copies cover the target; all that is clean lies deep enough in a copied range', () => {
    const folder = scratch();
    fc.assert(
      fc.property(deltaCase, ({ base, steps, width, snapLimit }) => {
        const target = applySteps(base, steps);
        const found = rangesOf(
          base,
          encodeDelta(base.length, target.length, steps),
          width,
          snapLimit,
          folder,
        );
        expect(found.target.equals(target)).toBe(true);
        if (target.length === 0) return;
        expectRisingAndApart(found.dirty, target.length);
        for (const [start, end, from] of found.copies) {
          expect(target.subarray(start, end).equals(base.subarray(from, from + end - start))).toBe(true);
        }
        expect(shallowBytes(found, base.length, width)).toEqual([]);
        if (!found.isSnapCut)
          expect(found.dirty.flat().filter((border) => cutsToken(target, border))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('of an unchanged copy in pieces there are none', () => {
    const base = Buffer.from('line of text\n'.repeat(20_000));
    const steps = [
      { from: 0, size: 65_536 },
      { from: 65_536, size: 65_536 },
      { from: 131_072, size: base.length - 131_072 },
    ];
    const found = rangesOf(base, encodeDelta(base.length, base.length, steps), 64);
    expect(found.dirty).toEqual([]);
    expect(found.copies).toEqual([[0, base.length, 0]]);
    expect(found.isWhole).toBe(false);
  });

  test('hold the seam where something was cut out, and where the document now ends', () => {
    const base = Buffer.from(' '.repeat(1000));
    const steps = [
      { from: 0, size: 300 },
      { from: 400, size: 300 },
    ];
    const found = rangesOf(base, encodeDelta(1000, 600, steps), 10);
    expect(found.dirty).toEqual([
      [290, 310],
      [590, 600],
    ]);
    const shifted = rangesOf(base, encodeDelta(1000, 900, [{ from: 100, size: 900 }]), 10);
    expect(shifted.dirty).toEqual([[0, 10]]);
  });

  test('end at the border of a token run, or say that the run is too long', () => {
    const base = Buffer.from(`${' '.repeat(200)}${'k'.repeat(100)}${' '.repeat(200)}`);
    const steps = [{ from: 0, size: 210 }, { insert: Buffer.from('XX') }, { from: 210, size: 290 }];
    const delta = encodeDelta(500, 502, steps);
    expect(rangesOf(base, delta, 4).dirty).toEqual([[200, 302]]);
    const cut = rangesOf(base, delta, 4, 20);
    expect(cut.isSnapCut).toBe(true);
    expect(cut.dirty).toEqual([[200, 236]]);
  });

  test('of a target with more pieces than can be listed are the whole of it', () => {
    const base = createHash('sha256').update('base').digest();
    const steps = Array.from({ length: 40_000 }, (_, at) => ({ from: (at * 7) % 31, size: 1 }));
    const found = rangesOf(base, encodeDelta(32, 40_000, steps), 1);
    expect(found.isWhole).toBe(true);
    expect(found.dirty).toEqual([[0, 40_000]]);
    expect(found.target.equals(applySteps(base, steps))).toBe(true);
  });
});

test('every spelling of a copy instruction is understood', () => {
  const base = Buffer.alloc(0x1020304, 0);
  for (let at = 0; at < base.length; at += 1) base[at] = (at * 31 + (at >> 8) + (at >> 16)) & 255;
  const copies = [
    [0, 1],
    [0xff, 0xff],
    [0x100, 0x100],
    [0xff00, 0xff00],
    [0x10000, 0x10000],
    [0xff0000, 0x10101],
    [0x1000000, 0x200],
    [0x1020203, 0x101],
    [0, 0x20000],
    [5, 0x20001],
  ] as const;
  const steps = copies.map(([from, size]) => ({ from, size }));
  const target = applySteps(base, steps);
  const found = rangesOf(base, encodeDelta(base.length, target.length, steps), 16);
  expect(found.target.equals(target)).toBe(true);
});
