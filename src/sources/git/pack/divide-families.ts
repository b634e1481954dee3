/**
 * Cuts delta families that are too much work for one worker into parts that several can take.
 *
 * A changelog with thousands of versions may be a tenth of a repository's work. Subtrees of it become parts
 * of their own, whose chain of bases is rebuilt, but not delivered, a second time.
 */
import type { DeltaForest } from './delta-forest.js';
import type { PackTable } from './pack-table.js';

/** Subtrees below one base that are taken apart from the rest of their family. */
export interface DetachedPart {
  readonly base: number;
  readonly children: readonly number[];
}

export interface DividedForest {
  /** Entries to be built in the subtree of an entry, itself included, without detached ones; 0 for none. */
  readonly sizes: Uint32Array;
  /** 1 where an entry is no longer built together with its base. */
  readonly isDetached: Uint8Array;
  readonly parts: readonly DetachedPart[];
  /** 1 at the roots of families that are large: to be started first, each by itself. */
  readonly isLarge: Uint8Array;
}

export interface DivideLimits {
  /** By entry: 1 where it is to be delivered. */
  readonly wanted: Uint8Array;
  /** Work above which a family is large, in KiB, see `workOf`. */
  readonly largeWork?: number;
}

/** A sixty-fourth of all work, so that 16 workers end together; but not below some 15 ms. */
const LARGEST_SHARE = 1 / 64;
const SMALLEST_LARGE_WORK = 64 << 10;

/**
 * Work of an entry, in KiB that are copied: inflating and scanning a packed byte costs about 32 times as much
 * as copying an inflated one (redis). A delta's result is taken to be as long as its root. In KiB, because
 * whole numbers below 2^31 spare V8 a heap number each.
 */
function workOf(rootSize: number, packedBytes: number): number {
  return 1 + (rootSize >>> 10) + (packedBytes >>> 5);
}

export function divideFamilies(table: PackTable, forest: DeltaForest, limits: DivideLimits): DividedForest {
  const isDetached = new Uint8Array(table.count);
  const isLarge = new Uint8Array(table.count);
  const tallies = tally(table, forest, limits.wanted);
  const parts: DetachedPart[] = [];
  const largeWork = limits.largeWork ?? Math.max(tallies.total * LARGEST_SHARE, SMALLEST_LARGE_WORK);
  for (let at = 0; at < forest.rootCount; at++) {
    const root = forest.order[at] ?? 0;
    if ((tallies.work[root] ?? 0) <= largeWork) continue;
    isLarge[root] = 1;
    parts.push(...detachParts(table, forest, tallies, isDetached, root, largeWork));
  }
  return { sizes: tallies.sizes, isDetached, parts, isLarge };
}

interface Tallies {
  /** Entries to be built, by subtree. */
  readonly sizes: Uint32Array;
  /** Their work, in KiB. */
  readonly work: Uint32Array;
  /** Work of all. */
  readonly total: number;
}

function tally(table: PackTable, forest: DeltaForest, wanted: Uint8Array): Tallies {
  const { count, bases, offsets } = table;
  const { order } = forest;
  const sizes = new Uint32Array(count);
  const work = new Uint32Array(count);
  const rootSizes = rootSizesOf(table, forest);
  for (let at = order.length - 1; at >= 0; at--) {
    const entry = order[at] ?? 0;
    const below = sizes[entry] ?? 0;
    if (below === 0 && wanted[entry] !== 1) continue;
    const own = workOf(rootSizes[entry] ?? 0, (offsets[entry + 1] ?? 0) - (offsets[entry] ?? 0));
    const sum = (work[entry] ?? 0) + own;
    sizes[entry] = below + 1;
    work[entry] = sum;
    if (at < forest.rootCount) continue;
    const base = bases[entry] ?? 0;
    sizes[base] = (sizes[base] ?? 0) + below + 1;
    work[base] = (work[base] ?? 0) + sum;
  }
  let total = 0;
  for (let at = 0; at < forest.rootCount; at++) total += work[order[at] ?? 0] ?? 0;
  return { sizes, work, total };
}

/** Inflated size of each entry's root. */
function rootSizesOf(table: PackTable, forest: DeltaForest): Uint32Array {
  const rootSizes = new Uint32Array(table.count);
  for (let at = 0; at < forest.order.length; at++) {
    const entry = forest.order[at] ?? 0;
    const base = table.bases[entry] ?? 0;
    rootSizes[entry] = (at < forest.rootCount ? table.sizes[entry] : rootSizes[base]) ?? 0;
  }
  return rootSizes;
}

/** Takes groups of siblings out of a family, from the leaves up, whenever a group has become large. */
function detachParts(
  table: PackTable,
  forest: DeltaForest,
  { sizes, work }: Tallies,
  isDetached: Uint8Array,
  root: number,
  largeWork: number,
): DetachedPart[] {
  const parts: DetachedPart[] = [];
  const family = familyOf(forest, sizes, root);
  const rootSize = table.sizes[root] ?? 0;
  for (let at = family.entries.length - 1; at >= 0; at--) {
    const base = family.entries[at] ?? 0;
    // What the chain above costs a second time must stay small beside what is taken off.
    const enough = Math.max(largeWork, 4 * (rootSize >>> 10) * ((family.depths[at] ?? 0) + 1));
    const children = childrenOf(forest, base).filter((child) => sizes[child] !== 0);
    let group: number[] = [];
    let groupWork = 0;
    let remainingSize = 1;
    let remainingWork = workOf(rootSize, (table.offsets[base + 1] ?? 0) - (table.offsets[base] ?? 0));
    for (const child of children) {
      group.push(child);
      groupWork += work[child] ?? 0;
      remainingSize += sizes[child] ?? 0;
      remainingWork += work[child] ?? 0;
      if (groupWork < enough) continue;
      for (const detached of group) {
        isDetached[detached] = 1;
        remainingSize -= sizes[detached] ?? 0;
      }
      remainingWork -= groupWork;
      parts.push({ base, children: group });
      group = [];
      groupWork = 0;
    }
    sizes[base] = remainingSize;
    work[base] = remainingWork;
  }
  return parts;
}

/** Entries of a family that are to be built, bases first, and how many bases each has. */
function familyOf(
  forest: DeltaForest,
  sizes: Uint32Array,
  root: number,
): { readonly entries: readonly number[]; readonly depths: readonly number[] } {
  const entries = [root];
  const depths = [0];
  for (let at = 0; at < entries.length; at++) {
    for (const child of childrenOf(forest, entries[at] ?? 0)) {
      if (sizes[child] === 0) continue;
      entries.push(child);
      depths.push((depths[at] ?? 0) + 1);
    }
  }
  return { entries, depths };
}

function childrenOf(forest: DeltaForest, entry: number): number[] {
  return [...forest.children.subarray(forest.starts[entry] ?? 0, forest.starts[entry + 1] ?? 0)];
}
