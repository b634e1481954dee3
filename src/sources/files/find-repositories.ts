/**
 * Finds the git stores below a folder, so that one target "all my clones" is scanned as what it is: each
 * repository with its history, the rest as files.
 */
import { existsSync } from 'node:fs';
import { type FolderList, FolderLists } from './folder-lists.js';
import { joinLatin, type LatinPath, latinPathOf, pathText, systemPath } from './latin-path.js';

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

/**
 * Work trees (a `.git` entry) and bare stores below `root`, sorted; `root` itself is not among them.
 *
 * @param lists keeps what was listed for the walk of the files
 */
export function findRepositories(root: string, lists: FolderLists = new FolderLists()): string[] {
  const found: string[] = [];
  const pending: { readonly path: LatinPath; readonly depth: number }[] = [
    { path: latinPathOf(Buffer.from(root)), depth: 0 },
  ];
  let folders = 0;
  for (let next = pending.pop(); next !== undefined && folders < maxFolders; next = pending.pop()) {
    folders++;
    const entries = entriesOf(next.path, lists);
    const isBare = looksBare(next.path, entries);
    if (next.depth > 0 && (isBare || entries.some(({ name }) => name === '.git'))) {
      found.push(pathText(next.path));
    }
    if (isBare || next.depth === maxDepth) continue;
    for (const entry of entries) {
      if (entry.isDirectory() && !notEntered.has(entry.name)) {
        pending.push({ path: joinLatin(next.path, entry.name), depth: next.depth + 1 });
      }
    }
  }
  return found.sort();
}

function entriesOf(path: LatinPath, lists: FolderLists): FolderList {
  try {
    return lists.look(path);
  } catch {
    // The walk of the folder source reports what cannot be read.
    return [];
  }
}

function looksBare(path: LatinPath, entries: FolderList): boolean {
  let hasHead = false;
  let hasObjects = false;
  let hasRefs = false;
  for (const { name } of entries) {
    if (name === 'HEAD') hasHead = true;
    else if (name === 'objects') hasObjects = true;
    // Tools that leave empty folders out leave a store whose refs are all packed without `refs`.
    else if (name === 'refs' || name === 'packed-refs') hasRefs = true;
  }
  return hasHead && hasObjects && hasRefs && existsSync(systemPath(joinLatin(path, 'objects')));
}
