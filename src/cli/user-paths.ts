/** Where the database and the keys lie: flag, then environment, then the XDG folders. */
import { isAbsolute, join, resolve } from 'node:path';
import { ProblemError } from '../model/problem.js';
import type { Io } from './io.js';

export interface UserPath {
  /** Absolute. */
  readonly path: string;
  /** True when the user named it: then it may lie inside a work tree. */
  readonly explicit: boolean;
}

function homeOf(env: Io['env']): string {
  const home = env['HOME'];
  if (home !== undefined && isAbsolute(home)) return home;
  throw new ProblemError({
    code: 'usage',
    message: 'HOME is not set, so the places of the database and the key are unknown.',
    hint: 'Set HOME, or name both: --db and --key-file.',
  });
}

/** The XDG rule: a relative path is invalid and is ignored. */
function xdgFolder(env: Io['env'], variable: string, fallback: string): string {
  const folder = env[variable];
  return folder !== undefined && isAbsolute(folder) ? folder : join(homeOf(env), fallback);
}

function named(io: Io, flag: string | undefined, variable: string): UserPath | undefined {
  const given = flag ?? io.env[variable];
  if (given === undefined || given === '') return undefined;
  return { path: resolve(io.cwd, given), explicit: true };
}

/** `--db`, `SPRAWL_DB`, else `$XDG_DATA_HOME/sprawl/sprawl.db`. */
export function databasePath(io: Io, flag: string | undefined): UserPath {
  const path = named(io, flag, 'SPRAWL_DB');
  if (path !== undefined) return path;
  const folder = xdgFolder(io.env, 'XDG_DATA_HOME', '.local/share');
  return { path: join(folder, 'sprawl', 'sprawl.db'), explicit: false };
}

/** `--key-file` or `SPRAWL_KEY_FILE`; undefined when the key is looked for in {@link keyFolder}. */
export function keyFilePath(io: Io, flag: string | undefined): UserPath | undefined {
  return named(io, flag, 'SPRAWL_KEY_FILE');
}

export function keyFolder(io: Io): string {
  return join(xdgFolder(io.env, 'XDG_CONFIG_HOME', '.config'), 'sprawl', 'keys');
}

/** Where cloned URLs are mirrored: `$XDG_CACHE_HOME/sprawl/mirrors`. Holds what the remotes hold. */
export function mirrorFolder(io: Io): string {
  return join(xdgFolder(io.env, 'XDG_CACHE_HOME', '.cache'), 'sprawl', 'mirrors');
}
