/** What V8 compiled of the workers is kept for the next scan: it holds no value, and is believed only where nobody else writes. */
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fakeSecret } from '../support/fake-secret.js';
import { CliHome, scratch } from '../support/scratch.js';

/** More than one thread reads alone. */
const largeBytes = 6 * 2 ** 20;

test('a scan by workers keeps their code, and the next one is the same', () => {
  const folder = join(scratch(), 'tree');
  mkdirSync(folder);
  const value = fakeSecret('github-pat', 'kept by a worker');
  for (let i = 0; i < 8; i++) {
    const filler = `line ${i} of nothing in particular\n`.repeat(largeBytes / 8 / 32);
    writeFileSync(join(folder, `${i}.md`), `${filler}TOKEN=${value}\n`);
  }
  const home = new CliHome();
  const kept = join(home.env['XDG_CACHE_HOME'] ?? '', 'sprawl', 'code');
  const scan = (database: string): unknown[] =>
    home
      .json(['--db', database, 'scan', folder])
      .filter(({ type }) => type === 'finding')
      .map(({ path, line, fingerprint }) => [path, line, fingerprint]);
  const first = scan(join(home.home, '1.db'));
  expect(first).toHaveLength(8);
  const name = (use: string): string =>
    readdirSync(kept).find((file) => file.startsWith(`${use}-`)) ?? 'none';
  for (const use of ['worker', 'exports']) {
    const file = join(kept, name(use));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file).length).toBeGreaterThan(10_000);
  }
  expect(home.allBytes().includes(value)).toBe(false);
  expect(scan(join(home.home, '2.db'))).toEqual(first);
  // One that is as long as it was and holds other bytes would end the process.
  for (const use of ['worker', 'exports', 'scan']) {
    const file = join(kept, name(use));
    const bytes = readFileSync(file);
    writeFileSync(file, Buffer.from(bytes).fill(0xa5, 20_000, 24_000));
    expect(scan(join(home.home, `${use}.db`))).toEqual(first);
    expect(readFileSync(file).includes(Buffer.alloc(4000, 0xa5))).toBe(false);
  }
  // A cut cache is refused by V8; one that others can write is not even read. Both are replaced.
  const worker = join(kept, name('worker'));
  const whole = readFileSync(worker);
  writeFileSync(worker, whole.subarray(0, 3000));
  expect(scan(join(home.home, '3.db'))).toEqual(first);
  expect(readFileSync(worker).length).toBeGreaterThan(10_000);
  writeFileSync(worker, whole.subarray(0, 3000));
  chmodSync(worker, 0o666);
  expect(scan(join(home.home, '4.db'))).toEqual(first);
  expect(readFileSync(worker).length).toBeGreaterThan(3000);
  expect(statSync(worker).mode & 0o777).toBe(0o600);
});
