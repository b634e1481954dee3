/**
 * Reads all trees, commits or tags of a list, in the order in which they cost least: packs through the
 * WebAssembly core, where each base is rebuilt once, then loose files, and git for what is left (damaged,
 * oversized, borrowed, or moved by a repack in between).
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { WasmCore } from '../../prefilter/wasm-core.js';
import type { OidTable } from './attribution/oid-table.js';
import type { GitObjectType } from './object-frames.js';
import { type ObjectStreamHandler, streamObjects } from './object-stream.js';
import { readLoose } from './pack/loose.js';
import { type OpenPack, PackWalker, planPack } from './pack/pack-walker.js';
import type { StoreInventory } from './store-inventory.js';

export interface ObjectPlace {
  readonly neutralDir: () => string;
  readonly oidBytes: 20 | 32;
  /** Undefined where git must read everything, as for objects of other stores. */
  readonly direct: { readonly core: WasmCore; readonly inventory: StoreInventory } | undefined;
}

const typeNumbers = { commit: 1, tree: 2, tag: 4 } as const;
const typeNames: Readonly<Record<number, GitObjectType>> = { 1: 'commit', 2: 'tree', 3: 'blob', 4: 'tag' };
/** Bytes that the core may take in the main thread; what does not fit is git's. */
const maxCoreBytes = 256 << 20;

/** Unlike {@link streamObjects} it hands objects over in no particular order. */
export class StoreObjects {
  readonly #place: ObjectPlace;

  constructor(place: ObjectPlace) {
    this.#place = place;
  }

  async read(
    type: keyof typeof typeNumbers,
    wanted: OidTable,
    handler: ObjectStreamHandler,
    signal?: AbortSignal,
  ): Promise<void> {
    const done = new Uint8Array(wanted.count);
    const { direct } = this.#place;
    if (direct !== undefined && wanted.count > 0) {
      const { core, inventory } = direct;
      const taken = new Uint8Array(wanted.count);
      for (const pack of inventory.packs) {
        await readPack(core, pack, typeNumbers[type], wanted, taken, done, handler, signal);
      }
      if (taken.includes(0)) await readLooseOnes(direct, typeNumbers[type], wanted, done, handler, signal);
    }
    await this.#readRest(wanted, done, handler, signal);
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
  type: number,
  wanted: OidTable,
  done: Uint8Array,
  handler: ObjectStreamHandler,
  signal: AbortSignal | undefined,
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

async function readPack(
  core: WasmCore,
  pack: OpenPack,
  type: number,
  wanted: OidTable,
  taken: Uint8Array,
  done: Uint8Array,
  handler: ObjectStreamHandler,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { table } = pack;
  const rows = new Uint8Array(table.count);
  const indexOfRow = new Int32Array(table.count);
  let count = 0;
  for (let entry = 0; entry < table.count; entry++) {
    if (table.types[entry] !== type) continue;
    const row = table.rows[entry] ?? 0;
    const index = wanted.find(table.oids, row * table.oidBytes);
    if (index < 0 || taken[index] === 1) continue;
    taken[index] = 1;
    rows[row] = 1;
    indexOfRow[row] = index;
    count++;
  }
  if (count === 0) return;
  const name = typeNames[type] ?? 'blob';
  const { walk } = planPack(pack, { types: [type], wanted: rows });
  const walker = new PackWalker(core, table, walk, { checkCrc: true, maxMemory: maxCoreBytes });
  try {
    for (let batch = 0; batch < walker.batchCount; batch++) {
      walker.runBatch(batch, {
        object: (object) => {
          const index = indexOfRow[object.row] ?? 0;
          done[index] = 1;
          handler.object(index, name, object.bytes, 0, object.size);
          return true;
        },
        repeat: () => true,
        // Git is asked for it.
        unreadable: () => undefined,
      });
      await turn(signal);
    }
  } finally {
    walker.close();
  }
}

/** Lets the writer and the pool have the thread. */
async function turn(signal: AbortSignal | undefined): Promise<void> {
  await nextTurn();
  signal?.throwIfAborted();
}
