/**
 * Sweep tags of many contents, in a core's table: each tag once, with the mask of the contents that have it.
 * How runs are found and hashed: assembly/scan/tags.ts, the twin of identity/sweep.ts and siphash.ts.
 */
import { layout } from './scan-layout.js';
import type { WasmCore } from './wasm-core.js';

/** Receives a run `[start, end)` whose tag may be one of those looked for. */
export type RunVisitor = (start: number, end: number) => void;

/** A bit that stands for no content. */
export const noParent = 255;

/** A place in the changes of a document. */
export interface TagPlace {
  readonly span: number;
  readonly from: number;
}

export interface TakenTags {
  /** Ascending. */
  readonly tags: Float64Array;
  /** Sums of powers of two: bit n is set when content n has the tag. */
  readonly masks: Float64Array;
}

export class TagTable {
  readonly #core: WasmCore;
  #looks = 0;

  /** @param key 16 bytes, the sub-key of sweep tags */
  constructor(core: WasmCore, key: Buffer) {
    this.#core = core;
    core.exports.setSweepKey(key.readBigUInt64LE(0), key.readBigUInt64LE(8));
  }

  /** Sets the tags that are looked for from now on. */
  lookFor(tags: Iterable<number>): void {
    const { bytes } = this.#core;
    bytes.fill(0, layout.anchorBits, layout.anchorBits + 8192);
    this.#looks = 0;
    for (const tag of tags) {
      const low = tag % 0x10000;
      const at = layout.anchorBits + (low >> 3);
      bytes[at] = (bytes[at] ?? 0) | (1 << (low & 7));
      this.#looks = 1;
    }
  }

  /**
   * Adds the strong runs that touch `[from, to)` of a text in the core's memory. Returns where it ended: below
   * `to` when the table is full and must be taken before the rest is added.
   */
  tagRuns(
    text: number,
    length: number,
    from: number,
    to: number,
    bit: number,
    visit: RunVisitor | undefined,
  ): number {
    const { exports } = this.#core;
    const looks = visit === undefined ? 0 : this.#looks;
    let at = from;
    for (;;) {
      const count = exports.tagRuns(text, length, at, to, bit, looks);
      const end = exports.resumeTagsAt() >>> 0;
      if (count > 0 && visit !== undefined) this.#visit(count, visit);
      // A full list of runs is empty again; a full table is not.
      if (end >= to || count < layout.runCapacity - 32) return end;
      at = end;
    }
  }

  /**
   * Adds the strong runs that touch what changed in the text that the core looked at last, from the `span`th change
   * on, and in it from `from` on. Returns where it ended: undefined, or the place where the table is full.
   */
  tagChanged(text: number, length: number, done: TagPlace, bit: number): TagPlace | undefined {
    const { exports } = this.#core;
    const span = exports.tagChanged(text, length, done.span, done.from, bit);
    return span < exports.changedSpans() ? { span, from: exports.resumeTagsAt() >>> 0 } : undefined;
  }

  /** Adds tags that were computed elsewhere, from the one at `first` on; returns the first that had no room. */
  add(tags: Float64Array, first: number, bit: number): number {
    let done = first;
    while (done < tags.length) {
      const part = tags.subarray(done, done + layout.takenCapacity);
      new Float64Array(this.#core.memory.buffer, layout.takenTags, part.length).set(part);
      const fitted = this.#core.exports.addTags(layout.takenTags, part.length, bit);
      done += fitted;
      if (fitted < part.length) break;
    }
    return done;
  }

  /**
   * Empties the table.
   * @param parents for each content the bit whose tags it has too, or {@link noParent}; parents stand before
   *   their children, or above the contents' bits
   */
  take(parents: Uint8Array): TakenTags {
    const core = this.#core;
    core.bytes.set(parents, layout.runs);
    const count = core.exports.takeTags(layout.runs, parents.length, parents.length);
    const { buffer } = core.memory;
    const found = new Float64Array(buffer, layout.takenTags, count);
    const masks = new Float64Array(buffer, layout.takenMasks, count);
    return sortedByTag(found, masks);
  }

  #visit(count: number, visit: RunVisitor): void {
    const runs = new Uint32Array(this.#core.memory.buffer, layout.runs, count * 2).slice();
    for (let i = 0; i < runs.length; i += 2) visit(runs[i] as number, runs[i + 1] as number);
  }
}

/** Copies, both by rising tag. */
function sortedByTag(found: Float64Array, masks: Float64Array): TakenTags {
  const tags = found.slice().sort();
  const sortedMasks = new Float64Array(tags.length);
  for (let i = 0; i < found.length; i++) sortedMasks[placeOf(tags, found[i] as number)] = masks[i] as number;
  return { tags, masks: sortedMasks };
}

/** Place of a tag that is among the sorted ones: faster than a Map of some thousand, which is garbage at once. */
function placeOf(tags: Float64Array, tag: number): number {
  let low = 0;
  let high = tags.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tags[middle] as number) < tag) low = middle + 1;
    else high = middle;
  }
  return low;
}
