import { spawn, spawnSync } from 'node:child_process';
import { closeSync, constants, openSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { InputProblem } from '../../../../src/model/problem.js';
import { openStdinSource, readStdin } from '../../../../src/sources/files/stdin-source.js';
import { scratch } from '../../../support/scratch.js';
import { rawZip, zipOf } from '../archives/archive-fixture.js';

async function read(
  content: Buffer,
): Promise<{ texts: Map<string, Buffer>; problems: InputProblem[]; skipped: string[] }> {
  const path = join(scratch(), 'in');
  writeFileSync(path, content);
  const fd = openSync(path, 'r');
  const texts = new Map<string, Buffer>();
  const problems: InputProblem[] = [];
  const skipped: string[] = [];
  const events = {
    document({
      bytes,
      chain,
      segment,
    }: {
      bytes: Buffer;
      chain: readonly string[];
      segment?: { ownedStart: number; ownedEnd: number };
    }) {
      const key = ['-', ...chain].join('!/');
      const owned = segment === undefined ? bytes : bytes.subarray(segment.ownedStart, segment.ownedEnd);
      texts.set(key, Buffer.concat([texts.get(key) ?? Buffer.alloc(0), owned]));
    },
    problem: (problem: InputProblem) => problems.push(problem),
    skipped: (reason: string) => skipped.push(reason),
  };
  try {
    await readStdin({ type: 'stdin' }, events, new AbortController().signal, fd);
  } finally {
    closeSync(fd);
  }
  return { texts, problems, skipped };
}

test('plans one document under its own place', async () => {
  const source = await openStdinSource();
  expect(source.place).toMatchObject({ key: 'stdin:', system: 'stdin' });
  expect((await openStdinSource({ place: 'ci log' })).place.key).toBe('ci log');
  expect(source.locator).toBe('-');
});

test('text, an archive, a damaged archive and nothing', async () => {
  expect((await read(Buffer.from('alpha'))).texts.get('-')?.toString()).toBe('alpha');
  expect((await read(await zipOf({ a: 'beta' }))).texts.get('-!/a')?.toString()).toBe('beta');
  const cut = await read(gzipSync('gamma').subarray(0, 18));
  expect([...cut.texts.keys()]).toContain('-');
  expect(cut.problems.map(({ code }) => code)).toEqual(['broken-archive']);
  expect((await read(Buffer.alloc(0))).skipped).toEqual(['empty']);
});

test('content above the cap is segmented, a zip above it spooled to a file without a name', async () => {
  const line = Buffer.from(Array.from({ length: 1_000_003 }, (_, i) => (i * 31) % 251));
  const content = Buffer.concat(Array(70).fill(line));
  expect((await read(content)).texts.get('-')?.equals(content)).toBe(true);
  const zipped = await read(
    rawZip([
      { name: 'big', content, method: 0 },
      { name: 'small', content: Buffer.from('x') },
    ]),
  );
  expect(zipped.texts.get('-!/big')?.equals(content)).toBe(true);
  expect(zipped.texts.get('-!/small')?.toString()).toBe('x');
  expect(zipped.problems).toEqual([]);
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith('sprawl-spool-'))).toEqual([]);
  const packed = await read(gzipSync(content));
  expect(packed.texts.get('-!/content')?.equals(content)).toBe(true);
});

test('a pipe that is slow to write and does not block is waited for', async () => {
  const pipe = join(scratch(), 'pipe');
  expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
  const writer = spawn('sh', ['-c', '(printf one; sleep 0.2; printf two) > "$0"', pipe], { stdio: 'ignore' });
  // The first descriptor waits for the writer, so that the second does not see an end.
  const waiting = openSync(pipe, constants.O_RDONLY);
  const fd = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  let text = '';
  const document = ({ bytes }: { bytes: Buffer }): void => {
    text += bytes.toString();
  };
  const signal = new AbortController().signal;
  await readStdin({ type: 'stdin' }, { document, problem: () => {}, skipped: () => {} }, signal, fd);
  closeSync(fd);
  closeSync(waiting);
  writer.kill();
  expect(text).toBe('onetwo');
});
