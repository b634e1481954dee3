/**
 * Reads all trees, commits or tags of a list, in the order in which they cost least: packs through the
 * WebAssembly core, where each base is rebuilt once, then loose files, and git for what is left (damaged,
 * oversized, borrowed, or moved by a repack in between).
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { WasmCore } from '../../prefilter/wasm-core.js';
import type { OidTable } from './attribution/oid-table.js';
import type { InventoryPack } from './inventory-pack.js';
import type { GitObjectType } from './object-frames.js';
import { PackLookup } from './object-lookup.js';
import { type ObjectStreamHandler, streamObjects } from './object-stream.js';
import { Follower, type Following } from './pack/follower.js';
import { readLoose } from './pack/loose.js';
import { holdsObject } from './pack/pack-ids.js';
import { type OpenPack, PackWalker, planPack } from './pack/pack-walker.js';
import type { WalkPlan } from './pack/walk-plan.js';
import { readPackedObject } from './packed-object.js';
import { ownCore } from './shared-core.js';
import type { StoreInventory } from './store-inventory.js';

export interface ObjectPlace {
  readonly neutralDir: () => string;
  readonly oidBytes: 20 | 32;
  /** Undefined where git must read everything, as for objects of other stores. */
  readonly direct: { readonly core: WasmCore; readonly inventory: StoreInventory } | undefined;
  /** With so many objects the core follows links by itself; for tests. */
  readonly followFrom?: number;
}

/** What is done with each object, and what the core may do instead where it follows links by itself. */
export interface PassHandler extends ObjectStreamHandler {
  readonly following?: Following;
}

const typeNumbers = { commit: 1, tree: 2, tag: 4 } as const;
const typeNames: Readonly<Record<number, GitObjectType>> = { 1: 'commit', 2: 'tree', 3: 'blob', 4: 'tag' };
/** Bytes that the core may take in the main thread; what does not fit is git's. */
const maxCoreBytes = 256 << 20;
/** So many are read one by one before the whole pack is opened, and what one may take. */
const maxFew = 2048;
const maxFewBytes = 64 << 20;
/** Fewer objects are followed in JavaScript sooner than the core's tables are made. */
const defaultFollowFrom = 2048;

interface Pass {
  readonly core: WasmCore;
  readonly type: number;
  readonly wanted: OidTable;
  readonly taken: Uint8Array;
  readonly done: Uint8Array;
  readonly handler: PassHandler;
  readonly follower: Follower | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Unlike {@link streamObjects} it hands objects over in no particular order. */
export class StoreObjects {
  readonly #place: ObjectPlace;

  constructor(place: ObjectPlace) {
    this.#place = place;
  }

  /** @param from objects of the list before it are left out */
  async read(
    type: keyof typeof typeNumbers,
    wanted: OidTable,
    handler: PassHandler,
    signal?: AbortSignal,
    from = 0,
  ): Promise<void> {
    const done = new Uint8Array(wanted.count).fill(1, 0, from);
    const { direct } = this.#place;
    if (direct !== undefined && wanted.count > from) {
      const { inventory } = direct;
      const follower = this.#followerFor(wanted, handler, from);
      const core = follower?.core ?? direct.core;
      const taken = done.slice();
      const pass: Pass = { core, type: typeNumbers[type], wanted, taken, done, handler, follower, signal };
      for (const pack of inventory.packs) {
        if (pack.isOpen || pack.knownTypes === undefined || !readFew(pack, pass))
          await readPack(pack.open(), pass);
      }
      follower?.end();
      if (taken.includes(0)) await readLooseOnes(direct, pass);
    }
    await this.#readRest(wanted, done, handler, signal);
  }

  #followerFor(wanted: OidTable, { following }: PassHandler, from: number): Follower | undefined {
    if (following === undefined || wanted.count - from < (this.#place.followFrom ?? defaultFollowFrom))
      return undefined;
    const core = ownCore();
    return core && Follower.start(core, following);
  }

  async #readRest(
    wanted: OidTable,
    done: Uint8Array,
    handler: ObjectStreamHandler,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { oidBytes, neutralDir } = this.#place;
    const rest: number[] = [];
    for (let index = 0; index < wanted.count; index++) if (done[index] === 0) rest.push(index);
    if (rest.length === 0) return;
    const oids = Buffer.alloc(rest.length * oidBytes);
    rest.forEach((index, at) => {
      oids.set(wanted.oids.subarray(index * oidBytes, (index + 1) * oidBytes), at * oidBytes);
    });
    const shifted: ObjectStreamHandler = {
      object: (at, type, buffer, start, end) => handler.object(rest[at] ?? -1, type, buffer, start, end),
      missing: (at) => handler.missing(rest[at] ?? -1),
    };
    await streamObjects(neutralDir(), oids, oidBytes, shifted, signal);
  }
}

async function readLooseOnes(
  { core, inventory }: NonNullable<ObjectPlace['direct']>,
  { type, wanted, done, handler, signal }: Pass,
): Promise<void> {
  const name = typeNames[type] ?? 'blob';
  for (const object of inventory.loose) {
    if (object.type !== type) continue;
    const index = wanted.find(object.oid, 0);
    if (index < 0 || done[index] === 1) continue;
    if (object.text !== undefined) {
      done[index] = 1;
      handler.object(index, name, object.text, 0, object.size);
      continue;
    }
    const read = readLoose(core, object.path, maxCoreBytes);
    if (!read.ok || read.type !== type) continue;
    done[index] = 1;
    handler.object(index, name, core.bytes, read.address, read.address + read.size);
    if ((index & 255) === 0) await turn(signal);
  }
}

/**
 * Reads what is wanted of a known pack one by one, without looking at the headers of all its entries; false where that
 * is too much. What cannot be read so is left.
 */
function readFew(pack: InventoryPack, { type, wanted, taken, done, handler }: Pass): boolean {
  const here: number[] = [];
  for (let index = taken.indexOf(0); index >= 0; index = taken.indexOf(0, index + 1)) {
    if (!holdsObject(pack.ids, wanted.oids, index * wanted.oidBytes)) continue;
    if (here.push(index) > maxFew) return false;
  }
  if (here.length === 0) return true;
  const lookup = new PackLookup(pack.path, pack.ids.oidBytes);
  try {
    for (const index of here) {
      const offset = lookup.offsetOf(wanted.hexOf(index));
      const object = offset === undefined ? undefined : readPackedObject(lookup, offset, maxFewBytes);
      if (object === undefined || object.type !== typeNames[type]) continue;
      taken[index] = 1;
      done[index] = 1;
      handler.object(index, object.type, object.bytes, 0, object.bytes.length);
    }
  } finally {
    lookup.close();
  }
  return true;
}

async function readPack(
  pack: OpenPack,
  { core, type, wanted, taken, done, handler, follower, signal }: Pass,
): Promise<void> {
  const { table } = pack;
  const rows = new Uint8Array(table.count);
  const indexOfRow = new Int32Array(table.count);
  let count = 0;
  // Lists are mostly in the order of their packs: then nothing has to be looked up.
  let next = 0;
  for (let entry = 0; entry < table.count; entry++) {
    if (table.types[entry] !== type) continue;
    const row = table.rows[entry] ?? 0;
    const index = wanted.findNear(next, table.oids, row * table.oidBytes);
    if (index < 0 || taken[index] === 1) continue;
    next = index + 1;
    taken[index] = 1;
    rows[row] = 1;
    indexOfRow[row] = index;
    count++;
  }
  if (count === 0) return;
  const name = typeNames[type] ?? 'blob';
  const walk = planOf(pack, type, count, rows);
  const walker = new PackWalker(core, table, walk, {
    checkCrc: true,
    maxMemory: maxCoreBytes,
    ...(follower === undefined ? {} : { followed: { follower, numbers: indexOfRow } }),
  });
  try {
    for (let batch = 0; batch < walker.batchCount; batch++) {
      walker.runBatch(batch, {
        object: (object) => {
          handler.object(indexOfRow[object.row] ?? 0, name, object.bytes, 0, object.size);
          return true;
        },
        repeat: () => true,
        rebuilt: (row) => {
          done[indexOfRow[row] ?? 0] = 1;
        },
        // Git is asked for it.
        unreadable: () => undefined,
      });
      await turn(signal);
    }
  } finally {
    walker.close();
  }
}

/** Plans of all that a pack has of a type: link check and attribution read the same trees. */
const wholePlans = new WeakMap<OpenPack, Map<number, WalkPlan>>();

function planOf(pack: OpenPack, type: number, count: number, rows: Uint8Array): WalkPlan {
  const known = wholePlans.get(pack)?.get(type);
  const { types } = pack.table;
  let all = 0;
  for (let entry = 0; entry < types.length; entry++) if (types[entry] === type) all++;
  if (count === all && known !== undefined) return known;
  const { walk } = planPack(pack, { types: [type], wanted: rows });
  if (count === all) {
    const plans = wholePlans.get(pack) ?? new Map<number, WalkPlan>();
    wholePlans.set(pack, plans.set(type, walk));
  }
  return walk;
}

/** Lets the writer and the pool have the thread. */
async function turn(signal: AbortSignal | undefined): Promise<void> {
  await nextTurn();
  signal?.throwIfAborted();
}
