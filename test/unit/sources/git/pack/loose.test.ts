import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { listLoose, readLoose } from '../../../../../src/sources/git/pack/loose.js';
import { GitFixture } from '../../../../support/git-fixture.js';
import { scratch } from '../../../../support/scratch.js';
import { difference } from './collect.js';
import { objectsByGit, type PlainObject, testCore, typeNames } from './pack-support.js';

const core = await testCore();
const MAX_MEMORY = 64 << 20;

function readOne(folder: string, file: Buffer): ReturnType<typeof readLoose> {
  const path = join(folder, 'object');
  writeFileSync(path, file);
  return readLoose(core, path, MAX_MEMORY);
}

describe('loose objects', () => {
  test.each([
    ['sha1', []],
    ['sha256', ['--object-format=sha256']],
  ])('are those that git has: %s', (format, init) => {
    const repo = new GitFixture(scratch(), ...init);
    repo.git('config', 'core.looseCompression', '0');
    repo.commit('one', { 'a.txt': 'text', empty: '', 'large.bin': Buffer.alloc(3 << 20, 'noise 123') });
    repo.git('config', 'core.looseCompression', '9');
    repo.commit('two', { 'b/c.txt': 'text\n'.repeat(5000) });
    repo.git('tag', '-a', 'v1', '-m', 'release');
    const gitDir = join(repo.path, '.git');
    const found = new Map<string, PlainObject>();
    for (const { path, oid } of listLoose(join(gitDir, 'objects'), format === 'sha1' ? 20 : 32)) {
      const result = readLoose(core, path, MAX_MEMORY);
      if (!result.ok) throw new Error(result.reason);
      const end = result.address + result.size;
      expect(core.bytes.subarray(end, end + 64).every((byte) => byte === 0)).toBe(true);
      found.set(Buffer.from(oid).toString('hex'), {
        type: typeNames[result.type] ?? '',
        bytes: Buffer.from(core.bytes.subarray(result.address, end)),
      });
    }
    expect(difference(found, objectsByGit(gitDir))).toBeUndefined();
  });

  test.each([
    ['of no type', deflateSync('secret 4\0text'), 'bad-header'],
    ['without a size', deflateSync('blob \0text'), 'bad-header'],
    ['with a long size', deflateSync('blob 99999999999999999999\0text'), 'bad-header'],
    ['with a size too large for its stream', deflateSync('blob 5\0text'), 'bad-stream'],
    ['with a size too small', deflateSync('blob 3\0text'), 'bad-stream'],
    ['that claims gigabytes', deflateSync('blob 4000000000\0text'), 'bad-header'],
    ['that is empty', Buffer.alloc(0), 'bad-header'],
    ['that is no stream', Buffer.from('blob 4\0text'), 'bad-header'],
    [
      'larger than the memory',
      deflateSync(Buffer.concat([Buffer.from(`blob ${80 << 20}\0`), Buffer.alloc(80 << 20)])),
      'too-large',
    ],
  ])('%s are listed', (_, file, reason) => {
    expect(readOne(scratch(), file)).toEqual({ ok: false, reason });
  });

  test('that are absent are listed', () => {
    expect(readLoose(core, join(scratch(), 'none'), MAX_MEMORY)).toEqual({
      ok: false,
      reason: 'read-failed',
    });
  });

  test('that are damaged are listed or whole', () => {
    const folder = scratch();
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (text, at, bits) => {
          const file = deflateSync(Buffer.concat([Buffer.from(`blob ${text.length}\0`), text]));
          file[at % file.length] = (file[at % file.length] ?? 0) ^ bits;
          const result = readOne(folder, file);
          if (result.ok) {
            const bytes = core.bytes.subarray(result.address, result.address + result.size);
            expect(Buffer.compare(bytes, text)).toBe(0);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
