/**
 * Divides a pack's delta forest into batches of whole families, each a list of entries in preorder, so that
 * workers can take one after the other from a shared counter.
 */
import type { DeltaForest } from './delta-forest.js';
import { NO_BASE, type PackTable } from './pack-table.js';

/** Bits of a slot; the core's records use the same (assembly/pack/walk.ts). */
export const DELTA_BIT = 1;
export const PARENT_BIT = 2;
export const LAST_BIT = 4;
export const WANTED_BIT = 8;
export const CRC_BIT = 16;

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
}

/** Large enough that reading costs few calls, small enough to divide among 16 cores and to stay in the L3 cache. */
const BATCH_BYTES = 4 << 20;
/** And so many slots, for packs of many small trees. */
const BATCH_SLOTS = 1 << 15;

/** Plans all readable, wanted entries of the given types, with the bases they need. */
export function planWalk(table: PackTable, forest: DeltaForest, limits: PlanLimits): WalkPlan {
  const typeMask = limits.types.reduce((mask, type) => mask | (1 << type), 0);
  const isWanted = (entry: number): boolean =>
    ((typeMask >> (table.types[entry] ?? 0)) & 1) === 1 &&
    (limits.wanted === undefined || limits.wanted[table.rows[entry] ?? 0] === 1);

  const sizes = subtreeSizes(table, forest, isWanted);
  let total = 0;
  for (const entry of forest.order) {
    if (table.bases[entry] !== NO_BASE) break;
    total += sizes[entry] ?? 0;
  }
  const plan = {
    entries: new Uint32Array(new SharedArrayBuffer(total * 4)),
    subtrees: new Uint32Array(new SharedArrayBuffer(total * 4)),
    bits: new Uint8Array(new SharedArrayBuffer(total)),
  };
  const batches: number[] = [0];
  const batchBytes = limits.batchBytes ?? BATCH_BYTES;
  const walk = new Preorder(table, forest, sizes, isWanted, plan);
  let batchStart = 0;
  let bytes = 0;
  for (const root of forest.order) {
    if (table.bases[root] !== NO_BASE) break;
    if (sizes[root] === 0) continue;
    const familyStart = walk.slot;
    const familyBytes = walk.addFamily(root);
    const isFull = bytes + familyBytes > batchBytes || walk.slot - batchStart > BATCH_SLOTS;
    if (isFull && familyStart > batchStart) {
      batches.push(familyStart);
      batchStart = familyStart;
      bytes = 0;
    }
    bytes += familyBytes;
  }
  if (total > batchStart) batches.push(total);
  const shared = new Uint32Array(new SharedArrayBuffer(batches.length * 4));
  shared.set(batches);
  return { ...plan, batches: shared, counter: new Int32Array(new SharedArrayBuffer(4)) };
}

/** Entries of each subtree that must be built; 0 where nothing below, nor the entry itself, is wanted. */
function subtreeSizes(
  table: PackTable,
  forest: DeltaForest,
  isWanted: (entry: number) => boolean,
): Uint32Array {
  const sizes = new Uint32Array(table.count);
  for (let at = forest.order.length - 1; at >= 0; at--) {
    const entry = forest.order[at] ?? 0;
    const below = sizes[entry] ?? 0;
    if (below === 0 && !isWanted(entry)) continue;
    sizes[entry] = below + 1;
    const base = table.bases[entry] ?? NO_BASE;
    if (base >= 0) sizes[base] = (sizes[base] ?? 0) + below + 1;
  }
  return sizes;
}

class Preorder {
  slot = 0;
  readonly #table: PackTable;
  readonly #forest: DeltaForest;
  readonly #sizes: Uint32Array;
  readonly #isWanted: (entry: number) => boolean;
  readonly #plan: Pick<WalkPlan, 'entries' | 'subtrees' | 'bits'>;
  /** Entries still to be added, the next one last, and their bits. */
  readonly #open: number[] = [];
  readonly #openBits: number[] = [];

  constructor(
    table: PackTable,
    forest: DeltaForest,
    sizes: Uint32Array,
    isWanted: (entry: number) => boolean,
    plan: Pick<WalkPlan, 'entries' | 'subtrees' | 'bits'>,
  ) {
    this.#table = table;
    this.#forest = forest;
    this.#sizes = sizes;
    this.#isWanted = isWanted;
    this.#plan = plan;
  }

  /** Adds a root with all that is needed below it; returns the family's packed bytes. */
  addFamily(root: number): number {
    const { offsets } = this.#table;
    let bytes = 0;
    this.#open.push(root);
    this.#openBits.push(0);
    for (let entry = this.#open.pop(); entry !== undefined; entry = this.#open.pop()) {
      let bits = this.#openBits.pop() ?? 0;
      if (this.#pushChildren(entry)) bits |= PARENT_BIT;
      if (this.#isWanted(entry)) bits |= WANTED_BIT;
      this.#plan.entries[this.slot] = entry;
      this.#plan.subtrees[this.slot] = this.#sizes[entry] ?? 0;
      this.#plan.bits[this.slot] = bits;
      this.slot++;
      bytes += (offsets[entry + 1] ?? 0) - (offsets[entry] ?? 0);
    }
    return bytes;
  }

  /**
   * Opens the needed children; false when there are none. The heaviest comes last, when the base is given up:
   * of n entries at most log2(n) bases wait in the arena then, however deep the chain.
   */
  #pushChildren(entry: number): boolean {
    const { starts, children } = this.#forest;
    const first = starts[entry] ?? 0;
    const end = starts[entry + 1] ?? 0;
    let heaviest = -1;
    let weight = 0;
    for (let at = first; at < end; at++) {
      const size = this.#sizes[children[at] ?? 0] ?? 0;
      if (size <= weight) continue;
      weight = size;
      heaviest = at;
    }
    if (heaviest === -1) return false;
    this.#open.push(children[heaviest] ?? 0);
    this.#openBits.push(DELTA_BIT | LAST_BIT);
    for (let at = end - 1; at >= first; at--) {
      const child = children[at] ?? 0;
      if (at === heaviest || this.#sizes[child] === 0) continue;
      this.#open.push(child);
      this.#openBits.push(DELTA_BIT);
    }
    return true;
  }
}
