/** Finds the commits without parents that refs lead to, by the commits of the store itself. */
import { CommitGraph } from './attribution/commit-graph.js';
import { OidTable } from './attribution/oid-table.js';
import { TagGraph } from './attribution/tag-graph.js';
import { OidList } from './object-id.js';
import { COMMIT, TAG } from './pack/pack-table.js';
import type { StoreInventory } from './store-inventory.js';
import type { StoreObjects } from './store-objects.js';

/** Sorted hex ids; undefined where an object on the way is missing or unreadable, so that git must decide. */
export async function findRootCommits(
  inventory: StoreInventory,
  objects: StoreObjects,
  oidBytes: number,
  tips: Iterable<string>,
): Promise<readonly string[] | undefined> {
  const none = new OidTable(new Uint8Array(0), oidBytes);
  const tags = new TagGraph(new OidTable(idsOfType(inventory, TAG, oidBytes), oidBytes));
  const commits = new CommitGraph(new OidTable(idsOfType(inventory, COMMIT, oidBytes), oidBytes), none);
  let isWhole = inventory.loose.every(({ type }) => type !== 0);
  const missing = (): void => {
    isWhole = false;
  };
  await objects.read(
    'tag',
    tags.table,
    { object: (index, _type, buffer, start, end) => tags.add(index, buffer, start, end), missing },
    undefined,
  );
  await objects.read(
    'commit',
    commits.table,
    { object: (index, _type, buffer, start, end) => commits.add(index, buffer, start, end), missing },
    undefined,
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
  return isWhole ? roots.sort() : undefined;
}

/** Ids of the store's objects of one type, each once, back to back. */
function idsOfType({ packs, loose }: StoreInventory, type: number, oidBytes: number): Uint8Array {
  const ids = new OidList(oidBytes);
  const seen = packs.length > 1 ? new Set<string>() : undefined;
  for (const { table } of packs) {
    for (let entry = 0; entry < table.count; entry++) {
      if (table.types[entry] !== type) continue;
      const at = (table.rows[entry] ?? 0) * oidBytes;
      const key =
        seen === undefined ? '' : Buffer.from(table.oids.subarray(at, at + oidBytes)).toString('latin1');
      if (seen?.has(key) === true) continue;
      seen?.add(key);
      ids.push(table.oids, at);
    }
  }
  for (const object of loose) if (object.type === type) ids.push(object.oid, 0);
  return ids.bytes;
}
