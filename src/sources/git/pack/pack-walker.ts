/**
 * Rebuilds the objects of a pack, batch by batch.
 *
 * In the main thread: `openPack`, `planPack`. In each worker: `new PackWalker(...)` over the posted table and
 * plan, then `run` until the shared counter has no batch left, or `runBatch` by itself between other work.
 */
import { closeSync } from 'node:fs';
import type { WasmCore } from '../../../prefilter/wasm-core.js';
import { type DeltaForest, linkForest } from './delta-forest.js';
import type { Follower } from './follower.js';
import { type PackIndexFault, readPackIndex } from './idx.js';
import { PackObject } from './pack-object.js';
import { type PackTable, readPackTable } from './pack-table.js';
import { openFile } from './read-file.js';
import { reasonNumber, reasonOf, type UnreadableReason } from './unreadable.js';
import {
  BASE_SEEN_BIT,
  type PlanLimits,
  planWalk,
  REPEAT_BIT,
  WANTED_BIT,
  type WalkPlan,
} from './walk-plan.js';
import { RECORD_BYTES, reasonOfStatus, WalkWindow } from './walk-window.js';

export interface OpenPack {
  readonly table: PackTable;
  readonly forest: DeltaForest;
}

export type OpenPackResult =
  | { readonly ok: true; readonly pack: OpenPack }
  | { readonly ok: false; readonly fault: PackIndexFault };

/** Reads index and headers. `path` ends in .pack; its index lies beside it. */
export function openPack(path: string, oidBytes: 20 | 32): OpenPackResult {
  const read = readPackIndex(path.replace(/\.pack$/, '.idx'), oidBytes);
  if (!read.ok) return read;
  return { ok: true, pack: openTable(readPackTable(path, read.index)) };
}

export function openTable(table: PackTable): OpenPack {
  return { table, forest: linkForest(table) };
}

export interface PackPlan {
  readonly walk: WalkPlan;
  /** Wanted objects that are known already to need another reader. Of unknown type: never left out by type. */
  readonly unreadable: readonly UnreadableEntry[];
}

export interface UnreadableEntry {
  readonly entry: number;
  readonly reason: UnreadableReason;
}

/** Every wanted object of the pack is either in the walk or unreadable. */
export function planPack(pack: OpenPack, limits: PlanLimits): PackPlan {
  const { table, forest } = pack;
  const unreadable: UnreadableEntry[] = [];
  for (let entry = 0; entry < table.count; entry++) {
    const reason = reasonOf(table.faults[entry] ?? 0);
    if (reason === undefined) continue;
    if (limits.wanted !== undefined && limits.wanted[table.rows[entry] ?? 0] !== 1) continue;
    unreadable.push({ entry, reason });
  }
  return { walk: planWalk(table, forest, limits), unreadable };
}

export interface WalkOptions {
  /** At least 1: note dirty ranges, widened by so many bytes, and copies. Absent: rebuild only. */
  readonly dirtyWidth?: number;
  /** How far a dirty range's end may move to the border of a token run, in bytes. */
  readonly snapLimit?: number;
  /** Compare each packed entry with the index's CRC: finds damage of headers too. About 0.6 ns a packed byte. */
  readonly checkCrc?: boolean;
  /** Bytes that this worker's memory may reach; what does not fit is unreadable. */
  readonly maxMemory?: number;
  /** Notes what the objects name, by numbers that are given by row. Such objects are not handed over. */
  readonly followed?: { readonly follower: Follower; readonly numbers: Int32Array };
}

export interface WalkReceiver {
  /** Called for each wanted object, bases before their deltas. False ends the walk. */
  object(object: PackObject): boolean;
  /**
   * Called for a base that is handed to `object` of another batch, so that what it holds is known to this
   * receiver before its deltas come: to be scanned, not to be reported. False ends the walk.
   */
  repeat(object: PackObject): boolean;
  /** An object that was followed, or handed over because it names more than can be noted. */
  rebuilt?(row: number): void;
  /** An object that another reader must read. */
  unreadable(entry: number, reason: UnreadableReason): void;
}

const DEFAULT_SNAP_LIMIT = 4096;
/** A base and its delta of 40 MB each still fit; git, which reads the rest, gives it back when it is done. */
const DEFAULT_MAX_MEMORY = 138 << 20;
const ADDRESSES = 65535 * 65536;

export class PackWalker {
  readonly #core: WasmCore;
  readonly #table: PackTable;
  readonly #plan: WalkPlan;
  readonly #options: WalkOptions;
  readonly #object: PackObject;
  readonly #fd: number | undefined;
  readonly #window: WalkWindow | undefined;

  constructor(core: WasmCore, table: PackTable, plan: WalkPlan, options: WalkOptions = {}) {
    this.#core = core;
    this.#table = table;
    this.#plan = plan;
    this.#options = options;
    this.#object = new PackObject(core, table);
    this.#fd = openFile(table.packPath)?.fd;
    if (this.#fd !== undefined) this.#window = new WalkWindow(core, table, plan, this.#fd);
  }

  get batchCount(): number {
    return this.#plan.batches.length - 1;
  }

  /** Takes batches from the shared counter until none is left; false when the receiver ended it. */
  run(receiver: WalkReceiver): boolean {
    for (;;) {
      const batch = this.takeBatch();
      if (batch === undefined) return true;
      if (!this.runBatch(batch, receiver)) return false;
    }
  }

  /** The next batch that no other worker has; undefined when all are taken. */
  takeBatch(): number | undefined {
    const batch = Atomics.add(this.#plan.counter, 0, 1);
    return batch < this.batchCount ? batch : undefined;
  }

  /** Rebuilds one batch; false when the receiver ended it. */
  runBatch(batch: number, receiver: WalkReceiver): boolean {
    const first = this.#plan.batches[batch] ?? 0;
    const end = this.#plan.batches[batch + 1] ?? 0;
    const limit = Math.min(this.#options.maxMemory ?? DEFAULT_MAX_MEMORY, ADDRESSES);
    const { followed } = this.#options;
    const layout = followed && { base: followed.follower.base, numbers: followed.numbers };
    const loaded = this.#window?.load(first, end, limit, this.#options.checkCrc === true, layout);
    if (loaded === undefined) {
      const reason = this.#window === undefined ? 'read-failed' : 'too-large';
      this.#report(first, end, () => reasonNumber(reason), receiver);
      return true;
    }
    const ended = this.#core.walk(
      {
        ...loaded,
        count: end - first,
        limit,
        dirtyWidth: this.#options.dirtyWidth ?? -1,
        snapLimit: this.#options.snapLimit ?? DEFAULT_SNAP_LIMIT,
      },
      (slot, address, size, dirtyCount, copyCount, flags) => {
        const answer = followed?.follower.receive(address, size, flags);
        if (answer !== undefined) return answer;
        const object = this.#object;
        const entry = this.#plan.entries[first + slot] ?? 0;
        object.entry = entry;
        object.base = this.#table.bases[entry] ?? -1;
        const bits = this.#plan.bits[first + slot] ?? 0;
        object.isBaseSeen = (bits & BASE_SEEN_BIT) !== 0;
        object.type = this.#table.types[entry] ?? 0;
        object.address = address;
        object.size = size;
        object.dirtyCount = dirtyCount;
        object.copyCount = copyCount;
        object.isWhole = (flags & 1) !== 0;
        object.isSnapCut = (flags & 2) !== 0;
        const goOn = (bits & REPEAT_BIT) === 0 ? receiver.object(object) : receiver.repeat(object);
        return goOn ? 0 : 1;
      },
    );
    if (ended) return false;
    const bytes = this.#core.bytes;
    this.#report(
      first,
      end,
      (slot) => reasonOfStatus(bytes[loaded.records + (slot - first) * RECORD_BYTES + 18] ?? 0),
      receiver,
    );
    return true;
  }

  /** Closes the pack. */
  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
  }

  #report(first: number, end: number, reasonAt: (slot: number) => number, receiver: WalkReceiver): void {
    for (let slot = first; slot < end; slot++) {
      if (((this.#plan.bits[slot] ?? 0) & (WANTED_BIT | REPEAT_BIT)) !== WANTED_BIT) continue;
      const entry = this.#plan.entries[slot] ?? 0;
      const reason = reasonOf(reasonAt(slot));
      if (reason !== undefined) receiver.unreadable(entry, reason);
      else receiver.rebuilt?.(this.#table.rows[entry] ?? 0);
    }
  }
}

/** Rebuilds a whole pack in the calling thread; false when the receiver ended it. */
export function walkPack(
  core: WasmCore,
  pack: OpenPack,
  limits: PlanLimits & WalkOptions,
  receiver: WalkReceiver,
): boolean {
  const plan = planPack(pack, limits);
  for (const { entry, reason } of plan.unreadable) receiver.unreadable(entry, reason);
  const walker = new PackWalker(core, pack.table, plan.walk, limits);
  try {
    return walker.run(receiver);
  } finally {
    walker.close();
  }
}
