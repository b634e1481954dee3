/**
 * Keeps keys and databases out of repositories: inside a work tree they are refused unless the user set
 * them up there, and always when git tracks them.
 */
import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ProblemError } from '../model/problem.js';
import type { UserPath } from './user-paths.js';

/** The real path of the nearest part that exists, with the missing rest behind it. */
function realPathOf(path: string): string {
  const missing: string[] = [];
  let existing = path;
  while (!existsSync(existing) && dirname(existing) !== existing) {
    missing.unshift(basename(existing));
    existing = dirname(existing);
  }
  return join(realpathSync(existing), ...missing);
}

/** Root of the work tree that a path lies in, found by its `.git` entry; undefined when there is none. */
export function enclosingWorkTree(path: string): string | undefined {
  let folder = dirname(realPathOf(path));
  for (;;) {
    if (existsSync(join(folder, '.git'))) return folder;
    const parent = dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
}

/** Asks git whether it tracks a file: sources/git gives it. */
export type IsTracked = (workTree: string, path: string) => Promise<boolean>;

/** Throws when `target` must not be used. */
export async function guardWorkTree(
  target: UserPath,
  what: 'key' | 'database' | 'evidence log',
  isTracked: IsTracked,
): Promise<void> {
  const workTree = enclosingWorkTree(target.path);
  if (workTree === undefined) return;
  const code = what === 'key' ? 'key-in-work-tree' : 'database-in-work-tree';
  if (!target.explicit) {
    throw new ProblemError({
      code,
      message: `The ${what} ${target.path} would lie inside the work tree ${workTree}.`,
      hint: `Name a place outside with ${what === 'key' ? '--key-file' : '--db'}, or name this one if you mean it.`,
    });
  }
  if (existsSync(target.path) && (await isTracked(workTree, realPathOf(target.path)))) {
    throw new ProblemError({
      code,
      message: `The ${what} ${target.path} is tracked by git in ${workTree}.`,
      hint: `Move it out of the repository and remove it with "git rm --cached"${what === 'key' ? '; treat the key as leaked' : ''}.`,
    });
  }
}
