/**
 * What a store holds, listed without git: its packs with their tables, its loose objects with their types.
 *
 * Each loose file is read once. Of a blob only the head is inflated, since a worker reads it; trees, commits and
 * tags are small and kept, so that link check, root commits and attribution of a small store touch no file
 * again.
 */
import type { WasmCore } from '../../prefilter/wasm-core.js';
import { listLoose, readLoose } from './pack/loose.js';
import { BLOB } from './pack/pack-table.js';
import { type OpenPack, openPack } from './pack/pack-walker.js';
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
  readonly packs: readonly OpenPack[];
  /** Loose objects that no pack holds, in order of their ids. */
  readonly loose: readonly LooseObject[];
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
): StoreInventory | undefined {
  const packs: OpenPack[] = [];
  for (const path of packPaths(objectsDir)) {
    const opened = openPack(path, oidBytes);
    if (!opened.ok) return undefined;
    packs.push(opened.pack);
  }
  const loose: LooseObject[] = [];
  let room = maxTextBytes;
  for (const { path, oid } of listLoose(objectsDir, oidBytes)) {
    if (packs.some(({ table }) => holdsObject(table, oid, 0))) continue;
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
  return { packs, loose };
}

/** The inventory without the contents that it kept: what is asked for later is read again. */
export function withoutTexts({ packs, loose }: StoreInventory): StoreInventory {
  return { packs, loose: loose.map(({ path, oid, type, size }) => ({ path, oid, type, size })) };
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
  for (const { table } of packs) {
    for (const hex of wanted) {
      const prefix = Buffer.from(hex, 'hex');
      for (let row = lowerBound(table, prefix); row < table.count; row++) {
        const oid = Buffer.from(table.oids.subarray(row * table.oidBytes, (row + 1) * table.oidBytes));
        if (oid.compare(prefix, 0, prefix.length, 0, prefix.length) !== 0) break;
        found.add(oid.toString('hex'));
      }
    }
  }
  return [...found];
}

function lowerBound({ oids, oidBytes, count }: OpenPack['table'], prefix: Uint8Array): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(oids, middle * oidBytes, prefix, 0, prefix.length) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** True when a pack has the id that starts at `at` of `bytes`: binary search over its sorted ids. */
export function holdsObject(
  { oids, oidBytes, count }: OpenPack['table'],
  bytes: Uint8Array,
  at: number,
): boolean {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = compare(oids, middle * oidBytes, bytes, at, oidBytes);
    if (order === 0) return true;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return false;
}

function compare(a: Uint8Array, aStart: number, b: Uint8Array, bStart: number, length: number): number {
  for (let i = 0; i < length; i++) {
    const difference = (a[aStart + i] ?? 0) - (b[bStart + i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
