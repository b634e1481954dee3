/**
 * Gathers the sweep tags of neighbouring contents into chunks.
 *
 * Neighbours in a pack are versions of one file and share most of their runs, so one row a (tag, chunk) with
 * a bit mask of the contents is some 30 times smaller than one row a (tag, content).
 */
import type { ContentId } from '../model/ids.js';
import { maxChunkContents, type SweepChunk } from '../store/store.js';

/** A chunk is also closed at this many distinct tags, so that memory stays bounded. */
const maxChunkTags = 200_000;

export class SweepChunker {
  readonly #chunks: SweepChunk[] = [];
  #contents: ContentId[] = [];
  #masks = new Map<number, number>();

  add(content: ContentId, tags: Float64Array): void {
    if (tags.length === 0) return;
    if (tags.length > maxChunkTags) {
      // A large document is a chunk of its own: to sort its tags in among others would take ten times their memory.
      this.#chunks.push({ contents: [content], tags, masks: new Float64Array(tags.length).fill(1) });
      return;
    }
    const bit = 2 ** this.#contents.length;
    this.#contents.push(content);
    for (const tag of tags) this.#masks.set(tag, (this.#masks.get(tag) ?? 0) + bit);
    if (this.#contents.length === maxChunkContents || this.#masks.size > maxChunkTags) this.#close();
  }

  /** Hands over all chunks, the open one included, and starts anew. */
  take(): SweepChunk[] {
    this.#close();
    return this.#chunks.splice(0);
  }

  #close(): void {
    if (this.#contents.length === 0) return;
    const tags = Float64Array.from(this.#masks.keys()).sort();
    const masks = tags.map((tag) => this.#masks.get(tag) ?? 0);
    this.#chunks.push({ contents: this.#contents, tags, masks });
    this.#contents = [];
    this.#masks = new Map();
  }
}
