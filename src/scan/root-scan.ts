/**
 * One root (a clone's objects, a folder, stdin) on its way through a scan: list, read, sweep, attribute,
 * finish. The order across roots is scan.ts's business: all are read before any is swept, since a secret
 * learned in one may stand bare in another.
 */
import type { IdentityKeys } from '../identity/hkdf-keys.js';
import type { KnownAnchor } from '../model/finding.js';
import { type ContentId, parsePlaceKey } from '../model/ids.js';
import type { Place } from '../model/place.js';
import { type InputProblem, InputProblemError, ProblemError } from '../model/problem.js';
import { isSettled, type ReadingOptions, type Receipt, type SkipReason } from '../model/receipt.js';
import type { EmbeddedPath } from '../sources/embedded/embedded-path.js';
import { GitError } from '../sources/git/process.js';
import type { HitObject, OpenSource, PlanEvents } from '../sources/source.js';
import type { ContentResult, RootRef, ScanWriter } from '../store/store.js';
import { CoveredFiles } from './covered-files.js';
import { errorName } from './error-name.js';
import { FlaggedNames } from './flagged-names.js';
import { sealHistory } from './history-memory.js';
import { RememberedLinks } from './link-memory.js';
import { type MetadataHit, metadataContent, redactAppearance } from './metadata.js';
import type { RangeContent, RangeResult } from './range-result.js';
import { ReceiptBuilder } from './receipt-builder.js';
import { RecordRoots } from './record-roots.js';
import { redactedFact, redactedFinding } from './redact-facts.js';
import type { Redactor } from './redactor.js';
import { RootHits } from './root-hits.js';
import { joinState, splitState } from './root-state.js';
import { stateIdOf } from './state-id.js';
import { rootName, type Sweep } from './sweep.js';
import type { WorkerPool } from './worker-pool.js';

/** Objects of one sweep range. */
const sweepRangeObjects = 256;
/** Problems remembered to be told apart from new ones; beyond it a sweep may count one twice. */
const maxProblemKeys = 10_000;

export interface RootDeps {
  /** Kept with each root, for the next look at it. */
  readonly reading: ReadingOptions;
  readonly writer: ScanWriter;
  readonly pool: WorkerPool;
  readonly keys: IdentityKeys;
  readonly redactor: () => Redactor;
  /** Redacts a place's own names; spares the engine where nothing in them could be a secret. */
  readonly redact: (text: string) => string;
  readonly analysisId: string;
  readonly signal: AbortSignal;
  readonly progress: (progress: {
    readonly documents: number;
    readonly bytes: number;
    readonly findings: number;
  }) => void;
  readonly planned: (bytes: number) => void;
  readonly problem: (problem: InputProblem) => void;
}

export class RootScan {
  readonly source: OpenSource;
  /** The source's place with every name in it checked. */
  readonly place: Place;
  readonly ref: RootRef;
  readonly #deps: RootDeps;
  readonly #receipt = new ReceiptBuilder();
  readonly #hits: RootHits;
  /** False for partial scopes: nothing vanishes and no state is kept. */
  readonly #whole: boolean;
  readonly #covered: CoveredFiles;
  /** Code and name of what was reported, so that a sweep over the same input does not count it twice. */
  readonly #problems = new Set<string>();
  readonly #records: RecordRoots;
  readonly #embedded: EmbeddedPath[] = [];
  #state: Uint8Array | undefined;
  #sweptThrough = 0;
  #links: RememberedLinks | undefined;
  readonly #names = new FlaggedNames();
  /** False once a name was redacted: the history would keep it. */
  #keepsHistory = true;
  #unchanged = false;
  /** True once it was written that there is such a root. */
  #begun = false;

  constructor(source: OpenSource, whole: boolean, deps: RootDeps) {
    this.source = source;
    this.place = redactedPlace(source.place, deps.redact);
    this.ref = { place: this.place.key, locator: deps.redact(source.locator) };
    this.#whole = whole;
    this.#deps = deps;
    this.#hits = new RootHits(this.ref, deps);
    this.#covered = new CoveredFiles(deps);
    this.#records = new RecordRoots(this.ref, deps.writer, deps.redact);
  }

  /** True when nothing changed since the last complete scan, so that nothing was read. */
  get unchanged(): boolean {
    return this.#unchanged;
  }

  receipt(): Receipt {
    return this.#receipt.build();
  }

  /** True when the root is read whole. */
  get whole(): boolean {
    return this.#whole;
  }

  /** Repositories in archives and bundles that were met in reading. */
  get embedded(): readonly EmbeddedPath[] {
    return this.#embedded;
  }

  /** Adds a gap of what this root holds. */
  report(problem: InputProblem): void {
    this.#problem(problem, 'analyze');
  }

  /** Keys of the places that exports of this root hold. */
  get recordPlaces(): RecordRoots['places'] {
    return this.#records.places;
  }

  /** Runs a step; one that fails is a gap of this root, and the others go on. */
  async attempt(step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      // What the database throws ends the scan: nothing could be kept any more.
      if (error instanceof ProblemError) throw error;
      this.#problem(
        error instanceof InputProblemError
          ? error.problem
          : {
              code: error instanceof GitError ? 'git-failed' : 'unreadable',
              where: this.place.name,
              detail: error instanceof GitError ? error.message : errorName(error),
            },
        'analyze',
      );
    }
  }

  /** Lists and reads what is new. */
  async read(force: boolean): Promise<void> {
    const { writer, analysisId } = this.#deps;
    await writer.upsertPlace(this.place);
    this.#begun = true;
    const record = await writer.root(this.ref);
    const previous = splitState(record.state);
    // Workers come up while a target that is new is being listed.
    const met = previous === undefined ? (bytes: number): void => this.#deps.pool.expect(bytes) : undefined;
    const state = this.#whole ? await this.source.state(met) : undefined;
    this.#state = state === undefined ? undefined : stateIdOf(this.#deps.keys, state);
    this.#sweptThrough = previous?.sweptThrough ?? 0;
    // By other rules the names in trees that were followed may hold something.
    const isSameReading = record.analysisId === analysisId;
    this.#links =
      isSameReading && previous?.links ? RememberedLinks.read(this.#deps.keys, previous.links) : undefined;
    const isSame =
      this.#state !== undefined &&
      previous !== undefined &&
      Buffer.compare(previous.digest, this.#state) === 0;
    if (isSame && !force && isSameReading && record.receipt !== undefined && isSettled(record.receipt)) {
      this.#unchanged = true;
      this.#receipt.add({
        ...record.receipt,
        documents: 0,
        bytes: 0,
        cached: record.receipt.documents + record.receipt.cached,
      });
      await writer.confirmRoot(this.ref);
      if (this.#readsFiles) await this.#records.confirm();
      return;
    }
    const full = await this.source.fullPlace?.();
    if (full?.rootCommits !== undefined)
      await writer.upsertPlace({ ...this.place, rootCommits: full.rootCommits });
    await this.#plan('analyze', []);
    this.#names.check(this.source.entryNames?.() ?? [], this.#deps.redactor());
    // A name that holds something is found again by following all trees again.
    const findings = this.#names.count > 0 ? undefined : this.source.linkFindings?.();
    this.#links = findings && RememberedLinks.after(this.#deps.keys, this.#links, findings);
    if (!this.#deps.signal.aborted) await this.#metadata();
  }

  /** True for a content with sightings that this root was seen to hold. */
  holds(content: ContentId): boolean {
    return this.source.store !== undefined && (this.#unchanged || this.#hits.has(content));
  }

  /**
   * Reads the files that were left to their blobs although those could not be read: damaged objects, blobs
   * over a cap or outside the scope. Asked when every root of the run has been read.
   */
  async readUncovered(isHeld: (content: ContentId) => boolean, known: readonly KnownAnchor[]): Promise<void> {
    const files = await this.#covered.settle(isHeld);
    this.#receipt.cached(-files);
    if (files === 0) return;
    await this.#planUncovered('analyze', []);
    if (known.length > 0) await this.#planUncovered('sweep', known);
  }

  async #planUncovered(mode: 'analyze' | 'sweep', known: readonly KnownAnchor[]): Promise<void> {
    // The listing's problems were reported when it was first made.
    const silent: PlanEvents = { problem: () => undefined, skipped: () => undefined };
    for await (const { range } of this.source.plan({ isKnown: this.#nothingKnown }, silent)) {
      if (range.type !== 'files') continue;
      const files = this.#covered.uncovered(range);
      if (files === undefined) continue;
      const left = this.#covered.unmarked(files);
      const task = mode === 'analyze' ? { mode, range: left } : { mode, range: left, known };
      const bytes = files.files.reduce((sum, { size }) => sum + size, 0);
      await this.#take(mode, await this.#deps.pool.run(task, bytes), bytes);
    }
  }

  /** Looks for bare copies of secrets that became known after this root's contents had been analysed. */
  async sweep({ anchors, prefixes, roots }: Sweep): Promise<void> {
    if (this.source.resolve === undefined) {
      if (roots.has(rootName(this.ref))) await this.#plan('sweep', anchors);
      return;
    }
    if (prefixes.size === 0) return;
    await this.#sweepObjects(await this.source.resolve(prefixes), anchors);
  }

  /** Reads everything once more for given values only. */
  async sweepAll(anchors: readonly KnownAnchor[]): Promise<void> {
    await this.#plan('sweep', anchors);
  }

  /** Anchors that this root has not been swept for are those of secrets first seen in this scan or later. */
  get sweepSince(): number {
    return this.#sweptThrough + 1;
  }

  /** Finds where the hit objects stand, and writes it. */
  async attribute(): Promise<void> {
    const attribute = this.source.attribute?.bind(this.source);
    if (attribute === undefined || this.#hits.count + this.#names.count === 0) return;
    // All roots have been read, and attribution wants the memory that the workers hold.
    await this.#deps.pool.rest();
    const events = this.#events('analyze');
    const found =
      this.#hits.count === 0 ? [] : await this.#hits.attribute({ attribute }, this.#names, events);
    if (found.length > 0) this.#keepsHistory = false;
    const metadata = [...found];
    await this.#attributeNames(metadata);
    await this.#writeMetadata(metadata);
  }

  async #attributeNames(metadata: MetadataHit[]): Promise<void> {
    if (this.#names.count === 0) return;
    const { keys, writer, redactor } = this.#deps;
    const place = this.ref.place;
    const events = this.#events('analyze');
    const { contents, hits } = await this.#names.contents(this.source, place, keys, redactor(), events);
    for (const hit of hits) metadata.push(hit);
    await writer.writeBatch(this.ref, { contents, chunks: [] });
  }

  async finish(): Promise<void> {
    if (this.#unchanged && this.#hits.count === 0) {
      if (this.#state !== undefined) await this.#finishRoot();
      return;
    }
    if (this.#deps.signal.aborted) this.#receipt.interrupted();
    // Stopped before its turn: what an earlier scan wrote of it holds on.
    if (this.#begun) await this.#finishRoot();
  }

  async #finishRoot(): Promise<void> {
    const { writer, analysisId, reading } = this.#deps;
    const receipt = { ...this.receipt(), options: reading };
    const state =
      this.#state !== undefined && isSettled(receipt)
        ? joinState(this.#state, writer.scan, this.#links)
        : undefined;
    // An unchanged root was confirmed; ending it as read would make all that it did not see vanish.
    const whole = this.#whole && !this.#unchanged;
    const history = state !== undefined && whole ? this.#history() : undefined;
    await writer.finishRoot(this.ref, {
      analysisId,
      receipt,
      whole,
      ...(state === undefined ? {} : { state }),
      ...(history === undefined ? {} : { history }),
    });
    // The places of an unchanged root were confirmed with it, and hold the records that they held.
    if (this.#readsFiles && !this.#unchanged) await this.#records.finish(analysisId, receipt, whole);
  }

  #history(): Buffer | undefined {
    if (this.#links === undefined || !this.#keepsHistory) return undefined;
    try {
      const history = this.source.history?.();
      return history && sealHistory(this.#links, history);
    } catch {
      // It only spares the next scan some reading: a pack that is gone by now must not end this one.
      return undefined;
    }
  }

  /** Git stores hold no exports: thousands of them need not be asked. */
  get #readsFiles(): boolean {
    return this.source.store === undefined;
  }

  async #plan(mode: 'analyze' | 'sweep', known: readonly KnownAnchor[]): Promise<void> {
    const { pool, signal, planned } = this.#deps;
    const underWay = new Set<Promise<void>>();
    const isKnown = mode === 'analyze' ? this.#isKnown : this.#nothingKnown;
    const events = this.#events(mode);
    const options = { isKnown, ...(mode === 'analyze' && this.#links ? { links: this.#links } : {}) };
    for await (const { range: whole, bytes } of this.source.plan(options, events)) {
      if (signal.aborted) break;
      const range = this.#covered.unmarked(whole);
      planned(bytes);
      const task = mode === 'analyze' ? { mode, range } : { mode, range, known };
      const done = pool.run(task, bytes).then((result) => this.#take(mode, result, bytes));
      underWay.add(done);
      done.finally(() => underWay.delete(done)).catch(() => undefined);
      if (underWay.size >= pool.capacity + 2) await Promise.race(underWay);
    }
    await Promise.all(underWay);
  }

  async #sweepObjects(objects: readonly HitObject[], anchors: readonly KnownAnchor[]): Promise<void> {
    const store = this.source.store;
    if (store === undefined) return;
    const running: Promise<void>[] = [];
    for (let i = 0; i < objects.length; i += sweepRangeObjects) {
      const oids = Buffer.concat(objects.slice(i, i + sweepRangeObjects).map(({ oid }) => oid));
      const range = { type: 'git-objects', store, oids } as const;
      const task = { mode: 'sweep', range, known: anchors } as const;
      running.push(
        this.#deps.pool.run(task, oids.length * 400).then((result) => this.#take('sweep', result, 0)),
      );
    }
    await Promise.all(running);
  }

  /** Takes a range's result: receipt, hits, database. `planned` is what the plan said of its bytes. */
  async #take(mode: 'analyze' | 'sweep', result: RangeResult, planned: number): Promise<void> {
    const { writer, progress } = this.#deps;
    for (const problem of result.problems) this.#problem(problem, mode);
    this.#hits.add(result.hits);
    if (mode === 'sweep') {
      const hits = result.contents.filter(({ findings }) => findings.length > 0);
      if (hits.length > 0) await this.#takeSweepHits(hits);
      return;
    }
    for (const [reason, count] of result.skipped) this.#receipt.skipped(reason, count);
    this.#receipt.read(result.documents - result.covered.length, result.bytes);
    this.#receipt.cached(result.covered.length);
    this.#embedded.push(...result.embedded);
    this.#covered.add(result.covered);
    const metadata: MetadataHit[] = [];
    const contents = result.contents.map((content) => this.#redactedContent(content, metadata));
    for (const name of result.names) metadata.push(...this.#hitsIn('path', name));
    const { clean, chunks } = result;
    const publicFacts = result.publicFacts.map((fact) => redactedFact(fact, this.#deps.redact));
    for (const coverage of result.exports) {
      this.#receipt.exported(coverage);
      await this.#records.cover(coverage);
    }
    for (const [ref, own] of await this.#records.divide(contents)) {
      if (ref === this.ref) await writer.writeBatch(ref, { contents: own, clean, chunks, publicFacts });
      else await writer.writeBatch(ref, { contents: own, chunks: [] });
    }
    await this.#writeMetadata(metadata);
    const findings = contents.reduce((sum, content) => sum + content.findings.length, 0);
    progress({ documents: result.documents, bytes: planned, findings });
  }

  /** Files say where they stand at once; objects are attributed with all other hits. */
  async #takeSweepHits(hits: readonly ContentResult[]): Promise<void> {
    const { writer } = this.#deps;
    const metadata: MetadataHit[] = [];
    const redacted = hits.map((content) => this.#redactedContent(content, metadata));
    for (const [ref, own] of await this.#records.divide(redacted)) {
      if (own.length === 0) continue;
      await writer.addSightings(
        ref,
        own.map(({ id, findings }) => ({ content: id, findings })),
      );
      const placed = own.flatMap(({ id, appearances }) =>
        appearances === undefined ? [] : [{ content: id, appearances }],
      );
      if (placed.length > 0) await writer.writeAppearances(ref, placed);
    }
    await this.#writeMetadata(metadata);
  }

  #redactedContent(given: RangeContent, metadata: MetadataHit[]): ContentResult {
    if (given.isHarmless === true) return given;
    const findings = given.findings.map((finding) => redactedFinding(finding, this.#deps.redact));
    const content = { ...given, findings };
    if (content.appearances === undefined) return content;
    const appearances = content.appearances.map((appearance) => {
      const checked = redactAppearance(appearance, this.#deps.redactor());
      metadata.push(...checked.hits);
      return checked.appearance;
    });
    return { ...content, appearances };
  }

  /** Ref names and the like are places too. */
  async #metadata(): Promise<void> {
    const hits: MetadataHit[] = [];
    for (const { text, label } of await this.source.metadata()) hits.push(...this.#hitsIn(label, text));
    await this.#writeMetadata(hits);
  }

  #hitsIn(label: string, text: string): MetadataHit[] {
    const { text: redacted, findings } = this.#deps.redactor().check(text);
    return findings.length === 0 ? [] : [{ label, redacted, findings, bytes: Buffer.byteLength(text) }];
  }

  async #writeMetadata(hits: readonly MetadataHit[]): Promise<void> {
    if (hits.length === 0) return;
    const isGit = this.source.attribute !== undefined;
    const contents = hits.map((hit) => metadataContent(this.#deps.keys, this.ref.place, hit, isGit));
    await this.#deps.writer.writeBatch(this.ref, { contents, chunks: [] });
  }

  readonly #isKnown = (oids: Uint8Array, types: Uint8Array): Promise<Uint8Array> =>
    this.#hits.known(oids, types, (count) => this.#receipt.cached(count));

  readonly #nothingKnown = async (_oids: Uint8Array, types: Uint8Array): Promise<Uint8Array> =>
    new Uint8Array(types.length);

  /** A sweep walks the same tree again: what it leaves out has been counted. */
  #events(mode: 'analyze' | 'sweep'): PlanEvents {
    return {
      problem: (problem) => this.#problem(problem, mode),
      skipped: (reason: SkipReason, count: number) => {
        if (mode === 'analyze') this.#receipt.skipped(reason, count);
      },
    };
  }

  #problem(problem: InputProblem, mode: 'analyze' | 'sweep'): void {
    const key = `${problem.code} ${problem.where}`;
    if (mode === 'sweep' && this.#problems.has(key)) return;
    if (this.#problems.size < maxProblemKeys) this.#problems.add(key);
    const redacted = { ...problem, where: this.#deps.redactor().redact(problem.where) };
    this.#receipt.problem(redacted);
    this.#deps.problem(redacted);
  }
}

function redactedPlace(place: Place, redact: (text: string) => string): Place {
  return { ...place, key: parsePlaceKey(redact(place.key)), name: redact(place.name) };
}
