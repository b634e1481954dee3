/**
 * Reads what a pack holds without inflating anything: place, type, size and base of every entry.
 *
 * Two numberings: a *row* is a line of the index, in order of object ids; an *entry* is a number in order of
 * offsets in the pack, in which bases and deltas are near each other.
 */
import { closeSync } from 'node:fs';
import {
  type EntryHeader,
  MAX_HEADER_BYTES,
  newEntryHeader,
  OFS_DELTA,
  parseEntryHeader,
  REF_DELTA,
} from './entry-header.js';
import { findRow, type PackIndex } from './idx.js';
import { rowsByOffset } from './offset-order.js';
import { openFile, readAt } from './read-file.js';
import { reasonNumber, type UnreadableReason } from './unreadable.js';

/** git's numbers of object types. */
export const COMMIT = 1;
export const TREE = 2;
export const BLOB = 3;
export const TAG = 4;

/** `bases` of an entry that is no delta, and of one whose base is not in the pack. */
export const NO_BASE = -1;
export const LOST_BASE = -2;

/** All arrays are views of shared memory: posting a table to a worker copies nothing. */
export interface PackTable {
  readonly packPath: string;
  readonly oidBytes: 20 | 32;
  readonly count: number;
  /** Object ids by row, back to back. */
  readonly oids: Uint8Array;
  /** CRC-32 of the packed entries, by row. */
  readonly crcs: Uint32Array;
  /** Row of each entry. */
  readonly rows: Uint32Array;
  /** Start of each entry in bytes; the last of the `count + 1` is the end of the last entry. */
  readonly offsets: Float64Array;
  /** Header bytes of each entry. */
  readonly headerBytes: Uint8Array;
  /** Inflated size of each entry's stream: of a delta, of the delta. */
  readonly sizes: Uint32Array;
  /** Base entry of each entry, or `NO_BASE`, or `LOST_BASE`. */
  readonly bases: Int32Array;
  /** Object type of each entry, a delta's taken from its root; 0 for what can't be read. */
  readonly types: Uint8Array;
  /** Number of the reason (unreadable.ts) why an entry can't be read; 0 for those that may be tried. */
  readonly faults: Uint8Array;
}

/** Most bytes read at once while looking at headers, and most that are read without being looked at. */
const CHUNK_BYTES = 1 << 20;
const GAP_BYTES = 4 << 10;

/** DEFLATE can't expand by more than this. */
const MAX_RATIO = 1032;

/** Reads all headers. A pack that can't be opened or has a wrong head gives a table in which all is at fault. */
export function readPackTable(packPath: string, index: PackIndex): PackTable {
  const { count, oidBytes } = index;
  const table: PackTable = {
    packPath,
    oidBytes,
    count,
    oids: index.oids,
    crcs: index.crcs,
    rows: new Uint32Array(new SharedArrayBuffer(count * 4)),
    offsets: new Float64Array(new SharedArrayBuffer((count + 1) * 8)),
    headerBytes: new Uint8Array(new SharedArrayBuffer(count)),
    sizes: new Uint32Array(new SharedArrayBuffer(count * 4)),
    bases: new Int32Array(new SharedArrayBuffer(count * 4)),
    types: new Uint8Array(new SharedArrayBuffer(count)),
    faults: new Uint8Array(new SharedArrayBuffer(count)),
  };
  rowsByOffset(index.offsets, table.rows);
  for (let entry = 0; entry < count; entry++) {
    table.offsets[entry] = index.offsets[table.rows[entry] ?? 0] ?? 0;
  }
  table.bases.fill(NO_BASE);
  const file = openFile(packPath);
  if (file === undefined) {
    table.faults.fill(reasonNumber('read-failed'));
    return table;
  }
  try {
    new HeaderPass(table, index, file.fd, file.size).run();
  } finally {
    closeSync(file.fd);
  }
  return table;
}

class HeaderPass {
  readonly #table: PackTable;
  readonly #index: PackIndex;
  readonly #fd: number;
  /** Where entries end: the pack's own hash follows. */
  readonly #end: number;
  readonly #chunk: Uint8Array = new Uint8Array(CHUNK_BYTES);
  #chunkStart = 0;
  #chunkBytes = 0;
  /** Entry of each row; made when the first REF_DELTA needs it. */
  #entries: Uint32Array | undefined;

  constructor(table: PackTable, index: PackIndex, fd: number, size: number) {
    this.#table = table;
    this.#index = index;
    this.#fd = fd;
    this.#end = size - table.oidBytes;
  }

  run(): void {
    const { count, offsets, faults } = this.#table;
    offsets[count] = Math.max(this.#end, 0);
    if (!this.#hasValidHead()) {
      faults.fill(reasonNumber('bad-header'));
      return;
    }
    const header = newEntryHeader();
    for (let entry = 0; entry < count; entry++) {
      const fault = this.#readEntry(entry, header);
      if (fault === undefined) continue;
      faults[entry] = reasonNumber(fault);
    }
  }

  #hasValidHead(): boolean {
    const head = new Uint8Array(12);
    if (readAt(this.#fd, head, 0, 12, 0) !== 12) return false;
    const view = new DataView(head.buffer);
    const version = view.getUint32(4);
    return view.getUint32(0) === 0x5041434b && (version === 2 || version === 3);
  }

  #readEntry(entry: number, header: EntryHeader): UnreadableReason | undefined {
    const { offsets, sizes, headerBytes, types, oidBytes } = this.#table;
    const start = offsets[entry] ?? 0;
    if (start < 12 || start >= this.#end) return 'bad-offset';
    const end = Math.min(offsets[entry + 1] ?? 0, this.#end);
    if (end === start || offsets[entry - 1] === start) return 'bad-offset';
    if (start + MAX_HEADER_BYTES > this.#chunkStart + this.#chunkBytes) this.#load(entry);
    const at = start - this.#chunkStart;
    const limit = Math.min(this.#chunkBytes, at + end - start);
    if (!parseEntryHeader(this.#chunk, at, limit, oidBytes, header)) return 'bad-header';
    if (header.size > (end - start) * MAX_RATIO) return 'bad-header';
    if (header.size > 0xfffe0000) return 'too-large';
    headerBytes[entry] = header.bytes;
    sizes[entry] = header.size;
    if (header.type === OFS_DELTA) return this.#setBase(entry, this.#entryAt(start - header.distance, entry));
    if (header.type === REF_DELTA) return this.#setBase(entry, this.#entryOf(header.oidAt));
    types[entry] = header.type;
    return undefined;
  }

  /** Reads the header of an entry and of those that follow closely. */
  #load(entry: number): void {
    const { count, offsets } = this.#table;
    const start = offsets[entry] ?? 0;
    let end = start + MAX_HEADER_BYTES;
    for (let next = entry + 1; next < count; next++) {
      const at = offsets[next] ?? 0;
      if (at > end + GAP_BYTES || at + MAX_HEADER_BYTES > start + CHUNK_BYTES) break;
      end = at + MAX_HEADER_BYTES;
    }
    const length = Math.min(end, this.#end) - start;
    this.#chunkStart = start;
    this.#chunkBytes = readAt(this.#fd, this.#chunk, 0, length, start);
  }

  #setBase(entry: number, base: number): UnreadableReason | undefined {
    this.#table.bases[entry] = base === -1 ? LOST_BASE : base;
    return base === -1 ? 'missing-base' : undefined;
  }

  /** Entry that starts at `offset`, among those before `below`; -1 for none. */
  #entryAt(offset: number, below: number): number {
    const { offsets } = this.#table;
    // Bases are near, so steps to the left that double beat a search of the whole pack.
    let high = below;
    let step = 1;
    let low = below - 1;
    while (low >= 0 && (offsets[low] ?? 0) > offset) {
      high = low;
      low -= step;
      step *= 2;
    }
    low = Math.max(low, 0);
    while (low < high) {
      const middle = (low + high) >>> 1;
      const found = offsets[middle] ?? 0;
      if (found === offset) return middle;
      if (found < offset) low = middle + 1;
      else high = middle;
    }
    return -1;
  }

  /** Entry of the id at `at` in the chunk; -1 for none. */
  #entryOf(at: number): number {
    const row = findRow(this.#index, this.#chunk, at);
    if (row === -1) return -1;
    if (this.#entries === undefined) {
      this.#entries = new Uint32Array(this.#table.count);
      for (let entry = 0; entry < this.#table.count; entry++) {
        this.#entries[this.#table.rows[entry] ?? 0] = entry;
      }
    }
    return this.#entries[row] ?? -1;
  }
}
