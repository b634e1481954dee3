/**
 * What a store holds, listed without git: its packs with their tables, its loose objects with their types.
 *
 * Each loose file is read once. Of a blob only the head is inflated, since a worker reads it; trees, commits and
 * tags are small and kept, so that link check, root commits and attribution of a small store touch no file
 * again.
 */
import type { WasmCore } from '../../prefilter/wasm-core.js';
import { type EarlierHistory, KnownHistory } from './history/known-history.js';
import { InventoryPack } from './inventory-pack.js';
import { listLoose, readLoose } from './pack/loose.js';
import { compareIds, holdsObject, type PackIds } from './pack/pack-ids.js';
import { BLOB } from './pack/pack-table.js';
import { packPaths } from './pack-files.js';

export interface LooseObject {
  readonly path: string;
  readonly oid: Uint8Array;
  /** git's number of the type; 0 for what cannot be read here and is git's. */
  readonly type: number;
  /** Bytes of the content. */
  readonly size: number;
  /** Content of a tree, commit or tag, while there is room. */
  readonly text?: Buffer;
}

export interface StoreInventory {
  /** Those whose objects an earlier scan knew come first. */
  readonly packs: readonly InventoryPack[];
  /** Loose objects that no pack holds, in order of their ids. */
  readonly loose: readonly LooseObject[];
  /** What is known of the first packs, so that only the others have to be followed. */
  readonly known?: KnownHistory;
}

/** Bytes of trees, commits and tags that are kept per store. */
const maxTextBytes = 4 << 20;
/** What one loose object may take of the core's memory; a larger one is git's. */
const maxCoreBytes = 256 << 20;

/** Lists a store's own storage; undefined when one of its packs cannot be read directly. */
export function takeInventory(
  core: WasmCore,
  objectsDir: string,
  oidBytes: 20 | 32,
  earlier?: EarlierHistory,
): StoreInventory | undefined {
  const packs: InventoryPack[] = [];
  for (const path of packPaths(objectsDir)) {
    const pack = InventoryPack.find(path, oidBytes);
    if (!(pack instanceof InventoryPack)) return undefined;
    packs.push(pack);
  }
  const loose = looseObjects(core, objectsDir, packs, oidBytes);
  const known = earlier && KnownHistory.of(earlier, packs, loose);
  if (known === undefined) return { packs, loose };
  return { packs: [...known.packs, ...packs.filter((pack) => !known.packs.includes(pack))], loose, known };
}

function looseObjects(
  core: WasmCore,
  objectsDir: string,
  packs: readonly InventoryPack[],
  oidBytes: 20 | 32,
): LooseObject[] {
  const loose: LooseObject[] = [];
  let room = maxTextBytes;
  for (const { path, oid } of listLoose(objectsDir, oidBytes)) {
    if (packs.some(({ ids }) => holdsObject(ids, oid, 0))) continue;
    const object = readLoose(core, path, maxCoreBytes, BLOB);
    if (!object.ok) loose.push({ path, oid, type: 0, size: 0 });
    else if (object.type === BLOB || object.size > room) {
      loose.push({ path, oid, type: object.type, size: object.size });
    } else {
      room -= object.size;
      const text = Buffer.from(core.bytes.subarray(object.address, object.address + object.size));
      loose.push({ path, oid, type: object.type, size: object.size, text });
    }
  }
  return loose;
}

/** The inventory without the contents that it kept: what is asked for later is read again. */
export function withoutTexts(inventory: StoreInventory): StoreInventory {
  const { loose } = inventory;
  return { ...inventory, loose: loose.map(({ path, oid, type, size }) => ({ path, oid, type, size })) };
}

/** Hex ids of the objects that begin with one of the prefixes; of two that begin alike, both. */
export function findInInventory({ packs, loose }: StoreInventory, prefixes: Iterable<string>): string[] {
  const wanted = prefixes instanceof Set ? (prefixes as ReadonlySet<string>) : new Set(prefixes);
  const length = [...wanted][0]?.length ?? 0;
  const found = new Set<string>();
  for (const { oid } of loose) {
    const hex = Buffer.from(oid).toString('hex');
    if (wanted.has(hex.slice(0, length))) found.add(hex);
  }
  for (const { ids } of packs) {
    for (const hex of wanted) {
      const prefix = Buffer.from(hex, 'hex');
      for (let row = lowerBound(ids, prefix); row < ids.count; row++) {
        const oid = Buffer.from(ids.oids.subarray(row * ids.oidBytes, (row + 1) * ids.oidBytes));
        if (oid.compare(prefix, 0, prefix.length, 0, prefix.length) !== 0) break;
        found.add(oid.toString('hex'));
      }
    }
  }
  return [...found];
}

function lowerBound({ oids, oidBytes, count }: PackIds, prefix: Uint8Array): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareIds(oids, middle * oidBytes, prefix, 0, prefix.length) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
