/** What lies beside a file of an export: in a folder, in an archive, or nowhere. */
import { closeSync, constants, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { joinPath } from '../files/path-bytes.js';
import type { ExportTree } from './contract.js';

/** Entries of a folder that are listed; an export of a million files has them in many folders. */
const maxListed = 200_000;

/** Milliseconds that a list of a folder holds: a thousand files of one folder ask for it one after the other. */
const listedMs = 3000;
const maxLists = 64;

/** Remembers what readers compute once for a tree. */
export abstract class MemoTree implements ExportTree {
  readonly #memos = new Map<string, Promise<unknown>>();

  abstract list(folder: string): Promise<readonly string[]>;
  abstract read(name: string, maxBytes: number): Promise<Buffer | undefined>;

  memo<T>(key: string, make: () => Promise<T>): Promise<T> {
    const known = this.#memos.get(key) as Promise<T> | undefined;
    if (known !== undefined) return known;
    const made = make();
    this.#memos.set(key, made);
    return made;
  }
}

/** A file alone. */
export class NoTree extends MemoTree {
  async list(): Promise<readonly string[]> {
    return [];
  }

  async read(): Promise<Buffer | undefined> {
    return undefined;
  }
}

/** A folder on disk. Links are not followed, and nothing above it can be named. */
export class FolderTree extends MemoTree {
  readonly #root: Buffer;
  readonly #lists = new Map<string, { readonly names: readonly string[]; readonly at: number }>();

  /** @param root absolute path as bytes */
  constructor(root: Buffer) {
    super();
    this.#root = root;
  }

  async list(folder: string): Promise<readonly string[]> {
    if (!isInside(folder)) return [];
    const known = this.#lists.get(folder);
    if (known !== undefined && performance.now() - known.at < listedMs) return known.names;
    if (this.#lists.size >= maxLists) this.#lists.clear();
    const names = this.#list(folder);
    this.#lists.set(folder, { names, at: performance.now() });
    return names;
  }

  #list(folder: string): readonly string[] {
    try {
      const path = folder === '' ? this.#root : joinPath(this.#root, Buffer.from(folder));
      const prefix = folder === '' ? '' : `${folder}/`;
      return readdirSync(path)
        .slice(0, maxListed)
        .map((name) => prefix + name);
    } catch {
      return [];
    }
  }

  async read(name: string, maxBytes: number): Promise<Buffer | undefined> {
    if (name === '' || !isInside(name)) return undefined;
    let fd: number;
    try {
      const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
      fd = openSync(joinPath(this.#root, Buffer.from(name)), flags);
    } catch {
      return undefined;
    }
    try {
      const stats = fstatSync(fd);
      if (!stats.isFile() || stats.size > maxBytes) return undefined;
      const bytes = Buffer.allocUnsafe(stats.size);
      let filled = 0;
      while (filled < bytes.length) {
        const count = readSync(fd, bytes, filled, bytes.length - filled, filled);
        if (count === 0) break;
        filled += count;
      }
      return bytes.subarray(0, filled);
    } catch {
      return undefined;
    } finally {
      closeSync(fd);
    }
  }
}

function isInside(name: string): boolean {
  return !name.startsWith('/') && !name.split('/').includes('..');
}
