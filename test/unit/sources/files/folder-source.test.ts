import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { ProblemError } from '../../../../src/model/problem.js';
import {
  openFileSource,
  openFolderSource,
  openPathSource,
} from '../../../../src/sources/files/folder-source.js';
import { scratch } from '../../../support/scratch.js';
import { collect } from './collect.js';

function tree(files: Readonly<Record<string, string | Buffer>>): string {
  const root = scratch();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

describe('folder', () => {
  test('lists files in a fixed order and reads them', async () => {
    const root = tree({ 'b.txt': 'beta', 'a/c.txt': 'gamma', 'a/.env': 'delta', '.hidden/x': 'epsilon' });
    const source = await openFolderSource(root, {});
    expect(source.place).toMatchObject({ key: `folder:${root}`, system: 'folder', name: root });
    expect(source.locator).toBe(root);
    const { paths, texts, problems, skipped } = await collect(source);
    expect(paths).toEqual(['.hidden/x', 'a/.env', 'a/c.txt', 'b.txt']);
    expect([...texts.values()]).toEqual(['epsilon', 'delta', 'gamma', 'beta']);
    expect(problems).toEqual([]);
    expect(skipped).toEqual({});
  });

  test('opens names that are not UTF-8, with newlines, quotes and at full length', async () => {
    const root = scratch();
    const names = [
      Buffer.from([0x66, 0xff, 0xfe, 0x2e, 0x74]),
      Buffer.from('new\nline'),
      Buffer.from('quote"\'$(x)'),
      Buffer.from('ü'.repeat(127)),
    ];
    for (const name of names) writeFileSync(Buffer.concat([Buffer.from(`${root}/`), name]), name);
    const folder = Buffer.concat([Buffer.from(`${root}/d`), Buffer.from([0x80])]);
    mkdirSync(folder);
    writeFileSync(Buffer.concat([folder, Buffer.from('/in')]), 'inner');
    const { entries, texts, problems } = await collect(await openFolderSource(root));
    expect(entries).toHaveLength(5);
    expect(problems).toEqual([]);
    const odd = entries.find(({ path }) => path.bytes !== undefined && path.text.startsWith('f'));
    expect(Buffer.from(odd?.path.bytes ?? '', 'base64')).toEqual(names[0]);
    expect([...texts.values()]).toContain('inner');
    expect([...texts.values()]).toContain(names[0]?.toString('latin1'));
  });

  test('a target whose own path is not UTF-8', async () => {
    const root = Buffer.concat([Buffer.from(`${scratch()}/t`), Buffer.from([0xe9])]);
    mkdirSync(root);
    writeFileSync(Buffer.concat([root, Buffer.from('/a')]), 'alpha');
    const source = await openFolderSource(root);
    expect(source.place.key).toMatch(/^folder:.*\/t%E9$/);
    expect((await collect(source)).texts.get('a')).toBe('alpha');
  });

  test('does not follow links; those that lead out are counted', async () => {
    const outside = tree({ secret: 'outside' });
    const root = tree({ 'real/a.txt': 'alpha' });
    symlinkSync(join(root, 'real'), join(root, 'inside'));
    symlinkSync('..', join(root, 'real', 'loop'));
    symlinkSync(join(outside, 'secret'), join(root, 'out-file'));
    symlinkSync(outside, join(root, 'out-folder'));
    symlinkSync('nowhere', join(root, 'dangling'));
    symlinkSync('self', join(root, 'self'));
    const { paths, skipped, problems } = await collect(await openFolderSource(root));
    expect(paths).toEqual(['real/a.txt']);
    expect(skipped).toEqual({ 'outside-target-link': 2, 'special-file': 2 });
    expect(problems).toEqual([]);
  });

  test('a prefix of the name is not inside', async () => {
    const root = tree({ 'a/x': '1', 'ab/y': '2' });
    symlinkSync(join(root, 'ab', 'y'), join(root, 'a', 'link'));
    expect((await collect(await openFolderSource(join(root, 'a')))).skipped).toEqual({
      'outside-target-link': 1,
    });
  });

  test('a target that is a link itself is followed', async () => {
    const root = tree({ 'real/a.txt': 'alpha' });
    symlinkSync('real', join(root, 'link'));
    const source = await openPathSource(join(root, 'link'));
    expect(source.locator).toBe(join(root, 'real'));
    expect((await collect(source)).paths).toEqual(['a.txt']);
  });

  test('special files are counted and never opened', async () => {
    const root = tree({ 'a.txt': 'alpha' });
    expect(spawnSync('mkfifo', [join(root, 'fifo')]).status).toBe(0);
    const server = createServer().listen(join(root, 'socket'));
    await new Promise((resolve) => server.once('listening', resolve));
    const { paths, skipped } = await collect(await openFolderSource(root));
    server.close();
    expect(paths).toEqual(['a.txt']);
    expect(skipped).toEqual({ 'special-file': 2 });
  });

  test('git folders, vendor and build trees are counted, credentials of .git/config are read', async () => {
    const root = tree({
      'a.txt': 'alpha',
      '.git/config': 'url',
      '.git/HEAD': 'ref',
      'sub/.git/config': 'url2',
      'node_modules/p/index.js': 'x',
      'py/.venv/lib/x.py': 'x',
      'target/x': 'x',
      dist: 'a file named so is read',
    });
    const repositories: string[] = [];
    const onRepository = (folder: Buffer): void => void repositories.push(folder.toString());
    const { paths, skipped } = await collect(await openFolderSource(root, { onRepository }));
    expect(paths).toEqual(['.git/config', 'a.txt', 'dist', 'sub/.git/config']);
    expect(skipped).toEqual({ 'git-directory': 2, 'vendor-tree': 3 });
    expect(repositories).toEqual(['', 'sub']);
    const all = await collect(await openFolderSource(root, { vendor: true }));
    expect(all.paths).toContain('node_modules/p/index.js');
    expect(all.skipped).toEqual({ 'git-directory': 2 });
  });

  test('a target that is a build folder is read', async () => {
    const root = tree({ 'build/a.txt': 'alpha' });
    expect((await collect(await openFolderSource(join(root, 'build')))).paths).toEqual(['a.txt']);
  });

  test('the state changes with a file, also when its modification time is set back', async () => {
    const root = scratch();
    const path = join(root, 'a.txt');
    writeFileSync(path, 'one');
    const source = await openFolderSource(root);
    const before = await source.state();
    expect(await source.state()).toEqual(before);
    const { atime, mtime } = statSync(path);
    writeFileSync(path, 'two');
    utimesSync(path, atime, mtime);
    expect(await source.state()).not.toEqual(before);
  });

  test('marks say what git tracks and ignores', async () => {
    const root = tree({ 'a.txt': 'a', '.env': 'b', new: 'c' });
    const marks = {
      isTracked: (path: string) => path === 'a.txt',
      isIgnored: (path: string) => path === '.env',
      indexOid: () => 'ab'.repeat(20),
    };
    const { entries } = await collect(await openFolderSource(root, { marks: async () => marks }));
    expect(
      entries.map(({ path, tracked, ignored, indexOid }) => [path.text, tracked, ignored, indexOid]),
    ).toEqual([
      ['.env', false, true, undefined],
      ['a.txt', true, false, 'ab'.repeat(20)],
      ['new', false, false, undefined],
    ]);
  });

  test('include and exclude', async () => {
    const root = tree({ 'a.txt': '1', 'b.log': '2', 'src/c.txt': '3', 'src/gen/d.txt': '4', 'e.md': '5' });
    const filtered = await collect(
      await openFolderSource(root, { include: ['*.txt'], exclude: ['src/gen'] }),
    );
    expect(filtered.paths).toEqual(['a.txt', 'src/c.txt']);
    expect(filtered.skipped).toEqual({ excluded: 3 });
    const folder = await collect(await openFolderSource(root, { include: ['src', '!*.md'] }));
    expect(folder.paths).toEqual(['src/c.txt', 'src/gen/d.txt']);
  });

  test('what may not be read is reported and the rest is read', async () => {
    const root = tree({ 'a.txt': 'alpha', 'closed.txt': 'secret', 'locked/x': 'x' });
    chmodSync(root, 0o755);
    chmodSync(join(root, 'closed.txt'), 0);
    chmodSync(join(root, 'locked'), 0);
    // Nothing is forbidden to root, so root becomes nobody for a moment.
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) process.seteuid?.(65534);
    try {
      const { texts, problems } = await collect(await openFolderSource(root));
      expect([...texts]).toEqual([['a.txt', 'alpha']]);
      expect(problems).toEqual([
        { code: 'permission-denied', where: 'locked', detail: 'EACCES' },
        { code: 'permission-denied', where: 'closed.txt', detail: 'EACCES' },
      ]);
    } finally {
      if (isRoot) process.seteuid?.(0);
      chmodSync(join(root, 'locked'), 0o755);
    }
  });

  test('paths longer than the system allows end in a problem, not in a crash', async () => {
    const root = scratch();
    const part = 'd'.repeat(200);
    const before = process.cwd();
    try {
      // Made step by step, since such a path cannot be given in one piece.
      process.chdir(root);
      for (let depth = 0; depth < 24; depth++) {
        mkdirSync(part);
        process.chdir(part);
      }
      process.chdir(before);
      const { problems } = await collect(await openFolderSource(root));
      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatchObject({ code: 'walk-limit', detail: 'ENAMETOOLONG' });
    } finally {
      process.chdir(before);
      spawnSync('rm', ['-rf', join(root, part)]);
    }
  });

  test('ranges hold at most 256 files and 16 MB, larger files stand alone', async () => {
    const files: Record<string, Buffer> = {};
    for (let i = 0; i < 300; i++) files[`s${String(i).padStart(3, '0')}`] = Buffer.from('x');
    files['big1'] = Buffer.alloc(17 * 1024 * 1024, 'a');
    files['big2'] = Buffer.alloc(17 * 1024 * 1024, 'b');
    const { ranges, entries } = await collect(await openFolderSource(tree(files)));
    expect(ranges.map(({ documents }) => documents)).toEqual([1, 1, 256, 44]);
    expect(entries).toHaveLength(302);
    expect(ranges.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(34 * 1024 * 1024 + 300);
  });
});

describe('changes between the walk and the read', () => {
  test('a file that became a link, a FIFO, shorter or nothing', async () => {
    const root = tree({ link: 'x', fifo: 'x', gone: 'x', swapped: 'first', empty: 'x' });
    const outside = tree({ secret: 'outside' });
    const { texts, problems, skipped } = await collect(await openFolderSource(root), () => {
      for (const name of ['link', 'fifo', 'gone']) unlinkSync(join(root, name));
      symlinkSync(join(outside, 'secret'), join(root, 'link'));
      spawnSync('mkfifo', [join(root, 'fifo')]);
      writeFileSync(join(root, 'new'), 'second, and longer');
      renameSync(join(root, 'new'), join(root, 'swapped'));
      truncateSync(join(root, 'empty'));
    });
    expect([...texts]).toEqual([['swapped', 'second, and longer']]);
    expect(problems).toEqual([{ code: 'changed-while-read', where: 'gone', detail: 'ENOENT' }]);
    expect(skipped).toEqual({ 'outside-target-link': 1, 'special-file': 1, empty: 1 });
  });

  test('a folder that vanished while it was walked', async () => {
    const root = tree({ 'a/x': '1', 'b/y': '2' });
    const source = await openFolderSource(root);
    rmSync(root, { recursive: true });
    const { problems, paths } = await collect(source);
    expect(paths).toEqual([]);
    expect(problems).toEqual([{ code: 'changed-while-read', where: '.', detail: 'ENOENT' }]);
  });
});

describe('single file', () => {
  test('belongs to the place of its folder, filters do not hide it', async () => {
    const root = tree({ 'a.txt': 'alpha', 'b.txt': 'beta' });
    const source = await openFileSource(join(root, 'a.txt'), { exclude: ['*.txt'] });
    expect(source.place.key).toBe(`folder:${root}`);
    expect(source.locator).toBe(join(root, 'a.txt'));
    expect([...(await collect(source)).texts]).toEqual([['a.txt', 'alpha']]);
  });

  test('an archive is opened, a broken one read as it lies too', async () => {
    const packed = gzipSync('alpha');
    const root = tree({ 'a.gz': packed, 'cut.gz': packed.subarray(0, packed.length - 6) });
    const { texts, problems } = await collect(await openFolderSource(root));
    expect([...texts.keys()]).toEqual(['a.gz!/a', 'cut.gz!/cut', 'cut.gz']);
    expect(texts.get('a.gz!/a')).toBe('alpha');
    expect(problems.map(({ code, where }) => [code, where])).toEqual([['broken-archive', 'cut.gz!/cut']]);
  });

  test('a file of the kernel that states no size is read', async () => {
    const { texts } = await collect(await openFileSource('/proc/self/status'));
    expect([...texts.values()].join('')).toContain('Name:');
  });

  test('a large file without a newline comes in segments of bounded size', async () => {
    const root = scratch();
    const path = join(root, 'large');
    writeFileSync(path, 'start');
    truncateSync(path, 200 * 1024 * 1024);
    const { texts, largestPart } = await collect(await openFileSource(path));
    expect(texts.get('large')?.length).toBe(200 * 1024 * 1024);
    expect(texts.get('large')?.startsWith('start')).toBe(true);
    expect(largestPart).toBeLessThan(17 * 1024 * 1024);
  });

  test('--place names the place', async () => {
    const root = tree({ 'a.txt': 'alpha' });
    expect((await openFileSource(join(root, 'a.txt'), { place: 'team/share' })).place.key).toBe('team/share');
  });

  test('a path that does not exist is one clear error', async () => {
    const missing = join(scratch(), 'nowhere');
    await expect(openPathSource(missing)).rejects.toThrow(ProblemError);
    await expect(openPathSource(missing)).rejects.toMatchObject({ problem: { code: 'not-found' } });
    expect(readdirSync(join(missing, '..'))).toEqual([]);
  });
});
