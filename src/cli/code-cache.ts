/**
 * Loads a CommonJS bundle of ours with V8's code cache, so that a start need not compile it again: of the
 * hook's time that was 15 ms of CPU. `module.enableCompileCache` does the same from Node 22 on, not on 20.
 *
 * What a cache holds is run, so it is kept and believed only where nobody else can write: a file of this user's
 * in a folder of this user's, neither writable by others. V8 refuses a cache of another version of itself; the
 * bundle's own id stands before it, since V8 compares no more of the source than its length, and a digest of the cache,
 * since V8 ends the process over one that was damaged on the disk.
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
import { crc32 } from 'node:zlib';
import { makeFolders } from './make-folders.js';

export interface Bundle {
  /** Absolute path of the bundle, all ASCII. */
  readonly file: string;
  /** Of its content; another one makes the cache void. */
  readonly id: string;
  /** What it is loaded for: a cache holds what one use of the bundle runs, and a start reads all of it. */
  readonly use: string;
  /**
   * True when what a longer run has compiled replaces what a shorter one left: the first scan may be of one small file.
   * Not for the hook, which stays as quick as it was.
   */
  readonly grows?: boolean;
}

export interface CachedBundle {
  readonly exports: unknown;
  /** Writes the cache when there is none that fits; to be called when the work is done. */
  save(): void;
}

type Env = Readonly<Record<string, string | undefined>>;

/** Known by its name, since this module is part of several bundles of one thread. */
const allowed = Symbol.for('sprawl.keepsCode');

/** Lets bundles that are loaded later in this thread keep what V8 compiled: said by who was started for the command line. */
export function allowCodeCache(): void {
  Object.defineProperty(globalThis, allowed, { value: true, configurable: true });
}

/** Where such bundles look for the user's cache folder. */
export function codeCacheEnv(): Env {
  return Object.hasOwn(globalThis, allowed) ? process.env : {};
}

/** @param env where the user keeps caches; without a place the bundle is compiled each time */
export function loadBundle({ file, id, use, grows }: Bundle, env: Env): CachedBundle {
  const path = cacheFile(use, id, env);
  const kept = path === undefined ? undefined : readCache(path, id);
  const cached = kept?.code;
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
      const ms = Math.round(performance.now());
      const isGood = kept !== undefined && script.cachedDataRejected !== true;
      if (path === undefined || (isGood && (grows !== true || ms < kept.ms * longer))) return;
      const code = script.createCachedData();
      writeCache(path, Buffer.concat([Buffer.from(`${id} ${ms} ${digestOf(code)}\n`, 'latin1'), code]));
    },
  };
}

/**
 * A few files for a use and a version of Node, chosen by the bundle: checkouts with versions of their own, which take turns, mostly
 * leave each other's alone, and files do not grow in number with the versions of sprawl.
 */
function cacheFile(use: string, id: string, env: Env): string | undefined {
  const home = env['HOME'] ?? '';
  const named = env['XDG_CACHE_HOME'];
  const base = named !== undefined && isAbsolute(named) ? named : join(home, '.cache');
  if (!isAbsolute(base) || process.getuid === undefined) return undefined;
  const slot = Number.parseInt(id.slice(0, 1), 16) & 7;
  return join(base, 'sprawl', 'code', `${use}-${process.version}-${process.arch}-${slot}`);
}

/** Ours, and not for others to write. */
function isPrivate(stat: Stats): boolean {
  return stat.uid === process.getuid?.() && (stat.mode & 0o022) === 0;
}

/** A run that took so many times as long as the one that left the cache leaves a better one. */
const longer = 3;
/** Bytes in which the line before the code ends. */
const mostHead = 96;

interface KeptCode {
  readonly code: Buffer;
  /** How long the thread had run that left it. */
  readonly ms: number;
}

/** Against damage only: who could change the file could change this as well. node:crypto takes longer to load than to use. */
function digestOf(code: Buffer): string {
  return crc32(code).toString(16);
}

function readCache(path: string, id: string): KeptCode | undefined {
  let fd: number | undefined;
  try {
    const folder = lstatSync(dirname(path));
    if (!folder.isDirectory() || !isPrivate(folder)) return undefined;
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    const stat = fstatSync(fd);
    if (!stat.isFile() || !isPrivate(stat)) return undefined;
    const bytes = readFileSync(fd);
    const end = bytes.indexOf('\n');
    const [bundle, ms, digest] = bytes.toString('latin1', 0, Math.min(end, mostHead)).split(' ');
    const code = bytes.subarray(end + 1);
    return bundle === id && digest === digestOf(code) ? { code, ms: Number(ms) } : undefined;
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** Whole or not at all; a cache that cannot be written is done without. */
function writeCache(path: string, bytes: Buffer): void {
  // Threads of one process may write the same one.
  const temporary = `${path}.${process.pid}.${process.hrtime.bigint()}`;
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
