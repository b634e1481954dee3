/** Which files of a work tree git tracks and which it ignores, asked without the store's own configuration. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GitSource } from './git-source.js';
import { splitNul } from './index-entries.js';
import { userGitSettings } from './owner.js';
import { GitError, gitOutput } from './process.js';

/** Paths are relative to the work tree, as Latin-1 text of their bytes. */
export interface GitFileMarks {
  isTracked(path: string): boolean;
  isIgnored(path: string): boolean;
  /** Blob id (hex) that the index holds for the file. */
  indexOid(path: string): string | undefined;
}

/** Reads the marks of a work tree: the index, `.gitignore`, `info/exclude` and the user's own ignore file. */
export async function gitFileMarks(source: GitSource): Promise<GitFileMarks> {
  const { neutralDir } = source.store;
  const { workTree, commonDir } = source.location;
  const tracked = new Map<string, string>();
  for (const field of await listed(gitOutput({ neutralDir }, ['ls-files', '-s', '-z']))) {
    // `<mode> <oid> <stage>` TAB `<path>`
    const text = field.toString('latin1');
    const tab = text.indexOf('\t');
    tracked.set(text.slice(tab + 1), text.slice(0, tab).split(' ')[1] ?? '');
  }
  const ignored =
    workTree === undefined ? new Set<string>() : await ignoredPaths(neutralDir, commonDir, workTree);
  return {
    isTracked: (path) => tracked.has(path),
    indexOid: (path) => tracked.get(path),
    isIgnored: (path) => ignored.has(path) || foldersOf(path).some((folder) => ignored.has(folder)),
  };
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
async function ignoredPaths(
  neutralDir: string,
  commonDir: string,
  workTree: string,
): Promise<ReadonlySet<string>> {
  copyExcludes(commonDir, neutralDir);
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
