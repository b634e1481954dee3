/**
 * Texts of packed objects that are kept in the core to compare others with (assembly/scan/references.ts): an object may be a
 * delta on one that is hardly like it, while another version of its file went by shortly before.
 */
import type { KeptKeywords } from './document-look.js';
import { layout } from './scan-layout.js';
import type { WasmCore } from './wasm-core.js';

/** What a text has from a kept one, as a delta says it. */
export interface Alignment {
  /** Pairs (start, end): what the other does not have, with 16 bytes on either side. */
  readonly changed: Uint32Array;
  /** Triples (start, end, start in the other): what it has. */
  readonly copies: Uint32Array;
  /** The other, in the core's memory. */
  readonly baseAddress: number;
  readonly baseLength: number;
}

/** To keep a text costs about as much as to look at this part of it. */
const keptPart = 25;

/** The core's answers in place of a reference. */
const enough = -2;

export class ReferenceTexts<T> {
  readonly #core: WasmCore;
  readonly #kept: (T | undefined)[] = [];
  #next = 0;

  /** Forgets what the core kept before. */
  constructor(core: WasmCore) {
    this.#core = core;
    core.exports.clearReferences();
  }

  /**
   * Seeks what is most like a text in the core's memory, of whose delta the ranges stand where the walk wrote them.
   * @returns a reference; -1 when none is like it, undefined when the delta says enough
   */
  seek(bytes: Buffer, copies: Uint32Array): number | undefined {
    const { exports } = this.#core;
    const found = exports.seekReference(bytes.byteOffset, bytes.length, copies.length / 3);
    return found === enough ? undefined : found;
  }

  /** Forgets all that was kept. */
  clear(): void {
    this.#core.exports.clearReferences();
    this.#kept.length = 0;
  }

  /** What was kept with a reference. */
  of(reference: number): T | undefined {
    return this.#kept[reference];
  }

  /** Compares a text with a reference; takes the place of the ranges of its delta. */
  align(reference: number, bytes: Buffer): Alignment {
    const core = this.#core;
    const { exports } = core;
    exports.alignTo(reference, bytes.byteOffset, bytes.length);
    const changedAt = exports.dirtyRanges() / 4;
    const copiesAt = exports.copyRanges() / 4;
    return {
      changed: core.words.subarray(changedAt, changedAt + exports.dirtyRangeCount() * 2),
      copies: core.words.subarray(copiesAt, copiesAt + exports.copyRangeCount() * 3),
      baseAddress: exports.referenceText(reference) >>> 0,
      baseLength: exports.referenceBytes(reference) >>> 0,
    };
  }

  /** Whether a text has so much that the one it was compared with has not that it is to be kept instead. */
  isApart({ length }: Buffer, { changed }: Alignment): boolean {
    let bytes = 0;
    for (let i = 0; i < changed.length; i += 2) bytes += (changed[i + 1] as number) - (changed[i] as number);
    return bytes * keptPart > length;
  }

  /**
   * Keeps a text with its keywords, in place of the one that it was compared with, or of the one that was kept longest.
   * @param make what to keep with it, given where its keywords are
   */
  keep(reference: number, bytes: Buffer, keywords: KeptKeywords, make: (kept: KeptKeywords) => T): void {
    const core = this.#core;
    if (keywords.core !== core) return;
    const place = reference >= 0 ? reference : this.#next;
    if (core.exports.keepReference(place, bytes.byteOffset, bytes.length, keywords.level) === 0) return;
    if (reference < 0) this.#next = (this.#next + 1) % layout.referenceCount;
    this.#kept[place] = make({ core, level: layout.levelCapacity + place, id: 0 });
  }
}
