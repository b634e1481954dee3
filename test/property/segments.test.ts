import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DocumentAssembler, type SegmentPart } from '../../src/sources/files/document-assembler.js';

interface Part {
  readonly bytes: Buffer;
  readonly segment: SegmentPart | undefined;
}

const sizes = fc
  .record({
    segment: fc.integer({ min: 1, max: 60 }),
    overlap: fc.integer({ min: 1, max: 20 }),
    more: fc.nat(80),
  })
  .map(({ segment, overlap, more }) => ({ segment, overlap, whole: segment + 2 * overlap + more }));

function assemble(
  document: Buffer,
  cuts: readonly number[],
  options: { whole: number; segment: number; overlap: number },
  ways: readonly Way[],
): Part[] {
  const parts: Part[] = [];
  const emit = (bytes: Buffer, segment?: SegmentPart): void =>
    void parts.push({ bytes: Buffer.from(bytes), segment });
  const assembler = new DocumentAssembler(emit, 0, options);
  let at = 0;
  for (let i = 0; at < document.length; i++) {
    const end = Math.min(document.length, at + (cuts[i % cuts.length] ?? 1));
    const chunk = document.subarray(at, end);
    const way = ways[i % ways.length];
    if (way === 'push') {
      const reused = Buffer.from(chunk);
      assembler.push(reused);
      reused.fill(0);
    } else {
      assembler.lend(way === 'lend' ? chunk : Buffer.from(chunk));
    }
    at = end;
  }
  assembler.end();
  return parts;
}

/** Chunks of one memory, chunks with a memory each, and such as are written over. */
type Way = 'lend' | 'lend apart' | 'push';

const cases = fc.record({
  ways: fc.oneof(
    fc.constant<Way[]>(['push']),
    fc.constant<Way[]>(['lend']),
    fc.array(fc.constantFrom<Way>('lend', 'lend apart', 'push'), { minLength: 1, maxLength: 6 }),
  ),
  document: fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes)),
  cuts: fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 5 }),
  options: sizes,
});

test('owned ranges cover every byte once, in order, and hold the right bytes', () => {
  fc.assert(
    fc.property(cases, ({ document, cuts, options, ways }) => {
      const parts = assemble(document, cuts, options, ways);
      if (document.length <= options.whole) {
        expect(parts.map(({ segment }) => segment)).toEqual(document.length === 0 ? [] : [undefined]);
        expect(Buffer.concat(parts.map(({ bytes }) => bytes)).equals(document)).toBe(true);
        return;
      }
      let owned = 0;
      parts.forEach(({ bytes, segment }, i) => {
        if (segment === undefined) throw new Error('a segment was expected');
        expect(segment.first).toBe(i === 0);
        expect(segment.last).toBe(i === parts.length - 1);
        expect(segment.baseOffset + segment.ownedStart).toBe(owned);
        expect(bytes.equals(document.subarray(segment.baseOffset, segment.baseOffset + bytes.length))).toBe(
          true,
        );
        owned = segment.baseOffset + segment.ownedEnd;
      });
      expect(owned).toBe(document.length);
    }),
  );
});

test('a value up to the overlap lies whole, with context before it, in the segment that owns its start', () => {
  fc.assert(
    fc.property(cases, fc.nat(), fc.nat(), ({ document: some, cuts, options, ways }, a, b) => {
      const document = Buffer.concat([some, Buffer.alloc(options.whole + 1)]);
      const start = a % document.length;
      const end = Math.min(document.length, start + 1 + (b % options.overlap));
      const owners = assemble(document, cuts, options, ways).filter(
        ({ segment }) =>
          segment !== undefined &&
          segment.baseOffset + segment.ownedStart <= start &&
          start < segment.baseOffset + segment.ownedEnd,
      );
      expect(owners).toHaveLength(1);
      const { bytes, segment } = owners[0] as Part;
      const base = segment?.baseOffset ?? 0;
      expect(end).toBeLessThanOrEqual(base + bytes.length);
      expect(base).toBeLessThanOrEqual(Math.max(0, start - options.overlap));
    }),
  );
});

test('how the bytes arrive does not matter to what is held', () => {
  fc.assert(
    fc.property(cases, ({ document, cuts, options, ways }) => {
      for (const { bytes } of assemble(document, cuts, options, ways)) {
        expect(bytes.length).toBeLessThanOrEqual(
          Math.max(options.whole, options.segment + 2 * options.overlap),
        );
      }
      expect(assemble(document, cuts, options, ways)).toEqual(
        assemble(document, [document.length || 1], options, ['push']),
      );
    }),
  );
});
