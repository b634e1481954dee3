import { deflateRawSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { fileLimits, fileLimitsFor } from '../../../../src/sources/archives/archive-budget.js';
import { rawZip, tarOf, walk, zipOf } from './archive-fixture.js';

const mib = 1024 * 1024;

describe('nesting', () => {
  test('zip, tar and gzip within each other keep the chain from the outside in', async () => {
    const inner = await zipOf({ 'a.txt': 'alpha' });
    const middle = gzipSync(await tarOf([{ name: 'inner.zip', content: inner }]));
    const { texts, codes } = await walk(await zipOf({ 'lib/middle.tgz': middle, 'b.txt': 'beta' }));
    expect(texts.get('lib/middle.tgz!/inner.zip!/a.txt')).toBe('alpha');
    expect(texts.get('b.txt')).toBe('beta');
    expect(codes).toEqual([]);
  });

  test('five levels are opened, the sixth is reported and read as it lies', async () => {
    let zip = await zipOf({ 'deep.txt': 'alpha' });
    for (let level = 4; level >= 1; level--) zip = await zipOf({ [`${level}.zip`]: zip });
    const five = await walk(zip);
    expect(five.texts.get('1.zip!/2.zip!/3.zip!/4.zip!/deep.txt')).toBe('alpha');
    expect(five.codes).toEqual([]);
    const six = await walk(await zipOf({ '0.zip': zip, 'beside.txt': 'beta' }));
    expect(six.codes).toEqual(['archive-too-deep']);
    expect(six.texts.get('0.zip!/1.zip!/2.zip!/3.zip!/4.zip')).toMatch(/^PK/);
    expect(six.texts.get('beside.txt')).toBe('beta');
  });

  test('a broken archive within is given as plain bytes too', async () => {
    const inner = await zipOf({ 'a.txt': 'alpha', 'b.txt': 'beta' }, { compress: false });
    const cut = inner.subarray(0, inner.indexOf('beta') + 2);
    const { names, texts, codes, outcome } = await walk(await zipOf({ 'cut.zip': cut }));
    expect(names).toEqual(['cut.zip!/a.txt', 'cut.zip!/b.txt', 'cut.zip']);
    expect(texts.get('cut.zip')).toBe(cut.toString('latin1'));
    expect(codes).toEqual(['broken-archive']);
    // The outer one is whole.
    expect(outcome.readable).toBe(true);
  });
});

describe('bombs', () => {
  test('an entry beyond the ratio ends alone when the archive as a whole is below it', async () => {
    const zeros = Buffer.alloc(40 * mib);
    const { texts, codes, outcome } = await walk(
      rawZip([
        { name: 'zeros', content: zeros },
        {
          name: 'ballast',
          content: Buffer.from(Array.from({ length: 200_000 }, (_, i) => i * 7919)),
          method: 0,
        },
        { name: 'after', content: Buffer.from('after') },
      ]),
    );
    expect(codes).toEqual(['archive-ratio']);
    expect(texts.get('after')).toBe('after');
    expect(outcome.readable).toBe(true);
  });

  test('a bomb of one entry ends in the ratio', async () => {
    const zip = rawZip([{ name: 'z', content: Buffer.alloc(200 * mib) }]);
    const { codes, outcome } = await walk(zip);
    expect(codes).toEqual(['archive-ratio']);
    expect(outcome.bytes).toBeLessThan(zip.length * 1000 + mib);
  });

  test('a gzip bomb ends in the ratio', async () => {
    const packed = gzipSync(Buffer.alloc(200 * mib));
    const { codes, outcome } = await walk(packed, undefined, 'x.gz');
    expect(codes).toEqual(['archive-ratio']);
    expect(outcome.bytes).toBeLessThan(packed.length * 1000 + mib);
  });

  test('nested bombs share one budget', async () => {
    const bomb = await zipOf({ z: Buffer.alloc(10 * mib) });
    const level = await zipOf(Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`${i}.zip`, bomb])));
    const { codes, outcome } = await walk(await zipOf({ 'a.zip': level, 'b.zip': level }));
    expect(codes).toEqual(['archive-ratio']);
    expect(outcome.bytes).toBeLessThan(60 * mib);
  });

  test('entries that share their data (overlapping bomb) are bounded', async () => {
    const zip = rawZip([{ name: 'x', content: Buffer.alloc(4 * mib) }]);
    const header = zip.subarray(zip.indexOf('PK\x01\x02'), zip.indexOf('PK\x05\x06'));
    const end = Buffer.from(zip.subarray(zip.indexOf('PK\x05\x06')));
    end.writeUInt16LE(5000, 8);
    end.writeUInt16LE(5000, 10);
    const bomb = Buffer.concat([
      zip.subarray(0, zip.indexOf('PK\x01\x02')),
      ...Array(5000).fill(header),
      end,
    ]);
    const limits = { ...fileLimits, maxBytes: 64 * mib };
    const { codes, outcome } = await walk(bomb, limits);
    expect(codes).toEqual(['archive-too-large']);
    expect(outcome.bytes).toBeLessThan(70 * mib);
  });

  test('too many entries and too many bytes are reported once', async () => {
    const many = await tarOf(Array.from({ length: 50 }, (_, i) => ({ name: `${i}`, content: 'x' })));
    const entries = await walk(many, { ...fileLimits, maxEntries: 20 });
    expect(entries.codes).toEqual(['archive-too-many-entries']);
    expect(entries.names).toHaveLength(20);
    const files = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`${i}`, 'x'.repeat(1000)]));
    const bytes = await walk(await zipOf(files), { ...fileLimits, maxBytes: 10_000 });
    expect(bytes.codes).toEqual(['archive-too-large']);
    expect(bytes.names).toHaveLength(11);
  });

  test('a nested zip beyond what may be held is reported', async () => {
    const inner = rawZip([{ name: 'x', content: Buffer.alloc(70 * mib, 'abcdefghijk'), method: 0 }]);
    const limits = { ...fileLimits, maxHeldBytes: 66 * mib };
    const { codes } = await walk(await zipOf({ 'inner.zip': inner }), { ...limits, maxRatio: 1e9 });
    expect(codes).toEqual(['archive-too-large']);
  });

  test('a nested zip that lies unpacked is read by position, whatever its size', async () => {
    const inner = rawZip([
      { name: 'x', content: Buffer.alloc(70 * mib, 'abcdefghijk'), method: 0 },
      { name: 'y', content: Buffer.from('behind it') },
    ]);
    const limits = { ...fileLimits, maxHeldBytes: 66 * mib };
    for (const outer of [
      await zipOf({ 'inner.zip': inner }, { compress: false }),
      await tarOf([{ name: 'inner.zip', content: inner }]),
    ]) {
      const { codes, texts } = await walk(outer, limits);
      expect(codes).toEqual([]);
      expect(texts.get('inner.zip!/y')).toBe('behind it');
    }
  });

  test('what an archive on disk may hold grows with it', () => {
    expect(fileLimitsFor(1000)).toEqual(fileLimits);
    expect(fileLimitsFor(2 ** 30)).toMatchObject({ maxEntries: 2 ** 22, maxBytes: 20 * 2 ** 30 });
  });

  test('an entry above 64 MiB comes in segments', async () => {
    const line = Buffer.from(Array.from({ length: 1_000_000 }, (_, i) => (i * 31) % 251));
    const content = Buffer.concat(Array(80).fill(line));
    const { texts, largestPart, codes } = await walk(rawZip([{ name: 'big', content }]));
    expect(codes).toEqual([]);
    expect(texts.get('big')?.length).toBe(content.length);
    expect(Buffer.from(texts.get('big') ?? '', 'latin1').equals(content)).toBe(true);
    expect(largestPart).toBeLessThan(20 * mib);
  });

  test('deflate data that never ends in time is cut by the caps, not by memory', async () => {
    const bomb = deflateRawSync(Buffer.alloc(8 * mib));
    const zip = rawZip([{ name: 'a', content: Buffer.from('x') }]);
    const cut = Buffer.concat([zip.subarray(0, zip.indexOf('PK\x01\x02')), bomb]);
    const { codes } = await walk(cut);
    expect(codes).toEqual(['broken-archive']);
  });
});
