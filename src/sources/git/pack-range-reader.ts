/**
 * Reads batches of a pack inside a worker, through the WebAssembly core. Objects that the core cannot give
 * (damaged, too large for its memory) are asked of git, so that none is lost and the reason is git's.
 */

import type { WasmCore } from '../../prefilter/wasm-core.js';
import type { DocumentRef, GitPackRange, RangeEvents, RebuiltObject } from '../source.js';
import type { ObjectRangeReader } from './object-range-reader.js';
import { isLfsPointer, messageStart } from './object-text.js';
import type { PackObject } from './pack/pack-object.js';
import { PackWalker } from './pack/pack-walker.js';

/** Larger objects come in segments, which git's reader makes. */
const maxObjectBytes = 64 * 1024 * 1024;
/** Walkers kept open: neighbouring ranges belong to few packs. */
const keptWalkers = 4;
/** Bytes by which changed ranges are widened: what a run of text can depend on beyond its own border. */
const dirtyWidth = 16;

const typeNames = { 1: 'commit', 3: 'blob', 4: 'tag' } as const;

export class PackRangeReader {
  readonly #objects: Pick<ObjectRangeReader, 'read'>;
  readonly #walkers = new Map<string, PackWalker>();
  readonly #core: WasmCore | undefined;

  /**
   * @param objects reads what this reader cannot
   * @param core rebuilds the objects; the documents' bytes lie in its memory
   */
  constructor(objects: Pick<ObjectRangeReader, 'read'>, core: WasmCore | undefined) {
    this.#objects = objects;
    this.#core = core;
  }

  async read(range: GitPackRange, events: RangeEvents, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { table } = range.plan;
    const others: Uint8Array[] = [];
    const core = this.#core;
    if (core === undefined) throw new Error('dist/core.wasm is missing');
    const walker = this.#walkerOf(range, core);
    walker.runBatch(range.batch, {
      object: (object) => {
        if (object.size > maxObjectBytes) others.push(object.oid);
        else deliver(object, core, false, events);
        return true;
      },
      repeat: (object) => {
        if (object.size <= maxObjectBytes) deliver(object, core, true, events);
        return true;
      },
      unreadable: (entry) => {
        const start = (table.rows[entry] ?? 0) * table.oidBytes;
        others.push(table.oids.subarray(start, start + table.oidBytes));
      },
    });
    if (others.length === 0) return;
    const oids = Buffer.concat(others);
    await this.#objects.read({ type: 'git-objects', store: range.store, oids }, events, signal);
  }

  close(): void {
    for (const walker of this.#walkers.values()) walker.close();
    this.#walkers.clear();
  }

  #walkerOf({ plan }: GitPackRange, core: WasmCore): PackWalker {
    const known = this.#walkers.get(plan.id);
    if (known !== undefined) return known;
    if (this.#walkers.size >= keptWalkers) this.close();
    const walker = new PackWalker(core, plan.table, plan.walk, { checkCrc: true, dirtyWidth, snapLimit: 0 });
    this.#walkers.set(plan.id, walker);
    return walker;
  }
}

function deliver(object: PackObject, core: WasmCore, isRepeat: boolean, events: RangeEvents): void {
  const objectType = typeNames[object.type as 1 | 3 | 4];
  if (objectType === undefined) return;
  const { bytes } = object;
  if (objectType === 'blob' && !isRepeat && isLfsPointer(bytes)) events.skipped('lfs-pointer', 1);
  const ref: DocumentRef = { type: 'git-object', objectType, oid: object.oid };
  const textStart = objectType === 'blob' ? 0 : messageStart(bytes);
  events.document({ ref, bytes, chain: [], textStart, rebuilt: rebuiltFrom(object, core, isRepeat) });
}

function rebuiltFrom(object: PackObject, core: WasmCore, isRepeat: boolean): RebuiltObject {
  const { entry, base } = object;
  if (!object.isBaseSeen || object.isWhole) return { entry, base, isRepeat };
  const delta = {
    changed: object.dirty,
    copies: object.copies,
    baseAddress: core.exports.baseAddress() >>> 0,
    baseLength: core.exports.baseBytes() >>> 0,
  };
  return { entry, base, isRepeat, delta };
}
