/**
 * Digest input of a store's state: packs, loose objects, refs, reflogs, HEADs. Equal bytes mean that
 * nothing can have changed, so an unchanged store costs a few milliseconds and no git process.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GitStoreLocation } from './discover.js';
import { alternateDirs } from './pack-files.js';
import { latin1Path, walkFiles } from './refs.js';

/**
 * File systems stamp with a clock that ticks every 1 to 10 ms: a folder that changed within this time may change
 * again and look the same.
 */
const tickMs = 25;
/** Looks at a store that somebody is writing to; then its state is that of a moment, as of any other store. */
const maxLooks = 4;

/**
 * SHA-256 over everything that decides what the store holds; undefined when a part cannot be listed. Packs go in
 * by name (a hash of their content), loose objects by the times at which their folders changed (listing 256
 * folders was half of what an unchanged store cost), refs by content, reflogs by size and time (they only grow).
 */
export async function storeState(
  location: GitStoreLocation,
  options: { readonly alternates: boolean },
): Promise<Uint8Array | undefined> {
  for (let look = 1; ; look++) {
    const { state, newest } = stateNow(location, options);
    const age = Date.now() - newest;
    if (state === undefined || look === maxLooks || age < 0 || age > tickMs) return state;
    await sleep(tickMs);
  }
}

/** `newest`: when the folder of loose objects that changed last did so, in milliseconds since 1970. */
function stateNow(
  location: GitStoreLocation,
  options: { readonly alternates: boolean },
): { readonly state: Uint8Array | undefined; readonly newest: number } {
  const hash = createHash('sha256');
  const objects = join(location.commonDir, 'objects');
  hash.update(`sprawl git state 2\0${location.objectFormat}\0${options.alternates}\0`);
  let newest = 0;
  try {
    newest = addObjects(objects, hash);
    if (options.alternates)
      for (const dir of alternateDirs(objects)) newest = Math.max(newest, addObjects(dir, hash));
    for (const name of [
      'HEAD',
      'packed-refs',
      'shallow',
      'objects/info/alternates',
      'ORIG_HEAD',
      'FETCH_HEAD',
    ]) {
      addContent(location.commonDir, name, hash);
    }
    if (location.linkedWorkTree) addContent(location.gitDir, 'HEAD', hash);
    for (const file of walkFiles(location.commonDir, 'refs')) addContent(location.commonDir, file, hash);
    for (const file of walkFiles(location.commonDir, 'worktrees')) {
      if (/\/(?:HEAD|refs\/.*|index)$/.test(file)) addStat(location.commonDir, file, hash);
    }
    for (const folder of ['logs', 'reftable']) {
      for (const file of walkFiles(location.commonDir, folder)) addStat(location.commonDir, file, hash);
    }
    addStat(location.gitDir, 'index', hash);
  } catch {
    return { state: undefined, newest };
  }
  return { state: hash.digest(), newest };
}

type Hash = ReturnType<typeof createHash>;

/** Gives when a folder of loose objects changed last. */
function addObjects(objects: string, hash: Hash): number {
  let newest = 0;
  for (const name of readdirSync(objects).sort()) {
    if (name === 'pack') {
      for (const file of readdirSync(join(objects, name)).sort()) {
        if (/\.(?:pack|idx)$/.test(file)) addStat(join(objects, name), file, hash, false);
      }
    } else if (/^[0-9a-f]{2}$/.test(name)) {
      newest = Math.max(newest, addFolder(join(objects, name), name, hash));
    }
  }
  return newest;
}

/** Nobody can set the time of change back. Where it has whole seconds only, the names say more. */
function addFolder(path: string, name: string, hash: Hash): number {
  const { ctimeMs } = statSync(path);
  const names = ctimeMs % 1000 === 0 ? readdirSync(path).sort().join(',') : '';
  hash.update(`${name}:${ctimeMs}:${names}\0`);
  return ctimeMs;
}

function addContent(dir: string, file: string, hash: Hash): void {
  hash.update(`${file}=`);
  try {
    hash.update(readFileSync(latin1Path(dir, file)));
  } catch {
    hash.update('-');
  }
  hash.update('\0');
}

/** Size and time; the time is left out where a file never changes in place, so that a copy stays equal. */
function addStat(dir: string, file: string, hash: Hash, withTime = true): void {
  const stat = statSync(latin1Path(dir, file), { throwIfNoEntry: false });
  hash.update(`${file}:${stat?.size ?? '-'}:${withTime ? (stat?.mtimeMs ?? '-') : ''}\0`);
}
