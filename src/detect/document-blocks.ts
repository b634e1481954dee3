/**
 * One document as blocks, most of which stood in its former version too. A block is *quiet* when nothing was
 * found in it with the same bytes round it; everything that a detector reads lies in the block and in them,
 * so nothing can be found now. All others are due: what is found is found anew in every version.
 *
 * Measured on 200 MB of redis in the order of the pack: 16 % of the bytes are in blocks not seen before.
 */
import { minBlockBytes } from './block-cutter.js';
import type { Block, BlockStore } from './block-store.js';

/**
 * Bytes before a block that may decide about a hit in it. A block starts with a line, so this is what
 * detectors read beyond the line of the hit, to which the block before is never too short.
 */
export const reachBefore = 640;
/** Behind a block a value may stand that belongs to a name in its last line: so many bytes on, */
const nextNameReach = 110;
/** to the end of the line there or the longest value, */
const nextValueReach = 1024;
/** and what stands beside that value. */
const besideReach = 380;
/** Regions of escapes are known for certain from so many bytes before and behind a block. */
const regionReach = 768;

/** Smaller documents are read faster than they are cut. */
export const minBlockedBytes: number = 4 * minBlockBytes;

/** Offset up to which the bytes behind a block that ends at `end` may decide about a hit in it. */
export function reachBehind(bytes: Buffer, end: number): number {
  let at = end + nextNameReach;
  const ceiling = at + nextValueReach;
  while (at < ceiling && bytes[at] !== 0x0a) at++;
  return Math.min(bytes.length, at + besideReach);
}

export class DocumentBlocks {
  readonly blocks: Block[] = [];
  /** Offsets of the blocks, and the length of the text behind them. */
  readonly #starts: number[] = [];
  /** 1 for the blocks that must be looked at. */
  #isDue = new Uint8Array(256);
  /** 1 for the blocks in which something was found. */
  #isLoud = new Uint8Array(256);
  #dueCount = 0;
  #bytes: Buffer = Buffer.alloc(0);

  /** Cuts `bytes`; the object is used again for every document. */
  read(store: BlockStore, bytes: Buffer): void {
    const { blocks } = this;
    const starts = this.#starts;
    blocks.length = 0;
    starts.length = 0;
    store.cut(bytes, (block, start) => {
      blocks.push(block);
      starts.push(start);
    });
    starts.push(bytes.length);
    if (this.#isDue.length < blocks.length) {
      this.#isDue = new Uint8Array(blocks.length * 2);
      this.#isLoud = new Uint8Array(blocks.length * 2);
    }
    this.#bytes = bytes;
    this.#dueCount = 0;
    for (let i = 0; i < blocks.length; i++) {
      const isDue = this.#isQuiet(store, i) ? 0 : 1;
      this.#isDue[i] = isDue;
      this.#isLoud[i] = 0;
      this.#dueCount += isDue;
    }
  }

  get hasDue(): boolean {
    return this.#dueCount > 0;
  }

  isDue(index: number): boolean {
    return this.#isDue[index] === 1;
  }

  /** Whether a block from `first` to the one that holds the byte before `end` is due. */
  isDueWithin(first: number, end: number): boolean {
    for (let i = first; i < this.blocks.length && this.startOf(i) < end; i++) if (this.isDue(i)) return true;
    return false;
  }

  markLoud(index: number): void {
    this.#isLoud[index] = 1;
  }

  startOf(index: number): number {
    return this.#starts[index] ?? 0;
  }

  /** Offsets between which a region of escapes is the same whatever else stands in the text. */
  certainRange(index: number): { readonly start: number; readonly end: number } {
    const start = index === 0 ? 0 : this.startOf(index) - reachBefore;
    const end = this.startOf(index + 1);
    return { start, end: end === this.#bytes.length ? end : reachBehind(this.#bytes, end) };
  }

  /** Calls `visit` for each range that holds blocks that are due and the bytes round them. */
  visitRanges(visit: (start: number, end: number) => void): void {
    const length = this.#bytes.length;
    let from = -1;
    let to = -1;
    for (let i = 0; i < this.blocks.length; i++) {
      if (this.#isDue[i] === 0) continue;
      const start = Math.max(0, this.startOf(i) - regionReach);
      if (from >= 0 && start > to) {
        visit(from, to);
        from = -1;
      }
      if (from < 0) from = start;
      to = Math.min(length, this.startOf(i + 1) + regionReach);
    }
    if (from >= 0) visit(from, to);
  }

  /** The block that holds `offset`, at or behind the block `from`. */
  indexOf(offset: number, from = 0): number {
    let index = from;
    while (index + 1 < this.blocks.length && this.startOf(index + 1) <= offset) index++;
    return index;
  }

  /** Blocks in which nothing was found are quiet from now on, between these neighbours. */
  settle(): void {
    const { blocks } = this;
    for (let i = 0; i < blocks.length; i++) {
      const block = blocks[i];
      if (block === undefined || this.#isDue[i] === 0) continue;
      block.quiet =
        this.#isLoud[i] === 1
          ? undefined
          : { before: blocks[i - 1], behind: blocks[i + 1], next: blocks[i + 2] };
    }
  }

  #isQuiet(store: BlockStore, index: number): boolean {
    const { blocks } = this;
    const quiet = blocks[index]?.quiet;
    if (quiet === undefined) return false;
    const { before, behind, next } = quiet;
    if (before !== blocks[index - 1] && !this.#isSameBefore(store, index, before)) return false;
    return (
      (behind === blocks[index + 1] && next === blocks[index + 2]) ||
      this.#isSameBehind(store, index, behind, next)
    );
  }

  #isSameBefore(store: BlockStore, index: number, before: Block | undefined): boolean {
    if (before === undefined || index === 0) return false;
    const start = this.startOf(index);
    return store.hasPart(before, before.length - reachBefore, this.#bytes, start - reachBefore, start);
  }

  /** Compares only as far as it matters: most edits stand further off. */
  #isSameBehind(
    store: BlockStore,
    index: number,
    behind: Block | undefined,
    next: Block | undefined,
  ): boolean {
    const start = this.startOf(index + 1);
    const end = reachBehind(this.#bytes, start);
    // The end of the text decides too, and only equal blocks have it at the same place.
    if (behind === undefined || end >= this.#bytes.length) return false;
    const inFirst = Math.min(end, start + behind.length);
    if (!store.hasPart(behind, 0, this.#bytes, start, inFirst)) return false;
    if (inFirst === end) return true;
    return (
      next !== undefined && next.length >= end - inFirst && store.hasPart(next, 0, this.#bytes, inFirst, end)
    );
  }
}
