/** Takes what is kept of a store's packs out of the graphs that a scan has made. */
import type { CommitGraph } from '../attribution/commit-graph.js';
import { OidTable } from '../attribution/oid-table.js';
import type { TagGraph } from '../attribution/tag-graph.js';
import { type TaintedTrees, TreeGraph } from '../attribution/tree-graph.js';
import type { InventoryPack } from '../inventory-pack.js';
import type { StoreInventory } from '../store-inventory.js';
import { ObjectNumbers } from './known-history.js';
import { encodeHistory, type PackedCommits, type PackedTags, type PackedTrees } from './packed-history.js';

/** What attribution found out. */
export interface HistoryGraphs {
  readonly commits: CommitGraph;
  readonly tags: TagGraph;
  /** Blobs with a hit. */
  readonly hits: OidTable;
  readonly treeTable: OidTable;
  readonly trees: TaintedTrees;
  /** True when trees and commits begin with those that an earlier scan knew. */
  readonly isAfterKnown: boolean;
}

/** The graphs of a store in which nothing was found: no tree leads to a hit. */
export function withoutHits(
  { commits, tags }: Pick<HistoryGraphs, 'commits' | 'tags'>,
  isAfterKnown: boolean,
): HistoryGraphs {
  const noBlobs = new OidTable(new Uint8Array(0), commits.table.oidBytes);
  const trees = new TreeGraph(noBlobs, noBlobs).finish();
  return { commits, tags, hits: noBlobs, treeTable: noBlobs, trees, isAfterKnown };
}

const none = new Int32Array(0);
/** More than this is not worth keeping: reading everything again takes as long. */
const maxBytes = 24 << 20;
/** What git itself can write is far below; what a forged commit says may not be a whole number any more. */
const maxDate = 2 ** 50;

/** Undefined where the packs do not say all by themselves. */
export function keepHistory({ packs, known }: StoreInventory, graphs: HistoryGraphs): Buffer | undefined {
  const sorted = [...packs].sort((a, b) => (a.path < b.path ? -1 : 1));
  const numbers = new ObjectNumbers(sorted.map(({ ids }) => ids));
  const types = new Uint8Array(numbers.total);
  let start = 0;
  for (const pack of sorted) {
    if (!fillTypes(pack, types.subarray(start, start + pack.ids.count))) return undefined;
    start += pack.ids.count;
  }
  const hits = numberAll(numbers, graphs.hits);
  // Where the graphs begin with what was known, its numbers are known too.
  const before = (own: Int32Array | undefined, isUsed: boolean): Int32Array =>
    known === undefined || own === undefined || !isUsed ? none : known.numbersAmong(sorted, own);
  const knownTrees = before(known?.history.trees.numbers, graphs.isAfterKnown && graphs.treeTable.count > 0);
  const knownCommits = before(known?.history.commits.numbers, graphs.isAfterKnown);
  const found = packedTrees(numbers, graphs, hits.indexes, knownTrees);
  const commits = found && packedCommits(numbers, graphs.commits, found.indexes, knownCommits);
  if (found === undefined || commits === undefined) return undefined;
  const { names } = graphs.trees;
  const bytes = encodeHistory({
    counts: sorted.map(({ ids }) => ids.count),
    types,
    commits,
    tags: packedTags(numbers, graphs.tags),
    hits: hits.numbers,
    trees: found.trees,
    names: found.names.map((name) => names.nameOf(name)),
  });
  return bytes.length > maxBytes ? undefined : bytes;
}

/** False when something in the pack cannot be read. */
function fillTypes(pack: InventoryPack, types: Uint8Array): boolean {
  if (pack.knownTypes !== undefined) {
    types.set(pack.knownTypes);
    return true;
  }
  const { table } = pack.open();
  for (let entry = 0; entry < table.count; entry++) {
    const type = table.types[entry] ?? 0;
    if (type === 0 || table.faults[entry] !== 0) return false;
    types[table.rows[entry] ?? 0] = type;
  }
  return true;
}

interface Numbered {
  /** Numbers of those that lie in packs. */
  readonly numbers: Int32Array;
  /** By index in the table: place in `numbers`; -1 for what lies elsewhere. */
  readonly indexes: Int32Array;
}

/** @param first numbers of the first objects of the table */
function numberAll(
  numbers: ObjectNumbers,
  table: OidTable,
  first: Int32Array = none,
  isWanted?: Uint8Array,
): Numbered {
  const found = new Int32Array(table.count);
  const indexes = new Int32Array(table.count).fill(-1);
  let count = 0;
  for (let index = 0; index < table.count; index++) {
    if (isWanted !== undefined && isWanted[index] !== 1) continue;
    const number = first[index] ?? numbers.of(table.oids, index * table.oidBytes);
    if (number < 0) continue;
    indexes[index] = count;
    found[count++] = number;
  }
  return { numbers: found.subarray(0, count), indexes };
}

/** Undefined when a packed tree names a hit or a tree that leads to one outside of the packs. */
function packedTrees(
  numbers: ObjectNumbers,
  { treeTable, trees }: HistoryGraphs,
  hits: Int32Array,
  known: Int32Array,
):
  | { readonly trees: PackedTrees; readonly names: readonly number[]; readonly indexes: Int32Array }
  | undefined {
  const numbered = numberAll(numbers, treeTable, known, trees.tainted);
  const starts = new Int32Array(numbered.numbers.length + 1);
  const entryNames = new Int32Array(trees.entryNames.length);
  const targets = new Int32Array(trees.entryNames.length);
  const nameIndexes = new Map<number, number>();
  let count = 0;
  for (let tree = 0; tree < treeTable.count; tree++) {
    const index = numbered.indexes[tree] as number;
    if (index < 0) continue;
    starts[index] = count;
    for (let at = trees.starts[tree] as number; at < (trees.starts[tree + 1] as number); at++) {
      const target = trees.entryTargets[at] as number;
      const isHit = (target & 1) === 1;
      const to = ((isHit ? hits : numbered.indexes)[target >> 1] ?? -1) as number;
      if (to < 0) return undefined;
      const name = trees.entryNames[at] as number;
      let nameIndex = nameIndexes.get(name);
      if (nameIndex === undefined) {
        nameIndex = nameIndexes.size;
        nameIndexes.set(name, nameIndex);
      }
      entryNames[count] = nameIndex;
      targets[count++] = 2 * to + (isHit ? 1 : 0);
    }
    starts[index + 1] = count;
  }
  return {
    trees: {
      numbers: numbered.numbers,
      starts,
      names: entryNames.subarray(0, count),
      targets: targets.subarray(0, count),
    },
    names: [...nameIndexes.keys()],
    indexes: numbered.indexes,
  };
}

/** Undefined when a packed commit's parent lies outside of the packs, and where a date is no number that git writes. */
function packedCommits(
  numbers: ObjectNumbers,
  graph: CommitGraph,
  trees: Int32Array,
  known: Int32Array,
): PackedCommits | undefined {
  const numbered = numberAll(numbers, graph.table, known);
  const count = numbered.numbers.length;
  const roots = new Int32Array(count).fill(-1);
  const dates = new Float64Array(count);
  const starts = new Int32Array(count + 1);
  const parents: number[] = [];
  for (let commit = 0; commit < graph.table.count; commit++) {
    const index = numbered.indexes[commit] as number;
    if (index < 0) continue;
    const root = graph.rootTrees[commit] as number;
    if (root >= 0) roots[index] = trees[root] ?? -1;
    const date = graph.dates[commit] as number;
    if (date >= maxDate) return undefined;
    dates[index] = date;
    for (const parent of graph.parentsOf(commit)) {
      const to = parent < 0 ? -1 : (numbered.indexes[parent] as number);
      if (parent >= 0 && to < 0) return undefined;
      parents.push(to);
    }
    starts[index + 1] = parents.length;
  }
  return { numbers: numbered.numbers, roots, dates, starts, parents: Int32Array.from(parents) };
}

function packedTags(numbers: ObjectNumbers, graph: TagGraph): PackedTags {
  const size = graph.table.oidBytes;
  const known: number[] = [];
  const targets: number[] = [];
  const open: number[] = [];
  for (let tag = 0; tag < graph.table.count; tag++) {
    const number = numbers.of(graph.table.oids, tag * size);
    if (number < 0) continue;
    const target = graph.targetOf(tag);
    const to = target === undefined ? -1 : numbers.of(target, 0);
    if (to < 0) open.push(number);
    else {
      known.push(number);
      targets.push(to);
    }
  }
  return { numbers: Int32Array.from(known), targets: Int32Array.from(targets), open: Int32Array.from(open) };
}
