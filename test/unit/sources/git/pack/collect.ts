/** Runs a walk and keeps copies of what it delivers. */
import type { WasmCore } from '../../../../../src/prefilter/wasm-core.js';
import {
  type OpenPack,
  type WalkOptions,
  walkPack,
} from '../../../../../src/sources/git/pack/pack-walker.js';
import { type PlainObject, typeNames } from './pack-support.js';

export interface Collected {
  /** By hex id. */
  readonly objects: Map<string, PlainObject>;
  /** Reason by hex id. */
  readonly unreadable: Map<string, string>;
}

export const allTypes = [1, 2, 3, 4];

/** Fails on a second delivery of one entry, and when bytes behind an object are not zero. */
export function collect(
  core: WasmCore,
  pack: OpenPack,
  options: WalkOptions & {
    types?: readonly number[];
    wanted?: Uint8Array;
    batchBytes?: number;
    largeWork?: number;
  } = {},
): Collected {
  const objects = new Map<string, PlainObject>();
  const unreadable = new Map<string, string>();
  const seen = new Set<number>();
  /** Repeats, checked at the end: they may come before their objects do. */
  const repeated: { readonly oid: string; readonly bytes: Buffer }[] = [];
  const repeats = new Set<number>();
  walkPack(
    core,
    pack,
    { types: allTypes, ...options },
    {
      object(object) {
        if (seen.has(object.entry)) throw new Error(`entry ${object.entry} came twice`);
        seen.add(object.entry);
        const end = object.address + object.size;
        if (core.bytes.subarray(end, end + 64).some((byte) => byte !== 0)) throw new Error('no slack');
        objects.set(Buffer.from(object.oid).toString('hex'), {
          type: typeNames[object.type] ?? '',
          bytes: Buffer.from(object.bytes),
        });
        return true;
      },
      repeat(object) {
        repeats.add(object.entry);
        repeated.push({ oid: Buffer.from(object.oid).toString('hex'), bytes: Buffer.from(object.bytes) });
        return true;
      },
      unreadable(entry, reason) {
        if (seen.has(entry)) throw new Error(`entry ${entry} came twice`);
        seen.add(entry);
        unreadable.set(oidOf(pack, entry), reason);
      },
    },
  );
  for (const { oid, bytes } of repeated) {
    if (objects.get(oid)?.bytes.equals(bytes) !== true) throw new Error('a repeat is not its object');
  }
  return { objects, unreadable };
}

export function oidOf(pack: OpenPack, entry: number): string {
  const { rows, oids, oidBytes } = pack.table;
  const start = (rows[entry] ?? 0) * oidBytes;
  return Buffer.from(oids.subarray(start, start + oidBytes)).toString('hex');
}

/** First difference between two sets of objects; undefined when they are the same. */
export function difference(
  actual: ReadonlyMap<string, PlainObject>,
  expected: ReadonlyMap<string, PlainObject>,
): string | undefined {
  for (const [oid, object] of expected) {
    const found = actual.get(oid);
    if (found === undefined) return `${object.type} ${oid} is missing`;
    if (found.type !== object.type) return `${oid} is ${found.type}, not ${object.type}`;
    if (!found.bytes.equals(object.bytes)) return `${object.type} ${oid} differs`;
  }
  for (const oid of actual.keys()) if (!expected.has(oid)) return `${oid} is too many`;
  return undefined;
}
