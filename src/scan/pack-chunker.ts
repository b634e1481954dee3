/**
 * Gathers the sweep tags of packed objects into chunks. An object that was read only where it differs from its
 * base adds only its own tags; it has its base's too, by a note in the chunk. A base of another chunk is read
 * once for all its children here. So a mask may name a content that lost the tag: the sweep that reads it
 * finds nothing there, and nothing is missed.
 */
import type { TagSink } from '../detect/analysis.js';
import type { ContentId } from '../model/ids.js';
import { noParent, type RunVisitor, type TagPlace, type TagTable } from '../prefilter/tag-table.js';
import { maxChunkContents, type SweepChunk } from '../store/store.js';
import { mergeTags } from './merge-tags.js';

/** Bits of the core's masks: those above the contents stand for bases outside the chunk. */
const maskBits = 64;

/** The base of an object that was read only where it differs from it. */
export interface TaggedBase {
  /** Number of the base in its pack. */
  readonly entry: number;
  /** The base's own text, where it lies in the core's memory. */
  readonly address: number;
  readonly length: number;
  /** Tags of what is encoded in it. */
  readonly decodedTags: Float64Array;
}

export class PackChunker implements TagSink {
  readonly #table: TagTable;
  readonly #chunks: SweepChunk[] = [];
  #contents: ContentId[] = [];
  #parents: number[] = [];
  /** Bits by entry of contents of this chunk, and of bases outside it, all of whose tags are in the table. */
  readonly #bits = new Map<number, number>();
  #outside = 0;
  #open: { readonly entry: number; readonly content: ContentId } | undefined;

  /** @param table of the core in whose memory the objects lie */
  constructor(table: TagTable) {
    this.#table = table;
  }

  /** Begins a content: all tags up to the next one are its own. */
  open(entry: number, content: ContentId, base: TaggedBase | undefined): void {
    const isFull =
      this.#contents.length === maxChunkContents || this.#outside === maskBits - maxChunkContents;
    if (isFull) this.#close();
    this.#open = { entry, content };
    this.#contents.push(content);
    this.#parents.push(noParent);
    this.#bits.set(entry, this.#contents.length - 1);
    if (base !== undefined) this.#inherit(base);
  }

  tagRuns(bytes: Buffer, from: number, to: number, visit: RunVisitor | undefined): void {
    this.#tagText(bytes.byteOffset, bytes.length, from, to, () => this.#contents.length - 1, visit);
  }

  tagLooked(bytes: Buffer): boolean {
    for (let place: TagPlace | undefined = { span: 0, from: 0 }; ; this.#reopen()) {
      place = this.#table.tagChanged(bytes.byteOffset, bytes.length, place, this.#contents.length - 1);
      if (place === undefined) return true;
    }
  }

  add(tags: Float64Array): void {
    this.#addTags(tags, () => this.#contents.length - 1);
  }

  /** Hands over all chunks, the open one included, and starts anew. */
  take(): SweepChunk[] {
    this.#close();
    return this.#chunks.splice(0);
  }

  #inherit(base: TaggedBase): void {
    const known = this.#bits.get(base.entry);
    const member = this.#contents.length - 1;
    if (known !== undefined) {
      this.#parents[member] = known;
      return;
    }
    const bit = (): number => {
      const outside = maskBits - 1 - this.#outside;
      this.#parents[this.#contents.length - 1] = outside;
      return outside;
    };
    const chunks = this.#chunks.length;
    this.#tagText(base.address, base.length, 0, base.length, bit, undefined);
    this.#addTags(base.decodedTags, bit);
    // A base whose tags fill more than one chunk is read again for its next child.
    if (this.#chunks.length === chunks) this.#bits.set(base.entry, bit());
    this.#outside++;
  }

  #tagText(
    text: number,
    length: number,
    from: number,
    to: number,
    bit: () => number,
    visit: RunVisitor | undefined,
  ): void {
    for (let at = from; at < to; ) {
      at = this.#table.tagRuns(text, length, at, to, bit(), visit);
      if (at < to) this.#reopen();
    }
  }

  #addTags(tags: Float64Array, bit: () => number): void {
    for (let first = 0; first < tags.length; ) {
      first = this.#table.add(tags, first, bit());
      if (first < tags.length) this.#reopen();
    }
  }

  /** The table is full: the content goes on in a chunk of its own, in which it is nobody's base. */
  #reopen(): void {
    const open = this.#open;
    this.#close();
    if (open === undefined) return;
    this.#open = open;
    this.#contents.push(open.content);
    this.#parents.push(noParent);
  }

  /** The store knows a chunk by its contents, so a content that fills several tables becomes one chunk. */
  #keep(chunk: SweepChunk): void {
    const last = this.#chunks.at(-1);
    const isSame =
      chunk.contents.length === 1 && last?.contents.length === 1 && last.contents[0] === chunk.contents[0];
    if (!isSame) {
      this.#chunks.push(chunk);
      return;
    }
    const tags = mergeTags(last.tags, chunk.tags, Number.POSITIVE_INFINITY);
    this.#chunks[this.#chunks.length - 1] = {
      contents: chunk.contents,
      tags,
      masks: new Float64Array(tags.length).fill(1),
    };
  }

  #close(): void {
    if (this.#contents.length > 0) {
      const { tags, masks } = this.#table.take(Uint8Array.from(this.#parents));
      if (tags.length > 0) this.#keep({ contents: this.#contents, tags, masks });
    }
    this.#contents = [];
    this.#parents = [];
    this.#bits.clear();
    this.#outside = 0;
    this.#open = undefined;
  }
}
