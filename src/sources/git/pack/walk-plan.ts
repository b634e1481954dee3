/**
 * Divides a pack's delta forest into batches, each a list of entries in preorder, so that workers can take one
 * after the other from a shared counter.
 */
import type { DeltaForest } from './delta-forest.js';
import { type DividedForest, divideFamilies } from './divide-families.js';
import { NO_BASE, type PackTable } from './pack-table.js';

/** Bits of a slot; the core's records use the same (assembly/pack/walk.ts). */
export const DELTA_BIT = 1;
export const PARENT_BIT = 2;
export const LAST_BIT = 4;
export const WANTED_BIT = 8;
export const CRC_BIT = 16;
/** The base is delivered too, by the same worker and before. */
export const BASE_SEEN_BIT = 32;
/** Delivered elsewhere, and here again for the sake of its deltas. */
export const REPEAT_BIT = 64;

/** All arrays are views of shared memory. A *slot* is a place in `entries`. */
export interface WalkPlan {
  /** Entries to rebuild, family by family in preorder. */
  readonly entries: Uint32Array;
  /** Slots of the subtree that starts at a slot. */
  readonly subtrees: Uint32Array;
  readonly bits: Uint8Array;
  /** First slot of each batch, and the number of slots at the end. */
  readonly batches: Uint32Array;
  /** One cell: the next batch to be taken. */
  readonly counter: Int32Array;
}

export interface PlanLimits {
  /** Object types to deliver, by git's numbers. */
  readonly types: readonly number[];
  /** By row: 1 where the object is to be delivered. All are when absent. */
  readonly wanted?: Uint8Array;
  /** A batch closes before its packed bytes exceed this; a larger family has its own. */
  readonly batchBytes?: number;
  /** See divide-families.ts; for tests. */
  readonly largeWork?: number;
}

/** Enough that reading costs few calls; 1 to 700 MiB measure alike. */
const MOST_BATCH_BYTES = 4 << 20;
/** Below that each batch's own cost counts. */
const LEAST_BATCH_BYTES = 1 << 20;
/** A small pack is divided so often: else the last of a few batches keeps one worker busy while all others wait. */
const LEAST_BATCHES = 16;
/** And so many slots, for packs of many small trees. */
const BATCH_SLOTS = 1 << 15;

/** Plans all readable, wanted entries of the given types, with the bases they need. Large families come first. */
export function planWalk(table: PackTable, forest: DeltaForest, limits: PlanLimits): WalkPlan {
  const wanted = wantedEntries(table, limits);
  const { largeWork } = limits;
  const divided = divideFamilies(table, forest, {
    wanted,
    ...(largeWork === undefined ? {} : { largeWork }),
  });
  const layout = new PlanLayout(table, forest, divided, wanted, limits.batchBytes ?? batchBytesOf(table));
  for (const part of divided.parts) layout.addPart(part.base, part.children);
  for (const isLarge of [1, 0]) {
    for (let at = 0; at < forest.rootCount; at++) {
      const root = forest.order[at] ?? 0;
      if (divided.sizes[root] === 0 || divided.isLarge[root] !== isLarge) continue;
      layout.addFamily(root, isLarge === 1);
    }
  }
  return layout.finish();
}

function batchBytesOf({ offsets, count }: PackTable): number {
  const part = Math.ceil((offsets[count] ?? 0) / LEAST_BATCHES);
  return Math.min(MOST_BATCH_BYTES, Math.max(LEAST_BATCH_BYTES, part));
}

/** By entry: 1 where it is to be delivered. */
function wantedEntries(table: PackTable, limits: PlanLimits): Uint8Array {
  const wanted = new Uint8Array(table.count);
  const typeMask = limits.types.reduce((mask, type) => mask | (1 << type), 0) & ~1;
  for (let entry = 0; entry < table.count; entry++) {
    if (((typeMask >> (table.types[entry] ?? 0)) & 1) === 0) continue;
    wanted[entry] = limits.wanted === undefined ? 1 : (limits.wanted[table.rows[entry] ?? 0] ?? 0);
  }
  return wanted;
}

class PlanLayout {
  readonly #table: PackTable;
  readonly #forest: DeltaForest;
  readonly #divided: DividedForest;
  readonly #wanted: Uint8Array;
  readonly #batchBytes: number;
  readonly #plan: Pick<WalkPlan, 'entries' | 'subtrees' | 'bits'>;
  readonly #batches: number[] = [0];
  #slot = 0;
  #bytes = 0;
  /** Entries still to be added, the next one last, and their bits. */
  readonly #open: number[] = [];
  readonly #openBits: number[] = [];

  constructor(
    table: PackTable,
    forest: DeltaForest,
    divided: DividedForest,
    wanted: Uint8Array,
    batchBytes: number,
  ) {
    this.#table = table;
    this.#forest = forest;
    this.#divided = divided;
    this.#wanted = wanted;
    this.#batchBytes = batchBytes;
    let slots = 0;
    for (let at = 0; at < forest.rootCount; at++) slots += divided.sizes[forest.order[at] ?? 0] ?? 0;
    for (const { base, children } of divided.parts) {
      slots += this.#chainTo(base).length;
      for (const child of children) slots += divided.sizes[child] ?? 0;
    }
    this.#plan = {
      entries: new Uint32Array(new SharedArrayBuffer(slots * 4)),
      subtrees: new Uint32Array(new SharedArrayBuffer(slots * 4)),
      bits: new Uint8Array(new SharedArrayBuffer(slots)),
    };
  }

  /** Adds a root with all that is needed below it, as a batch of its own when it is large. */
  addFamily(root: number, isLarge: boolean): void {
    if (isLarge) this.#closeBatch(this.#slot);
    const start = this.#slot;
    this.#open.push(root);
    this.#openBits.push(0);
    const bytes = this.#addOpen();
    const isFull =
      this.#bytes + bytes > this.#batchBytes || this.#slot - (this.#batches.at(-1) ?? 0) > BATCH_SLOTS;
    if (isFull) this.#closeBatch(start);
    this.#bytes += bytes;
    if (isLarge) this.#closeBatch(this.#slot);
  }

  /**
   * Adds a detached part as a batch: its bases, which others deliver, then the subtrees. The last base is handed
   * over here too: in redis 1,600 deltas would else have to be scanned whole for want of 13 bases.
   */
  addPart(base: number, children: readonly number[]): void {
    const chain = this.#chainTo(base);
    const isWanted = this.#wanted[base] === 1;
    const below = children.reduce((sum, child) => sum + (this.#divided.sizes[child] ?? 0), 0);
    chain.forEach((entry, depth) => {
      const bits = depth === 0 ? PARENT_BIT : DELTA_BIT | LAST_BIT | PARENT_BIT;
      const repeat = entry === base && isWanted ? WANTED_BIT | REPEAT_BIT : 0;
      this.#add(entry, chain.length - depth + below, bits | repeat);
    });
    this.#openChildren(children, 0, children.length, 1, isWanted ? BASE_SEEN_BIT : 0);
    this.#addOpen();
    this.#closeBatch(this.#slot);
  }

  finish(): WalkPlan {
    this.#closeBatch(this.#slot);
    const batches = new Uint32Array(new SharedArrayBuffer(this.#batches.length * 4));
    batches.set(this.#batches);
    return { ...this.#plan, batches, counter: new Int32Array(new SharedArrayBuffer(4)) };
  }

  /** Ends the batch before `slot`, unless it is empty. */
  #closeBatch(slot: number): void {
    if (slot === this.#batches.at(-1)) return;
    this.#batches.push(slot);
    this.#bytes = 0;
  }

  #add(entry: number, subtree: number, bits: number): void {
    this.#plan.entries[this.#slot] = entry;
    this.#plan.subtrees[this.#slot] = subtree;
    this.#plan.bits[this.#slot] = bits;
    this.#slot++;
  }

  /** Adds what is open and all that is needed below; returns the packed bytes. */
  #addOpen(): number {
    const { offsets } = this.#table;
    const { starts, children } = this.#forest;
    let bytes = 0;
    for (let entry = this.#open.pop(); entry !== undefined; entry = this.#open.pop()) {
      let bits = this.#openBits.pop() ?? 0;
      const isWanted = this.#wanted[entry] === 1;
      if (isWanted) bits |= WANTED_BIT;
      const first = starts[entry] ?? 0;
      const end = starts[entry + 1] ?? 0;
      const isParent = this.#openChildren(children, first, end, 0, isWanted ? BASE_SEEN_BIT : 0);
      if (isParent) bits |= PARENT_BIT;
      this.#add(entry, this.#divided.sizes[entry] ?? 0, bits);
      bytes += (offsets[entry + 1] ?? 0) - (offsets[entry] ?? 0);
    }
    return bytes;
  }

  /**
   * Opens those of list[first, end) that are to be built and are detached, or are not; false when there are
   * none. The heaviest comes last, when the base is given up: of n entries at most log2(n) bases wait in the
   * arena then, however deep the chain.
   */
  #openChildren(
    list: ArrayLike<number>,
    first: number,
    end: number,
    detached: number,
    bits: number,
  ): boolean {
    const { sizes, isDetached } = this.#divided;
    let heaviest = -1;
    let weight = 0;
    for (let at = first; at < end; at++) {
      const child = list[at] ?? 0;
      const size = sizes[child] ?? 0;
      if (size <= weight || isDetached[child] !== detached) continue;
      heaviest = at;
      weight = size;
    }
    if (heaviest === -1) return false;
    this.#open.push(list[heaviest] ?? 0);
    this.#openBits.push(DELTA_BIT | LAST_BIT | bits);
    for (let at = end - 1; at >= first; at--) {
      const child = list[at] ?? 0;
      if (at === heaviest || sizes[child] === 0 || isDetached[child] !== detached) continue;
      this.#open.push(child);
      this.#openBits.push(DELTA_BIT | bits);
    }
    return true;
  }

  /** An entry's bases, the root first, and the entry itself. */
  #chainTo(entry: number): number[] {
    const chain: number[] = [];
    for (let at = entry; at >= 0; at = this.#table.bases[at] ?? NO_BASE) chain.push(at);
    return chain.reverse();
  }
}
