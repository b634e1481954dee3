/**
 * Digest input of a store's state: packs, loose objects, refs, reflogs, HEADs. Equal bytes mean that
 * nothing can have changed, so an unchanged store costs a few milliseconds and no git process.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { GitStoreLocation } from './discover.js';
import { alternateDirs } from './pack-files.js';
import { latin1Path, walkFiles } from './refs.js';

/**
 * SHA-256 over everything that decides what the store holds; undefined when a part cannot be listed.
 * Packs and objects go in by name (their names are hashes of their content), refs by content, reflogs by
 * size and time (they only grow).
 */
export function storeState(
  location: GitStoreLocation,
  options: { readonly alternates: boolean },
): Uint8Array | undefined {
  const hash = createHash('sha256');
  const objects = join(location.commonDir, 'objects');
  hash.update(`sprawl git state 1\0${location.objectFormat}\0${options.alternates}\0`);
  try {
    addObjects(objects, hash);
    if (options.alternates) for (const dir of alternateDirs(objects)) addObjects(dir, hash);
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
    return undefined;
  }
  return hash.digest();
}

type Hash = ReturnType<typeof createHash>;

function addObjects(objects: string, hash: Hash): void {
  for (const name of readdirSync(objects).sort()) {
    if (name === 'pack') {
      for (const file of readdirSync(join(objects, name)).sort()) {
        if (/\.(?:pack|idx)$/.test(file)) addStat(join(objects, name), file, hash, false);
      }
    } else if (/^[0-9a-f]{2}$/.test(name)) {
      hash.update(`${name}:${readdirSync(join(objects, name)).sort().join(',')}\0`);
    }
  }
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
