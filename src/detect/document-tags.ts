/** Sweep tags of one document, gathered by the WebAssembly core, or without it by its twin. */
import type { SipKey } from '../identity/siphash.js';
import type { EngineCores } from '../prefilter/engine-cores.js';
import { noParent, type RunVisitor, type TagPlace } from '../prefilter/tag-table.js';
import type { TagSink } from './analysis.js';
import { TagCollector } from './tag-collector.js';

const alone = Uint8Array.of(noParent);
const noTags = new Float64Array(0);

export class DocumentTags implements TagSink {
  readonly #cores: EngineCores | undefined;
  readonly #collector: TagCollector;
  /** What was taken out of the core's table because it was full. */
  #taken: Float64Array[] = [];

  constructor(key: SipKey, cores: EngineCores | undefined) {
    this.#cores = cores;
    this.#collector = new TagCollector(key);
  }

  tagRuns(bytes: Buffer, from: number, to: number, visit: RunVisitor | undefined): void {
    const cores = this.#cores;
    const text = cores?.place.put(bytes);
    if (cores === undefined || text === undefined || cores.place.core !== cores.texts) {
      this.#collector.collect(bytes, from, to, visit);
      return;
    }
    for (let at = from; at < to; ) {
      at = cores.textTags.tagRuns(text, bytes.length, at, to, 0, visit);
      if (at < to) this.#take();
    }
  }

  tagLooked(bytes: Buffer): boolean {
    const cores = this.#cores;
    const text = cores?.place.put(bytes);
    if (cores === undefined || text === undefined || cores.place.core !== cores.texts) return false;
    for (let place: TagPlace | undefined = { span: 0, from: 0 }; ; this.#take()) {
      place = cores.textTags.tagChanged(text, bytes.length, place, 0);
      if (place === undefined) return true;
    }
  }

  add(tags: Float64Array): void {
    this.#collector.add(tags);
  }

  /** Distinct tags, ascending; the next document starts with none. */
  take(): Float64Array {
    this.#take();
    const parts = this.#taken.splice(0);
    if (this.#collector.isEmpty && parts.length <= 1) return parts[0] ?? noTags;
    for (const part of parts) this.#collector.add(part);
    const tags = this.#collector.result();
    this.#collector.clear();
    return tags;
  }

  #take(): void {
    const tags = this.#cores?.textTags.take(alone).tags;
    if (tags !== undefined && tags.length > 0) this.#taken.push(tags);
  }
}
