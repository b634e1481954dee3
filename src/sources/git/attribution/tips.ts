/** Where refs lead once tags are peeled off, and which rows the tips hold. */
import type { AppearanceTable } from './appearance-table.js';
import type { CommitGraph } from './commit-graph.js';
import type { OidTable } from './oid-table.js';
import type { AttributionInput } from './read-graphs.js';
import type { TagGraph } from './tag-graph.js';
import { type TipHolding, walkTips } from './tip-walk.js';
import type { TaintedTrees } from './tree-graph.js';

export interface Tips {
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

export interface Held {
  readonly byTips: ReadonlyMap<number, TipHolding>;
  readonly byDefault: ReadonlyMap<number, TipHolding>;
  readonly byNotes: ReadonlyMap<number, TipHolding>;
  readonly cutShort: boolean;
}

export function resolveTips(
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

export function holdTips(
  input: AttributionInput,
  tips: Tips,
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
export function holdOrphans(
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
