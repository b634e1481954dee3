/** Rebuilds one object of a pack from its delta chain (gitformat-pack(5)), bounds checked at every step. */
import { inflateSync } from 'node:zlib';
import type { GitObjectType } from './object-frames.js';
import {
  type EntryHeader,
  MAX_HEADER_BYTES,
  newEntryHeader,
  OFS_DELTA,
  parseEntryHeader,
  REF_DELTA,
} from './pack/entry-header.js';

export interface PlainObject {
  readonly type: GitObjectType;
  readonly bytes: Buffer;
}

/** A pack whose parts can be asked for. */
export interface PackBytes {
  readonly oidBytes: 20 | 32;
  /** At most `length` bytes from `offset` on. */
  bytes(offset: number, length: number): Buffer;
  offsetOf(hex: string): number | undefined;
}

interface Entry {
  readonly header: EntryHeader;
  readonly offset: number;
  /** Where the base starts; undefined for what is no delta. */
  readonly base: number | undefined;
}

const typeNames: Readonly<Record<number, GitObjectType>> = { 1: 'commit', 2: 'tree', 3: 'blob', 4: 'tag' };
/** git writes chains of 50, of 4095 at most; longer ones, and rings, are git's. */
const maxChain = 4096;

export function typeOfPackedObject(pack: PackBytes, offset: number): GitObjectType | undefined {
  const chain = chainOf(pack, offset);
  return typeNames[chain?.at(-1)?.header.type ?? 0];
}

/** Undefined for what is damaged, or larger than `maxBytes` at any step. */
export function readPackedObject(pack: PackBytes, offset: number, maxBytes: number): PlainObject | undefined {
  const chain = chainOf(pack, offset);
  const root = chain?.pop();
  const type = typeNames[root?.header.type ?? 0];
  if (chain === undefined || root === undefined || type === undefined) return undefined;
  let bytes = inflated(pack, root, maxBytes);
  for (let delta = chain.pop(); delta !== undefined && bytes !== undefined; delta = chain.pop()) {
    const script = inflated(pack, delta, maxBytes);
    bytes = script === undefined ? undefined : applyDelta(bytes, script, maxBytes);
  }
  return bytes === undefined ? undefined : { type, bytes };
}

/** The entry and its bases, the object that is no delta last. */
function chainOf(pack: PackBytes, offset: number): Entry[] | undefined {
  const chain: Entry[] = [];
  for (let at: number | undefined = offset; at !== undefined; at = chain.at(-1)?.base) {
    const entry = entryAt(pack, at);
    if (entry === undefined || chain.length === maxChain) return undefined;
    chain.push(entry);
  }
  return chain;
}

function entryAt(pack: PackBytes, offset: number): Entry | undefined {
  const header = newEntryHeader();
  const bytes = pack.bytes(offset, MAX_HEADER_BYTES);
  if (!parseEntryHeader(bytes, 0, bytes.length, pack.oidBytes, header)) return undefined;
  if (header.type === OFS_DELTA) {
    const base = offset - header.distance;
    return header.distance === 0 || base < 12 ? undefined : { header, offset, base };
  }
  if (header.type !== REF_DELTA) return { header, offset, base: undefined };
  const base = pack.offsetOf(bytes.toString('hex', header.oidAt, header.oidAt + pack.oidBytes));
  return base === undefined ? undefined : { header, offset, base };
}

function inflated(pack: PackBytes, { header, offset }: Entry, maxBytes: number): Buffer | undefined {
  const { size } = header;
  if (size > maxBytes) return undefined;
  // What deflate takes at worst for so many bytes.
  const most = size + (size >> 8) + 256;
  try {
    const stream = pack.bytes(offset + header.bytes, most);
    const bytes = inflateSync(stream, { maxOutputLength: Math.max(1, size) });
    return bytes.length === size ? bytes : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined where the script is not one for this base. */
export function applyDelta(base: Buffer, script: Buffer, maxBytes: number): Buffer | undefined {
  const sizes = { at: 0 };
  const baseSize = sizeAt(script, sizes);
  const size = sizeAt(script, sizes);
  if (baseSize !== base.length || size === undefined || size > maxBytes) return undefined;
  const target = Buffer.alloc(size);
  let at = sizes.at;
  let done = 0;
  while (at < script.length) {
    const op = script[at++] ?? 0;
    if (op === 0) return undefined;
    let length = op;
    if (op < 0x80) {
      if (at + length > script.length || done + length > size) return undefined;
      script.copy(target, done, at, at + length);
      at += length;
    } else {
      let from = 0;
      length = 0;
      for (let bit = 0; bit < 7; bit++) {
        if ((op & (1 << bit)) === 0) continue;
        const byte = script[at++] ?? 0;
        if (bit < 4) from += byte * 2 ** (8 * bit);
        else length += byte << (8 * (bit - 4));
      }
      if (length === 0) length = 0x10000;
      if (at > script.length || from + length > base.length || done + length > size) return undefined;
      base.copy(target, done, from, from + length);
    }
    done += length;
  }
  return done === size ? target : undefined;
}

/** Seven bits a byte, least significant first. */
function sizeAt(script: Buffer, cursor: { at: number }): number | undefined {
  let size = 0;
  for (let scale = 1; scale < 2 ** 49; scale *= 128) {
    const byte = script[cursor.at++];
    if (byte === undefined) return undefined;
    size += (byte & 0x7f) * scale;
    if (byte < 0x80) return size;
  }
  return undefined;
}
