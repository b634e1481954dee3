/** Ids of a store's objects by type, collected while its storage is listed. */

import { OidList } from './object-id.js';
import type { ListingHandler } from './object-listing.js';
import { holdsObject } from './pack/pack-ids.js';
import { COMMIT, TAG, TREE } from './pack/pack-table.js';
import type { RangePlanner } from './plan-objects.js';
import type { LooseObject, StoreInventory } from './store-inventory.js';

export class StorageList {
  readonly trees: OidList;
  readonly commits: OidList;
  readonly tags: OidList;
  /** What was listed one by one and not with its pack, of any type, readable or not. */
  readonly others: OidList;
  /** Ids that git listed and cannot read. */
  unreadable = 0;

  constructor(oidBytes: number) {
    this.trees = new OidList(oidBytes);
    this.commits = new OidList(oidBytes);
    this.tags = new OidList(oidBytes);
    this.others = new OidList(oidBytes);
  }

  /** Adds loose objects, to the plan too; gives the ids of those that are git's to read. */
  addLoose(objects: readonly LooseObject[], planner?: RangePlanner): Uint8Array[] {
    const rest: Uint8Array[] = [];
    for (const { oid, type, size } of objects) {
      if (type === 0) {
        rest.push(oid);
        continue;
      }
      this.others.push(oid, 0);
      this.#listOf(type)?.push(oid, 0);
      if (type !== TREE) planner?.addObject(oid, type, size);
    }
    return rest;
  }

  /**
   * Adds all of an inventory, each object once, in the order of a plan; gives the ids of what is git's to read.
   * @param from packs before it are left out
   */
  addInventory({ packs, loose }: StoreInventory, from = 0): Uint8Array[] {
    const rest: Uint8Array[] = [];
    for (const [i, pack] of packs.entries()) {
      if (i < from) continue;
      const { table } = pack.open();
      const earlier = packs.slice(0, i);
      for (let entry = 0; entry < table.count; entry++) {
        const type = table.types[entry] ?? 0;
        const list = this.#listOf(type);
        const at = (table.rows[entry] ?? 0) * table.oidBytes;
        if (type === 0) rest.push(table.oids.subarray(at, at + table.oidBytes));
        if (list === undefined || earlier.some(({ ids }) => holdsObject(ids, table.oids, at))) continue;
        list.push(table.oids, at);
      }
    }
    for (const oid of this.addLoose(loose)) rest.push(oid);
    return rest;
  }

  /** Takes what git lists. */
  handler(planner?: RangePlanner): ListingHandler {
    return {
      object: (line, hexStart, type, size) => {
        this.others.pushHex(line, hexStart);
        if (type === 'tree') this.trees.pushHex(line, hexStart);
        else if (type === 'commit') this.commits.pushHex(line, hexStart);
        else if (type === 'tag') this.tags.pushHex(line, hexStart);
        planner?.add(line, hexStart, type, size);
      },
      missing: (line, hexStart) => {
        this.others.pushHex(line, hexStart);
        this.unreadable++;
      },
    };
  }

  #listOf(type: number): OidList | undefined {
    if (type === TREE) return this.trees;
    if (type === COMMIT) return this.commits;
    return type === TAG ? this.tags : undefined;
  }
}
