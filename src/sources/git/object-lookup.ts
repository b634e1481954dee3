/**
 * Reads single objects of a store's own storage without git and without opening whole packs: an id is looked
 * up in one bucket of each index, and only the object's own delta chain is inflated. For the few objects that
 * are asked for by name; whole stores are read by pack/. What is odd or damaged is left to git.
 */
import { closeSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import type { GitObjectType } from './object-frames.js';
import { openFile, readAt } from './pack/read-file.js';
import { packPaths } from './pack-files.js';
import { type PlainObject, readPackedObject, typeOfPackedObject } from './packed-object.js';

const looseHead = /^(commit|tree|blob|tag) (0|[1-9][0-9]{0,14})\0/;
/** An inflated head takes fewer bytes than this; a stream's first bytes give at least so many. */
const headBytes = 64;

const maxRecent = 16;
const maxRecentBytes = 1 << 16;

export class ObjectLookup {
  readonly #objectsDir: string;
  readonly #oidBytes: 20 | 32;
  #packs: readonly PackLookup[] | undefined;
  /** Commits and trees that were read, since the files that are asked for lie side by side. */
  readonly #recent = new Map<string, PlainObject>();

  constructor(objectsDir: string, oidBytes: 20 | 32) {
    this.#objectsDir = objectsDir;
    this.#oidBytes = oidBytes;
  }

  /** The one object whose hex id begins so (at least 4 digits); undefined when there is none, or two. */
  find(prefix: string): string | undefined {
    return this.findAll([prefix])[0];
  }

  /** Hex ids of the objects that begin with one of the prefixes; where two begin alike, neither. */
  findAll(prefixes: Iterable<string>): readonly string[] {
    const folders = new Set(namesIn(this.#objectsDir));
    const loose = new Map<string, readonly string[]>();
    const all: string[] = [];
    for (const prefix of prefixes) {
      const folder = prefix.slice(0, 2);
      const names = loose.get(folder) ?? (folders.has(folder) ? namesIn(join(this.#objectsDir, folder)) : []);
      loose.set(folder, names);
      const found = new Set<string>();
      for (const name of names) {
        if (`${folder}${name}`.startsWith(prefix) && name.length + 2 === 2 * this.#oidBytes)
          found.add(`${folder}${name}`);
      }
      for (const pack of this.#packsOnce()) for (const hex of pack.find(prefix)) found.add(hex);
      if (found.size === 1) all.push(...found);
    }
    return all;
  }

  typeOf(hex: string): GitObjectType | undefined {
    const loose = this.#looseFile(hex);
    if (loose !== undefined) return headOf(loose)?.type;
    for (const pack of this.#packsOnce()) {
      const offset = pack.offsetOf(hex);
      if (offset !== undefined) return typeOfPackedObject(pack, offset);
    }
    return undefined;
  }

  /** Type and content; undefined when git must be asked, for whatever reason, or when it is larger. */
  read(hex: string, maxBytes: number): PlainObject | undefined {
    const recent = this.#recent.get(hex);
    if (recent !== undefined) return recent.bytes.length > maxBytes ? undefined : recent;
    const object = this.#read(hex, maxBytes);
    if (object !== undefined && object.type !== 'blob' && object.bytes.length <= maxRecentBytes) {
      if (this.#recent.size >= maxRecent) this.#recent.clear();
      this.#recent.set(hex, object);
    }
    return object;
  }

  #read(hex: string, maxBytes: number): PlainObject | undefined {
    const loose = this.#looseFile(hex);
    if (loose !== undefined) return parseLoose(loose, maxBytes);
    for (const pack of this.#packsOnce()) {
      const offset = pack.offsetOf(hex);
      if (offset !== undefined) return readPackedObject(pack, offset, maxBytes);
    }
    return undefined;
  }

  /** Closes the packs. */
  close(): void {
    for (const pack of this.#packs ?? []) pack.close();
    this.#packs = undefined;
    this.#recent.clear();
  }

  #looseFile(hex: string): Buffer | undefined {
    try {
      return readFileSync(join(this.#objectsDir, hex.slice(0, 2), hex.slice(2)));
    } catch {
      return undefined;
    }
  }

  #packsOnce(): readonly PackLookup[] {
    this.#packs ??= packPaths(this.#objectsDir).map((path) => new PackLookup(path, this.#oidBytes));
    return this.#packs;
  }
}

function headOf(file: Buffer): { type: GitObjectType; size: number; bytes: number } | undefined {
  let head: string;
  try {
    // Z_SYNC_FLUSH: the head of a stream that was cut off on purpose is no error.
    head = inflateSync(file.subarray(0, 4096), { finishFlush: 2 }).toString('latin1', 0, headBytes);
  } catch {
    return undefined;
  }
  const match = looseHead.exec(head);
  return match === null
    ? undefined
    : { type: match[1] as GitObjectType, size: Number(match[2]), bytes: match[0].length };
}

function parseLoose(file: Buffer, maxBytes: number): PlainObject | undefined {
  const head = headOf(file);
  if (head === undefined || head.size > maxBytes) return undefined;
  try {
    const whole = inflateSync(file, { maxOutputLength: head.bytes + head.size });
    const bytes = whole.subarray(head.bytes);
    return bytes.length === head.size ? { type: head.type, bytes } : undefined;
  } catch {
    return undefined;
  }
}

/** One pack, by its index of version 2 (gitformat-pack(5)); a pack of another sort is as if it were empty. */
export class PackLookup {
  readonly oidBytes: 20 | 32;
  readonly #path: string;
  #files: { readonly idx: number; readonly pack: number; readonly packEnd: number } | undefined;
  #fanout: Buffer | undefined;
  #bucket: { readonly first: number; readonly row: number; readonly oids: Buffer } | undefined;

  constructor(path: string, oidBytes: 20 | 32) {
    this.#path = path;
    this.oidBytes = oidBytes;
  }

  find(prefix: string): string[] {
    const bucket = this.#bucketOf(Number.parseInt(prefix.slice(0, 2), 16));
    const found: string[] = [];
    for (let row = this.#lowerBound(bucket.oids, prefix); found.length < 2; row++) {
      const hex = bucket.oids.toString('hex', row * this.oidBytes, (row + 1) * this.oidBytes);
      if (hex === '' || !hex.startsWith(prefix)) break;
      found.push(hex);
    }
    return found;
  }

  /** Where in the pack the object's entry starts, in bytes. */
  offsetOf(hex: string): number | undefined {
    const bucket = this.#bucketOf(Number.parseInt(hex.slice(0, 2), 16));
    const at = this.#lowerBound(bucket.oids, hex);
    if (bucket.oids.toString('hex', at * this.oidBytes, (at + 1) * this.oidBytes) !== hex) return undefined;
    return this.#offsetOfRow(bucket.row + at);
  }

  /** Bytes of the pack; fewer where it ends, its own hash left out. */
  bytes(offset: number, length: number): Buffer {
    const files = this.#open();
    if (files === undefined) return Buffer.alloc(0);
    const bytes = Buffer.alloc(Math.max(0, Math.min(length, files.packEnd - offset)));
    return bytes.subarray(0, readAt(files.pack, bytes, 0, bytes.length, offset));
  }

  close(): void {
    if (this.#files === undefined) return;
    closeSync(this.#files.idx);
    closeSync(this.#files.pack);
    this.#files = undefined;
  }

  #open(): { readonly idx: number; readonly pack: number; readonly packEnd: number } | undefined {
    if (this.#files !== undefined || this.#fanout !== undefined) return this.#files;
    this.#fanout = Buffer.alloc(0);
    const idx = openFile(this.#path.replace(/\.pack$/, '.idx'));
    const pack = openFile(this.#path);
    const head = Buffer.alloc(8 + 1024);
    const isV2 =
      idx !== undefined &&
      readAt(idx.fd, head, 0, head.length, 0) === head.length &&
      head.readUInt32BE(0) === 0xff744f63 &&
      head.readUInt32BE(4) === 2;
    if (idx === undefined || pack === undefined || !isV2) {
      if (idx !== undefined) closeSync(idx.fd);
      if (pack !== undefined) closeSync(pack.fd);
      return undefined;
    }
    this.#fanout = head.subarray(8);
    this.#files = { idx: idx.fd, pack: pack.fd, packEnd: pack.size - this.oidBytes };
    return this.#files;
  }

  /** The sorted ids that begin with a byte, and the row of the first of them. */
  #bucketOf(first: number): { readonly row: number; readonly oids: Buffer } {
    const files = this.#open();
    if (files === undefined || this.#fanout === undefined) return { row: 0, oids: Buffer.alloc(0) };
    if (this.#bucket?.first === first) return this.#bucket;
    const row = first === 0 ? 0 : this.#fanout.readUInt32BE((first - 1) * 4);
    const count = Math.min(this.#fanout.readUInt32BE(first * 4) - row, maxBucketRows);
    const oids = Buffer.alloc(Math.max(0, count) * this.oidBytes);
    const got = readAt(files.idx, oids, 0, oids.length, 8 + 1024 + row * this.oidBytes);
    this.#bucket = { first, row, oids: oids.subarray(0, got - (got % this.oidBytes)) };
    return this.#bucket;
  }

  #lowerBound(oids: Buffer, prefix: string): number {
    let low = 0;
    let high = oids.length / this.oidBytes;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const hex = oids.toString('hex', middle * this.oidBytes, (middle + 1) * this.oidBytes);
      if (hex < prefix) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #offsetOfRow(row: number): number | undefined {
    const files = this.#open();
    if (files === undefined || this.#fanout === undefined) return undefined;
    const count = this.#fanout.readUInt32BE(255 * 4);
    const start = 8 + 1024 + count * (this.oidBytes + 4);
    const word = Buffer.alloc(8);
    if (readAt(files.idx, word, 0, 4, start + row * 4) !== 4) return undefined;
    const offset = word.readUInt32BE(0);
    if (offset < 0x80000000) return offset;
    const at = start + count * 4 + (offset - 0x80000000) * 8;
    if (readAt(files.idx, word, 0, 8, at) !== 8 || word.readUInt32BE(0) > 0x1fffff) return undefined;
    return word.readUInt32BE(0) * 2 ** 32 + word.readUInt32BE(4);
  }
}

/** A forged fan-out cannot make us read more than this of an index: 1/256 of 1.3 billion objects. */
const maxBucketRows = 5_000_000;

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
