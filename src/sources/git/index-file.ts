/**
 * Reads git's index file (gitformat-index(5), versions 2 to 4) without git. What needs more than the file
 * itself (a split index, a sparse one) and what is not as it should be is left to git: undefined.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { ObjectFormat } from './object-id.js';
import { readFile } from './pack/read-file.js';

/** An entry as `git ls-files --stage` prints it. */
export interface IndexFileEntry {
  /** Type and permission bits, e.g. 0o100644. */
  readonly mode: number;
  /** Lower-case hex. */
  readonly oid: string;
  /** A view of the file, or of its own where paths are compressed. */
  readonly path: Buffer;
}

const headerBytes = 12;
/** Times, device, inode, mode, owner and size before the id; the mode is the seventh of these ten words. */
const statBytes = 40;
const modeAt = 24;
const extendedFlag = 0x4000;
const longName = 0xfff;
const folderMode = 0o040000;

/** Entries of the index at `path`, none when there is no such file; undefined when git must be asked. */
export function readIndexFile(path: string, format: ObjectFormat): readonly IndexFileEntry[] | undefined {
  if (!existsSync(path)) return [];
  const file = readFile(path);
  if (file === undefined) return undefined;
  return parseIndex(Buffer.from(file.buffer, file.byteOffset, file.length), format);
}

export function parseIndex(bytes: Buffer, format: ObjectFormat): readonly IndexFileEntry[] | undefined {
  const oidBytes = format === 'sha256' ? 32 : 20;
  const end = bytes.length - oidBytes;
  if (end < headerBytes || bytes.toString('latin1', 0, 4) !== 'DIRC') return undefined;
  const version = bytes.readUInt32BE(4);
  if (version < 2 || version > 4 || !isIntact(bytes, end, format)) return undefined;
  const reader = new EntryReader(bytes, end, oidBytes, version);
  const entries: IndexFileEntry[] = [];
  for (let left = bytes.readUInt32BE(8); left > 0; left--) {
    const entry = reader.next();
    if (entry === undefined) return undefined;
    entries.push(entry);
  }
  return hasOnlyHints(bytes, reader.at, end) ? entries : undefined;
}

/** The hash at the end; zeros where `index.skipHash` left it out. */
function isIntact(bytes: Buffer, end: number, format: ObjectFormat): boolean {
  const stored = bytes.subarray(end);
  if (stored.every((byte) => byte === 0)) return true;
  return createHash(format).update(bytes.subarray(0, end)).digest().equals(stored);
}

class EntryReader {
  at = headerBytes;
  readonly #bytes: Buffer;
  readonly #end: number;
  readonly #oidBytes: number;
  readonly #version: number;
  #former: Buffer = Buffer.alloc(0);

  constructor(bytes: Buffer, end: number, oidBytes: number, version: number) {
    this.#bytes = bytes;
    this.#end = end;
    this.#oidBytes = oidBytes;
    this.#version = version;
  }

  next(): IndexFileEntry | undefined {
    const start = this.at;
    const oidAt = start + statBytes;
    const flagsAt = oidAt + this.#oidBytes;
    if (flagsAt + 4 > this.#end) return undefined;
    const mode = this.#bytes.readUInt32BE(start + modeAt);
    const flags = this.#bytes.readUInt16BE(flagsAt);
    const isExtended = (flags & extendedFlag) !== 0;
    // A folder stands for all that is below it in a sparse index.
    if ((isExtended && this.#version === 2) || mode === folderMode) return undefined;
    const pathAt = flagsAt + (isExtended ? 4 : 2);
    const path = this.#version === 4 ? this.#compressed(pathAt) : this.#plain(start, pathAt);
    if (path === undefined || path.length === 0) return undefined;
    if ((flags & longName) !== Math.min(path.length, longName)) return undefined;
    return { mode, oid: this.#bytes.toString('hex', oidAt, flagsAt), path };
  }

  /** A path and 1 to 8 NUL bytes, so that the entry's size is a multiple of eight. */
  #plain(start: number, pathAt: number): Buffer | undefined {
    const nul = this.#bytes.indexOf(0, pathAt);
    if (nul < 0 || nul >= this.#end) return undefined;
    this.at = start + ((nul - start) & ~7) + 8;
    return this.at > this.#end ? undefined : this.#bytes.subarray(pathAt, nul);
  }

  /** How many bytes of the former path to drop, and what comes behind the rest. */
  #compressed(pathAt: number): Buffer | undefined {
    let at = pathAt;
    let byte = this.#bytes[at++] ?? 0;
    let dropped = byte & 0x7f;
    while ((byte & 0x80) !== 0) {
      if (at >= this.#end || dropped > this.#former.length) return undefined;
      byte = this.#bytes[at++] ?? 0;
      dropped = (dropped + 1) * 128 + (byte & 0x7f);
    }
    const nul = this.#bytes.indexOf(0, at);
    if (dropped > this.#former.length || nul < 0 || nul >= this.#end) return undefined;
    const kept = this.#former.subarray(0, this.#former.length - dropped);
    this.#former = Buffer.concat([kept, this.#bytes.subarray(at, nul)]);
    this.at = nul + 1;
    return this.#former;
  }
}

/** Extensions whose names begin with an upper-case letter may be passed over; others change what entries mean. */
function hasOnlyHints(bytes: Buffer, from: number, end: number): boolean {
  let at = from;
  while (at < end) {
    if (at + 8 > end) return false;
    const first = bytes[at] ?? 0;
    if (first < 0x41 || first > 0x5a) return false;
    at += 8 + bytes.readUInt32BE(at + 4);
  }
  return at === end;
}
