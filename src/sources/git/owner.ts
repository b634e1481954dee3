/**
 * Decides whether a store may be read: the same rule as git's `safe.directory`.
 *
 * git itself applies the rule only when it discovers a repository; we name the directory, so the check is
 * ours. A store of another user may be a trap laid in a shared folder.
 */
import { lstatSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { GitStoreLocation } from './discover.js';
import { userConfigList } from './process.js';

/** What the user's own git configuration says and reading stores must honour. */
export interface UserGitSettings {
  readonly safeDirectories: readonly string[];
  /** The user's global ignore file, absolute. */
  readonly excludesFile?: string;
}

let settingsOnce: Promise<UserGitSettings> | undefined;

/** Reads the user's settings once per process. */
export async function userGitSettings(): Promise<UserGitSettings> {
  settingsOnce ??= userConfigList().then(
    (output) => parseUserSettings(output.toString('utf8')),
    () => ({ safeDirectories: [] }),
  );
  return settingsOnce;
}

/** Parses `git config --list -z`: `key\nvalue\0`. An empty safe.directory clears what came before. */
export function parseUserSettings(list: string): UserGitSettings {
  let safe: string[] = [];
  let excludesFile: string | undefined;
  for (const entry of list.split('\0')) {
    const cut = entry.indexOf('\n');
    const key = cut < 0 ? entry : entry.slice(0, cut);
    const value = cut < 0 ? '' : entry.slice(cut + 1);
    if (key === 'safe.directory') {
      if (value === '') safe = [];
      else safe.push(expandHome(value));
    } else if (key === 'core.excludesfile') {
      excludesFile = expandHome(value);
    }
  }
  return excludesFile === undefined ? { safeDirectories: safe } : { safeDirectories: safe, excludesFile };
}

/** Whether every part of the store belongs to one of `uids`. */
export function ownedBy(location: GitStoreLocation, uids: readonly number[]): boolean {
  const parts = [location.gitDir, location.commonDir];
  if (location.workTree !== undefined) parts.push(location.workTree, join(location.workTree, '.git'));
  return parts.every((part) => {
    const stat = lstatSync(part, { throwIfNoEntry: false });
    return stat === undefined || uids.includes(stat.uid);
  });
}

/** Whether the user has declared the store safe: `*`, the path itself, or a parent followed by `/*`. */
export function declaredSafe(location: GitStoreLocation, safeDirectories: readonly string[]): boolean {
  const paths = [location.workTree ?? location.gitDir, location.gitDir].flatMap((path) => [
    path,
    realpathSync(path),
  ]);
  return safeDirectories.some((entry) => {
    if (entry === '*') return true;
    if (entry.endsWith('/*')) return paths.some((path) => path.startsWith(entry.slice(0, -1)));
    return paths.includes(entry.length > 1 ? entry.replace(/\/+$/, '') : entry);
  });
}

/** Ids of the user that runs us; under sudo also the one who called it, as in git. */
export function ownUids(): readonly number[] {
  if (process.geteuid === undefined) return [];
  const uid = process.geteuid();
  const sudo = process.env['SUDO_UID'];
  return uid === 0 && sudo !== undefined && /^\d+$/.test(sudo) ? [0, Number(sudo)] : [uid];
}

function expandHome(path: string): string {
  return path.startsWith('~/') ? join(homedir(), path.slice(2)) : path;
}
