/**
 * Reads ranges of single objects inside a worker: loose ones directly, through the WebAssembly core, the rest
 * through git. What is damaged, larger than a document or borrowed is git's, so that its word counts.
 */
import { join } from 'node:path';
import type { DocumentRef, GitObjectsRange, RangeEvents } from '../source.js';
import { oidBytesOf, oidHex } from './object-id.js';
import { ObjectLookup } from './object-lookup.js';
import { GitObjectReader } from './object-reader.js';
import { isLfsPointer, messageStart } from './object-text.js';
import { readLoose } from './pack/loose.js';
import { sharedCore } from './shared-core.js';

/** Larger objects come in segments, which git's reader makes. */
const maxObjectBytes = 64 * 1024 * 1024;
const maxCoreBytes = 3 * maxObjectBytes;
/** So many packed objects cost less one by one than a process of git. */
const maxSinglePacked = 64;

const typeNames = { 1: 'commit', 3: 'blob', 4: 'tag' } as const;
const treeType = 2;

export class ObjectRangeReader {
  readonly #git = new GitObjectReader();

  /** Reads one range; `events.document` is called synchronously with bytes that are valid during the call. */
  async read(range: GitObjectsRange, events: RangeEvents, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const rest = range.store.alternates ? range.oids : readDirectly(range, events);
    if (rest.length > 0) await this.#git.read({ ...range, oids: rest }, events, signal);
  }

  async close(): Promise<void> {
    await this.#git.close();
  }
}

/** Reads what it can and gives the ids of the rest. */
function readDirectly(range: GitObjectsRange, events: RangeEvents): Uint8Array {
  const objectsDir = join(range.store.gitDir, 'objects');
  const oidBytes = oidBytesOf(range.store.objectFormat) === 32 ? 32 : 20;
  const rest: Uint8Array[] = [];
  for (let at = 0; at < range.oids.length; at += oidBytes) {
    const oid = range.oids.subarray(at, at + oidBytes);
    if (!deliverLoose(objectsDir, oid, events)) rest.push(oid);
  }
  const left = rest.length > maxSinglePacked ? rest : readPacked(objectsDir, oidBytes, rest, events);
  return Buffer.concat(left);
}

function deliverLoose(objectsDir: string, oid: Uint8Array, events: RangeEvents): boolean {
  const core = sharedCore();
  if (core === undefined) return false;
  const hex = oidHex(oid, oid.length, 0);
  const read = readLoose(core, join(objectsDir, hex.slice(0, 2), hex.slice(2)), maxCoreBytes);
  if (!read.ok || read.size > maxObjectBytes) return false;
  if (read.type === treeType) return true;
  const type = typeNames[read.type as 1 | 3 | 4];
  deliver(type, oid, core.bytes.subarray(read.address, read.address + read.size), events);
  return true;
}

function readPacked(
  objectsDir: string,
  oidBytes: 20 | 32,
  oids: readonly Uint8Array[],
  events: RangeEvents,
): readonly Uint8Array[] {
  if (oids.length === 0) return oids;
  const lookup = new ObjectLookup(objectsDir, oidBytes);
  try {
    return oids.filter((oid) => {
      const object = lookup.read(oidHex(oid, oidBytes, 0), maxObjectBytes);
      if (object === undefined) return true;
      if (object.type !== 'tree') deliver(object.type, oid, object.bytes, events);
      return false;
    });
  } finally {
    lookup.close();
  }
}

function deliver(
  objectType: 'blob' | 'commit' | 'tag',
  oid: Uint8Array,
  bytes: Buffer,
  events: RangeEvents,
): void {
  if (objectType === 'blob' && isLfsPointer(bytes)) events.skipped('lfs-pointer', 1);
  const ref: DocumentRef = { type: 'git-object', objectType, oid };
  events.document({ ref, bytes, chain: [], textStart: objectType === 'blob' ? 0 : messageStart(bytes) });
}
