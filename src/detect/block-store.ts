/**
 * The blocks of text that were read lately, with what is known of them. A block is recognised by comparing
 * all its bytes, never by a hash alone, so that nothing can be made to pass for something else.
 *
 * Bounded: the bytes lie in a ring, the oldest are overwritten. Versions of a file are read one after the
 * other (they lie so in a pack), so the ring holds what comes again.
 */
import { blockEnd } from './block-cutter.js';

/** Bytes of text that are kept. */
const ringBytes = 24 << 20;
/** Heads of the chains of blocks with equal hash. */
const headCount = 1 << 15;
/** Blocks of one chain that are compared: versions of a block often share its hash. */
const mostCompared = 8;
/** Bytes that the hash reads. The comparison decides; the hash only has to spread. */
const sampledBytes = 48;

export interface Block {
  /** Where its bytes lie in the ring. */
  readonly at: number;
  readonly length: number;
  /** True when the text ended before the block did: it is found again only at the end of a text. */
  readonly isTail: boolean;
  /** Next older block of the chain. */
  older: Block | undefined;
  /** The block that stood behind it last time. */
  successor: Block | undefined;
  isAlive: boolean;
  /** What depends on the bytes of the block alone; undefined until it was looked at. */
  facts: BlockFacts | undefined;
  /** The block before and the two behind when nothing was found in this one; undefined: it was found in. */
  quiet: Neighbours | undefined;
}

/** Undefined at the edges of a text. */
export interface Neighbours {
  readonly before: Block | undefined;
  readonly behind: Block | undefined;
  readonly next: Block | undefined;
}

export interface BlockFacts {
  /** Distinct sweep tags of its strong runs. */
  readonly tags: Float64Array;
  /** Whether a run in it may be encoded text. */
  readonly mayBeEncoded: boolean;
}

export class BlockStore {
  readonly #ring = Buffer.allocUnsafeSlow(ringBytes);
  readonly #heads: (Block | undefined)[] = new Array<Block | undefined>(headCount).fill(undefined);
  /** Live blocks in the order of the ring, from `#oldest`. */
  #queue: Block[] = [];
  #oldest = 0;
  #write = 0;
  #last: Block | undefined;

  /** Cuts a text; `visit` gets each block and where it starts. */
  cut(bytes: Buffer, visit: (block: Block, start: number) => void): void {
    this.#last = undefined;
    for (let start = 0; start < bytes.length; ) {
      const block = this.#at(bytes, start);
      if (block === undefined) throw new RangeError('a block must fit into the ring');
      if (this.#last !== undefined) this.#last.successor = block;
      this.#last = block;
      visit(block, start);
      start += block.length;
    }
  }

  /** True when the text can be cut: each block of it fits. */
  static fits(bytes: Buffer): boolean {
    return bytes.length <= ringBytes / 4;
  }

  /** True when `bytes[from, to)` is what stands in `block` from its offset `at`. */
  hasPart(block: Block, at: number, bytes: Buffer, from: number, to: number): boolean {
    const start = block.at + at;
    return block.isAlive && this.#ring.compare(bytes, from, to, start, start + to - from) === 0;
  }

  #at(bytes: Buffer, start: number): Block | undefined {
    // Unchanged text goes on as it did last time: one comparison at memory speed, no search for the border.
    const expected = this.#last?.successor;
    if (expected?.isAlive === true && this.#isAt(expected, bytes, start)) return expected;
    const end = blockEnd(bytes, start);
    const isTail = end === bytes.length;
    const head = hashOf(bytes, start, end);
    let block = this.#heads[head];
    for (let i = 0; block !== undefined && i < mostCompared; i++, block = block.older) {
      if (block.length === end - start && block.isAlive && this.#isAt(block, bytes, start)) return block;
    }
    return this.#insert(bytes, start, end, isTail, head);
  }

  #isAt(block: Block, bytes: Buffer, start: number): boolean {
    const end = start + block.length;
    if (end > bytes.length || block.isTail !== (end === bytes.length)) return false;
    return this.#ring.compare(bytes, start, end, block.at, block.at + block.length) === 0;
  }

  #insert(bytes: Buffer, start: number, end: number, isTail: boolean, head: number): Block {
    const length = end - start;
    if (this.#write + length > ringBytes) {
      this.#evict(ringBytes);
      this.#write = 0;
    }
    this.#evict(this.#write + length);
    const at = this.#write;
    bytes.copy(this.#ring, at, start, end);
    this.#write = at + length;
    const block: Block = {
      at,
      length,
      isTail,
      older: this.#heads[head],
      successor: undefined,
      isAlive: true,
      facts: undefined,
      quiet: undefined,
    };
    this.#heads[head] = block;
    this.#queue.push(block);
    return block;
  }

  /** Drops the blocks that lie in `[#write, end)`: the oldest ones, in the order of the ring. */
  #evict(end: number): void {
    for (;;) {
      const block = this.#queue[this.#oldest];
      if (block === undefined || block.at < this.#write || block.at >= end) break;
      block.isAlive = false;
      block.older = undefined;
      block.successor = undefined;
      block.facts = undefined;
      block.quiet = undefined;
      this.#oldest++;
    }
    if (this.#oldest > 65_536) {
      this.#queue = this.#queue.slice(this.#oldest);
      this.#oldest = 0;
    }
  }
}

/** Mix of the length and of bytes spread over the block; its ends weigh as much as its middle. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let mix = end - start;
  const step = Math.max(1, Math.floor((end - start) / sampledBytes));
  for (let at = start; at < end; at += step) mix = Math.imul(mix ^ (bytes[at] as number), 0x01000193);
  return ((mix >>> 15) ^ mix) & (headCount - 1);
}
