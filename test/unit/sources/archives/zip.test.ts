import { randomBytes } from 'node:crypto';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inflateDamaged } from '../../../../src/sources/archives/inflate.js';
import { scratch } from '../../../support/scratch.js';
import { rawZip, walk, zipOf } from './archive-fixture.js';

const noise = (bytes: number): Buffer => randomBytes(bytes);

describe('zip', () => {
  test('gives every entry, deflated and stored, with name and time', async () => {
    for (const compress of [true, false]) {
      const { texts, codes, outcome } = await walk(
        await zipOf({ 'a.txt': 'alpha', 'd/b.txt': 'beta' }, { compress }),
      );
      expect([...texts]).toEqual([
        ['a.txt', 'alpha'],
        ['d/b.txt', 'beta'],
      ]);
      expect(codes).toEqual([]);
      expect(outcome).toMatchObject({ readable: true, entries: 2, bytes: 9 });
    }
  });

  test('reads from a file descriptor, zip64 and with bytes behind the archive', async () => {
    const zip = Buffer.concat([
      await zipOf({ 'a.txt': 'alpha' }, { forceZip64Format: true }),
      Buffer.from('trailer'),
    ]);
    const path = join(scratch(), 'x.zip');
    writeFileSync(path, zip);
    const fd = openSync(path, 'r');
    const { texts, codes } = await walk({ kind: 'file', fd, size: zip.length });
    closeSync(fd);
    expect(texts.get('a.txt')).toBe('alpha');
    expect(codes).toEqual([]);
  });

  test('keeps duplicates, backslashes, climbing and non-UTF-8 names apart from the disk', async () => {
    const content = Buffer.from('text');
    const { names, codes } = await walk(
      rawZip([
        { name: 'same', content },
        { name: 'same', content },
        { name: '..\\..\\up.txt', content },
        { name: '/etc/passwd', content },
        { name: Buffer.from([0x66, 0x81, 0x2e, 0x74]), content },
      ]),
    );
    expect(names).toEqual(['same', 'same', '../../up.txt', '/etc/passwd', 'fü.t']);
    expect(codes).toEqual([]);
  });

  test('reports encrypted entries and unknown methods once and reads the rest', async () => {
    const content = Buffer.from('open');
    const { texts, codes, outcome } = await walk(
      rawZip([
        { name: 'a', content, flags: 1, method: 0 },
        { name: 'b', content, flags: 1, method: 0 },
        { name: 'c', content, method: 14 },
        { name: 'd', content },
      ]),
    );
    expect([...texts]).toEqual([['d', 'open']]);
    expect(codes).toEqual(['archive-encrypted', 'unsupported-archive']);
    expect(outcome.readable).toBe(true);
  });

  test('salvages a zip that lost its directory', async () => {
    const zip = await zipOf({ 'a.txt': 'alpha', 'b.txt': noise(5000), 'c.txt': noise(5000) });
    const cut = zip.subarray(0, zip.indexOf('c.txt') + 2000);
    const { texts, codes, outcome } = await walk(cut);
    expect(texts.get('a.txt')).toBe('alpha');
    expect(texts.get('b.txt')).toHaveLength(5000);
    expect(texts.get('c.txt')?.length).toBeGreaterThan(1000);
    expect(codes).toEqual(['broken-archive']);
    expect(outcome.readable).toBe(false);
  });

  test('salvages entries whose sizes stand behind the data', async () => {
    // Streaming writers set bit 3 and leave the sizes of the local header 0.
    const zip = rawZip([
      { name: 'a', content: Buffer.from('first entry') },
      { name: 'b', content: Buffer.from('second entry') },
    ]);
    for (let at = zip.indexOf('PK\x03\x04'); at >= 0; at = zip.indexOf('PK\x03\x04', at + 1)) {
      zip[at + 6] = 8;
      zip.fill(0, at + 14, at + 26);
    }
    const { texts, codes } = await walk(zip.subarray(0, zip.indexOf('PK\x01\x02')));
    expect([...texts]).toEqual([
      ['a', 'first entry'],
      ['b', 'second entry'],
    ]);
    expect(codes).toEqual(['broken-archive']);
  });

  test('a damaged entry counts up to the damage and does not hide the others', async () => {
    const body = noise(300_000).toString('hex');
    const zip = rawZip([
      { name: 'bad', content: Buffer.from(body) },
      { name: 'good', content: Buffer.from('good') },
    ]);
    zip.fill(0xff, 200_000, 200_100);
    const { texts, codes, outcome } = await walk(zip);
    expect(texts.get('good')).toBe('good');
    expect(body.startsWith(texts.get('bad')?.slice(0, 100_000) ?? '?')).toBe(true);
    expect(codes).toEqual(['broken-archive']);
    expect(outcome.readable).toBe(false);
  });

  test('a small damaged entry gives what stands before the damage', async () => {
    const body = Array.from({ length: 300 }, (_, i) => `line ${i} of ${(i * 7919) % 1000}\n`).join('');
    const zip = rawZip([
      { name: 'bad', content: Buffer.from(body) },
      { name: 'good', content: Buffer.from('good') },
    ]);
    const size = zip.readUInt32LE(18);
    zip.fill(0xff, 33 + (size >> 1), 33 + (size >> 1) + 40);
    const { texts, codes } = await walk(zip);
    const text = texts.get('bad') ?? '';
    let sound = 0;
    while (sound < text.length && text[sound] === body[sound]) sound++;
    expect(sound).toBeGreaterThan(body.length / 4);
    expect(texts.get('good')).toBe('good');
    expect(codes).toEqual(['broken-archive']);
  });

  test('one that gives a thousand times its size is left to the stream, which loses little', async () => {
    const body = 'word '.repeat(1_000_000);
    const zip = rawZip([
      { name: 'bad', content: Buffer.from(body) },
      { name: 'good', content: Buffer.from('good') },
    ]);
    const size = zip.readUInt32LE(18);
    zip.fill(0xff, 33 + size - 1000, 33 + size - 900);
    const packed = zip.subarray(33, 33 + size);
    expect(inflateDamaged(packed, body.length)).toBeUndefined();
    const { texts, codes } = await walk(zip);
    const text = texts.get('bad') ?? '';
    expect(text.length).toBeGreaterThan(body.length * 0.8);
    expect(texts.get('good')).toBe('good');
    expect(codes).toEqual(['broken-archive']);
  });

  test('an entry that lost some bytes does not hide the next ones', async () => {
    const body = Array.from({ length: 300 }, (_, i) => `line ${i} of ${(i * 7919) % 1000}\n`).join('');
    const name = Buffer.from([0x66, 0x81, 0x2e, 0x74]);
    const zip = rawZip([
      { name: 'bad', content: Buffer.from(body) },
      { name, content: Buffer.from('next') },
      { name: 'last', content: Buffer.from('last') },
    ]);
    const { texts, codes } = await walk(Buffer.concat([zip.subarray(0, 300), zip.subarray(320)]));
    // Its name is the same that the directory would tell.
    expect(texts.get('f\u00fc.t')).toBe('next');
    expect(texts.get('last')).toBe('last');
    expect(codes.length).toBeGreaterThan(0);
  });

  test('a wrong checksum is reported, the content still given', async () => {
    const { texts, codes } = await walk(rawZip([{ name: 'a', content: Buffer.from('text'), crc: 1 }]));
    expect(texts.get('a')).toBe('text');
    expect(codes).toEqual(['broken-archive']);
  });

  test('a damaged directory falls back to the local headers for what is left', async () => {
    const zip = await zipOf({ 'a.txt': 'alpha', 'b.txt': 'beta', 'c.txt': 'gamma' });
    const second = zip.indexOf('PK\x01\x02', zip.indexOf('PK\x01\x02') + 1);
    zip.fill(0, second, second + 4);
    const { names, codes } = await walk(zip);
    expect(names).toEqual(['a.txt', 'b.txt', 'c.txt']);
    expect(codes).toEqual(['broken-archive']);
  });

  test('any cut of a zip is survived and never silent', async () => {
    const zip = await zipOf({ 'a.txt': 'alpha'.repeat(50), 'n.zip': await zipOf({ 'b.txt': 'beta' }) });
    for (let length = 4; length < zip.length; length++) {
      const { codes, outcome } = await walk(zip.subarray(0, length));
      expect(codes.length, `cut at ${length}`).toBeGreaterThan(0);
      expect(outcome.readable).toBe(false);
    }
  });
});
