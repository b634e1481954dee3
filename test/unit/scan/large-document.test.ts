/** Parts of a large document know where they stand in the whole. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AnalysisInput } from '../../../src/detect/analysis.js';
import { LargeDocument } from '../../../src/scan/large-document.js';

const overlap = 8;

/** Feeds a text in parts of `owned` bytes with an overlap on both sides; gives what the engine was told. */
function parts(bytes: Buffer, owned: number): { seen: AnalysisInput[]; document: LargeDocument } {
  const document = new LargeDocument();
  const seen: AnalysisInput[] = [];
  for (let at = 0; at < bytes.length; at += owned) {
    const from = Math.max(0, at - overlap);
    const to = Math.min(bytes.length, at + owned + overlap);
    const ownedEnd = Math.min(bytes.length, at + owned) - from;
    document.add(
      {
        ref: { type: 'git-object', objectType: 'blob', oid: new Uint8Array(20) },
        bytes: bytes.subarray(from, to),
        chain: [],
        textStart: 0,
        segment: {
          baseOffset: from,
          ownedStart: at - from,
          ownedEnd,
          first: at === 0,
          last: to === bytes.length,
        },
      },
      (input) => {
        seen.push(input);
        return { findings: [], tags: Float64Array.of(at, at + 1), caps: at === 0 ? ['match-cap'] : [] };
      },
    );
  }
  return { seen, document };
}

test('line and column of each part are those of the whole', () => {
  const text = fc.array(fc.constantFrom('a', 'bc', 'é', '日', '\n', '\n\n', 'longer word '), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(text, fc.integer({ min: 9, max: 40 }), (pieces, owned) => {
      const bytes = Buffer.from(`start ${pieces.join('')} end`);
      for (const { segment } of parts(bytes, owned).seen) {
        const before = bytes.subarray(0, segment?.baseOffset);
        const lineStart = before.lastIndexOf(0x0a) + 1;
        expect(segment?.baseLine).toBe(before.filter((byte) => byte === 0x0a).length + 1);
        const shown = bytes.subarray(
          segment?.baseOffset,
          (segment?.baseOffset ?? 0) + (segment?.ownedStart ?? 0),
        );
        // The column of a line that ends before what the part owns is never asked for.
        if (shown.includes(0x0a)) continue;
        const starts = before.subarray(lineStart).filter((byte) => (byte & 0xc0) !== 0x80).length;
        expect(segment?.baseColumn).toBe(starts + 1);
      }
    }),
  );
});

test('the whole has the digest of its bytes, all tags once, and every gap of a part', () => {
  const bytes = Buffer.from('x'.repeat(100));
  const { document } = parts(bytes, 1 + overlap);
  expect(document.digest()).toEqual(createHash('sha256').update(bytes).digest());
  expect(document.bytes).toBe(100);
  const { tags, caps } = document.result();
  expect([...tags]).toEqual([...new Set(tags)].sort((a, b) => a - b));
  expect(tags).toContain(99);
  expect(caps).toEqual(['match-cap']);
  expect(document.isIndexCut).toBe(false);
});
