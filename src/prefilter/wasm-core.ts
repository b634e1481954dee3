/**
 * One instance of the WebAssembly core with a memory of its own.
 *
 * The memory is deliberately not shared between workers: hostile data can then never reach another worker's
 * objects, each worker has its own 4 GiB, and views of it work with TextDecoder. Only numbers are shared.
 *
 * Memory from `heap` on, laid out anew for each batch: records (24 bytes a slot) · frames (8 bytes a slot) ·
 * window (packed bytes, 64 of slack) · arena (rebuilt objects) up to the end, which grows to `maxMemory`.
 */

import { type WasmMemory, type WasmModule, wasm } from './wasm-api.js';

/** Receiver of rebuilt objects, see assembly/pack/walk.ts. Not 0 ends the walk. */
export type ObjectReceiver = (
  slot: number,
  address: number,
  size: number,
  dirtyCount: number,
  copyCount: number,
  flags: number,
) => number;

/** What the core calls success; other statuses are in walk-window.ts. */
export const CORE_OK = 1;

interface CoreExports {
  init(): void;
  abiVersion(): number;
  heapStart(): number;
  padBytes(): number;
  dirtyRanges(): number;
  copyRanges(): number;
  inflate(source: number, sourceEnd: number, target: number, size: number): number;
  inflateRaw(source: number, sourceEnd: number, target: number, size: number): number;
  consumedBytes(): number;
  adler32(start: number, length: number): number;
  crc32(start: number, length: number): number;
  countNewlines(start: number, length: number): number;
  walk(
    records: number,
    count: number,
    frames: number,
    arena: number,
    limit: number,
    width: number,
    snapLimit: number,
  ): number;
  fillOidTable(
    oids: number,
    count: number,
    oidBytes: number,
    area: number,
    slots: number,
    secret: number,
  ): void;
  startFollowing(
    kind: number,
    area: number,
    end: number,
    border: number,
    packed: number,
    secret: number,
  ): void;
  stopFollowing(): void;
  numberObjects(at: number): void;
  doPacksLeanOut(): number;
  malformedTrees(): number;
  baseAddress(): number;
  baseBytes(): number;
  findKeywords(
    text: number,
    length: number,
    from: number,
    to: number,
    goOn: number,
    asksEscapes: number,
  ): number;
  resumeKeywordsAt(): number;
  encodedRuns(text: number, from: number, to: number): number;
  resumeEncodedAt(): number;
  look(
    text: number,
    length: number,
    level: number,
    baseLevel: number,
    changed: number,
    copies: number,
    loud: number,
  ): number;
  lookedHits(): number;
  askQuiet(): void;
  setMostKeyword(bytes: number): void;
  clearReferences(): void;
  seekReference(text: number, length: number, copies: number): number;
  alignTo(reference: number, text: number, length: number): void;
  keepReference(reference: number, text: number, length: number, level: number): number;
  referenceText(reference: number): number;
  referenceBytes(reference: number): number;
  dirtyRangeCount(): number;
  copyRangeCount(): number;
  changedSpans(): number;
  tagChanged(text: number, length: number, first: number, from: number, bit: number): number;
  setSweepKey(low: bigint, high: bigint): void;
  tagRuns(text: number, length: number, from: number, to: number, bit: number, looks: number): number;
  resumeTagsAt(): number;
  addTags(list: number, count: number, bit: number): number;
  takeTags(parents: number, contents: number, members: number): number;
  jsonTape(): number;
  jsonText(): number;
  jsonWords(): number;
  jsonKeyText(index: number): number;
  clearJsonKeys(): void;
  addJsonKey(index: number, length: number): number;
  readElements(from: number, stop: number): number;
  jsonEnd(): number;
  jsonLines(): number;
  forgetNoted(): void;
  notedAs(scope: number, a: number, sizeA: number, b: number, sizeB: number): number;
  note(scope: number, a: number, sizeA: number, b: number, sizeB: number): number;
  jsonUndone(): number;
  jsonUndoneBytes(): number;
  undoString(from: number, end: number, out: number): number;
  isSame(a: number, b: number, size: number): number;
}

const ABI_VERSION = 9;
const PAGE = 65536;
const INITIAL_PAGES = 473;
/** Addresses must stay below 2^32, so the last page is never asked for. */
const MAX_PAGES = 65535;

export class WasmCore {
  /** Raw functions of the core; addresses are offsets in `memory`. */
  readonly exports: CoreExports;
  readonly memory: WasmMemory;
  /** First address that is free for a layout. */
  readonly heap: number;
  /** Bytes that must be writable behind an inflate target. */
  readonly pad: number;
  #bytes: Buffer;
  #words: Uint32Array;
  #receiver: ObjectReceiver | undefined;

  constructor(module: WasmModule) {
    this.memory = new wasm.Memory({ initial: INITIAL_PAGES, maximum: MAX_PAGES });
    const object: ObjectReceiver = (slot, address, size, dirty, copies, flags) =>
      this.#receiver === undefined
        ? 1
        : this.#receiver(slot, address >>> 0, size >>> 0, dirty, copies, flags);
    const instance = new wasm.Instance(module, { env: { memory: this.memory, object } });
    this.exports = checkedExports(instance.exports);
    this.exports.init();
    this.heap = this.exports.heapStart();
    this.pad = this.exports.padBytes();
    this.#bytes = Buffer.from(this.memory.buffer);
    this.#words = new Uint32Array(this.memory.buffer);
  }

  /** All memory as bytes. Views made before the memory grew are detached: take it anew in each call. */
  get bytes(): Buffer {
    if (this.#bytes.length === 0) this.#renew();
    return this.#bytes;
  }

  /** All memory as 32-bit words; see `bytes`. */
  get words(): Uint32Array {
    if (this.#words.length === 0) this.#renew();
    return this.#words;
  }

  /** Makes the memory reach `end`; false when the machine refuses. */
  reserve(end: number): boolean {
    const missing = Math.ceil((end - this.bytes.length) / PAGE);
    if (missing <= 0) return true;
    try {
      this.memory.grow(missing);
      return true;
    } catch {
      return false;
    }
  }

  /** Runs the walk over records that were laid out; true when the receiver ended it. */
  walk(layout: WalkLayout, receiver: ObjectReceiver): boolean {
    this.#receiver = receiver;
    try {
      const { records, count, frames, arena, limit, dirtyWidth, snapLimit } = layout;
      return this.exports.walk(records, count, frames, arena, limit, dirtyWidth, snapLimit) !== 0;
    } finally {
      this.#receiver = undefined;
    }
  }

  #renew(): void {
    this.#bytes = Buffer.from(this.memory.buffer);
    this.#words = new Uint32Array(this.memory.buffer);
  }
}

export interface WalkLayout {
  /** Addresses of the regions, and the address that the arena may grow to. */
  readonly records: number;
  readonly frames: number;
  readonly arena: number;
  readonly limit: number;
  readonly count: number;
  /** Bytes by which dirty ranges are widened; -1 for no ranges. */
  readonly dirtyWidth: number;
  readonly snapLimit: number;
}

function checkedExports(given: Readonly<Record<string, unknown>>): CoreExports {
  const exports = given as unknown as CoreExports;
  if (typeof exports.abiVersion !== 'function' || exports.abiVersion() !== ABI_VERSION) {
    throw new Error('core.wasm is of another version than this code; build again');
  }
  return exports;
}
