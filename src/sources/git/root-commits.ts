/** Finds the commits without parents that refs lead to, by the commits of the store itself. */
import { CommitGraph } from './attribution/commit-graph.js';
import { OidTable } from './attribution/oid-table.js';
import { addKnownCommits, addKnownTags } from './attribution/read-graphs.js';
import { TagGraph } from './attribution/tag-graph.js';
import { idsWithKnown } from './history/known-history.js';
import { StorageList } from './storage-list.js';
import type { StoreInventory } from './store-inventory.js';
import type { StoreObjects } from './store-objects.js';

export interface RootCommits {
  /** Sorted hex ids. */
  readonly roots: readonly string[];
  /** What was read for it: all commits of the store, over all of its trees. */
  readonly commits: CommitGraph;
  readonly tags: TagGraph;
}

/** Undefined where an object on the way is missing or unreadable, so that git must decide. */
export async function findRootCommits(
  inventory: StoreInventory,
  objects: StoreObjects,
  oidBytes: number,
  tips: Iterable<string>,
): Promise<RootCommits | undefined> {
  const { known } = inventory;
  const list = new StorageList(oidBytes);
  // What git must read may be a commit or a tag.
  let isWhole = list.addInventory(inventory, known?.packs.length).length === 0;
  const { tags: tagOids, trees: treeOids, commits: commitOids } = idsWithKnown(list, known);
  const tags = new TagGraph(new OidTable(tagOids, oidBytes));
  const trees = new OidTable(treeOids, oidBytes);
  const commits = new CommitGraph(new OidTable(commitOids, oidBytes), trees);
  const missing = (): void => {
    isWhole = false;
  };
  await objects.read(
    'tag',
    tags.table,
    { object: (index, _type, buffer, start, end) => tags.add(index, buffer, start, end), missing },
    undefined,
    addKnownTags(tags, known),
  );
  await objects.read(
    'commit',
    commits.table,
    {
      object: (index, _type, buffer, start, end) => commits.add(index, buffer, start, end),
      missing,
      following: commits.following(),
    },
    undefined,
    addKnownCommits(commits, known),
  );
  const starts = [...tips].map((hex) => commits.table.find(tags.peel(Buffer.from(hex, 'hex')).target, 0));
  commits.markReachable(starts, 'ref');
  const roots: string[] = [];
  for (let commit = 0; commit < commits.table.count && isWhole; commit++) {
    if (commits.reach[commit] !== 0) continue;
    const parents = commits.parentsOf(commit);
    if (parents.length === 0) roots.push(commits.table.hexOf(commit));
    else if (parents.includes(-1)) isWhole = false;
  }
  return isWhole ? { roots: roots.sort(), commits, tags } : undefined;
}
