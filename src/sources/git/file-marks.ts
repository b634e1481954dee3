/** Which files of a work tree git tracks and which it ignores, asked without the store's own configuration. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GitSource } from './git-source.js';
import { splitNul } from './index-entries.js';
import { userGitSettings } from './owner.js';
import { GitError, gitOutput } from './process.js';
import { latin1Path } from './refs.js';

/** Paths are relative to the work tree, as Latin-1 text of their bytes. */
export interface GitFileMarks {
  isTracked(path: string): boolean;
  isIgnored(path: string): boolean;
  /** Blob id (hex) that the index holds for the file. */
  indexOid(path: string): string | undefined;
}

/**
 * Reads the marks of a work tree: the index, `.gitignore`, `info/exclude` and the user's own ignore file. What is
 * ignored is asked of git, and only where a file lies there that the index does not hold.
 *
 * @param found the files to be marked, when they were listed before; nothing else is looked at then
 */
export async function gitFileMarks(
  source: GitSource,
  found?: readonly { readonly path: string }[],
): Promise<GitFileMarks> {
  const { workTree } = source.location;
  const tracked = new Map<string, string>();
  for (const { oid, path } of await indexOf(source)) tracked.set(path.toString('latin1'), oid);
  const isClean = workTree === undefined || !hasOther(workTree, tracked, found);
  const ignored = isClean ? new Set<string>() : await ignoredPaths(source, workTree);
  return {
    isTracked: (path) => tracked.has(path),
    indexOid: (path) => tracked.get(path),
    isIgnored: (path) => ignored.has(path) || foldersOf(path).some((folder) => ignored.has(folder)),
  };
}

/** None where the index cannot be read: then every file is read, without marks. */
async function indexOf(source: GitSource): ReturnType<GitSource['indexEntries']> {
  try {
    return await source.indexEntries();
  } catch (error) {
    if (error instanceof GitError) return [];
    throw error;
  }
}

const ofGitFolder = /(?:^|\/)\.git\//;

/** True when a file of the work tree is not tracked; repositories in it are left out, as git leaves them out. */
function hasOther(
  workTree: string,
  tracked: ReadonlyMap<string, string>,
  found: readonly { readonly path: string }[] | undefined,
): boolean {
  if (found !== undefined) return found.some(({ path }) => !tracked.has(path) && !ofGitFolder.test(path));
  const open = [''];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    let entries: ReturnType<typeof entriesIn>;
    try {
      entries = entriesIn(workTree, folder);
    } catch {
      continue;
    }
    if (folder !== '' && entries.some(({ name }) => name === '.git')) continue;
    for (const entry of entries) {
      const path = `${folder}${entry.name}`;
      if (entry.isDirectory()) {
        if (entry.name !== '.git') open.push(`${path}/`);
      } else if (entry.isFile() && !tracked.has(path)) return true;
    }
  }
  return false;
}

/** Names as Latin-1 text of their bytes. */
function entriesIn(
  workTree: string,
  folder: string,
): readonly { readonly name: string; isFile(): boolean; isDirectory(): boolean }[] {
  return readdirSync(latin1Path(workTree, folder), { withFileTypes: true, encoding: 'latin1' });
}

/** Fields of a listing; none where git cannot read the index: then every file is read, without marks. */
async function listed(output: Promise<Buffer>): Promise<readonly Buffer[]> {
  try {
    return splitNul(await output);
  } catch (error) {
    if (error instanceof GitError) return [];
    throw error;
  }
}

/** Ignored files, and ignored folders with a slash at the end instead of all that is in them. */
async function ignoredPaths(source: GitSource, workTree: string): Promise<ReadonlySet<string>> {
  const neutralDir = source.neutralDir();
  copyExcludes(source.location.commonDir, neutralDir);
  const { excludesFile } = await userGitSettings();
  const config = [
    'core.bare=false',
    ...(excludesFile === undefined ? [] : [`core.excludesFile=${excludesFile}`]),
  ];
  const output = gitOutput({ neutralDir, config, env: { GIT_WORK_TREE: workTree }, workDir: workTree }, [
    'ls-files',
    '-z',
    '--others',
    '--ignored',
    '--exclude-standard',
    '--directory',
    '--full-name',
  ]);
  return new Set((await listed(output)).map((field) => field.toString('latin1')));
}

function copyExcludes(commonDir: string, neutralDir: string): void {
  let patterns: Buffer;
  try {
    patterns = readFileSync(join(commonDir, 'info', 'exclude'));
  } catch {
    return;
  }
  mkdirSync(join(neutralDir, 'info'), { recursive: true });
  writeFileSync(join(neutralDir, 'info', 'exclude'), patterns);
}

/** `a/b/c` -> `a/`, `a/b/`. */
function foldersOf(path: string): readonly string[] {
  const folders: string[] = [];
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1))
    folders.push(path.slice(0, at + 1));
  return folders;
}
