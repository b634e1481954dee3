import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeMaps, hullOf, identityMap, OffsetMapBuilder } from '../../../src/text/offset-map.js';

/** Raw `ab&lt;c=\r\nd`, derived `ab<cd` plus an inserted newline. */
function sample() {
  const builder = new OffsetMapBuilder();
  builder.copy(0, 2);
  builder.replace(2, 4, 1);
  builder.copy(6, 1);
  builder.replace(7, 3, 0);
  builder.copy(10, 1);
  builder.replace(11, 0, 1);
  return builder.build();
}

describe('offset map', () => {
  it.each([
    [0, 2, 0, 2],
    [2, 3, 2, 6],
    [1, 4, 1, 7],
    [3, 5, 6, 11],
    [4, 5, 10, 11],
    [0, 6, 0, 11],
  ])('maps [%i, %i) to [%i, %i)', (start, end, rawStart, rawEnd) => {
    expect(sample().toRaw({ start, end })).toEqual({
      ranges: [{ start: rawStart, end: rawEnd }],
      exact: true,
    });
  });

  it('says inexact when an edge falls inside a replaced run', () => {
    const builder = new OffsetMapBuilder();
    builder.replace(10, 6, 3);
    const map = builder.build();
    expect(map.toRaw({ start: 0, end: 3 })).toEqual({ ranges: [{ start: 10, end: 16 }], exact: true });
    expect(map.toRaw({ start: 1, end: 3 })).toEqual({ ranges: [{ start: 10, end: 16 }], exact: false });
  });

  it('cuts at borders of the raw text and joins what touches', () => {
    const builder = new OffsetMapBuilder();
    builder.copy(0, 3);
    builder.copy(10, 2);
    builder.copy(12, 2);
    expect(builder.build().toRaw({ start: 1, end: 6 }).ranges).toEqual([
      { start: 1, end: 3 },
      { start: 10, end: 13 },
    ]);
    expect(hullOf(builder.build().toRaw({ start: 1, end: 6 }))).toEqual({ start: 1, end: 13 });
  });

  it('gives a point for an empty span and for inserted bytes', () => {
    expect(sample().toRaw({ start: 1, end: 1 }).ranges).toEqual([{ start: 1, end: 1 }]);
    expect(sample().toRaw({ start: 5, end: 6 })).toEqual({ ranges: [{ start: 11, end: 11 }], exact: false });
  });

  it('composes to the same as mapping twice', () => {
    const steps = fc.array(fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 4 })), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(steps, steps, fc.nat(1000), fc.nat(1000), (a, b, x, y) => {
        const build = (list: [number, number][], limit: number) => {
          const builder = new OffsetMapBuilder();
          let at = 0;
          for (const [kind, size] of list) {
            const length = Math.min(size, limit - at);
            if (length <= 0) break;
            if (kind === 0) builder.copy(at, length);
            else builder.replace(at, length, kind === 1 ? 1 : 0);
            at += length;
          }
          return builder.build();
        };
        const outer = build(a, 1000);
        const inner = build(b, outer.length);
        if (inner.length === 0) return;
        const start = x % inner.length;
        const span = { start, end: start + 1 + (y % (inner.length - start)) };
        const raw = composeMaps(outer, inner).toRaw(span);
        expect(raw.exact).toBe(true);
        const hull = hullOf(raw);
        const direct = hullOf(outer.toRaw(hullOf(inner.toRaw(span))));
        expect(hull).toEqual(direct);
      }),
    );
  });

  it('shifts an identity by its base', () => {
    expect(identityMap(5, 100).toRaw({ start: 1, end: 3 }).ranges).toEqual([{ start: 101, end: 103 }]);
  });
});
