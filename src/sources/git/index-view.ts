/**
 * A view of git's index file (gitformat-index(5), versions 2 and 3) in which nothing is decoded before it is
 * asked for: of 30,000 entries a commit changes ten. What needs more than the file itself (a split index, a
 * sparse one, version 4) and what is not as it should be is left to git: undefined.
 */
import type { ObjectFormat } from './object-id.js';
import { oidBytesOf } from './object-id.js';

/** What the index remembers of a folder's tree (the extension "TREE"). */
export interface CachedTree {
  /** Entries below the folder; -1 when something below was staged since. */
  readonly entryCount: number;
  /** Hex id of the tree; undefined with an `entryCount` of -1. */
  readonly oid: string | undefined;
  /** By name, its bytes as Latin-1. */
  readonly folders: ReadonlyMap<string, CachedTree>;
}

const headerBytes = 12;
/** Times, device, inode, mode, owner and size before the id; the mode is the seventh of these ten words. */
const statBytes = 40;
const modeAt = 24;
const extendedFlag = 0x4000;
const intentToAdd = 0x2000;
const longName = 0xfff;
const folderMode = 0o040000;

export class IndexView {
  readonly count: number;
  readonly #bytes: Buffer;
  readonly #starts: Uint32Array;
  readonly #oidBytes: number;
  /** The root folder's; undefined when the index has none. */
  readonly cachedTree: CachedTree | undefined;

  private constructor(bytes: Buffer, starts: Uint32Array, oidBytes: number, tree: CachedTree | undefined) {
    this.#bytes = bytes;
    this.#starts = starts;
    this.#oidBytes = oidBytes;
    this.count = starts.length;
    this.cachedTree = tree;
  }

  static open(bytes: Buffer, format: ObjectFormat): IndexView | undefined {
    const oidBytes = oidBytesOf(format);
    const end = bytes.length - oidBytes;
    if (end < headerBytes || bytes.toString('latin1', 0, 4) !== 'DIRC') return undefined;
    const version = bytes.readUInt32BE(4);
    const count = bytes.readUInt32BE(8);
    if (version < 2 || version > 3 || count * (statBytes + oidBytes) > end) return undefined;
    const starts = new Uint32Array(count);
    const behind = findStarts(bytes, end, oidBytes, starts);
    if (behind === undefined) return undefined;
    const extensions = readExtensions(bytes, behind, end, oidBytes);
    return extensions && new IndexView(bytes, starts, oidBytes, extensions.tree);
  }

  /** Type and permission bits, e.g. 0o100644. */
  mode(entry: number): number {
    return this.#bytes.readUInt32BE(this.#start(entry) + modeAt);
  }

  /** Lower-case hex. */
  oid(entry: number): string {
    const at = this.#start(entry) + statBytes;
    return this.#bytes.toString('hex', at, at + this.#oidBytes);
  }

  /** 0, or 1 to 3 while a conflict is open. */
  stage(entry: number): number {
    return (this.#flags(entry) >> 12) & 3;
  }

  /** The path's bytes as Latin-1, so that they sort as git sorts them. */
  path(entry: number): string {
    const flags = this.#flags(entry);
    const at = this.#start(entry) + statBytes + this.#oidBytes + ((flags & extendedFlag) === 0 ? 2 : 4);
    const length = flags & longName;
    return this.#bytes.toString('latin1', at, length < longName ? at + length : this.#bytes.indexOf(0, at));
  }

  #start(entry: number): number {
    const start = this.#starts[entry];
    if (start === undefined) throw new RangeError(`no entry ${entry}`);
    return start;
  }

  #flags(entry: number): number {
    return this.#bytes.readUInt16BE(this.#start(entry) + statBytes + this.#oidBytes);
  }
}

/** Fills in where each entry starts, and gives where the last one ends. */
function findStarts(bytes: Buffer, end: number, oidBytes: number, starts: Uint32Array): number | undefined {
  let at = headerBytes;
  for (let entry = 0; entry < starts.length; entry++) {
    const flagsAt = at + statBytes + oidBytes;
    if (flagsAt + 4 > end) return undefined;
    const flags = ((bytes[flagsAt] as number) << 8) | (bytes[flagsAt + 1] as number);
    const isExtended = (flags & extendedFlag) !== 0;
    if (isExtended && (bytes.readUInt16BE(flagsAt + 2) & intentToAdd) !== 0) return undefined;
    const mode = ((bytes[at + modeAt + 2] as number) << 8) | (bytes[at + modeAt + 3] as number);
    // A folder stands for all that is below it in a sparse index.
    if (mode === folderMode) return undefined;
    const pathAt = flagsAt + (isExtended ? 4 : 2);
    const length = flags & longName;
    const nul = length < longName ? pathAt + length : bytes.indexOf(0, pathAt);
    if (nul < 0 || nul >= end || bytes[nul] !== 0 || nul === pathAt) return undefined;
    starts[entry] = at;
    // One to eight NUL bytes, so that the entry's size is a multiple of eight.
    at += ((nul - at) & ~7) + 8;
    if (at > end) return undefined;
  }
  return at;
}

/** Extensions whose names begin with an upper-case letter may be passed over; others change what entries mean. */
function readExtensions(
  bytes: Buffer,
  from: number,
  end: number,
  oidBytes: number,
): { readonly tree: CachedTree | undefined } | undefined {
  let tree: CachedTree | undefined;
  let at = from;
  while (at < end) {
    if (at + 8 > end) return undefined;
    const name = bytes.toString('latin1', at, at + 4);
    const next = at + 8 + bytes.readUInt32BE(at + 4);
    if (!/^[A-Z]/.test(name) || next > end) return undefined;
    // One that cannot be read is only a hint less.
    if (name === 'TREE') tree = new CachedTreeReader(bytes.subarray(at + 8, next), oidBytes).read()?.tree;
    at = next;
  }
  return at === end ? { tree } : undefined;
}

const deepest = 4096;

class CachedTreeReader {
  #at = 0;
  readonly #bytes: Buffer;
  readonly #oidBytes: number;

  constructor(bytes: Buffer, oidBytes: number) {
    this.#bytes = bytes;
    this.#oidBytes = oidBytes;
  }

  /** Name, NUL, number of entries, space, number of folders, newline, id; then the folders. */
  read(depth = 0): { readonly name: string; readonly tree: CachedTree } | undefined {
    const nul = this.#bytes.indexOf(0, this.#at);
    const newline = this.#bytes.indexOf(0x0a, nul + 1);
    if (nul < 0 || newline < 0 || depth > deepest) return undefined;
    const name = this.#bytes.toString('latin1', this.#at, nul);
    const counts = /^(-1|\d{1,9}) (\d{1,9})$/.exec(this.#bytes.toString('latin1', nul + 1, newline));
    if (counts === null) return undefined;
    const entryCount = Number(counts[1]);
    this.#at = newline + 1;
    const oid = entryCount < 0 ? undefined : this.#oid();
    const folders = new Map<string, CachedTree>();
    for (let left = Number(counts[2]); left > 0; left--) {
      const folder = this.read(depth + 1);
      if (folder === undefined) return undefined;
      folders.set(folder.name, folder.tree);
    }
    return { name, tree: { entryCount, oid, folders } };
  }

  #oid(): string {
    const start = this.#at;
    this.#at += this.#oidBytes;
    return this.#bytes.toString('hex', start, this.#at);
  }
}
