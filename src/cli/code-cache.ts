/**
 * Loads a CommonJS bundle of ours with V8's code cache, so that a start need not compile it again: of the
 * hook's time that was 15 ms of CPU. `module.enableCompileCache` does the same from Node 22 on, not on 20.
 *
 * What a cache holds is run, so it is kept and believed only where nobody else can write: a file of this user's
 * in a folder of this user's, neither writable by others. V8 refuses a cache of another version of itself; the
 * bundle's own id stands before it, since V8 compares no more of the source than its length.
 */
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs';
import { createRequire, Module } from 'node:module';
import { dirname, isAbsolute, join } from 'node:path';
import { Script, constants as vmConstants } from 'node:vm';
import { makeFolders } from './make-folders.js';

export interface Bundle {
  /** Absolute path of the bundle, all ASCII. */
  readonly file: string;
  /** Of its content; another one makes the cache void. */
  readonly id: string;
  /** What it is loaded for: a cache holds what one use of the bundle runs, and a start reads all of it. */
  readonly use: string;
}

export interface CachedBundle {
  readonly exports: unknown;
  /** Writes the cache when there is none that fits; to be called when the work is done. */
  save(): void;
}

type Env = Readonly<Record<string, string | undefined>>;

/** @param env where the user keeps caches; without a place the bundle is compiled each time */
export function loadBundle({ file, id, use }: Bundle, env: Env): CachedBundle {
  const path = cacheFile(use, env);
  const head = Buffer.from(`${id}\n`, 'latin1');
  const cached = path === undefined ? undefined : readCache(path, head);
  const script = new Script(Module.wrap(readFileSync(file, 'latin1')), {
    filename: file,
    importModuleDynamically: vmConstants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    ...(cached === undefined ? {} : { cachedData: cached }),
  });
  const loaded = { exports: {} as unknown };
  script.runInThisContext()(loaded.exports, createRequire(file), loaded, file, dirname(file));
  return {
    exports: loaded.exports,
    save: () => {
      if (path === undefined || (cached !== undefined && script.cachedDataRejected !== true)) return;
      writeCache(path, Buffer.concat([head, script.createCachedData()]));
    },
  };
}

/** One file for a use and a version of Node, so that they do not grow in number with the versions of sprawl. */
function cacheFile(use: string, env: Env): string | undefined {
  const home = env['HOME'] ?? '';
  const named = env['XDG_CACHE_HOME'];
  const base = named !== undefined && isAbsolute(named) ? named : join(home, '.cache');
  if (!isAbsolute(base) || process.getuid === undefined) return undefined;
  return join(base, 'sprawl', 'code', `${use}-${process.version}-${process.arch}`);
}

/** Ours, and not for others to write. */
function isPrivate(stat: Stats): boolean {
  return stat.uid === process.getuid?.() && (stat.mode & 0o022) === 0;
}

function readCache(path: string, head: Buffer): Buffer | undefined {
  let fd: number | undefined;
  try {
    const folder = lstatSync(dirname(path));
    if (!folder.isDirectory() || !isPrivate(folder)) return undefined;
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    const stat = fstatSync(fd);
    if (!stat.isFile() || !isPrivate(stat)) return undefined;
    const bytes = readFileSync(fd);
    return bytes.subarray(0, head.length).equals(head) ? bytes.subarray(head.length) : undefined;
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** Whole or not at all; a cache that cannot be written is done without. */
function writeCache(path: string, bytes: Buffer): void {
  const temporary = `${path}.${process.pid}`;
  try {
    makeFolders(dirname(path), 0o700);
    if (!isPrivate(lstatSync(dirname(path)))) return;
    writeFileSync(temporary, bytes, { flag: 'wx', mode: 0o600 });
    renameSync(temporary, path);
  } catch {
    removeQuietly(temporary);
  }
}

/** Even `force` throws for a file in a folder that is closed to us. */
function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Then there is nothing of ours either.
  }
}
