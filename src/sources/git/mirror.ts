/**
 * Mirrors a URL that the user typed into a cache folder: a clone the first time, a fetch afterwards.
 *
 * Here the user's own git config, credential helpers and ssh apply, unlike in all reading. Credentials in
 * the URL are cut off before anything else happens and reach git only as a header in its environment
 * (`GIT_CONFIG_COUNT`, git 2.31 or newer), so that neither argv, the mirror's config nor an error has them.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { SimpleGit, SimpleGitOptions } from 'simple-git';
import { InputProblemError } from '../../model/problem.js';
import { normaliseRemoteUrl, type SplitUrl, splitCredentials } from './origin.js';

export interface Mirror {
  /** Absolute path of the bare mirror. */
  readonly path: string;
  /** Name of the place: host and path, without credentials. */
  readonly place: string;
}

const scpLike = /^(?:[^/@:\s]+@)?(?:\[[^\]]+\]|[^/:@\s]{2,}):(?!\/\/|:)[^\s]+$/;

/** Whether a target is a URL to fetch: `https://`, `ssh://`, `file://`, or `user@host:path` that is no local path. */
export function isGitUrl(target: string): boolean {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(target)) return true;
  return scpLike.test(target) && !existsSync(target);
}

/** Folder of the cache where the caller names none. */
export function defaultMirrorFolder(): string {
  const cache = process.env['XDG_CACHE_HOME'];
  return join(cache?.startsWith('/') === true ? cache : join(homedir(), '.cache'), 'sprawl', 'mirrors');
}

/** Clones or updates the mirror of `target` below `cacheDir` and gives where it lies. */
export async function mirrorUrl(target: string, cacheDir?: string): Promise<Mirror> {
  const split = splitCredentials(target);
  const place = placeNameOf(split.url);
  const protocol = protocolOf(split.url);
  if (place === undefined || protocol === undefined) {
    throw cloneFailed(place ?? 'url', 'only https, ssh and file URLs are fetched');
  }
  const folder = cacheDir ?? defaultMirrorFolder();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const name = createHash('sha256').update(`${protocol}\0${place}`).digest('hex').slice(0, 32);
  const path = join(folder, `${name}.git`);
  try {
    if (statSync(join(path, 'HEAD'), { throwIfNoEntry: false }) === undefined) {
      await clone(split, protocol, folder, path);
    } else {
      await (await gitFor(split, protocol, path)).git.raw([
        'fetch',
        '--prune',
        '--no-recurse-submodules',
        '--quiet',
        'origin',
      ]);
    }
  } catch (cause) {
    // The message of simple-git quotes git's stderr; only its class is kept.
    throw cloneFailed(place, classOf(cause));
  }
  return { path, place };
}

/** Clones beside the final place and renames, so that a killed clone is never taken for a mirror. */
async function clone(split: SplitUrl, protocol: string, folder: string, path: string): Promise<void> {
  const draft = mkdtempSync(join(folder, 'clone-'));
  try {
    await (await gitFor(split, protocol, folder)).git.raw([
      'clone',
      '--mirror',
      '--quiet',
      '--',
      split.url,
      join(draft, 'mirror'),
    ]);
    if (existsSync(path)) rmSync(path, { recursive: true, force: true });
    renameSync(join(draft, 'mirror'), path);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** The user's own variables that simple-git strips unless they are named, each with what unlocks it. */
const userVariables: Readonly<Record<string, keyof NonNullable<SimpleGitOptions['unsafe']> | undefined>> = {
  GIT_SSH: 'allowUnsafeSshCommand',
  GIT_SSH_COMMAND: 'allowUnsafeSshCommand',
  GIT_SSH_VARIANT: undefined,
  GIT_ASKPASS: 'allowUnsafeAskPass',
  SSH_ASKPASS: 'allowUnsafeAskPass',
  GIT_SSL_CAINFO: undefined,
  GIT_SSL_CAPATH: undefined,
  GIT_SSL_CERT: undefined,
  GIT_SSL_KEY: undefined,
  GIT_SSL_NO_VERIFY: undefined,
  GIT_CONFIG_GLOBAL: 'allowUnsafeConfigPaths',
  GIT_CONFIG_SYSTEM: 'allowUnsafeConfigPaths',
  GIT_CONFIG_NOSYSTEM: 'allowUnsafeConfigPaths',
};

async function gitFor(
  split: SplitUrl,
  protocol: string,
  baseDir: string,
): Promise<{ readonly git: SimpleGit }> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    const isOthers =
      name.startsWith('GIT_') || name === 'SSH_ASKPASS' || /^(?:EDITOR|PAGER|VISUAL|PREFIX)$/.test(name);
    if (value !== undefined && !isOthers) env[name] = value;
  }
  const unsafe: Record<string, boolean> = { allowUnsafeProtocolOverride: true };
  for (const [name, unlock] of Object.entries(userVariables)) {
    const value = process.env[name];
    if (value === undefined) continue;
    env[name] = value;
    if (unlock !== undefined) unsafe[unlock] = true;
  }
  // Redirects and submodule URLs may not lead to another protocol than the typed one.
  Object.assign(env, { GIT_ALLOW_PROTOCOL: protocol, GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' });
  const header = headerOf(split, protocol);
  if (header !== undefined) {
    unsafe['allowUnsafeConfigEnvCount'] = true;
    Object.assign(env, {
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: header.key,
      GIT_CONFIG_VALUE_0: header.value,
    });
  }
  const guarded = Object.keys(env).filter((name) => name.startsWith('GIT_') || name === 'SSH_ASKPASS');
  // Loaded for a URL only: it takes as long as a whole scan in which nothing is new.
  const { simpleGit } = await import('simple-git');
  // In an object, because the instance could itself be taken for a promise.
  return { git: simpleGit({ baseDir, allowEnvironment: guarded, unsafe }).env(env) };
}

/** Basic authentication for the typed host only. A lone user name is a token as often as a name. */
function headerOf(
  split: SplitUrl,
  protocol: string,
): { readonly key: string; readonly value: string } | undefined {
  if (protocol !== 'https' || split.user === undefined) return undefined;
  const host = /^https:\/\/[^/]+/i.exec(split.url)?.[0];
  const basic = Buffer.from(`${split.user}:${split.password ?? ''}`).toString('base64');
  return { key: `http.${host}/.extraHeader`, value: `Authorization: Basic ${basic}` };
}

function protocolOf(url: string): 'https' | 'ssh' | 'file' | undefined {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase();
  if (scheme === undefined) return scpLike.test(url) ? 'ssh' : undefined;
  return scheme === 'https' || scheme === 'ssh' || scheme === 'file' ? scheme : undefined;
}

function placeNameOf(url: string): string | undefined {
  const path = /^file:\/\/(?:localhost)?(\/.*)$/i.exec(url)?.[1];
  return path === undefined ? normaliseRemoteUrl(url) : `file:${path.replace(/\/+$/, '')}`;
}

const classes: readonly (readonly [RegExp, string])[] = [
  [/authentication failed|could not read username|403/i, 'authentication failed'],
  [/permission denied/i, 'permission denied'],
  [/could not resolve host|name or service not known/i, 'host not found'],
  [/not found|does not exist|does not appear to be a git repository/i, 'no such repository'],
  [/timed out|could not connect|connection refused/i, 'no connection'],
  [/ENOENT/, 'git could not be started'],
];

function classOf(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : '';
  return classes.find(([pattern]) => pattern.test(text))?.[1] ?? 'git could not fetch it';
}

function cloneFailed(where: string, detail: string): InputProblemError {
  return new InputProblemError({ code: 'clone-failed', where, detail });
}
