/**
 * Lists folders, once for all that walk them while a target is opened: who looks for repositories in a folder lists
 * what the walk for its files would list again.
 */
import { type Dirent, readdirSync } from 'node:fs';
import { type LatinPath, systemPath } from './latin-path.js';

/** Entries of a folder in the order of their bytes; names as {@link LatinPath}. */
export type FolderList = readonly Dirent[];

/** Entries that are kept for who comes next; a larger tree is listed again. */
const maxKept = 300_000;
/** What was seen longer ago is looked at again: a root's turn may come late in a long scan. */
const freshMs = 30_000;

interface Kept {
  readonly list: FolderList;
  readonly atMs: number;
}

export class FolderLists {
  readonly #kept = new Map<LatinPath, Kept>();
  #entries = 0;

  /** The folder's entries, kept for {@link take}. Throws what the file system says. */
  look(folder: LatinPath): FolderList {
    const list = listFolder(folder);
    this.#drop(folder);
    if (this.#entries + list.length <= maxKept) {
      this.#kept.set(folder, { list, atMs: performance.now() });
      this.#entries += list.length;
    }
    return list;
  }

  /** What a look saw lately, once; undefined when none was kept. */
  take(folder: LatinPath): FolderList | undefined {
    const kept = this.#drop(folder);
    return kept === undefined || performance.now() - kept.atMs > freshMs ? undefined : kept.list;
  }

  #drop(folder: LatinPath): Kept | undefined {
    const kept = this.#kept.get(folder);
    if (kept !== undefined && this.#kept.delete(folder)) this.#entries -= kept.list.length;
    return kept;
  }
}

/** @param folder absolute path */
export function listFolder(folder: LatinPath): FolderList {
  return read(folder).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function read(folder: LatinPath): Dirent[] {
  const path = systemPath(folder);
  try {
    return readdirSync(path, { encoding: 'latin1', withFileTypes: true });
  } catch (error) {
    // Where a file system does not tell types Node asks for each, by names that it takes for UTF-8.
    if (isOfFolder(error, folder)) throw error;
    const named = readdirSync(path, { encoding: 'buffer', withFileTypes: true });
    return named.map(
      (entry) => Object.assign(entry, { name: entry.name.toString('latin1') }) as unknown as Dirent,
    );
  }
}

/** False when it was an entry that could not be asked. */
function isOfFolder(error: unknown, folder: LatinPath): boolean {
  const { syscall, path } = error as NodeJS.ErrnoException;
  return syscall === 'scandir' && (path === undefined || String(path) === folder || typeof path !== 'string');
}
