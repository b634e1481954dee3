/**
 * Finds every appearance of the objects that hold a finding: by walking trees and commits as objects,
 * never by `git log`, so that merges, renames, stashes, notes and unreachable commits are all seen.
 */
import type {
  CommitFacts,
  GitBlobAppearance,
  GitTextAppearance,
  LocationKind,
} from '../../../model/appearance.js';
import type { AttributedObject, HitObject, PlanEvents } from '../../source.js';
import type { IndexEntry } from '../index-entries.js';
import { oidsOfHex } from '../object-id.js';
import { streamObjects } from '../object-stream.js';
import { pathNameOf } from '../path-name.js';
import type { GitRefs } from '../refs.js';
import { AppearanceTable } from './appearance-table.js';
import { parseCommitFacts } from './commit-facts.js';
import { CommitGraph, type ReachClass, reachClasses } from './commit-graph.js';
import { HistoryWalk } from './history-walk.js';
import { OidTable } from './oid-table.js';
import { reachingRefs } from './reaching-refs.js';
import { TagGraph } from './tag-graph.js';
import { type TipHolding, walkTips } from './tip-walk.js';
import { type TaintedTrees, TreeGraph } from './tree-graph.js';

export interface AttributionInput {
  readonly neutralDir: string;
  /** Displayable name of the store, for problems. */
  readonly where: string;
  readonly oidBytes: number;
  /** Ids of all trees, commits and tags to look at, back to back. */
  readonly trees: Uint8Array;
  readonly commits: Uint8Array;
  readonly tags: Uint8Array;
  readonly refs: GitRefs;
  /**
   * True where parents can be missing (shallow clone, tips only): then a commit without its parents is not
   * named as the one that introduced anything.
   */
  readonly partialHistory: boolean;
  readonly index: readonly IndexEntry[];
}

const noHolding: TipHolding = { refs: [], refCount: 0 };

export async function* attributeHits(
  input: AttributionInput,
  hits: readonly HitObject[],
  events: PlanEvents,
  signal: AbortSignal,
): AsyncGenerator<AttributedObject> {
  if (hits.length === 0) return;
  const blobs = new OidTable(uniqueOids(hits, 'blob', input.oidBytes), input.oidBytes);
  const treeTable = new OidTable(blobs.count > 0 ? input.trees : new Uint8Array(0), input.oidBytes);
  const trees = await readTrees(input, treeTable, blobs, events, signal);
  const commits = await readCommits(input, treeTable, events, signal);
  const tags = await readTags(input, signal);
  const tips = resolveTips(input, commits, tags, treeTable, blobs);
  commits.markReachable(
    tips.refs.map((tip) => tip.commit),
    'ref',
  );
  commits.markReachable(tips.stash, 'stash');
  commits.markReachable(
    tips.notes.map((tip) => tip.commit),
    'note',
  );
  commits.markReachable(tips.logged, 'reflog');
  const order = commits.topologicalOrder();
  const rows = new AppearanceTable(Math.max(1, blobs.count), trees.names);
  const walk = new HistoryWalk(commits, trees, rows);
  walk.run(order);
  const held = holdTips(input, tips, commits, trees, rows);
  const orphans = holdOrphans(commits, tips, trees, rows);
  if (walk.cutShort || held.cutShort || orphans.cutShort) {
    events.problem({ code: 'walk-limit', where: input.where, detail: 'history has too many paths to list' });
  }
  const store: Attributed = { input, blobs, commits, tags, tips, rows, held, order };
  const facts = await readFacts(store, hits, signal);
  const rowsByHit = groupRows(rows, blobs.count);
  const indexByHit = groupIndex(input.index, blobs);
  for (let hit = 0; hit < blobs.count; hit++) {
    const appearances = (rowsByHit[hit] ?? []).map((row) => blobAppearance(store, facts, row));
    addUnnamed(store, hit, indexByHit.get(hit) ?? [], appearances);
    yield { oid: blobs.hexOf(hit), appearances };
  }
  yield* attributeTexts(store, facts, hits);
}

interface Tips {
  /** Branches, tags, remotes and work tree heads, sorted by name. `commit` or `tree` is -1 when it is none. */
  readonly refs: readonly { readonly name: string; readonly commit: number; readonly tree: number }[];
  readonly notes: readonly { readonly name: string; readonly commit: number; readonly tree: number }[];
  readonly stash: readonly number[];
  readonly logged: readonly number[];
  /** Root tree of the default branch's tip, -1 when there is none. */
  readonly defaultTree: number;
  /** Refs by blob hit that they name directly or through tags. */
  readonly blobRefs: ReadonlyMap<number, readonly string[]>;
  readonly tagRefs: ReadonlyMap<number, readonly string[]>;
  readonly loggedTags: ReadonlySet<number>;
}

interface Attributed {
  readonly input: AttributionInput;
  readonly blobs: OidTable;
  readonly commits: CommitGraph;
  readonly tags: TagGraph;
  readonly tips: Tips;
  readonly rows: AppearanceTable;
  readonly held: Held;
  readonly order: Int32Array;
}

interface Held {
  readonly byTips: ReadonlyMap<number, TipHolding>;
  readonly byDefault: ReadonlyMap<number, TipHolding>;
  readonly byNotes: ReadonlyMap<number, TipHolding>;
  readonly cutShort: boolean;
}

type Facts = ReadonlyMap<number, CommitFacts>;

function uniqueOids(hits: readonly HitObject[], type: HitObject['objectType'], oidBytes: number): Uint8Array {
  const hex = new Set<string>();
  for (const hit of hits) if (hit.objectType === type) hex.add(Buffer.from(hit.oid).toString('hex'));
  return oidsOfHex([...hex].sort(), oidBytes);
}

async function readTrees(
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
  };
  if (table.count > 0) await streamObjects(input.neutralDir, table.oids, input.oidBytes, handler, signal);
  const trees = graph.finish();
  reportCorrupt(unreadable + graph.malformed, 'tree', input, events);
  return trees;
}

async function readCommits(
  input: AttributionInput,
  trees: OidTable,
  events: PlanEvents,
  signal: AbortSignal,
): Promise<CommitGraph> {
  const graph = new CommitGraph(new OidTable(input.commits, input.oidBytes), trees);
  let unreadable = 0;
  const handler = {
    object: (index: number, type: string, buffer: Buffer, start: number, end: number): void => {
      if (type === 'commit') graph.add(index, buffer, start, end);
    },
    missing: (): void => {
      unreadable++;
    },
  };
  if (input.commits.length > 0) {
    await streamObjects(input.neutralDir, input.commits, input.oidBytes, handler, signal);
  }
  graph.finish();
  reportCorrupt(unreadable, 'commit', input, events);
  return graph;
}

function reportCorrupt(count: number, what: string, input: AttributionInput, events: PlanEvents): void {
  if (count === 0) return;
  const detail = `${count} ${what} object(s) unreadable: paths and commits of findings may be missing`;
  events.problem({ code: 'corrupt-object', where: input.where, detail });
}

async function readTags(input: AttributionInput, signal: AbortSignal): Promise<TagGraph> {
  const graph = new TagGraph(new OidTable(input.tags, input.oidBytes));
  const handler = {
    object: (index: number, type: string, buffer: Buffer, start: number, end: number): void => {
      if (type === 'tag') graph.add(index, buffer, start, end);
    },
    missing: (): void => undefined,
  };
  if (input.tags.length > 0)
    await streamObjects(input.neutralDir, input.tags, input.oidBytes, handler, signal);
  return graph;
}

function resolveTips(
  input: AttributionInput,
  commits: CommitGraph,
  tags: TagGraph,
  trees: OidTable,
  blobs: OidTable,
): Tips {
  const refs: { name: string; commit: number; tree: number }[] = [];
  const notes: { name: string; commit: number; tree: number }[] = [];
  const stash: number[] = [];
  const blobRefs = new Map<number, string[]>();
  const tagRefs = new Map<number, string[]>();
  const resolve = (
    oid: string,
  ): { commit: number; tree: number; blob: number; through: readonly number[] } => {
    const { target, through } = tags.peel(Buffer.from(oid, 'hex'));
    const commit = commits.table.find(target, 0);
    const tree = commit >= 0 ? (commits.rootTrees[commit] as number) : trees.find(target, 0);
    return { commit, tree, blob: blobs.find(target, 0), through };
  };
  for (const { name, oid } of input.refs.refs) {
    const { commit, tree, blob, through } = resolve(oid);
    for (const tag of through) append(tagRefs, tag, name);
    if (blob >= 0) append(blobRefs, blob, name);
    if (name === 'refs/stash') stash.push(commit);
    else (name.startsWith('refs/notes/') ? notes : refs).push({ name, commit, tree });
  }
  stash.push(...input.refs.stashLog.map((oid) => commits.table.findHex(oid)));
  const logged = input.refs.logged.map(resolve);
  const { defaultOid } = input.refs;
  return {
    refs,
    notes,
    stash,
    logged: logged.map(({ commit }) => commit),
    defaultTree: defaultOid === undefined ? -1 : resolve(defaultOid).tree,
    blobRefs,
    tagRefs,
    loggedTags: new Set(logged.flatMap(({ through }) => through)),
  };
}

function append(map: Map<number, string[]>, key: number, name: string): void {
  const there = map.get(key);
  if (there === undefined) map.set(key, [name]);
  else there.push(name);
}

function holdTips(
  input: AttributionInput,
  tips: Tips,
  _commits: CommitGraph,
  trees: TaintedTrees,
  rows: AppearanceTable,
): Held {
  const isTainted = ({ tree }: { tree: number }): boolean => tree >= 0 && trees.tainted[tree] === 1;
  const byTips = walkTips(tips.refs.filter(isTainted), trees, rows);
  const head = [{ name: input.refs.defaultOid ?? '', tree: tips.defaultTree }];
  const byDefault = walkTips(head.filter(isTainted), trees, rows);
  const byNotes = walkTips(tips.notes.filter(isTainted), trees, rows);
  return {
    byTips: byTips.holdings,
    byDefault: byDefault.holdings,
    byNotes: byNotes.holdings,
    cutShort: byTips.cutShort || byDefault.cutShort || byNotes.cutShort,
  };
}

/** Trees that hold a hit but that no commit, tip or other tree leads to: their paths are rows as well. */
function holdOrphans(
  commits: CommitGraph,
  tips: Tips,
  trees: TaintedTrees,
  rows: AppearanceTable,
): { readonly cutShort: boolean } {
  const claimed = new Uint8Array(trees.tainted.length);
  for (const tree of commits.rootTrees) if (tree >= 0) claimed[tree] = 1;
  for (const { tree } of [...tips.refs, ...tips.notes]) if (tree >= 0) claimed[tree] = 1;
  const orphans: { tree: number; name: string }[] = [];
  for (let tree = 0; tree < claimed.length; tree++) {
    if (trees.tainted[tree] === 1 && trees.named[tree] !== 1 && claimed[tree] !== 1)
      orphans.push({ tree, name: '' });
  }
  return walkTips(orphans, trees, rows);
}

function groupRows(rows: AppearanceTable, hitCount: number): readonly (readonly number[])[] {
  const byHit: number[][] = Array.from({ length: hitCount }, () => []);
  for (let row = 0; row < rows.count; row++) byHit[rows.rowHits.at(row)]?.push(row);
  return byHit;
}

function groupIndex(entries: readonly IndexEntry[], blobs: OidTable): ReadonlyMap<number, readonly Buffer[]> {
  const byHit = new Map<number, Buffer[]>();
  for (const { oid, path } of entries) {
    const hit = blobs.findHex(oid);
    if (hit < 0) continue;
    const there = byHit.get(hit);
    if (there === undefined) byHit.set(hit, [path]);
    else there.push(path);
  }
  return byHit;
}

function reachOf(store: Attributed, commit: number): ReachClass {
  return reachClasses[store.commits.reach[commit] as number] ?? 'unreachable';
}

const kindByReach: Readonly<Record<ReachClass, LocationKind>> = {
  ref: 'git-history',
  stash: 'git-stash',
  note: 'git-note',
  reflog: 'git-reflog',
  unreachable: 'git-unreachable',
};

function blobAppearance(store: Attributed, facts: Facts, row: number): GitBlobAppearance | GitTextAppearance {
  const { rows, held } = store;
  const introduced = rows.introduced.at(row) - 1;
  const reach = introduced < 0 ? 'unreachable' : reachOf(store, introduced);
  const notes = held.byNotes.get(row);
  const tips = held.byTips.get(row) ?? noHolding;
  const atHead = held.byDefault.has(row);
  if (!atHead && tips.refCount === 0 && (notes !== undefined || reach === 'note')) {
    return noteAppearance(store, facts, row, notes ?? noHolding);
  }
  const locationKind = atHead ? 'git-head' : tips.refCount > 0 ? 'git-other-tip' : kindByReach[reach];
  const removed = removedBy(store, row, introduced, atHead || tips.refCount > 0);
  const introducedFacts = introduced < 0 || !isNamed(store, introduced) ? undefined : facts.get(introduced);
  const removedFacts = removed < 0 ? undefined : facts.get(removed);
  return {
    type: 'git-blob',
    locationKind,
    path: pathNameOf(rows.pathBytes(row)),
    ...(introducedFacts === undefined ? {} : { introduced: introducedFacts }),
    ...(removedFacts === undefined ? {} : { removed: removedFacts }),
    ...tips,
  };
}

/** In a partial history a commit whose parents are absent may only seem to introduce. */
function isNamed(store: Attributed, commit: number): boolean {
  return !store.input.partialHistory || !store.commits.parentsOf(commit).includes(-1);
}

/** Index of the removing commit; -1 while a tip holds the row or when only a lesser history removed it. */
function removedBy(store: Attributed, row: number, introduced: number, atTip: boolean): number {
  const removed = store.rows.removed.at(row) - 1;
  if (atTip || removed < 0 || introduced < 0) return -1;
  const { reach } = store.commits;
  return (reach[removed] as number) <= (reach[introduced] as number) ? removed : -1;
}

function noteAppearance(store: Attributed, facts: Facts, row: number, notes: TipHolding): GitTextAppearance {
  const about = facts.get(annotatedCommit(store, row));
  const label = notes.refs[0] ?? 'refs/notes';
  return {
    type: 'git-text',
    locationKind: 'git-note',
    ...(about === undefined ? {} : { commit: about }),
    label,
    ...notes,
  };
}

/** A notes tree names its notes by the hex id of the annotated object, fanned out into folders. */
function annotatedCommit(store: Attributed, row: number): number {
  return store.commits.table.findHex(store.rows.pathBytes(row).toString('latin1').replaceAll('/', ''));
}

/** Copies that no commit's tree names: the index, a ref straight to the blob, or nothing at all. */
function addUnnamed(
  store: Attributed,
  hit: number,
  staged: readonly Buffer[],
  appearances: (GitBlobAppearance | GitTextAppearance)[],
): void {
  const atHead = new Set(
    appearances.flatMap((one) =>
      one.type === 'git-blob' && one.locationKind === 'git-head' ? [one.path?.text] : [],
    ),
  );
  for (const path of staged) {
    const name = pathNameOf(path);
    if (atHead.has(name.text)) continue;
    appearances.push({ type: 'git-blob', locationKind: 'git-staged', path: name, ...noHolding });
  }
  const refs = store.tips.blobRefs.get(hit);
  if (refs !== undefined) {
    appearances.push({
      type: 'git-blob',
      locationKind: 'git-other-tip',
      refs: refs.slice(0, 20),
      refCount: refs.length,
    });
  }
  if (appearances.length === 0) {
    appearances.push({ type: 'git-blob', locationKind: 'git-unreachable', ...noHolding });
  }
}

/** Reads the commits that appearances name, once each. */
async function readFacts(store: Attributed, hits: readonly HitObject[], signal: AbortSignal): Promise<Facts> {
  const wanted = new Set<number>();
  const { rows, commits } = store;
  for (let row = 0; row < rows.count; row++) {
    const introduced = rows.introduced.at(row) - 1;
    const removed = rows.removed.at(row) - 1;
    if (introduced >= 0) wanted.add(introduced);
    if (removed >= 0) wanted.add(removed);
    if (introduced < 0 || reachOf(store, introduced) === 'note') wanted.add(annotatedCommit(store, row));
  }
  for (const hit of hits) {
    if (hit.objectType === 'commit') wanted.add(commits.table.find(hit.oid, 0));
    if (hit.objectType === 'tag') wanted.add(commits.table.find(store.tags.peel(hit.oid).target, 0));
  }
  wanted.delete(-1);
  const indexes = [...wanted].sort((a, b) => a - b);
  const facts = new Map<number, CommitFacts>();
  const oids = oidsOfHex(
    indexes.map((index) => commits.table.hexOf(index)),
    store.input.oidBytes,
  );
  if (indexes.length === 0) return facts;
  await streamObjects(
    store.input.neutralDir,
    oids,
    store.input.oidBytes,
    {
      object: (at, type, buffer, start, end) => {
        const index = indexes[at];
        if (type !== 'commit' || index === undefined) return;
        facts.set(index, parseCommitFacts(commits.table.hexOf(index), buffer.subarray(start, end)));
      },
      missing: () => undefined,
    },
    signal,
  );
  return facts;
}

const textKindByReach: Readonly<Record<ReachClass, LocationKind>> = {
  ref: 'git-commit-message',
  stash: 'git-stash',
  note: 'git-commit-message',
  reflog: 'git-reflog',
  unreachable: 'git-unreachable',
};

/** Commit and tag messages. */
function* attributeTexts(
  store: Attributed,
  facts: Facts,
  hits: readonly HitObject[],
): Generator<AttributedObject> {
  const { commits, tags, tips } = store;
  const commitHits = new OidTable(uniqueOids(hits, 'commit', store.input.oidBytes), store.input.oidBytes);
  const indexes = Array.from({ length: commitHits.count }, (_, i) =>
    commits.table.find(commitHits.oids, i * commitHits.oidBytes),
  );
  const reaching = reachingRefs(
    indexes.filter((index) => index >= 0),
    commits,
    store.order,
    tips.refs.filter((tip) => tip.commit >= 0),
  );
  for (const [i, index] of indexes.entries()) {
    const commit = facts.get(index);
    const locationKind = index < 0 ? 'git-unreachable' : textKindByReach[reachOf(store, index)];
    const appearance: GitTextAppearance = {
      type: 'git-text',
      locationKind,
      ...(commit === undefined ? {} : { commit }),
      ...(reaching.get(index) ?? noHolding),
    };
    yield { oid: commitHits.hexOf(i), appearances: [appearance] };
  }
  const tagHits = new OidTable(uniqueOids(hits, 'tag', store.input.oidBytes), store.input.oidBytes);
  for (let i = 0; i < tagHits.count; i++) {
    const oid = tagHits.oids.subarray(i * tagHits.oidBytes, (i + 1) * tagHits.oidBytes);
    const index = tags.table.find(oid, 0);
    const refs = tips.tagRefs.get(index) ?? [];
    const commit = facts.get(commits.table.find(tags.peel(oid).target, 0));
    const lost = tips.loggedTags.has(index) ? 'git-reflog' : 'git-unreachable';
    const appearance: GitTextAppearance = {
      type: 'git-text',
      locationKind: refs.length > 0 ? 'git-tag-message' : lost,
      ...(commit === undefined ? {} : { commit }),
      label: tags.nameOf(index),
      refs: refs.slice(0, 20),
      refCount: refs.length,
    };
    yield { oid: tagHits.hexOf(i), appearances: [appearance] };
  }
}
