/**
 * Which trees and commits have to be followed for missing objects: those that no earlier scan has followed. As long
 * as every pack of an earlier scan is there, what they name was looked for then; a pack that is gone (repacked,
 * pruned) makes all of them fresh again. Loose objects always are: git drops them one by one.
 */
import type { LinkFindings, LinkMemory } from '../source.js';
import type { InventoryPack } from './inventory-pack.js';
import type { MissingObjects } from './missing-objects.js';
import type { OidList } from './object-id.js';

/** Where a pack's own trees and commits lie in the lists of all. */
interface Slice {
  readonly trees: readonly [number, number];
  readonly commits: readonly [number, number];
}

/** More missing objects than this are not worth remembering: something else is wrong. */
const maxRemembered = 4096;

export class FreshObjects {
  readonly #packs: readonly InventoryPack[];
  readonly #memory: LinkMemory | undefined;
  readonly #slices: Slice[] = [];

  constructor(packs: readonly InventoryPack[], memory: LinkMemory | undefined) {
    this.#packs = packs;
    const known = memory === undefined ? 0 : packs.filter(({ name }) => memory.hasPack(name)).length;
    if (memory !== undefined && known === memory.packs) this.#memory = memory;
  }

  /** Notes where the lists grew by a pack that has to be followed. */
  addPack(pack: InventoryPack, slice: Slice): void {
    if (!this.#isOld(pack)) this.#slices.push(slice);
  }

  /** Ids to follow: of fresh packs, then those from `packed` on, which lie outside of packs. */
  pick(list: OidList, which: 'trees' | 'commits', packed: number): { oids: Uint8Array; packed: number } {
    const size = list.oidBytes;
    const parts = this.#slices.map((slice) =>
      list.bytes.slice(slice[which][0] * size, slice[which][1] * size),
    );
    const ofPacks = Buffer.concat(parts);
    return {
      oids: Buffer.concat([ofPacks, list.bytes.subarray(packed * size)]),
      packed: ofPacks.length / size,
    };
  }

  /** How many objects are missing in all, and what may be remembered of it. @param others ids outside of packs */
  conclude(
    missing: MissingObjects,
    others: Uint8Array,
    oidBytes: number,
  ): { readonly count: number; readonly findings: LinkFindings | undefined } {
    const memory = this.#memory;
    const isNew = (oid: string): boolean => memory?.isMissing(Buffer.from(oid, 'latin1')) !== true;
    const found = memory === undefined || memory.missing === 0 ? [] : this.#found(memory, others, oidBytes);
    const added = [...missing.all].filter(isNew);
    const ofPacks = [...missing.ofPacks].filter(isNew).map((oid) => Buffer.from(oid, 'latin1'));
    const packs = this.#packs.map(({ name }) => name);
    const count = added.length + (memory?.missing ?? 0) - found.length;
    const isKept = !missing.packsLeanOut && count <= maxRemembered && packs.length > 0;
    return {
      count,
      findings: isKept ? { packs, isWhole: memory === undefined, missing: ofPacks, found } : undefined,
    };
  }

  #isOld(pack: InventoryPack): boolean {
    return this.#memory?.hasPack(pack.name) === true;
  }

  #found(memory: LinkMemory, others: Uint8Array, oidBytes: number): Uint8Array[] {
    const fresh = this.#packs.filter((pack) => !this.#isOld(pack)).map(({ ids }) => ids.oids);
    const found = new Map<string, Uint8Array>();
    for (const oids of [...fresh, others]) {
      for (let at = 0; at < oids.length; at += oidBytes) {
        const oid = Buffer.from(oids.subarray(at, at + oidBytes));
        if (memory.isMissing(oid)) found.set(oid.toString('latin1'), oid);
      }
    }
    return [...found.values()];
  }
}
