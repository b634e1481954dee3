/**
 * Reads batches of a pack inside a worker, through the WebAssembly core. Objects that the core cannot give
 * (damaged, too large for its memory) are asked of git, so that none is lost and the reason is git's.
 */

import { loadCoreModule } from '../../prefilter/core-module.js';
import { WasmCore } from '../../prefilter/wasm-core.js';
import type { DocumentRef, GitPackRange, RangeEvents } from '../source.js';
import type { ObjectRangeReader } from './object-range-reader.js';
import { isLfsPointer, messageStart } from './object-text.js';
import type { PackObject } from './pack/pack-object.js';
import { PackWalker } from './pack/pack-walker.js';

/** Larger objects come in segments, which git's reader makes. */
const maxObjectBytes = 64 * 1024 * 1024;
/** Walkers kept open: neighbouring ranges belong to few packs. */
const keptWalkers = 4;

const typeNames = { 1: 'commit', 3: 'blob', 4: 'tag' } as const;

export class PackRangeReader {
  readonly #objects: Pick<ObjectRangeReader, 'read'>;
  readonly #walkers = new Map<string, PackWalker>();
  #core: WasmCore | undefined;

  /** @param objects reads what this reader cannot */
  constructor(objects: Pick<ObjectRangeReader, 'read'>) {
    this.#objects = objects;
  }

  async read(range: GitPackRange, events: RangeEvents, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { table } = range.plan;
    const others: Uint8Array[] = [];
    const walker = this.#walkerOf(range);
    walker.runBatch(range.batch, {
      object: (object) => {
        if (object.size > maxObjectBytes) others.push(object.oid);
        else deliver(object, events);
        return true;
      },
      repeat: () => true,
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

  #walkerOf({ plan }: GitPackRange): PackWalker {
    const known = this.#walkers.get(plan.id);
    if (known !== undefined) return known;
    if (this.#walkers.size >= keptWalkers) this.close();
    const walker = new PackWalker(this.#coreOnce(), plan.table, plan.walk, { checkCrc: true });
    this.#walkers.set(plan.id, walker);
    return walker;
  }

  #coreOnce(): WasmCore {
    if (this.#core !== undefined) return this.#core;
    const module = loadCoreModule();
    if (module === undefined) throw new Error('dist/core.wasm is missing');
    this.#core = new WasmCore(module);
    return this.#core;
  }
}

function deliver(object: PackObject, events: RangeEvents): void {
  const objectType = typeNames[object.type as 1 | 3 | 4];
  if (objectType === undefined) return;
  const { bytes } = object;
  if (objectType === 'blob' && isLfsPointer(bytes)) events.skipped('lfs-pointer', 1);
  const ref: DocumentRef = { type: 'git-object', objectType, oid: object.oid };
  events.document({ ref, bytes, chain: [], textStart: objectType === 'blob' ? 0 : messageStart(bytes) });
}
