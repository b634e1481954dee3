/**
 * Compares the index with a commit's tree without git, for the hook: starting `git diff-index` costs more than
 * all the rest of a small commit. Trees that the index knows to be the commit's own are not even read.
 *
 * The answer is that of `git diff-index --cached --no-renames`, which is asked where this gives up: undefined.
 */

import type { IndexEntry } from './index-entries.js';
import type { CachedTree, IndexView } from './index-view.js';

/** Content of a tree object by its hex id; undefined when it cannot be had. */
export type ReadTree = (oid: string) => Buffer | undefined;

export interface StagedChanges {
  /** Blobs that the index adds or changes; every stage of a conflict. */
  readonly entries: readonly IndexEntry[];
  /** Blobs that they replace, and those that are deleted, at the paths where they stood. */
  readonly replaced: readonly IndexEntry[];
  /** Changed entries that name a commit of another store. */
  readonly submodules: number;
}

interface TreeEntry {
  readonly mode: number;
  /** Bytes as Latin-1; a folder's ends with `/`, by which git sorts it. */
  readonly key: string;
  readonly oid: string;
}

/** What stands next in a folder of the index: a file, or a folder with all its entries. */
interface Item {
  readonly key: string;
  /** Entry behind it. */
  readonly end: number;
  readonly cached: CachedTree | undefined;
}

const folderMode = 0o040000;
const gitlinkMode = 0o160000;
const typeBits = 0o170000;
const regularMode = 0o100000;
/** With more trees to read git is faster; it is the rare commit, or an index without its cache. */
const maxTrees = 400;

class GiveUp extends Error {}

/** @param tree hex id of the commit's tree; undefined for none, i.e. the first commit */
export function stagedChanges(
  index: IndexView,
  tree: string | undefined,
  oidBytes: number,
  readTree: ReadTree,
): StagedChanges | undefined {
  const comparison = new Comparison(index, oidBytes, readTree);
  try {
    comparison.compare(tree, index.cachedTree, '', 0, index.count);
  } catch (error) {
    if (error instanceof GiveUp) return undefined;
    throw error;
  }
  return comparison;
}

class Comparison implements StagedChanges {
  readonly entries: IndexEntry[] = [];
  readonly replaced: IndexEntry[] = [];
  submodules = 0;
  readonly #index: IndexView;
  readonly #oidBytes: number;
  readonly #readTree: ReadTree;
  #treesRead = 0;

  constructor(index: IndexView, oidBytes: number, readTree: ReadTree) {
    this.#index = index;
    this.#oidBytes = oidBytes;
    this.#readTree = readTree;
  }

  /** Compares a tree with the entries `[from, to)`, whose paths begin with `prefix`. */
  compare(
    tree: string | undefined,
    cached: CachedTree | undefined,
    prefix: string,
    from: number,
    to: number,
  ): void {
    if (tree !== undefined && cached?.oid === tree) return;
    const theirs = tree === undefined ? [] : this.#entriesOf(tree);
    let at = from;
    let next = 0;
    while (at < to || next < theirs.length) {
      const item = at < to ? this.#itemAt(at, to, prefix, cached) : undefined;
      const entry = theirs[next];
      if (entry === undefined || (item !== undefined && item.key < entry.key)) {
        for (const end = item?.end ?? to; at < end; at++) this.#add(at);
      } else if (item === undefined || entry.key < item.key) {
        this.#remove(entry, prefix);
        next++;
      } else {
        this.#both(entry, item, prefix, at);
        at = item.end;
        next++;
      }
    }
  }

  /** What stands under one name in the tree and, from entry `at` on, in the index. */
  #both(entry: TreeEntry, { key, end, cached }: Item, prefix: string, at: number): void {
    if (entry.mode === folderMode) this.compare(entry.oid, cached, prefix + key, at, end);
    else this.#change(entry, prefix, at, end);
  }

  #itemAt(at: number, to: number, prefix: string, cached: CachedTree | undefined): Item {
    const path = this.#index.path(at);
    const slash = path.indexOf('/', prefix.length);
    if (slash < 0) {
      let end = at + 1;
      // The stages of a conflict.
      while (end < to && this.#index.stage(at) > 0 && this.#index.path(end) === path) end++;
      return { key: path.slice(prefix.length), end, cached: undefined };
    }
    const key = path.slice(prefix.length, slash + 1);
    const folder = cached?.folders.get(key.slice(0, -1));
    return { key, end: this.#endOf(prefix + key, at, to, folder), cached: folder };
  }

  /** The entry behind all whose paths begin so. */
  #endOf(prefix: string, at: number, to: number, cached: CachedTree | undefined): number {
    const isBelow = (entry: number): boolean => this.#index.path(entry).startsWith(prefix);
    if (cached !== undefined && cached.entryCount > 0) {
      const end = at + cached.entryCount;
      if (end > to || !isBelow(end - 1) || (end < to && isBelow(end))) throw new GiveUp();
      return end;
    }
    let low = at + 1;
    let high = to;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isBelow(middle)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #add(at: number): void {
    if (this.#index.mode(at) === gitlinkMode) this.submodules++;
    else this.entries.push({ oid: this.#index.oid(at), path: Buffer.from(this.#index.path(at), 'latin1') });
  }

  /** A file of the tree and the entries `[from, to)` of its path, more than one during a conflict. */
  #change(entry: TreeEntry, prefix: string, from: number, to: number): void {
    const isOpen = this.#index.stage(from) > 0;
    if (!isOpen && this.#index.mode(from) === entry.mode && this.#index.oid(from) === entry.oid) return;
    for (let at = from; at < to; at++) this.#add(at);
    if (!isOpen) this.#remove(entry, prefix);
  }

  #remove({ mode, key, oid }: TreeEntry, prefix: string): void {
    const path = prefix + key;
    if (mode === folderMode) for (const inner of this.#entriesOf(oid)) this.#remove(inner, path);
    else if (mode !== gitlinkMode) this.replaced.push({ oid, path: Buffer.from(path, 'latin1') });
  }

  #entriesOf(tree: string): readonly TreeEntry[] {
    const bytes = this.#treesRead++ < maxTrees ? this.#readTree(tree) : undefined;
    const entries = bytes && parseTree(bytes, this.#oidBytes);
    if (entries === undefined) throw new GiveUp();
    return entries;
  }
}

/** Mode in octal, space, name, NUL, id; undefined when that is not what it is. */
function parseTree(bytes: Buffer, oidBytes: number): readonly TreeEntry[] | undefined {
  const entries: TreeEntry[] = [];
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const nul = bytes.indexOf(0, space + 1);
    const end = nul + 1 + oidBytes;
    if (space < 0 || nul < 0 || end > bytes.length) return undefined;
    const mode = canonical(Number.parseInt(bytes.toString('latin1', at, space), 8));
    const name = bytes.toString('latin1', space + 1, nul);
    const key = mode === folderMode ? `${name}/` : name;
    entries.push({ mode, key, oid: bytes.toString('hex', nul + 1, end) });
    at = end;
  }
  return entries;
}

/** Old trees hold group permissions, which the index never does. */
function canonical(mode: number): number {
  if ((mode & typeBits) !== regularMode) return mode;
  return (mode & 0o100) === 0 ? 0o100644 : 0o100755;
}
