/** Reads trees, commits and tags of a store into their graphs, and says what could not be read. */
import type { HitObject, PlanEvents } from '../../source.js';
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
  /** Ids of all trees, commits and tags to look at, back to back. */
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
): Promise<TaintedTrees> {
  const graph = new TreeGraph(table, blobs);
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
  await input.objects.read('tree', table, handler, signal);
  const trees = graph.finish();
  reportCorrupt(unreadable + graph.malformed, 'tree', input, events);
  return trees;
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
  await input.objects.read('commit', graph.table, handler, signal);
  reportCorrupt(unreadable, 'commit', input, events);
  return graph;
}

function reportCorrupt(count: number, what: string, input: AttributionInput, events: PlanEvents): void {
  if (count === 0) return;
  const detail = `${count} ${what} object(s) unreadable: paths and commits of findings may be missing`;
  events.problem({ code: 'corrupt-object', where: input.where, detail });
}

export async function readTags(input: AttributionInput, signal: AbortSignal): Promise<TagGraph> {
  const graph = new TagGraph(new OidTable(input.tags, input.oidBytes));
  const handler = {
    object: (index: number, type: string, buffer: Buffer, start: number, end: number): void => {
      if (type === 'tag') graph.add(index, buffer, start, end);
    },
    missing: (): void => undefined,
  };
  await input.objects.read('tag', graph.table, handler, signal);
  return graph;
}
