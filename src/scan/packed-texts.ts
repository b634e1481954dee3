/** Analyses objects as they are rebuilt from a pack: each only where it differs from its base. */
import type { Analysis, Analyzer, TagSink } from '../detect/analysis.js';
import type { DocumentMemory } from '../detect/document-memory.js';
import type { ContentId } from '../model/ids.js';
import type { TagTable } from '../prefilter/tag-table.js';
import type { RawDocument, RebuiltObject } from '../sources/source.js';
import type { SweepChunk } from '../store/store.js';
import { PackChunker, type TaggedBase } from './pack-chunker.js';

interface Remembered {
  readonly entry: number;
  readonly memory: DocumentMemory | undefined;
}

export class PackedTexts {
  readonly #analyzer: Analyzer;
  readonly #chunker: PackChunker;
  /** The object handed over last and those that it was made from, in the order of the walk: depth first. */
  readonly #bases: Remembered[] = [];

  constructor(analyzer: Analyzer, tags: TagTable) {
    this.#analyzer = analyzer;
    this.#chunker = new PackChunker(tags);
  }

  /** @param id the object's content */
  analyze(document: RawDocument, rebuilt: RebuiltObject, id: ContentId): Analysis {
    const base = this.#memoryOf(rebuilt);
    const { delta } = rebuilt;
    const tagged: TaggedBase | undefined =
      base === undefined || delta === undefined
        ? undefined
        : {
            entry: rebuilt.base,
            address: delta.baseAddress,
            length: delta.baseLength,
            decodedTags: base.decodedTags,
          };
    this.#chunker.open(rebuilt.entry, id, tagged);
    return this.#run(document, rebuilt, base, true);
  }

  /** Begins an object whose parts are read one by one, each from end to end; gives what takes their tags. */
  open(entry: number, id: ContentId): TagSink {
    this.#chunker.open(entry, id, undefined);
    return this.#chunker;
  }

  /** Learns what is to be known of an object that others were made from, and that is reported elsewhere. */
  repeat(document: RawDocument, rebuilt: RebuiltObject): void {
    this.#run(document, rebuilt, this.#memoryOf(rebuilt), false);
  }

  takeChunks(): SweepChunk[] {
    return this.#chunker.take();
  }

  /** Notes an object that is not read as text, so that what was made from it is read whole. */
  skip(rebuilt: RebuiltObject): void {
    this.#memoryOf(rebuilt);
    this.#bases.push({ entry: rebuilt.entry, memory: undefined });
  }

  #run(
    { bytes, chain }: RawDocument,
    { entry, delta }: RebuiltObject,
    base: DocumentMemory | undefined,
    collectTags: boolean,
  ): Analysis {
    let memory: DocumentMemory | undefined;
    try {
      const analysis = this.#analyzer.analyze({
        bytes,
        chain,
        collectTags,
        remembers: true,
        ...(collectTags && { tagSink: this.#chunker }),
        ...(base !== undefined && delta !== undefined && { delta: { ...delta, base } }),
      });
      ({ memory } = analysis);
      return analysis;
    } finally {
      this.#bases.push({ entry, memory });
    }
  }

  #memoryOf({ base }: RebuiltObject): DocumentMemory | undefined {
    const bases = this.#bases;
    while (bases.length > 0 && bases[bases.length - 1]?.entry !== base) bases.pop();
    return bases[bases.length - 1]?.memory;
  }
}
