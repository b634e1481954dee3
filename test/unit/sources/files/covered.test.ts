/** Files that git tracks unchanged are told from others by their bytes, whatever their size. */
import { execFileSync } from 'node:child_process';
import { statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readFiles } from '../../../../src/sources/files/read-files.js';
import type { FileEntry, FilesRange } from '../../../../src/sources/source.js';
import { scratch } from '../../../support/scratch.js';

/** Beyond what is handed over whole. */
const largeBytes = 65 * 2 ** 20;

function entryOf(folder: string, name: string, indexOid: string): FileEntry {
  const { size, mtimeMs } = statSync(join(folder, name));
  return { path: { text: name }, size, modifiedMs: mtimeMs, ignored: false, tracked: true, indexOid };
}

function blobId(folder: string, name: string): string {
  return execFileSync('git', ['hash-object', '--no-filters', name], { cwd: folder, encoding: 'utf8' }).trim();
}

/** Names of the files that were said to be covered, and of those that were handed over. */
async function read(
  folder: string,
  files: readonly FileEntry[],
  isTold = true,
): Promise<[string[], string[]]> {
  const covered: string[] = [];
  const documents = new Set<string>();
  const range: FilesRange = { type: 'files', root: Buffer.from(folder).toString('base64'), files };
  const events = {
    document: ({ ref }: { ref: { type: string; entry?: FileEntry } }) => {
      if (ref.entry !== undefined) documents.add(ref.entry.path.text);
    },
    problem: () => undefined,
    skipped: () => undefined,
    ...(isTold ? { covered: (entry: FileEntry) => void covered.push(entry.path.text) } : {}),
  };
  await readFiles(range, events, new AbortController().signal);
  return [covered, [...documents]];
}

test('an unchanged file is covered, a changed one is handed over', async () => {
  const folder = scratch();
  const names = ['same.txt', 'changed.txt', 'large-same.bin', 'large-changed.bin'];
  for (const name of names) writeFileSync(join(folder, name), `text of ${name}\n`);
  for (const name of names.slice(2)) truncateSync(join(folder, name), largeBytes);
  const files = names.map((name) => entryOf(folder, name, blobId(folder, name)));
  writeFileSync(join(folder, 'changed.txt'), 'text of chan6ed.txt\n');
  writeFileSync(join(folder, 'large-changed.bin'), 'other', { flag: 'r+' });
  expect(await read(folder, files)).toEqual([
    ['same.txt', 'large-same.bin'],
    ['changed.txt', 'large-changed.bin'],
  ]);
});

test('who does not ask gets every file', async () => {
  const folder = scratch();
  writeFileSync(join(folder, 'a.txt'), 'text\n');
  expect(await read(folder, [entryOf(folder, 'a.txt', blobId(folder, 'a.txt'))], false)).toEqual([
    [],
    ['a.txt'],
  ]);
});
