/**
 * Tells what of git a file or an entry of an archive is, by its first bytes: a bundle, a pack, or a piece of the
 * object storage of a repository. All of it is compressed, so that as plain documents nothing would be found in it.
 */
import { constants, inflateSync } from 'node:zlib';

/** As many first bytes as {@link gitContainerOf} looks at. */
export const gitSignBytes = 16;

const bundleHead = /^# v[23] git bundle\n/;

/** A file that holds objects of git by itself; undefined for all others. */
export function gitContainerOf(head: Buffer): 'bundle' | 'pack' | undefined {
  // So that most documents cost one comparison.
  if (head[0] === 0x23)
    return bundleHead.test(head.toString('latin1', 0, gitSignBytes)) ? 'bundle' : undefined;
  return head[0] === 0x50 && isPack(head) ? 'pack' : undefined;
}

function isPack(head: Buffer): boolean {
  return head.toString('latin1', 0, 7) === 'PACK\0\0\0' && (head[7] === 2 || head[7] === 3);
}

const storedObject =
  /^(?:(.*)\/)?objects\/(?:pack\/[^/]+\.[a-z]+|pack\/multi-pack-index|info\/commit-graph|([0-9a-f]{2}\/(?:[0-9a-f]{38}|[0-9a-f]{62})))$/;

/** First bytes of packs, their indexes and what git keeps to find things faster. */
const storageMagic: readonly string[] = ['PACK', '\xfftOc', 'RIDX', 'BITM', 'MTME', 'MIDX', 'CGPH'];

/**
 * Folder of the repository (empty: the archive's root) when an entry of an archive is a part of its object storage.
 * The name only says where; what it is the bytes say.
 */
export function storeFolderOf(name: string, head: Buffer): string | undefined {
  if (!name.includes('objects/')) return undefined;
  const match = storedObject.exec(tidyName(name));
  if (match === null) return undefined;
  const isStored = match[2] === undefined ? hasStorageMagic(head) : isLooseObject(head);
  return isStored ? (match[1] ?? '') : undefined;
}

/** The same for a name that leads to another repository's object: clones on one disk share their files. */
export function linkedStoreFolder(name: string, target: string): string | undefined {
  const match = storedObject.exec(tidyName(name));
  return match !== null && storedObject.test(tidyName(target)) ? (match[1] ?? '') : undefined;
}

/** tar made of `.` begins its names with `./`. */
export function tidyName(name: string): string {
  return name.replace(/^(?:\.\/)+/, '');
}

function hasStorageMagic(head: Buffer): boolean {
  const magic = head.toString('latin1', 0, 4);
  return storageMagic.includes(magic);
}

function isLooseObject(head: Buffer): boolean {
  if (((head[0] ?? 0) & 0x0f) !== 8 || head.length < 2 || head.readUInt16BE(0) % 31 !== 0) return false;
  try {
    const begin = inflateSync(head, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 1024 * 1024 });
    return /^(?:blob|tree|commit|tag) \d+\0/.test(begin.toString('latin1', 0, 40));
  } catch {
    return false;
  }
}
