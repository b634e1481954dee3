import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SpanCover } from '../../../src/store/span-cover.js';

const span = fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 25 })).map(([start, length]) => ({
  start,
  end: start + length,
}));

test('a span overlaps a cover exactly when it overlaps one of its spans', () => {
  fc.assert(
    fc.property(fc.array(span, { maxLength: 40 }), (spans) => {
      const cover = new SpanCover();
      const added: { start: number; end: number }[] = [];
      for (const { start, end } of spans) {
        const expected = added.some((known) => known.start < end && known.end > start);
        expect(cover.overlaps(start, end)).toBe(expected);
        cover.add(start, end);
        added.push({ start, end });
      }
      for (let start = 0; start < 90; start++) {
        const expected = added.some((known) => known.start <= start && known.end > start);
        expect(cover.overlaps(start, start + 1)).toBe(expected);
      }
    }),
  );
});
