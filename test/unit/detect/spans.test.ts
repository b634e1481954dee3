import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergedSpans, SpanCursor, sortedSpans, wholeLines, widenedSpans } from '../../../src/detect/spans.js';

describe('spans', () => {
  it('are merged where they touch', () => {
    expect(mergedSpans([10, 12, 1, 3, 3, 5, 4, 9])).toEqual([1, 9, 10, 12]);
    expect(widenedSpans([5, 6, 9, 10, 20, 21], 3, 1, 21)).toEqual([2, 11, 17, 21]);
  });

  it('stay apart when they are only sorted, each once', () => {
    expect(sortedSpans([4, 9, 1, 30, 4, 9, 4, 6])).toEqual([1, 30, 4, 6, 4, 9]);
  });

  it('grow to the borders of lines', () => {
    const text = Buffer.from('one\ntwo\nthree\nfour');
    expect(wholeLines(text, [5, 6])).toEqual([4, 8]);
    expect(wholeLines(text, [4, 8])).toEqual([4, 8]);
    expect(wholeLines(text, [1, 2, 6, 9])).toEqual([0, 14]);
    expect(wholeLines(text, [15, 16])).toEqual([14, 18]);
  });

  it('hold every byte that they held, and whole lines', () => {
    const text = fc
      .string({ unit: fc.constantFrom('a', '\n'), maxLength: 60 })
      .map((letters) => Buffer.from(letters));
    const offsets = fc.array(fc.tuple(fc.nat(59), fc.integer({ min: 1, max: 8 })), { maxLength: 5 });
    fc.assert(
      fc.property(text, offsets, (bytes, pairs) => {
        const spans = mergedSpans(
          pairs.flatMap(([start, length]) =>
            start < bytes.length ? [start, Math.min(bytes.length, start + length)] : [],
          ),
        );
        const lines = wholeLines(bytes, spans);
        const cursor = new SpanCursor(lines);
        for (let at = 0; at < bytes.length; at++) {
          const isIn = cursor.has(at);
          const isAsked = spans.some((start, i) => i % 2 === 0 && at >= start && at < (spans[i + 1] ?? 0));
          if (isAsked) expect(isIn).toBe(true);
        }
        for (const border of lines) {
          const isBorder = border === 0 || border === bytes.length || bytes[border - 1] === 0x0a;
          expect(isBorder).toBe(true);
        }
      }),
    );
  });
});
