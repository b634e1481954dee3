import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lookUpFile } from '../../../../src/sources/git/file-of-commit.js';
import { ObjectLookup } from '../../../../src/sources/git/object-lookup.js';
import { applyDelta } from '../../../../src/sources/git/packed-object.js';
import { GitFixture } from '../../../support/git-fixture.js';
import { scratch } from '../../../support/scratch.js';
import {
  applySteps,
  type DeltaStep,
  encodeDelta,
  objectsByGit,
  type PlainObject,
} from './pack/pack-support.js';

const maxBytes = 1 << 24;

function fixture(...init: string[]): GitFixture {
  const repo = new GitFixture(scratch(), ...init);
  const text = (seed: number): string =>
    Array.from({ length: 400 }, (_, line) => `line ${line} of ${line % 7 === seed ? seed : 0}\n`).join('');
  for (let i = 0; i < 6; i++) repo.commit(`commit ${i}`, { 'dir/a.txt': text(i), [`f${i}`]: `${i}` });
  repo.git('tag', '-a', 'v1', '-m', 'release');
  return repo;
}

function lookupOf(repo: GitFixture, oidBytes: 20 | 32 = 20): ObjectLookup {
  return new ObjectLookup(join(repo.path, '.git', 'objects'), oidBytes);
}

function readAll(lookup: ObjectLookup, oids: Iterable<string>): Map<string, PlainObject | undefined> {
  return new Map([...oids].map((oid) => [oid, lookup.read(oid, maxBytes)]));
}

describe('objects are those that git has', () => {
  test.each([
    ['loose', [], 20],
    ['loose, SHA-256', ['--object-format=sha256'], 32],
  ] as const)('%s', (_name, init, oidBytes) => {
    const repo = fixture(...init);
    const objects = objectsByGit(join(repo.path, '.git'));
    const lookup = lookupOf(repo, oidBytes);
    expect(readAll(lookup, objects.keys())).toEqual(objects);
    for (const [oid, { type }] of objects) {
      expect(lookup.find(oid.slice(0, 30))).toBe(oid);
      expect(lookup.typeOf(oid)).toBe(type);
    }
    expect(lookup.find('0'.repeat(30))).toBeUndefined();
  });

  test.each([
    ['offset deltas', [], 'true', 20],
    ['deltas by id', [], 'false', 20],
    ['SHA-256', ['--object-format=sha256'], 'true', 32],
  ] as const)('packed: %s', (_name, init, offsets, oidBytes) => {
    const repo = fixture(...init);
    repo.git('-c', `repack.useDeltaBaseOffset=${offsets}`, 'repack', '-adfq');
    const objects = objectsByGit(join(repo.path, '.git'));
    const lookup = lookupOf(repo, oidBytes);
    expect(readAll(lookup, objects.keys())).toEqual(objects);
    for (const [oid, { type }] of objects) {
      expect(lookup.find(oid.slice(0, 30))).toBe(oid);
      expect(lookup.typeOf(oid)).toBe(type);
    }
    expect(lookup.find('0'.repeat(30))).toBeUndefined();
    lookup.close();
  });
});

test('an object that is larger than allowed is not read', () => {
  const repo = fixture();
  const oid = repo.git('rev-parse', 'HEAD:dir/a.txt');
  expect(lookupOf(repo).read(oid, 100)).toBeUndefined();
  repo.git('repack', '-adq');
  expect(lookupOf(repo).read(oid, 100)).toBeUndefined();
});

test('a damaged pack or index gives what git would, or nothing', () => {
  const repo = fixture();
  repo.git('repack', '-adfq');
  const gitDir = join(repo.path, '.git');
  const objects = objectsByGit(gitDir);
  const folder = join(gitDir, 'objects', 'pack');
  const names = readdirSync(folder).filter((name) => /\.(?:pack|idx)$/.test(name));
  const copy = scratch();
  const damage = fc.record({
    name: fc.constantFrom(...names),
    changes: fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)), {
      minLength: 1,
      maxLength: 8,
    }),
    cut: fc.boolean(),
  });
  fc.assert(
    fc.property(damage, ({ name, changes, cut }) => {
      const lookup = damagedLookup(copy, folder, names, name, changes, cut);
      for (const [oid, object] of objects) {
        const read = lookup.read(oid, maxBytes);
        // Adler guards the streams, but neither the type nor the base in an object's header: git believes those too.
        const isWrong = read !== undefined && !(read.type === object.type && read.bytes.equals(object.bytes));
        if (isWrong && name.endsWith('.pack')) expect(read).toEqual(objectByGit(repo, copy, oid));
        lookup.find(oid.slice(0, 30));
        lookup.typeOf(oid);
      }
      lookup.close();
    }),
    { numRuns: 150 },
  );
});

/** One object as git reads it from another folder of objects. */
function objectByGit(repo: GitFixture, objects: string, oid: string): PlainObject {
  const env = { ...process.env, GIT_OBJECT_DIRECTORY: objects };
  const run = (kind: string): Buffer => execFileSync('git', ['cat-file', kind, oid], { cwd: repo.path, env });
  const type = run('-t').toString().trim();
  return { type, bytes: run(type) };
}

function damagedLookup(
  copy: string,
  folder: string,
  names: readonly string[],
  damaged: string,
  changes: readonly (readonly [number, number])[],
  cut: boolean,
): ObjectLookup {
  const pack = join(copy, 'pack');
  GitFixture.prototype.write.call({ path: copy }, 'pack/.keep', '');
  for (const name of names) {
    const bytes = Buffer.from(readFileSync(join(folder, name)));
    if (name !== damaged) {
      writeFileSync(join(pack, name), bytes);
      continue;
    }
    for (const [at, value] of changes) bytes[Math.floor(at * (bytes.length - 1))] = value;
    writeFileSync(join(pack, name), cut ? bytes.subarray(0, bytes.length >> 1) : bytes);
  }
  return new ObjectLookup(copy, 20);
}

describe('deltas', () => {
  const base = Buffer.from('0123456789'.repeat(30_000));
  const steps: DeltaStep[] = [
    { from: 5, size: 70_000 >> 1 },
    { insert: Buffer.from('new') },
    { from: 200_000, size: 9 },
  ];

  test('are applied', () => {
    const target = applySteps(base, steps);
    expect(applyDelta(base, encodeDelta(base.length, target.length, steps), maxBytes)).toEqual(target);
  });

  test.each([
    ['for another base', encodeDelta(base.length - 1, 3, [{ from: 0, size: 3 }])],
    ['beyond the base', encodeDelta(base.length, 9, [{ from: base.length - 3, size: 9 }])],
    ['shorter than promised', encodeDelta(base.length, 9, [{ from: 0, size: 3 }])],
    ['longer than promised', encodeDelta(base.length, 2, [{ from: 0, size: 3 }])],
    ['with a reserved instruction', Buffer.concat([encodeDelta(base.length, 3, []), Buffer.from([0])])],
    ['cut off', encodeDelta(base.length, 9, [{ insert: Buffer.from('123456789') }]).subarray(0, -2)],
    ['empty', Buffer.alloc(0)],
  ])('%s are refused', (_name, script) => {
    expect(applyDelta(base, script, maxBytes)).toBeUndefined();
  });
});

describe('a file of a commit', () => {
  test.each([
    ['dir/a.txt', 'there'],
    ['f3', 'there'],
    ['dir', 'none'],
    ['dir/none.txt', 'none'],
    ['f3/below', 'none'],
    ['none/a.txt', 'none'],
  ])('%s is %s', (path, expected) => {
    const repo = fixture();
    for (const packed of [false, true]) {
      if (packed) repo.git('repack', '-adq');
      const found = lookUpFile(lookupOf(repo), 20, repo.git('rev-parse', 'HEAD'), path, maxBytes);
      if (expected === 'none') expect(found).toBe('none');
      else expect(found).toEqual(readFileSync(join(repo.path, path)));
    }
  });

  test('of a commit that is not there is for git to say', () => {
    expect(lookUpFile(lookupOf(fixture()), 20, '1'.repeat(40), 'f3', maxBytes)).toBeUndefined();
  });
});
