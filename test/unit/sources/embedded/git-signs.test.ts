import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { gitContainerOf, storeFolderOf } from '../../../../src/sources/embedded/git-signs.js';

const pack = Buffer.from('PACK\0\0\0\x02\0\0\0\x01');
const loose = deflateSync(Buffer.from(`blob 4000\0${'x'.repeat(4000)}`));
const name = 'objects/0a/1b2c3d4e5f60718293a4b5c6d7e8f900112233';

describe('a file that holds objects of git', () => {
  test.each([
    ['# v2 git bundle\n0123', 'bundle'],
    ['# v3 git bundle\n@object-format=sha1\n', 'bundle'],
    ['# v2 git bundles are files', undefined],
    ['# v4 git bundle\n', undefined],
    ['PACKING LIST', undefined],
    ['', undefined],
  ])('%j is %s', (head, kind) => {
    expect(gitContainerOf(Buffer.from(head))).toBe(kind);
  });

  test('is a pack whatever its name', () => {
    expect(gitContainerOf(pack)).toBe('pack');
  });
});

describe('the folder of a repository in an archive', () => {
  test.each([
    [`a/b.git/${name}`, 'a/b.git'],
    [`./a/.git/${name}`, 'a/.git'],
    [name, ''],
    [`a/.git/modules/lib/${name}`, 'a/.git/modules/lib'],
  ])('of %s is %j', (path, folder) => {
    expect(storeFolderOf(path, loose.subarray(0, 512))).toBe(folder);
    expect(storeFolderOf(path.replace(/0a\/.*/, 'pack/pack-1.pack'), pack)).toBe(folder);
  });

  test('is told by content too: what only has such a name stays a document', () => {
    expect(storeFolderOf(`a/${name}`, Buffer.from('password = hunter2'))).toBeUndefined();
    expect(storeFolderOf(`a/${name}`, deflateSync('password = hunter2'))).toBeUndefined();
    expect(storeFolderOf('a/objects/pack/pack-1.pack', Buffer.from('text'))).toBeUndefined();
    expect(storeFolderOf('a/config', loose)).toBeUndefined();
  });
});
