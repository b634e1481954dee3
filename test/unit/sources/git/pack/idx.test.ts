import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findRow, parsePackIndex } from '../../../../../src/sources/git/pack/idx.js';
import { rowsByOffset } from '../../../../../src/sources/git/pack/offset-order.js';
import { madeOid, makeIndex } from './pack-support.js';

const pack = Buffer.alloc(100);

function indexOf(offsets: readonly number[], oidBytes: 20 | 32 = 20): Buffer {
  return makeIndex(
    pack,
    offsets.map((_, at) => madeOid(at, oidBytes)),
    offsets,
    oidBytes,
  );
}

describe('parsePackIndex', () => {
  test.each([20, 32] as const)('finds every id of %i bytes, and its offset up to 2^53', (oidBytes) => {
    const offsets = [12, 0x7fffffff, 0x80000000, 2 ** 32, 2 ** 40 + 5, 2 ** 53 - 1];
    const result = parsePackIndex(indexOf(offsets, oidBytes), oidBytes);
    if (!result.ok) throw new Error(result.fault);
    offsets.forEach((offset, at) => {
      const row = findRow(result.index, Buffer.concat([Buffer.from('x'), madeOid(at, oidBytes)]), 1);
      expect(result.index.offsets[row]).toBe(offset);
    });
    expect(findRow(result.index, madeOid(77, oidBytes), 0)).toBe(-1);
  });

  test('reads an empty index', () => {
    const result = parsePackIndex(indexOf([]), 20);
    expect(result.ok && result.index.count).toBe(0);
  });

  test('leaves version 1 and unknown versions to git', () => {
    const version1 = Buffer.alloc(2000);
    const version3 = indexOf([12]);
    version3.writeUInt32BE(3, 4);
    for (const bytes of [version1, version3]) {
      expect(parsePackIndex(bytes, 20)).toEqual({ ok: false, fault: 'unsupported-index' });
    }
  });

  test.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length - 1)],
    ['too long', (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(40)])],
    ['only its head', (bytes: Buffer) => bytes.subarray(0, 8)],
    ['with a falling fan-out', (bytes: Buffer) => bytes.fill(0xff, 8, 12)],
    ['with an absurd count', (bytes: Buffer) => bytes.fill(0xff, 8, 8 + 1024)],
  ])('refuses an index that is %s', (_, spoil) => {
    expect(parsePackIndex(spoil(indexOf([12, 40])), 20)).toEqual({ ok: false, fault: 'bad-index' });
  });

  test('an offset beyond the table of long ones is beyond any file', () => {
    const bytes = indexOf([12]);
    bytes.writeUInt32BE(0x80000005, 8 + 1024 + 20 + 4);
    const result = parsePackIndex(bytes, 20);
    expect(result.ok && result.index.offsets[0]).toBe(Number.POSITIVE_INFINITY);
  });

  test('never throws on changed bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 20 }), (changes) => {
        const bytes = indexOf([12, 50, 70, 2 ** 33]);
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        const result = parsePackIndex(bytes, 20);
        if (result.ok) expect(result.index.oids.length).toBe(result.index.count * 20);
      }),
      { numRuns: 500 },
    );
  });
});

test('rowsByOffset sorts as a plain sort does', () => {
  const offset = fc.oneof(
    fc.nat(100),
    fc.nat(),
    fc.maxSafeNat(),
    fc.integer({ min: 2 ** 32 - 5, max: 2 ** 32 + 5 }),
    fc.constant(Number.POSITIVE_INFINITY),
  );
  fc.assert(
    fc.property(fc.array(offset, { maxLength: 200 }), (list) => {
      const rows = new Uint32Array(list.length);
      rowsByOffset(Float64Array.from(list), rows);
      const expected = list.map((_, row) => row).sort((a, b) => compare(list[a] ?? 0, list[b] ?? 0) || a - b);
      expect([...rows]).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});

function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
