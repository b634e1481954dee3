/** Gives the entries of a zip (jar, war, docx, apk ... are zips too) with their content. */
import { crc32 } from 'node:zlib';
import { largeDocumentBytes } from '../files/document-assembler.js';
import type { ArchiveEntry, ReportFault } from './archive-entry.js';
import {
  type Chunks,
  inflateChunks,
  inflateDamaged,
  inflateRawStream,
  inflateSmall,
  smallPackedBytes,
} from './inflate.js';
import { chunksOf, partAccess, type RandomAccess } from './random-access.js';
import { directoryRecords, findDescriptor, salvageRecords, type ZipRecord } from './zip-directory.js';

const chunkBytes = 256 * 1024;
/** Inflated bytes at a time of an entry that may be damaged: as many are lost before the damage. */
const damagedChunkBytes = 4 * 1024;

/** Yields every entry that can be read; duplicates of a name are entries of their own. */
export async function* zipEntries(access: RandomAccess, fault: ReportFault): AsyncGenerator<ArchiveEntry> {
  const reader = new ZipEntryReader(access, fault);
  try {
    for await (const record of directoryRecords(access)) {
      const entry = reader.open(record);
      if (entry !== undefined) yield entry;
    }
  } catch (error) {
    if (/strong encryption/.test((error as Error).message)) fault('archive-encrypted', 'strong encryption');
    else fault('broken-archive', reader.count === 0 ? 'no readable directory' : 'damaged directory');
    yield* salvage(access, reader);
  }
}

/** Entries behind damage, from their local headers; those already given are left out. */
function* salvage(access: RandomAccess, reader: ZipEntryReader): Generator<ArchiveEntry> {
  const seen = reader.takeSeen();
  const resume = (record: ZipRecord): number => {
    if (reader.isBroken(record.dataStart)) return record.dataStart;
    const packed = seen.get(record.dataStart) ?? record.packedBytes ?? reader.consumed(record.dataStart);
    return record.dataStart + packed;
  };
  for (const record of salvageRecords(access, 0, resume)) {
    if (seen.has(record.dataStart)) continue;
    const entry = reader.open(record);
    if (entry !== undefined) yield entry;
  }
}

class ZipEntryReader {
  readonly #access: RandomAccess;
  readonly #fault: ReportFault;
  /** Packed size by offset of the data. */
  #seen = new Map<number, number>();
  /** Offsets of data that turned out to be damaged. */
  readonly #broken = new Set<number>();
  #lastConsumed = { dataStart: -1, bytes: 0 };

  constructor(access: RandomAccess, fault: ReportFault) {
    this.#access = access;
    this.#fault = fault;
  }

  get count(): number {
    return this.#seen.size;
  }

  takeSeen(): ReadonlyMap<number, number> {
    const seen = this.#seen;
    this.#seen = new Map();
    return seen;
  }

  /** True for data whose size is not to be believed: bytes of it may be lost. */
  isBroken(dataStart: number): boolean {
    return this.#broken.has(dataStart);
  }

  /** Packed bytes that the entry at this offset turned out to have, when it was read last. */
  consumed(dataStart: number): number {
    return this.#lastConsumed.dataStart === dataStart ? this.#lastConsumed.bytes : 0;
  }

  open(record: ZipRecord): ArchiveEntry | undefined {
    const { name, modifiedMs, dataStart } = record;
    this.#seen.set(dataStart, record.packedBytes ?? 0);
    if (record.isDirectory) return undefined;
    if (record.encrypted) {
      this.#fault('archive-encrypted', 'password needed', name);
      return undefined;
    }
    if (record.method !== 0 && record.method !== 8) {
      this.#fault('unsupported-archive', `zip method ${record.method}`, name);
      return undefined;
    }
    const available = Math.max(0, this.#access.size - dataStart);
    if (record.packedBytes !== undefined && record.packedBytes > available) {
      this.#fault('broken-archive', 'cut short', name);
    }
    const stated = record.packedBytes ?? this.#unstatedBytes(record);
    const packedBytes = Math.min(stated, available);
    const content = this.#content(record, packedBytes);
    return {
      name,
      packedBytes,
      content,
      ...(Buffer.isBuffer(content) ? {} : { again: () => this.#stream(record, packedBytes) }),
      ...(record.method === 0 ? { access: partAccess(this.#access, dataStart, packedBytes) } : {}),
      ...(modifiedMs === undefined || Number.isNaN(modifiedMs) ? {} : { modifiedMs }),
      ...(record.statedBytes === undefined ? {} : { statedBytes: record.statedBytes }),
    };
  }

  /** Deflate data ends by itself; stored data of unknown size reaches to its descriptor. */
  #unstatedBytes(record: ZipRecord): number {
    if (record.method === 8) return this.#access.size - record.dataStart;
    return findDescriptor(this.#access, record.dataStart) - record.dataStart;
  }

  #content(record: ZipRecord, packedBytes: number): Buffer | Chunks {
    if (packedBytes <= smallPackedBytes && record.packedBytes !== undefined) {
      const packed = this.#access.read(record.dataStart, packedBytes);
      const whole =
        record.method === 0 ? packed : inflateSmall(packed, largeDocumentBytes, record.statedBytes);
      if (whole !== undefined) {
        this.#check(record, whole.length, crc32(whole));
        return whole;
      }
      const part = inflateDamaged(packed, largeDocumentBytes);
      if (part !== undefined) {
        this.#broken.add(record.dataStart);
        // What is cut short was told.
        if (packedBytes === record.packedBytes) this.#fault('broken-archive', 'damaged data', record.name);
        return part;
      }
    }
    return this.#stream(record, packedBytes);
  }

  async *#stream(record: ZipRecord, packedBytes: number): AsyncGenerator<Buffer> {
    const { dataStart, method } = record;
    const packed = chunksOf(this.#access, dataStart, dataStart + packedBytes, chunkBytes);
    // Small ones come here when they are damaged, or give more than others.
    const inflater = inflateRawStream(packedBytes <= smallPackedBytes ? damagedChunkBytes : undefined);
    let sum = 0;
    let length = 0;
    try {
      const chunks: Chunks = method === 0 ? packed : inflateChunks(packed, inflater);
      for await (const chunk of chunks) {
        sum = crc32(chunk, sum);
        length += chunk.length;
        yield chunk;
      }
      this.#check(record, length, sum);
    } catch (error) {
      this.#broken.add(dataStart);
      throw error;
    } finally {
      const bytes = method === 0 ? packedBytes : inflater.bytesWritten;
      this.#lastConsumed = { dataStart, bytes };
      inflater.destroy();
    }
  }

  #check(record: ZipRecord, length: number, sum: number): void {
    if (record.crc32 === undefined) return;
    if (record.crc32 !== sum || (record.statedBytes !== undefined && record.statedBytes !== length)) {
      this.#broken.add(record.dataStart);
      this.#fault('broken-archive', 'checksum or size differs', record.name);
    }
  }
}
