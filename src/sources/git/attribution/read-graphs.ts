/** Reads trees, commits and tags of a store into their graphs, and says what could not be read. */
import type { HitObject, PlanEvents } from '../../source.js';
import type { HistoryGraphs } from '../history/keep-history.js';
import type { KnownHistory } from '../history/known-history.js';
import type { IndexEntry } from '../index-entries.js';
import { oidsOfHex } from '../object-id.js';
import type { GitRefs } from '../refs.js';
import type { StoreObjects } from '../store-objects.js';
import { CommitGraph } from './commit-graph.js';
import { OidTable } from './oid-table.js';
import { TagGraph } from './tag-graph.js';
import { type TaintedTrees, TreeGraph } from './tree-graph.js';

export interface AttributionInput {
  readonly objects: StoreObjects;
  /** Displayable name of the store, for problems. */
  readonly where: string;
  readonly oidBytes: number;
  /** Ids of all trees, commits and tags to look at, back to back; those of `known` come first. */
  readonly trees: Uint8Array;
  readonly commits: Uint8Array;
  readonly tags: Uint8Array;
  /** All commits, where they were read before. */
  readonly graph?: CommitGraph;
  readonly refs: GitRefs;
  /**
   * True where parents can be missing (shallow clone, tips only): then a commit without its parents is not
   * named as the one that introduced anything.
   */
  readonly partialHistory: boolean;
  readonly index: readonly IndexEntry[];
  /** What an earlier scan knew: only what comes after it is read. */
  readonly known?: KnownHistory;
  /** Takes the graphs when all of them could be read. */
  readonly keep?: (graphs: HistoryGraphs) => void;
}

export function uniqueOids(
  hits: readonly HitObject[],
  type: HitObject['objectType'],
  oidBytes: number,
): Uint8Array {
  const hex = new Set<string>();
  for (const hit of hits) if (hit.objectType === type) hex.add(Buffer.from(hit.oid).toString('hex'));
  return oidsOfHex([...hex].sort(), oidBytes);
}

export async function readTrees(
  input: AttributionInput,
  table: OidTable,
  blobs: OidTable,
  events: PlanEvents,
  signal: AbortSignal,
  names: readonly Uint8Array[] = [],
): Promise<TaintedTrees> {
  const graph = new TreeGraph(table, blobs, names);
  const known = table.count === 0 ? undefined : input.known;
  if (known !== undefined) graph.addKnown(known.history, hitsNow(known, blobs));
  const from = known?.history.trees.numbers.length ?? 0;
  let unreadable = 0;
  const handler = {
    object: (index: number, type: string, buffer: Buffer, start: number, end: number): void => {
      if (type === 'tree') graph.add(index, buffer, start, end);
    },
    missing: (): void => {
      unreadable++;
    },
    following: graph.following(),
  };
  await input.objects.read('tree', table, handler, signal, from);
  const trees = graph.finish();
  reportCorrupt(unreadable + graph.malformed, 'tree', input, events);
  return trees;
}

/** By known hit: its index among those of now, or -1. */
function hitsNow(known: KnownHistory, blobs: OidTable): Int32Array {
  const size = blobs.oidBytes;
  const oids = known.idsOf(known.history.hits, new Uint8Array(0));
  return known.history.hits.map((_, hit) => blobs.find(oids, hit * size));
}

export async function readCommits(
  input: AttributionInput,
  trees: OidTable,
  events: PlanEvents,
  signal: AbortSignal,
): Promise<CommitGraph> {
  if (input.graph !== undefined) {
    input.graph.forgetReach();
    return input.graph;
  }
  const graph = new CommitGraph(new OidTable(input.commits, input.oidBytes), trees);
  const from = addKnownCommits(graph, input.known);
  let unreadable = 0;
  const handler = {
    object: (index: number, type: string, buffer: Buffer, start: number, end: number): void => {
      if (type === 'commit') graph.add(index, buffer, start, end);
    },
    missing: (): void => {
      unreadable++;
    },
    following: graph.following(),
  };
  await input.objects.read('commit', graph.table, handler, signal, from);
  reportCorrupt(unreadable, 'commit', input, events);
  return graph;
}

/** Gives how many commits need not be read. */
export function addKnownCommits(graph: CommitGraph, known: KnownHistory | undefined): number {
  if (known === undefined) return 0;
  graph.addKnown(known.history.commits);
  return known.history.commits.numbers.length;
}

/** Gives how many tags need not be read; their names are not known. */
export function addKnownTags(graph: TagGraph, known: KnownHistory | undefined): number {
  if (known === undefined) return 0;
  graph.addKnown(known.idsOf(known.history.tags.targets, new Uint8Array(0)));
  return known.history.tags.numbers.length;
}

function reportCorrupt(count: number, what: string, input: AttributionInput, events: PlanEvents): void {
  if (count === 0) return;
  const detail = `${count} ${what} object(s) unreadable: paths and commits of findings may be missing`;
  events.problem({ code: 'corrupt-object', where: input.where, detail });
}

/** @param named hits: tags whose names are asked for */
export async function readTags(
  input: AttributionInput,
  named: OidTable,
  signal: AbortSignal,
): Promise<TagGraph> {
  const graph = new TagGraph(new OidTable(input.tags, input.oidBytes));
  const handler = {
    object: (index: number, type: string, buffer: Buffer, start: number, end: number): void => {
      if (type === 'tag') graph.add(index, buffer, start, end);
    },
    missing: (): void => undefined,
  };
  const from = addKnownTags(graph, input.known);
  await input.objects.read('tag', graph.table, handler, signal, from);
  if (from === 0) return graph;
  const again = {
    ...handler,
    object: (at: number, type: string, buffer: Buffer, start: number, end: number): void => {
      const index = graph.table.find(named.oids, at * named.oidBytes);
      if (index >= 0) handler.object(index, type, buffer, start, end);
    },
  };
  await input.objects.read('tag', named, again, signal);
  return graph;
}
