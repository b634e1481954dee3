import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { rawZip, tarOf, walk, zipOf } from '../unit/sources/archives/archive-fixture.js';

let archives: readonly Buffer[] = [];

beforeAll(async () => {
  const body = Buffer.from(Array.from({ length: 60_000 }, (_, i) => (i * i * 31) % 253));
  const text = { 'a.txt': 'alpha '.repeat(40), 'd/b.bin': body, 'c.txt': 'gamma' };
  const zip = await zipOf(text);
  const tar = await tarOf(Object.entries(text).map(([name, content]) => ({ name, content })));
  const nested = await zipOf({ 'in.tgz': gzipSync(tar), 'in.zip': zip });
  const raw = rawZip(
    Object.entries(text).map(([name, content]) => ({ name, content: Buffer.from(content) })),
  );
  archives = [zip, tar, gzipSync(tar), nested, raw, Buffer.concat([gzipSync('one'), gzipSync(body)])];
});

const damage = fc.array(
  fc.record({ at: fc.nat(), byte: fc.nat(255), run: fc.integer({ min: 1, max: 40 }) }),
  {
    minLength: 1,
    maxLength: 4,
  },
);

test('damage anywhere ends the walk in order: no exception, no hang, no growth', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), damage, fc.option(fc.nat()), async (which, holes, cut) => {
      const archive = Buffer.from(archives[which % archives.length] as Buffer);
      for (const { at, byte, run } of holes) {
        const start = at % archive.length;
        archive.fill(byte, start, Math.min(archive.length, start + run));
      }
      const bytes = cut === null ? archive : archive.subarray(0, cut % archive.length);
      const { outcome, largestPart } = await walk(bytes);
      expect(outcome.bytes).toBeLessThan(20_000_000);
      expect(largestPart).toBeLessThan(2_000_000);
    }),
    { numRuns: 400, interruptAfterTimeLimit: 90_000, markInterruptAsFailure: true },
  );
});

test('what is whole gives the same whatever the size of the pieces', async () => {
  const stream = archives[2] as Buffer;
  const whole = await walk(stream);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 5 }),
      async (sizes) => {
        const pieces: Buffer[] = [];
        for (let at = 0, i = 0; at < stream.length; i++) {
          const size = sizes[i % sizes.length] as number;
          pieces.push(stream.subarray(at, at + size));
          at += size;
        }
        const { texts, codes } = await walk({ kind: 'stream', chunks: pieces });
        expect(codes).toEqual([]);
        expect([...texts]).toEqual([...whole.texts]);
      },
    ),
    { numRuns: 50 },
  );
});
