import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { scratch } from '../../../support/scratch.js';
import { tarOf, walk } from './archive-fixture.js';

const longName = `${'deep/'.repeat(60)}file.txt`;

describe('tar', () => {
  test('gives files and leaves links and folders out', async () => {
    const tar = await tarOf([
      { name: 'd', type: 'directory' },
      { name: 'd/a.txt', content: 'alpha' },
      { name: 'd/link', type: 'symlink', linkname: '/etc/passwd' },
      { name: longName, content: 'beta' },
      { name: 'ümlaut.txt', content: 'gamma' },
    ]);
    const { texts, codes, outcome } = await walk(tar);
    expect([...texts]).toEqual([
      ['d/a.txt', 'alpha'],
      [longName, 'beta'],
      ['ümlaut.txt', 'gamma'],
    ]);
    expect(codes).toEqual([]);
    expect(outcome.readable).toBe(true);
  });

  test.each(['gnu', 'pax', 'ustar', 'v7'])('reads what the system writes as %s', async (format) => {
    const folder = scratch();
    const name = format === 'v7' || format === 'ustar' ? 'short/file.txt' : `${'deep/'.repeat(30)}file.txt`;
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), 'content');
    writeFileSync(join(folder, 'big'), 'x'.repeat(3_000_000));
    const made = spawnSync('tar', [`--format=${format}`, '-cf', 'x.tar', name, 'big'], { cwd: folder });
    expect(made.status).toBe(0);
    const { texts, codes } = await walk(readFileSync(join(folder, 'x.tar')));
    expect([...texts.keys()]).toEqual([name, 'big']);
    expect(texts.get(name)).toBe('content');
    expect(texts.get('big')).toHaveLength(3_000_000);
    expect(codes).toEqual([]);
  });

  test('a cut tar gives the part of the last entry that is there', async () => {
    const tar = await tarOf([
      { name: 'a', content: 'alpha' },
      { name: 'b', content: 'beta'.repeat(1000) },
    ]);
    const { texts, codes, outcome } = await walk(tar.subarray(0, 512 * 3 + 700));
    expect(texts.get('a')).toBe('alpha');
    expect(texts.get('b')).toHaveLength(700);
    expect(codes).toEqual(['broken-archive']);
    expect(outcome.readable).toBe(false);
  });

  test('goes on behind a damaged header', async () => {
    const tar = await tarOf([
      { name: 'a', content: 'alpha' },
      { name: 'b', content: 'beta' },
      { name: 'c', content: 'gamma' },
    ]);
    tar.fill(0x41, 1024, 1024 + 300);
    const { texts, codes } = await walk(tar);
    expect([...texts.keys()]).toEqual(['a', 'c']);
    expect(codes).toEqual(['broken-archive']);
  });

  test('a header that claims a huge long name costs no memory', async () => {
    const tar = await tarOf([{ name: 'a', content: 'alpha' }]);
    const header = Buffer.from(tar.subarray(0, 512));
    header.write('L', 156);
    header.write('77777777777\0', 124);
    header.write('        ', 148);
    header.write(
      `${header
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, '0')}\0 `,
      148,
    );
    const { codes, outcome } = await walk(Buffer.concat([header, tar]));
    expect(codes).toEqual(['broken-archive']);
    expect(outcome.readable).toBe(false);
  });
});

describe('gzip', () => {
  test('one stream is one entry, named after the container', async () => {
    const { texts } = await walk(gzipSync('alpha'), undefined, 'logs/app.log.gz');
    expect([...texts]).toEqual([['app.log', 'alpha']]);
  });

  test('reads all members and ignores what follows the last', async () => {
    const members = Buffer.concat([gzipSync('one '), gzipSync('two '), gzipSync('three')]);
    const { texts, codes } = await walk(members, undefined, 'x.gz');
    expect(texts.get('x')).toBe('one two three');
    expect(codes).toEqual([]);
    const trailed = await walk(Buffer.concat([members, Buffer.alloc(200_000)]), undefined, 'x.gz');
    expect(trailed.texts.get('x')).toBe('one two three');
    expect(trailed.codes).toEqual([]);
  });

  test('a tar within is one level', async () => {
    const tar = await tarOf([{ name: 'd/a.txt', content: 'alpha' }]);
    const { texts } = await walk(gzipSync(tar), undefined, 'x.tgz');
    expect([...texts]).toEqual([['d/a.txt', 'alpha']]);
  });

  test('a cut stream gives what could be inflated', async () => {
    const text = Array.from({ length: 20_000 }, (_, i) => `line ${i} ${Math.sin(i)}\n`).join('');
    const packed = gzipSync(text);
    const { texts, codes, outcome } = await walk(packed.subarray(0, packed.length / 2), undefined, 'x.gz');
    const got = texts.get('x') ?? '';
    expect(text.startsWith(got)).toBe(true);
    expect(got.length).toBeGreaterThan(text.length / 3);
    expect(codes).toEqual(['broken-archive']);
    expect(outcome.readable).toBe(false);
  });

  test('a stream without random access works for gzip and tar', async () => {
    const tar = gzipSync(await tarOf([{ name: 'a', content: 'alpha' }]));
    const pieces = Array.from({ length: tar.length }, (_, i) => tar.subarray(i, i + 1));
    const { texts } = await walk({ kind: 'stream', chunks: pieces });
    expect([...texts]).toEqual([['a', 'alpha']]);
  });
});

test.each([
  ['bzip2', 'bzip2'],
  ['xz', 'xz'],
  ['zstd', 'zstd'],
])('%s is reported as unsupported', async (kind, tool) => {
  const { stdout, error } = spawnSync(tool, ['-c'], { input: 'content' });
  // Without the tool on this machine the signature alone is tried.
  const magic = { bzip2: 'BZh91AY&SY', xz: '\xfd7zXZ\0', zstd: '\x28\xb5\x2f\xfd' }[kind] ?? '';
  const { codes, outcome, texts } = await walk(error === undefined ? stdout : Buffer.from(magic, 'latin1'));
  expect(codes).toEqual(['unsupported-archive']);
  expect(outcome.readable).toBe(false);
  expect(texts.size).toBe(0);
});

test('ordinary text is no archive', async () => {
  for (const text of ['PK is a brand', 'BZhang wrote this', 'Rar! said the bear', '7zip', '(\xb5', '']) {
    const { outcome, codes } = await walk(Buffer.from(text, 'latin1'));
    expect(outcome).toEqual({ readable: false, entries: 0, bytes: 0 });
    expect(codes).toEqual([]);
  }
});
