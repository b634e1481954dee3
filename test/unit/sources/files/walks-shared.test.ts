import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findRepositories } from '../../../../src/sources/files/find-repositories.js';
import { FolderLists } from '../../../../src/sources/files/folder-lists.js';
import { openFolderSource } from '../../../../src/sources/files/folder-source.js';
import { scratch } from '../../../support/scratch.js';
import { collect } from './collect.js';

function tree(...paths: readonly string[]): string {
  const root = scratch();
  for (const path of paths) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), path);
  }
  return root;
}

describe('a state and the plan behind it are one walk', () => {
  test('the plan lists what the state saw, and tells once more what was left out', async () => {
    const root = tree('a/x', 'b/y', 'node_modules/m/z');
    symlinkSync('/etc/hostname', join(root, 'out'));
    const alone = await collect(await openFolderSource(root));
    const source = await openFolderSource(root);
    await source.state();
    writeFileSync(join(root, 'later'), 'later');
    const { paths, skipped, problems } = await collect(source);
    expect(paths).toEqual(['a/x', 'b/y']);
    expect(skipped).toEqual({ 'outside-target-link': 1, 'vendor-tree': 1 });
    expect({ paths, skipped, problems }).toEqual({
      paths: alone.paths,
      skipped: alone.skipped,
      problems: alone.problems,
    });
  });

  test('the next plan looks anew', async () => {
    const root = tree('a/x');
    const source = await openFolderSource(root);
    await source.state();
    await collect(source);
    writeFileSync(join(root, 'later'), 'later');
    expect((await collect(source)).paths).toEqual(['a/x', 'later']);
  });

  test('the marks are asked with the files that were met, and serve them', async () => {
    const root = tree('a/x', 'ä');
    const asked: (readonly string[] | undefined)[] = [];
    const source = await openFolderSource(root, {
      marks: async (found) => {
        asked.push(found?.map(({ path }) => path));
        return { isTracked: (path) => path === 'a/x', isIgnored: (path) => path !== 'a/x' };
      },
    });
    await source.state();
    const { entries } = await collect(source);
    expect(asked).toEqual([['a/x', Buffer.from('ä').toString('latin1')]]);
    expect(entries.map(({ path, tracked, ignored }) => [path.text, tracked, ignored])).toEqual([
      ['a/x', true, false],
      ['ä', false, true],
    ]);
  });

  test('a state tells how much there is, and is the same whoever listens', async () => {
    const root = tree('a/x', 'b/y');
    let bytes = 0;
    const source = await openFolderSource(root);
    const heard = await source.state((met) => {
      bytes += met;
    });
    expect(bytes).toBe('a/xb/y'.length);
    expect(heard).toEqual(await (await openFolderSource(root)).state());
  });
});

describe('lists that were made in looking for repositories', () => {
  test('serve the walk: what went away since is not there, and is no gap', async () => {
    const root = tree('a/x', 'a/gone', 'b/y', 'c/z', 'inner/.git/HEAD', 'inner/z');
    const lists = new FolderLists();
    expect(findRepositories(root, lists)).toEqual([join(root, 'inner')]);
    rmSync(join(root, 'a/gone'));
    rmSync(join(root, 'c'), { recursive: true });
    const { paths, problems } = await collect(await openFolderSource(root, { lists, without: ['inner'] }));
    expect(paths).toEqual(['a/x', 'b/y']);
    expect(problems).toEqual([]);
  });

  test('a folder that became a link out of the target is not entered', async () => {
    const outside = tree('secret');
    const root = tree('a/x', 'b/y');
    const lists = new FolderLists();
    findRepositories(root, lists);
    rmSync(join(root, 'b'), { recursive: true });
    symlinkSync(outside, join(root, 'b'));
    const { paths, skipped, problems } = await collect(await openFolderSource(root, { lists }));
    expect(paths).toEqual(['a/x']);
    expect(skipped).toEqual({ 'outside-target-link': 1 });
    expect(problems).toEqual([]);
  });

  test('are used once', async () => {
    const root = tree('a/x');
    const lists = new FolderLists();
    findRepositories(root, lists);
    await collect(await openFolderSource(root, { lists }));
    writeFileSync(join(root, 'a/later'), 'later');
    expect((await collect(await openFolderSource(root, { lists }))).paths).toEqual(['a/later', 'a/x']);
  });
});
