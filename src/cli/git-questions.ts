/** What the command line asks git about the user's own repositories; nothing here reads a scanned target. */
import { isAbsolute, join, relative, resolve } from 'node:path';
import { ProblemError } from '../model/problem.js';
import { lastValue } from '../sources/git/config-file.js';
import { discoverGitStore, type GitStoreLocation } from '../sources/git/discover.js';
import { makeNeutralDir, removeNeutralDir } from '../sources/git/neutral-dir.js';
import { gitOutput, gitVersion, userConfigList } from '../sources/git/process.js';
import type { HookFolder } from './services.js';

/** True when the index of the work tree holds the path. */
export async function isTracked(workTree: string, path: string): Promise<boolean> {
  const store = discoverGitStore(workTree);
  if (store === undefined) return false;
  const neutralDir = makeNeutralDir(store);
  try {
    const listed = await gitOutput({ neutralDir }, ['ls-files', '-z', '--', relative(workTree, path)]);
    return listed.length > 0;
  } finally {
    removeNeutralDir(neutralDir);
  }
}

/** Last value of a key in `git config --list -z` output: `key NEWLINE value NUL`. */
function userValue(list: Buffer, key: string): string | undefined {
  let value: string | undefined;
  for (const entry of list.toString('utf8').split('\0')) {
    const newline = entry.indexOf('\n');
    if (newline > 0 && entry.slice(0, newline).toLowerCase() === key) value = entry.slice(newline + 1);
  }
  return value;
}

/** `core.hooksPath` as git reads it: `~/` is the home, a relative path starts at the work tree's root. */
function resolvedHooksPath(value: string, workTree: string, home: string | undefined): string {
  if (value.startsWith('~/') && home !== undefined) return join(home, value.slice(2));
  return isAbsolute(value) ? value : resolve(workTree, value);
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith('../') && !isAbsolute(way);
}

function requireWorkTree(cwd: string): GitStoreLocation & { readonly workTree: string } {
  const store = discoverGitStore(cwd);
  if (store?.workTree === undefined) {
    throw new ProblemError({
      code: 'usage',
      message: `${cwd} is not in a work tree of git.`,
      hint: 'Run it inside the repository whose commits are to be checked.',
    });
  }
  return { ...store, workTree: store.workTree };
}

/** Where git looks for the hooks of the repository at `cwd`. */
export async function hookFolder(cwd: string, home: string | undefined): Promise<HookFolder> {
  const { commonDir, gitDir, config, workTree } = requireWorkTree(cwd);
  const value = lastValue(config, 'core.hookspath') ?? userValue(await userConfigList(), 'core.hookspath');
  if (value === undefined || value === '') {
    return { folder: join(commonDir, 'hooks'), workTree, shared: false, configured: false };
  }
  const folder = resolvedHooksPath(value, workTree, home);
  const isOwn = [workTree, commonDir, gitDir].some((own) => isInside(own, folder));
  return { folder, workTree, shared: !isOwn, configured: true };
}

/** `2.43`; undefined when git cannot be started. */
export async function gitVersionText(): Promise<string | undefined> {
  try {
    return (await gitVersion()).join('.');
  } catch (error) {
    if (error instanceof ProblemError) return undefined;
    throw error;
  }
}
