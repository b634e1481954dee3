/**
 * The results of one work range, gathered while a reader hands its documents over.
 *
 * Readers hand documents over synchronously; archives and documents (PDF, Office) inside git blobs are set aside (copied)
 * and opened once the range is read, since opening them is asynchronous.
 */
import crypto from 'node:crypto';
import type { AnalysisInput, Analyzer, TagSink } from '../detect/analysis.js';
import { type ContentPart, contentIdOf } from '../identity/content-id.js';
import type { IdentityKeys } from '../identity/hkdf-keys.js';
import type { AnchorTable } from '../identity/sweep.js';
import type { PathName } from '../model/appearance.js';
import type { PublicFact } from '../model/finding.js';
import type { ContentId } from '../model/ids.js';
import type { InputProblem } from '../model/problem.js';
import type { SkipReason } from '../model/receipt.js';
import { loadCoreModule } from '../prefilter/core-module.js';
import type { EngineCores } from '../prefilter/engine-cores.js';
import type { WasmModule } from '../prefilter/wasm-api.js';
import { hidesText } from '../sources/exports/hidden-texts.js';
import { type ExportOffer, sourceOf } from '../sources/exports/offer.js';
import type { ExportOptions } from '../sources/exports/options.js';
import type {
  DocumentRef,
  FileEntry,
  FoundGit,
  RangeEvents,
  RawDocument,
  WorkRange,
} from '../sources/source.js';
import type { ContentResult } from '../store/store.js';
import { BatchIds } from './batch-ids.js';
import { SweepChunker } from './chunker.js';
import { describeDocument } from './describe-document.js';
import { EmbeddedFinds } from './embedded-finds.js';
import type { EngineResult } from './engine-result.js';
import { fileAppearanceOf } from './file-appearance.js';
import { headerSink } from './header-sink.js';
import { LargeDocument } from './large-document.js';
import { PackedTexts } from './packed-texts.js';
import type { CollectedRange, ObjectHit, RangeContent } from './range-result.js';
import { DamagedFiles } from './records/damaged-files.js';
import type { ExportFiles } from './records/export-files.js';
import { newlyFound } from './records/newly-found.js';
import { copyOf, isOpened, SetAside, unreadGit, unreadOf } from './set-aside.js';

const noTags = new Float64Array(0);

let core: WasmModule | undefined;

/** Loaded when the first export is read, and then kept. */
function loadCore(): WasmModule | undefined {
  core ??= loadCoreModule();
  return core;
}

/** One range. */
export class RangeRun implements RangeEvents {
  readonly #analyzer: Analyzer;
  readonly #keys: IdentityKeys;
  readonly #known: AnchorTable | undefined;
  readonly #contents: RangeContent[] = [];
  readonly #hits: ObjectHit[] = [];
  readonly #publicFacts = new Map<string, PublicFact>();
  readonly #problems: InputProblem[] = [];
  readonly #skipped = new Map<SkipReason, number>();
  readonly #chunker = new SweepChunker();
  readonly #aside: SetAside;
  /** Objects rebuilt from packs; absent while known values are looked for, which reads all of a text. */
  readonly #packed: PackedTexts | undefined;
  #large: LargeDocument | undefined;
  /** What nobody reads of the large document but its bytes. */
  #unread: Omit<InputProblem, 'where'> | undefined;
  #exports: ExportFiles | undefined;
  /** What readers of files found beside the plain reading of those. */
  readonly #hidden: ContentResult[] = [];
  readonly #damaged = new DamagedFiles();
  #documents = 0;
  #bytes = 0;
  readonly #covered: string[] = [];
  readonly #names: string[] = [];
  readonly #embedded: EmbeddedFinds;
  readonly #batchIds: BatchIds | undefined;

  constructor(
    analyzer: Analyzer,
    keys: IdentityKeys,
    known: AnchorTable | undefined,
    cores: EngineCores | undefined,
    range: WorkRange,
  ) {
    this.#embedded = new EmbeddedFinds(range);
    this.#analyzer = analyzer;
    this.#keys = keys;
    this.#known = known;
    if (known === undefined && cores !== undefined)
      this.#packed = new PackedTexts(analyzer, cores.packs, cores.packTags);
    this.#aside = new SetAside({
      keys,
      collectsTags: known === undefined,
      engine: (input, where) => this.#engine(input, where),
      problem: (problem) => this.problem(problem),
      skipped: (reason, count) => this.skipped(reason, count),
      embedded: (found) => this.embedded(found),
      finish: (document, result) => this.#finish(document, result),
    });
    if (range.type === 'git-pack') this.#batchIds = new BatchIds(keys.content, range);
  }

  /** Offers files to the readers of exports; undefined until {@link readExports} was asked for. */
  exported: ((offer: ExportOffer) => Promise<boolean>) | undefined;

  readExports(options: ExportOptions, signal: AbortSignal): void {
    this.exported = async (offer) => {
      // Histories and most folders have no export, and so need none of its readers.
      if (this.#exports === undefined) {
        const { ExportFiles: Files } = await import('./records/export-entry.js');
        this.#exports = this.#newExports(Files, options, signal);
      }
      const before = this.#contents.length;
      const outcome = await this.#exports.offered(offer);
      if (outcome === 'damaged') this.#damaged.add(sourceOf(offer), before);
      if (outcome !== 'read') return false;
      this.#documents++;
      this.#bytes += offer.file.size ?? 0;
      return true;
    };
  }

  #newExports(Files: typeof ExportFiles, options: ExportOptions, signal: AbortSignal): ExportFiles {
    return new Files(options, {
      keys: this.#keys,
      collectsTags: this.#known === undefined,
      engine: (input, where) => this.#engine(input, where),
      core: loadCore,
      emit: (content, tags) => this.#record(content, tags),
      hidden: (content) => this.#hidden.push(content),
      problem: (problem) => this.problem(problem),
      skipped: (reason, count) => this.skipped(reason, count),
      signal,
    });
  }

  problem(problem: InputProblem): void {
    this.#problems.push(problem);
  }

  skipped(reason: SkipReason, count: number): void {
    this.#skipped.set(reason, (this.#skipped.get(reason) ?? 0) + count);
  }

  document(document: RawDocument): void {
    if (document.segment !== undefined) {
      this.#segment(document);
      return;
    }
    if (document.rebuilt?.isRepeat === true) {
      if (isOpened(document.bytes)) this.#packed?.skip(document.rebuilt);
      else this.#packed?.repeat(document, document.rebuilt);
      return;
    }
    this.#documents++;
    this.#bytes += document.bytes.length;
    if (document.ref.type === 'git-object') this.#object(document, document.ref);
    else this.#finish(document, this.#whole(document));
  }

  covered(entry: FileEntry, bytes: number): void {
    const { indexOid } = entry;
    this.#documents++;
    this.#bytes += bytes;
    if (indexOid !== undefined) this.#covered.push(indexOid);
    this.named(entry);
  }

  named({ path }: FileEntry): void {
    if (this.#known === undefined && !this.#isHarmless(path)) this.#names.push(path.text);
  }

  embedded(found: FoundGit): void {
    if (this.#embedded.add(found)) return;
    this.problem({ ...unreadGit, where: this.#whereOf(found) });
  }

  #whereOf({ ref, chain, folder }: FoundGit): string {
    const path = folder === '' ? chain : [...chain, folder];
    return describeDocument({ ref, chain: path });
  }

  /** Reads what was set aside among blobs. */
  readAside(signal: AbortSignal): Promise<void> {
    return this.#aside.read(signal);
  }

  result(): CollectedRange {
    return {
      contents: [...this.#contents, ...newlyFound(this.#hidden, this.#contents)],
      hits: this.#hits,
      publicFacts: [...this.#publicFacts.values()],
      chunks: [...this.#chunker.take(), ...(this.#packed?.takeChunks() ?? [])],
      problems: this.#problems,
      skipped: [...this.#skipped],
      documents: this.#documents,
      bytes: this.#bytes,
      covered: this.#covered,
      names: this.#names,
      exports: this.#exports?.coverage ?? [],
      embedded: this.#embedded.paths,
    };
  }

  #object(document: RawDocument, ref: DocumentRef & { type: 'git-object' }): void {
    if (ref.objectType === 'blob') {
      if (isOpened(document.bytes)) {
        if (document.rebuilt !== undefined) this.#packed?.skip(document.rebuilt);
        this.#aside.addArchive(copyOf(document, ref));
        return;
      }
      this.#blob(document, ref);
      return;
    }
    // Header and message are two contents: an author's name is another place than the message's first line.
    // The sweep index lists both under the message, since clean headers get no row of their own.
    const headerPart = ref.objectType === 'commit' ? 'commitHeader' : 'tagHeader';
    const id = this.#idOf(document, ref);
    const sink = document.rebuilt && this.#packed?.open(document.rebuilt.entry, id);
    const header = this.#part(
      document.bytes.subarray(0, document.textStart),
      headerPart,
      sink && headerSink(sink),
    );
    const message = this.#part(document.bytes.subarray(document.textStart), ref.objectType, sink);
    if (header.findings.length > 0) {
      const headerId = contentIdOf(this.#keys.content, ref.oid, headerPart);
      this.#keep(headerId, document.textStart, { ...header, tags: noTags }, ref);
    }
    const tags =
      header.tags.length === 0
        ? message.tags
        : Float64Array.of(...new Set([...header.tags, ...message.tags]));
    this.#keep(id, document.bytes.length - document.textStart, { ...message, tags }, ref);
  }

  #blob(document: RawDocument, ref: DocumentRef & { type: 'git-object' }): void {
    const copy = hidesText(document.bytes) ? copyOf(document, ref) : undefined;
    const { rebuilt } = document;
    const packed = this.#packed;
    const id = this.#idOf(document, ref);
    const result =
      rebuilt === undefined || packed === undefined
        ? this.#whole(document)
        : this.#guarded(describeDocument(document), () => packed.analyze(document, rebuilt, id));
    if (copy === undefined) this.#keep(id, document.bytes.length, result, ref);
    else this.#aside.addHiding(copy, result);
  }

  /** Id of a blob, or of the message of a commit or tag. */
  #idOf({ rebuilt }: RawDocument, { oid, objectType }: DocumentRef & { type: 'git-object' }): ContentId {
    const known = rebuilt === undefined ? undefined : this.#batchIds?.of(rebuilt.entry);
    return known ?? contentIdOf(this.#keys.content, oid, objectType);
  }

  #part(bytes: Buffer, part: ContentPart, tagSink: TagSink | undefined): EngineResult {
    return this.#engine({ bytes, chain: [], collectTags: true, ...(tagSink && { tagSink }) }, part);
  }

  #segment(document: RawDocument): void {
    const segment = document.segment;
    if (segment === undefined) return;
    if (segment.first) {
      this.#large = new LargeDocument();
      this.#unread = document.ref.type === 'git-object' ? unreadOf(document.bytes) : undefined;
    }
    this.#large?.add(document, (input) => this.#engine(input, describeDocument(document)));
    if (!segment.last || this.#large === undefined) return;
    const large = this.#large;
    this.#large = undefined;
    this.#documents++;
    this.#bytes += large.bytes;
    if (large.isIndexCut) {
      const detail = 'more tokens than the sweep index keeps of one document';
      this.problem({ code: 'document-too-large', where: describeDocument(document), detail });
    }
    const result = large.result();
    const unread = this.#unread;
    if (unread !== undefined) this.problem({ ...unread, where: describeDocument(document) });
    const caps = unread === undefined ? result.caps : [...result.caps, unread.code];
    this.#finish(document, { ...result, caps }, large);
  }

  /** Notes the result of a whole document under its content id. */
  #finish(document: RawDocument, result: EngineResult, large?: LargeDocument): void {
    const ref = document.ref;
    const bytes = large?.bytes ?? document.bytes.length;
    if (ref.type === 'git-object') {
      this.#keep(this.#idOf(document, ref), bytes, result, ref);
      return;
    }
    const digest = large?.digest() ?? sha256(document.bytes);
    const id = contentIdOf(this.#keys.content, digest, 'file');
    this.#chunker.add(id, this.#known === undefined ? result.tags : noTags);
    const appearance = fileAppearanceOf(ref, document.chain, document.modifiedMs);
    const findings = this.#damaged.left(describeDocument(document), result.findings, this.#contents);
    this.#contents.push({
      id,
      bytes,
      findings,
      partial: result.caps.length > 0,
      appearances: [appearance],
      ...(findings.length === 0 && this.#isHarmless(appearance.path) && { isHarmless: true }),
    });
  }

  /** Whether a path holds no secret: asked here, since there are as many as files and one thread that takes them all. */
  #isHarmless({ text }: PathName): boolean {
    const bytes = Buffer.from(text);
    const { findings, caps } = this.#analyzer.analyze({ bytes, chain: [], collectTags: false });
    return findings.length === 0 && caps.length === 0;
  }

  /** A text of a record that holds something, or a batch of texts for the sweep index. */
  #record(content: ContentResult, tags: Float64Array): void {
    this.#chunker.add(content.id, tags);
    if (this.#known === undefined || content.findings.length > 0) this.#contents.push(content);
  }

  #keep(id: ContentId, bytes: number, result: EngineResult, ref: DocumentRef & { type: 'git-object' }): void {
    if (result.findings.length > 0)
      this.#hits.push({ content: id, oid: ref.oid.slice(), objectType: ref.objectType });
    if (this.#known === undefined) this.#chunker.add(id, result.tags);
    else if (result.findings.length === 0) return;
    this.#contents.push({ id, bytes, findings: result.findings, partial: result.caps.length > 0 });
  }

  #whole(document: RawDocument): EngineResult {
    const chain = document.ref.type === 'git-object' ? document.chain : [];
    return this.#engine({ bytes: document.bytes, chain, collectTags: true }, describeDocument(document));
  }

  #engine(input: AnalysisInput, where: string): EngineResult {
    return this.#guarded(where, () =>
      this.#known === undefined
        ? this.#analyzer.analyze(input)
        : { ...this.#analyzer.sweep(input, this.#known), tags: noTags },
    );
  }

  #guarded(where: string, run: () => EngineResult): EngineResult {
    try {
      const analysis = run();
      for (const code of analysis.caps) this.problem({ code, where });
      for (const fact of analysis.publicFacts ?? []) this.#publicFacts.set(JSON.stringify(fact), fact);
      return analysis;
    } catch (error) {
      // The name of the error class only: a message could quote the text that caused it.
      this.problem({ code: 'unreadable', where, detail: `analysis failed: ${(error as Error).name}` });
      return { findings: [], tags: noTags, caps: ['unreadable'] };
    }
  }
}

/** In one call where Node has it: a hash object costs more than hashing a small file. */
const sha256 =
  'hash' in crypto ? (bytes: Buffer): Buffer => crypto.hash('sha256', bytes, 'buffer') : hashObject;

function hashObject(bytes: Buffer): Buffer {
  return crypto.createHash('sha256').update(bytes).digest();
}
