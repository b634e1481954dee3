/** Groups listed objects into work ranges, asking once per batch which need no reading. */
import type { GitStoreHandle, PlannedRange, PlanOptions } from '../source.js';
import type { GitObjectType } from './object-frames.js';
import { OidList, oidBytesOf } from './object-id.js';

/** A range ends at this many objects or bytes, whichever comes first. */
const objectsPerRange = 256;
const bytesPerRange = 8 * 1024 * 1024;
/** Ids asked in one call of `isKnown`, at least. */
const idsPerQuestion = 4096;
/** git's own numbers of object types. */
const typeNumbers = { commit: 1, blob: 3, tag: 4 } as const;

export class RangePlanner {
  readonly #store: GitStoreHandle;
  readonly #options: PlanOptions;
  readonly #oidBytes: number;
  readonly #listed: OidList;
  readonly #sizes: number[] = [];
  readonly #types: number[] = [];
  #range: OidList;
  #rangeBytes = 0;
  #ready: PlannedRange[] = [];

  constructor(store: GitStoreHandle, options: PlanOptions) {
    this.#store = store;
    this.#options = options;
    this.#oidBytes = oidBytesOf(store.objectFormat);
    this.#listed = new OidList(this.#oidBytes, idsPerQuestion);
    this.#range = new OidList(this.#oidBytes, objectsPerRange);
  }

  /** Adds an object that git listed; trees hold names only and are left out. */
  add(line: Uint8Array, hexStart: number, type: GitObjectType, size: number): void {
    if (type === 'tree') return;
    this.#sizes.push(size);
    this.#types.push(typeNumbers[type]);
    this.#listed.pushHex(line, hexStart);
  }

  /** Adds an object that is no tree. @param type git's number */
  addObject(oid: Uint8Array, type: number, size: number): void {
    this.#sizes.push(size);
    this.#types.push(type);
    this.#listed.push(oid, 0);
  }

  /** Adds an object of which it is known that it is to be read. */
  addWanted(oid: Uint8Array, size: number): void {
    this.#range.push(oid, 0);
    this.#rangeBytes += size;
    if (this.#range.count === objectsPerRange || this.#rangeBytes >= bytesPerRange) this.#cut();
  }

  /** Ranges that are complete by now. */
  async take(): Promise<readonly PlannedRange[]> {
    if (this.#listed.count < idsPerQuestion) return [];
    await this.#ask();
    return this.#drain();
  }

  /** Ends the list; gives what is left. */
  async finish(): Promise<readonly PlannedRange[]> {
    await this.#ask();
    this.#cut();
    return this.#drain();
  }

  #drain(): readonly PlannedRange[] {
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }

  async #ask(): Promise<void> {
    const { bytes, count } = this.#listed;
    if (count === 0) return;
    const oids = bytes.slice();
    const known = await this.#options.isKnown(oids, Uint8Array.from(this.#types));
    for (let i = 0; i < count; i++) {
      if (known[i] === 1) continue;
      this.addWanted(oids.subarray(i * this.#oidBytes, (i + 1) * this.#oidBytes), this.#sizes[i] as number);
    }
    this.#listed.clear();
    this.#sizes.length = 0;
    this.#types.length = 0;
  }

  #cut(): void {
    if (this.#range.count === 0) return;
    this.#ready.push({
      range: { type: 'git-objects', store: this.#store, oids: this.#range.bytes.slice() },
      documents: this.#range.count,
      bytes: this.#rangeBytes,
    });
    this.#range = new OidList(this.#oidBytes, objectsPerRange);
    this.#rangeBytes = 0;
  }
}
