/**
 * Finds the git stores below a folder, so that one target "all my clones" is scanned as what it is: each
 * repository with its history, the rest as files.
 */
import { type Dirent, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Folders that hold other people's code by the thousand; clones in them are found when named as targets. */
const notEntered: ReadonlySet<string> = new Set([
  'node_modules',
  '.git',
  'bower_components',
  '__pycache__',
  '.venv',
]);
const maxDepth = 12;
const maxFolders = 200_000;

/** Work trees (a `.git` entry) and bare stores below `root`, sorted; `root` itself is not among them. */
export function findRepositories(root: string): string[] {
  const found: string[] = [];
  const pending: { readonly path: string; readonly depth: number }[] = [{ path: root, depth: 0 }];
  let folders = 0;
  for (let next = pending.pop(); next !== undefined && folders < maxFolders; next = pending.pop()) {
    folders++;
    const entries = entriesOf(next.path);
    const isRepository = entries.some(({ name }) => name === '.git') || isBare(next.path, entries);
    if (isRepository && next.depth > 0) found.push(next.path);
    if (isBare(next.path, entries) || next.depth === maxDepth) continue;
    for (const entry of entries) {
      if (entry.isDirectory() && !notEntered.has(entry.name)) {
        pending.push({ path: join(next.path, entry.name), depth: next.depth + 1 });
      }
    }
  }
  return found.sort();
}

function entriesOf(path: string): Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch {
    // The walk of the folder source reports what cannot be read.
    return [];
  }
}

function isBare(path: string, entries: readonly Dirent[]): boolean {
  const names = new Set(entries.map(({ name }) => name));
  // Tools that leave empty folders out leave a store whose refs are all packed without `refs`.
  const hasRefs = names.has('refs') || names.has('packed-refs');
  return names.has('HEAD') && names.has('objects') && hasRefs && existsSync(join(path, 'objects'));
}
