/**
 * Lists a zip by its central directory (yauzl), and by the local headers where the directory is missing,
 * cut off or damaged.
 */
import { isUtf8 } from 'node:buffer';
import { PassThrough, type Readable } from 'node:stream';
import {
  type Entry,
  fromRandomAccessReaderPromise,
  getFileNameLowLevel,
  RandomAccessReader,
  type ZipFile,
} from 'yauzl';
import type { RandomAccess } from './random-access.js';

/** Where an entry lies and how it is packed. */
export interface ZipRecord {
  readonly name: string;
  readonly modifiedMs?: number;
  /** 0 stored, 8 deflate; others cannot be read. */
  readonly method: number;
  readonly encrypted: boolean;
  readonly isDirectory: boolean;
  /** Offset of the packed data. */
  readonly dataStart: number;
  /** Undefined when only a data descriptor behind the data tells (salvage). */
  readonly packedBytes: number | undefined;
  readonly statedBytes: number | undefined;
  readonly crc32: number | undefined;
}

/** yauzl reads from here; it takes the bytes only through `read`. */
class AccessReader extends RandomAccessReader {
  readonly #access: RandomAccess;

  constructor(access: RandomAccess) {
    super();
    this.#access = access;
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    let bytes: Buffer;
    try {
      bytes = this.#access.read(position, length);
    } catch (error) {
      callback(error as Error);
      return;
    }
    callback(null, bytes.copy(buffer, offset));
  }

  override _readStreamForRange(): Readable {
    return new PassThrough().end();
  }
}

/** Opens the directory. Throws when there is none that makes sense. */
async function openDirectory(access: RandomAccess): Promise<ZipFile> {
  // Names are decoded here: yauzl would refuse the whole archive for one name with `..` in it.
  const options = {
    decodeStrings: false,
    strictFileNames: false,
    validateEntrySizes: false,
    autoClose: false,
  };
  try {
    return await fromRandomAccessReaderPromise(new AccessReader(access), access.size, options);
  } catch (error) {
    const size = sizeWithoutTrailer(access);
    if (size === undefined || size === access.size) throw error;
    return await fromRandomAccessReaderPromise(new AccessReader(access), size, options);
  }
}

/** End of the last end-of-directory record: downloads and mail gateways append bytes to archives. */
function sizeWithoutTrailer(access: RandomAccess): number | undefined {
  const from = Math.max(0, access.size - 1024 * 1024);
  const tail = access.read(from, access.size - from);
  let at = tail.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  while (at >= 0) {
    if (at + 22 <= tail.length) {
      const end = at + 22 + tail.readUInt16LE(at + 20);
      if (end <= tail.length) return from + end;
    }
    at = at === 0 ? -1 : tail.lastIndexOf('PK\x05\x06', at - 1, 'latin1');
  }
  return undefined;
}

/** Yields the entries of the central directory. Throws at the first damage, after what came before it. */
export async function* directoryRecords(access: RandomAccess): AsyncGenerator<ZipRecord> {
  const zip = await openDirectory(access);
  for await (const entry of zip.eachEntry()) {
    const local = access.read(entry.relativeOffsetOfLocalHeader, 30);
    if (local.length < 30 || local.readUInt32LE(0) !== localSignature) {
      throw new Error('bad local header');
    }
    const dataStart =
      entry.relativeOffsetOfLocalHeader + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
    const name = nameOf(entry.fileNameRaw, entry.generalPurposeBitFlag, entry.extraFields);
    yield {
      name,
      modifiedMs: entry.getLastModDate({ timezone: 'UTC' }).getTime(),
      method: entry.compressionMethod,
      encrypted: entry.isEncrypted(),
      isDirectory: name.endsWith('/') && entry.uncompressedSize === 0,
      dataStart,
      packedBytes: entry.compressedSize,
      statedBytes: entry.uncompressedSize,
      crc32: entry.crc32,
    };
  }
}

/** Many tools write UTF-8 without the flag that says so; code page 437 is the rest. */
function nameOf(raw: Buffer, flags: number, extraFields: Entry['extraFields']): string {
  return getFileNameLowLevel(flags | (isUtf8(raw) ? 0x800 : 0), raw, extraFields, false);
}

const localSignature = 0x04034b50;
/** Bytes searched at a time for the next local header. */
const searchBytes = 1024 * 1024;

/**
 * Yields every entry whose local header can be found from `start` on. After an entry the search goes on
 * where `resume` says, behind its data, so that a zip within a zip is not listed twice.
 */
export function* salvageRecords(
  access: RandomAccess,
  start: number,
  resume: (record: ZipRecord) => number,
): Generator<ZipRecord> {
  for (let at = findLocalHeader(access, start); at !== undefined; ) {
    const record = parseLocalHeader(access, at);
    if (record === undefined) {
      at = findLocalHeader(access, at + 4);
      continue;
    }
    yield record;
    at = findLocalHeader(access, Math.max(at + 4, resume(record)));
  }
}

function findLocalHeader(access: RandomAccess, start: number): number | undefined {
  return findSignature(access, start, 'PK\x03\x04');
}

/** Offset of the next data descriptor, which ends data of unknown size; the end of the file without one. */
export function findDescriptor(access: RandomAccess, start: number): number {
  return findSignature(access, start, 'PK\x07\x08') ?? access.size;
}

function findSignature(access: RandomAccess, start: number, signature: string): number | undefined {
  for (let at = start; at < access.size; at += searchBytes - 3) {
    const window = access.read(at, searchBytes);
    const found = window.indexOf(signature, 0, 'latin1');
    if (found >= 0) return at + found;
    if (window.length < searchBytes) return undefined;
  }
  return undefined;
}

function parseLocalHeader(access: RandomAccess, at: number): ZipRecord | undefined {
  const fixed = access.read(at, 30);
  if (fixed.length < 30) return undefined;
  const flags = fixed.readUInt16LE(6);
  const nameBytes = fixed.readUInt16LE(26);
  const extraBytes = fixed.readUInt16LE(28);
  const dataStart = at + 30 + nameBytes + extraBytes;
  // The version needed is at most 6.3 today; anything far above means that the four bytes were chance.
  if (nameBytes === 0 || dataStart > access.size || (fixed[4] as number) > 100) return undefined;
  const sizesFollow = (flags & 0x8) !== 0;
  const sizes = localSizes(fixed, access.read(at + 30 + nameBytes, extraBytes));
  const name = nameOf(access.read(at + 30, nameBytes), flags, []);
  return {
    name,
    method: fixed.readUInt16LE(8),
    encrypted: (flags & 0x1) !== 0,
    isDirectory: name.endsWith('/'),
    dataStart,
    packedBytes: sizesFollow && sizes.packed === 0 ? undefined : sizes.packed,
    statedBytes: sizesFollow && sizes.packed === 0 ? undefined : sizes.stated,
    crc32: sizesFollow ? undefined : fixed.readUInt32LE(14),
  };
}

/** Sizes of a local header; 0xffffffff means that they are in the zip64 field (id 1). */
function localSizes(fixed: Buffer, extra: Buffer): { packed: number; stated: number } {
  const packed = fixed.readUInt32LE(18);
  const stated = fixed.readUInt32LE(22);
  if (packed !== 0xffffffff && stated !== 0xffffffff) return { packed, stated };
  for (let at = 0; at + 4 <= extra.length; ) {
    const end = at + 4 + extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === 1 && at + 20 <= extra.length) {
      return {
        stated: Number(extra.readBigUInt64LE(at + 4)),
        packed: Number(extra.readBigUInt64LE(at + 12)),
      };
    }
    at = end;
  }
  return { packed, stated };
}
