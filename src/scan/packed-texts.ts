/** Analyses objects as they are rebuilt from a pack: each only where it differs from its base. */
import type { Analysis, Analyzer, TagSink } from '../detect/analysis.js';
import type { DocumentMemory } from '../detect/document-memory.js';
import type { ContentId } from '../model/ids.js';
import type { KeptKeywords } from '../prefilter/document-look.js';
import { type Alignment, ReferenceTexts } from '../prefilter/reference-texts.js';
import type { TagTable } from '../prefilter/tag-table.js';
import type { WasmCore } from '../prefilter/wasm-core.js';
import type { RawDocument, RebuiltObject } from '../sources/source.js';
import type { SweepChunk } from '../store/store.js';
import { PackChunker, type TaggedBase } from './pack-chunker.js';

interface Remembered {
  readonly entry: number;
  readonly memory: DocumentMemory | undefined;
}

/** How an object follows from one that was analysed before. */
interface Link {
  readonly base: { readonly entry: number; readonly memory: DocumentMemory };
  readonly ranges: Alignment;
  /** Of the object that it is a delta on, when `base` is another. */
  readonly below?: KeptKeywords | undefined;
  /** What the object is to be kept as, to compare others with (see {@link ReferenceTexts.keep}). */
  readonly keptAs: number | undefined;
}

export class PackedTexts {
  readonly #analyzer: Analyzer;
  readonly #chunker: PackChunker;
  /** The object handed over last and those that it was made from, in the order of the walk: depth first. */
  readonly #bases: Remembered[] = [];
  readonly #references: ReferenceTexts<{ readonly entry: number; readonly memory: DocumentMemory }>;

  /** @param core in whose memory the objects lie */
  constructor(analyzer: Analyzer, core: WasmCore, tags: TagTable) {
    this.#analyzer = analyzer;
    this.#chunker = new PackChunker(tags);
    this.#references = new ReferenceTexts(core);
  }

  /** @param id the object's content */
  analyze(document: RawDocument, rebuilt: RebuiltObject, id: ContentId): Analysis {
    const link = this.#linkOf(document, rebuilt);
    const tagged: TaggedBase | undefined =
      link === undefined
        ? undefined
        : {
            entry: link.base.entry,
            address: link.ranges.baseAddress,
            length: link.ranges.baseLength,
            decodedTags: link.base.memory.decodedTags,
          };
    this.#chunker.open(rebuilt.entry, id, tagged);
    return this.#run(document, rebuilt, link, true);
  }

  /** Begins an object whose parts are read one by one, each from end to end; gives what takes their tags. */
  open(entry: number, id: ContentId): TagSink {
    this.#chunker.open(entry, id, undefined);
    return this.#chunker;
  }

  /** Learns what is to be known of an object that others were made from, and that is reported elsewhere. */
  repeat(document: RawDocument, rebuilt: RebuiltObject): void {
    this.#run(document, rebuilt, this.#linkOf(document, rebuilt), false);
  }

  /** To be called behind the last object: what was kept to compare others with is forgotten. */
  takeChunks(): SweepChunk[] {
    this.#references.clear();
    return this.#chunker.take();
  }

  /** Notes an object that is not read as text, so that what was made from it is read whole. */
  skip(rebuilt: RebuiltObject): void {
    this.#memoryOf(rebuilt);
    this.#bases.push({ entry: rebuilt.entry, memory: undefined });
  }

  /** The object's delta, or what it has from a text that is more like it. */
  #linkOf({ bytes }: RawDocument, rebuilt: RebuiltObject): Link | undefined {
    const memory = this.#memoryOf(rebuilt);
    const { base, delta } = rebuilt;
    if (memory === undefined || delta === undefined) return undefined;
    const own: Link = { base: { entry: base, memory }, ranges: delta, keptAs: undefined };
    const below = memory.keywords;
    if (below === undefined) return own;
    const reference = this.#references.seek(bytes, delta.copies);
    const like = reference === undefined ? undefined : this.#references.of(reference);
    if (reference === undefined || like === undefined) return { ...own, keptAs: reference };
    const ranges = this.#references.align(reference, bytes);
    const keptAs = this.#references.isApart(bytes, ranges) ? reference : undefined;
    return { base: like, below, ranges, keptAs };
  }

  #run(
    { bytes, chain }: RawDocument,
    { entry }: RebuiltObject,
    link: Link | undefined,
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
        ...(link !== undefined && {
          delta: {
            changed: link.ranges.changed,
            copies: link.ranges.copies,
            base: link.base.memory,
            below: link.below,
          },
        }),
      });
      ({ memory } = analysis);
      if (link?.keptAs !== undefined && memory !== undefined) this.#refer(link.keptAs, entry, bytes, memory);
      return analysis;
    } finally {
      this.#bases.push({ entry, memory });
    }
  }

  /** Keeps an object of whose kind more may come. */
  #refer(reference: number, entry: number, bytes: Buffer, memory: DocumentMemory): void {
    if (memory.keywords === undefined) return;
    this.#references.keep(reference, bytes, memory.keywords, (keywords) => ({
      entry,
      memory: { ...memory, keywords },
    }));
  }

  #memoryOf({ base }: Pick<RebuiltObject, 'base'>): DocumentMemory | undefined {
    const bases = this.#bases;
    while (bases.length > 0 && bases[bases.length - 1]?.entry !== base) bases.pop();
    return bases[bases.length - 1]?.memory;
  }
}
