/** Brings the packed bytes of one batch into the core's memory and writes its records. */
import type { WasmCore } from '../../../prefilter/wasm-core.js';
import type { PackTable } from './pack-table.js';
import { readAt } from './read-file.js';
import { reasonNumber, type UnreadableReason } from './unreadable.js';
import { CRC_BIT, type WalkPlan } from './walk-plan.js';

export const RECORD_BYTES = 24;
const FRAME_BYTES = 8;
const NUMBER_BYTES = 4;
/** Vector loads may pass the window's end. */
const WINDOW_SLACK = 64;
/** Least room for rebuilt objects; it grows as needed. */
const FIRST_ARENA_BYTES = 4 << 20;
/** Reading over a gap of this size costs less than another call. */
const GAP_BYTES = 4 << 10;

/** Statuses of a record (assembly/pack/memory-map.ts) by number; 1 is success. */
const failures: readonly (UnreadableReason | undefined)[] = [
  'base-unreadable',
  undefined,
  'bad-stream',
  'bad-delta',
  'too-large',
  'bad-crc',
  'bad-stream',
];

/** Reason number of a record's status; 0 when it was rebuilt. A record that was passed over has a bad base. */
export function reasonOfStatus(status: number): number {
  const reason = status < failures.length ? failures[status] : 'bad-stream';
  return reason === undefined ? 0 : reasonNumber(reason);
}

/** Where a batch lies in memory. */
export interface LoadedBatch {
  readonly records: number;
  readonly frames: number;
  readonly arena: number;
}

/** For a walk whose objects are followed: what lies before, and the number of each object by row. */
export interface FollowedLayout {
  readonly base: number;
  readonly numbers: Int32Array;
}

export class WalkWindow {
  readonly #core: WasmCore;
  readonly #table: PackTable;
  readonly #plan: WalkPlan;
  readonly #fd: number;
  /** Address in memory of each entry of the batch that was loaded last. */
  readonly #addresses: Uint32Array;
  /** Bytes of it that were really there. */
  readonly #present: Uint32Array;

  constructor(core: WasmCore, table: PackTable, plan: WalkPlan, fd: number) {
    this.#core = core;
    this.#table = table;
    this.#plan = plan;
    this.#fd = fd;
    this.#addresses = new Uint32Array(table.count);
    this.#present = new Uint32Array(table.count);
  }

  /** Loads slots [first, end); undefined when they do not fit below `limit`. */
  load(
    first: number,
    end: number,
    limit: number,
    checkCrc: boolean,
    followed?: FollowedLayout,
  ): LoadedBatch | undefined {
    const sorted = this.#plan.entries.slice(first, end).sort();
    const records = followed?.base ?? this.#core.heap;
    const frames = records + (end - first) * RECORD_BYTES;
    const numbers = frames + (end - first) * FRAME_BYTES;
    const window = align(numbers + (followed === undefined ? 0 : (end - first) * NUMBER_BYTES));
    const extents = this.#extents(sorted);
    const bytes = extents.reduce((sum, extent) => sum + extent.end - extent.start, 0);
    const arena = align(window + bytes + WINDOW_SLACK);
    const least = Math.min(arena + FIRST_ARENA_BYTES, limit);
    if (arena > limit || !this.#core.reserve(least)) return undefined;

    let address = window;
    for (const extent of extents) {
      const length = extent.end - extent.start;
      const got = readAt(this.#fd, this.#core.bytes, address, length, extent.start);
      for (let at = extent.first; at < extent.last; at++) {
        const entry = sorted[at] ?? 0;
        const start = (this.#table.offsets[entry] ?? 0) - extent.start;
        const stop = Math.min(this.#endOf(entry) - extent.start, got);
        this.#addresses[entry] = address + start;
        this.#present[entry] = Math.max(stop - start, 0);
      }
      address += length;
    }
    this.#writeRecords(first, end, records, checkCrc);
    if (followed !== undefined) this.#writeNumbers(first, end, numbers, followed.numbers);
    return { records, frames, arena };
  }

  #writeRecords(first: number, end: number, records: number, checkCrc: boolean): void {
    const { headerBytes, sizes, crcs, rows } = this.#table;
    const { entries, subtrees, bits } = this.#plan;
    const words = this.#core.words;
    const extra = checkCrc ? CRC_BIT : 0;
    let at = records / 4;
    for (let slot = first; slot < end; slot++) {
      const entry = entries[slot] ?? 0;
      const header = headerBytes[entry] ?? 0;
      words[at] = (this.#addresses[entry] ?? 0) + header;
      words[at + 1] = Math.max((this.#present[entry] ?? 0) - header, 0);
      words[at + 2] = sizes[entry] ?? 0;
      words[at + 3] = subtrees[slot] ?? 0;
      words[at + 4] = (bits[slot] ?? 0) | extra | (header << 8);
      words[at + 5] = checkCrc ? (crcs[rows[entry] ?? 0] ?? 0) : 0;
      at += RECORD_BYTES / 4;
    }
  }

  #writeNumbers(first: number, end: number, at: number, numbers: Int32Array): void {
    const words = this.#core.words;
    for (let slot = first; slot < end; slot++) {
      words[at / NUMBER_BYTES + slot - first] =
        numbers[this.#table.rows[this.#plan.entries[slot] ?? 0] ?? 0] ?? 0;
    }
    this.#core.exports.numberObjects(at);
  }

  /** Parts of the pack that hold the entries, which are in rising order. */
  #extents(sorted: Uint32Array): Extent[] {
    const extents: Extent[] = [];
    let open: Extent | undefined;
    for (let at = 0; at < sorted.length; at++) {
      const entry = sorted[at] ?? 0;
      const start = this.#table.offsets[entry] ?? 0;
      const end = this.#endOf(entry);
      if (open === undefined || start > open.end + GAP_BYTES) {
        open = { start, end, first: at, last: at + 1 };
        extents.push(open);
      } else {
        open.end = end;
        open.last = at + 1;
      }
    }
    return extents;
  }

  /**
   * Where the entry's bytes end at the latest: at the next entry, and not beyond what deflating its size can
   * take at worst, so that an index with holes, as only a forged one has, costs no memory.
   */
  #endOf(entry: number): number {
    const { offsets, count, sizes, headerBytes } = this.#table;
    const size = sizes[entry] ?? 0;
    const most = (headerBytes[entry] ?? 0) + size + size / 16 + 4096;
    return Math.min(offsets[entry + 1] ?? 0, offsets[count] ?? 0, Math.floor((offsets[entry] ?? 0) + most));
  }
}

interface Extent {
  /** In bytes of the pack. */
  start: number;
  end: number;
  /** In the sorted entries. */
  first: number;
  last: number;
}

function align(address: number): number {
  return Math.ceil(address / 64) * 64;
}
