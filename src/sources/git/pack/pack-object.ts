/** One rebuilt object as its receiver sees it. */
import type { WasmCore } from '../../../prefilter/wasm-core.js';
import type { PackTable } from './pack-table.js';

/**
 * Valid only during the call that hands it over, with every view that it gives: the object and its bytes are
 * reused for the next one, because 850,000 small objects cost more to allocate than to rebuild.
 */
export class PackObject {
  /** Number of the entry in order of the pack. */
  entry = 0;
  /** Entry that this one is a delta on; -1 for none. */
  base = -1;
  /**
   * True when that base was handed over before, to the same receiver, as an object or a repeat. Else what was
   * found in the base is not known here, and all of the object is to be scanned, unless the receiver knows the base from elsewhere.
   */
  isBaseSeen = false;
  /** git's number of the type: 1 commit, 2 tree, 3 blob, 4 tag. */
  type = 0;
  /** Where the object lies in the core's memory. At least 64 zero bytes follow it. */
  address = 0;
  size = 0;
  /** True when all of it is to be scanned: no delta, no ranges asked for, or too many of them to list. */
  isWhole = true;
  /** A dirty range ends inside a token run that is longer than the snapping limit: scan all of it. */
  isSnapCut = false;
  dirtyCount = 0;
  copyCount = 0;
  readonly #core: WasmCore;
  readonly #table: PackTable;

  constructor(core: WasmCore, table: PackTable) {
    this.#core = core;
    this.#table = table;
  }

  /** Line of the object in the index. */
  get row(): number {
    return this.#table.rows[this.entry] ?? 0;
  }

  /** The object id: a view of the index, which may be kept. */
  get oid(): Uint8Array {
    const start = this.row * this.#table.oidBytes;
    return this.#table.oids.subarray(start, start + this.#table.oidBytes);
  }

  /** The object's bytes: a view, not a copy. */
  get bytes(): Buffer {
    return this.#core.bytes.subarray(this.address, this.address + this.size);
  }

  /**
   * Parts to be scanned, when not `isWhole`: pairs (start, end), rising, apart from each other. All else was
   * copied from the base, at least the asked width away from any byte that was not.
   */
  get dirty(): Uint32Array {
    const start = this.#core.exports.dirtyRanges() / 4;
    return this.#core.words.subarray(start, start + this.dirtyCount * 2);
  }

  /** What was copied, when not `isWhole`: triples (start, end, start in the base), rising by start. */
  get copies(): Uint32Array {
    const start = this.#core.exports.copyRanges() / 4;
    return this.#core.words.subarray(start, start + this.copyCount * 3);
  }
}
