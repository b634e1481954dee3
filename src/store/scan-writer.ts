/** One scan's write side: joins the small writers to the interface that scan/ sees. */
import { randomBytes } from 'node:crypto';
import type { Finding, FindingRelation, KnownAnchor } from '../model/finding.js';
import { type ContentId, type Fingerprint, type PlaceKey, parseContentId } from '../model/ids.js';
import type { Place } from '../model/place.js';
import type { Receipt } from '../model/receipt.js';
import { readAnchors } from './anchors.js';
import { AppearanceWriter } from './appearance-writer.js';
import { CleanPages, dropUnusedLists, listedAnalyses } from './clean-pages.js';
import { CleanWriter } from './clean-writer.js';
import { dropOrphanSecrets } from './erase.js';
import { FormWriter } from './form-writer.js';
import { hashToWrite, keepHashedNames, withHashedNames } from './hashed-names.js';
import type { Interner } from './interner.js';
import { knownContents } from './known-contents.js';
import { changesPlaceAllows, replacePlaceAllows } from './place-allows.js';
import { PublicFactWriter } from './public-facts.js';
import { redactStrings } from './redact.js';
import { settleReported } from './reported.js';
import { RootWriter } from './root-writer.js';
import { RowLoader } from './row-loader.js';
import { SecretWriter } from './secret-writer.js';
import { SightingWriter } from './sighting-writer.js';
import { guarded } from './sqlite-problem.js';
import {
  type ContentResult,
  type HashText,
  type PlaceAllow,
  partialAnalysisId,
  type RecordsRead,
  type RootRecord,
  type RootRef,
  type ScanBatch,
  type ScanScope,
  type ScanWriter,
  type StandingContent,
  type SweepCandidate,
  type SweepHit,
} from './store.js';
import { SweepWriter, sweepCandidates } from './sweep-index.js';
import { type WaitingBatch, WaitingBatches, type WaitingPlaces } from './waiting-batches.js';
import type { WriteSession } from './write-session.js';

/** Adds the row of a scan and gives its number. */
function addScan(session: WriteSession, scope: ScanScope): number {
  const { db, now } = session.connection;
  const added = session.write(() =>
    db
      .prepare('INSERT INTO scan (uid, started, whole, analysis_name, targets) VALUES (?, ?, ?, ?, ?)')
      .run(randomBytes(16), now(), scope.whole ? 1 : 0, scope.analysisId, JSON.stringify(scope.targets)),
  );
  return Number(added.lastInsertRowid);
}

function hashedIn(findings: readonly Finding[], hash: HashText | undefined): readonly Finding[] {
  return hash === undefined ? findings : findings.map((finding) => withHashedNames(finding, hash));
}

export class SqliteScanWriter implements ScanWriter {
  readonly scan: number;
  readonly #session: WriteSession;
  readonly #scope: ScanScope;
  readonly #interner: Interner;
  readonly #roots: RootWriter;
  readonly #sightings: SightingWriter;
  readonly #appearances: AppearanceWriter;
  readonly #publicFacts: PublicFactWriter;
  readonly #clean: CleanWriter;
  readonly #sweep: SweepWriter;
  readonly #waiting = new WaitingBatches();
  readonly #endFlushing: () => void;
  readonly #holdings: RowLoader;

  constructor(session: WriteSession, interner: Interner, scope: ScanScope) {
    this.#session = session;
    this.#scope = scope;
    if (scope.hashNames === true) keepHashedNames(session, interner);
    this.scan = addScan(session, scope);
    this.#interner = interner;
    this.#roots = new RootWriter(session);
    const secrets = new SecretWriter(session, this.#interner);
    const forms = new FormWriter(session, this.#interner);
    this.#sightings = new SightingWriter(session, this.#interner, secrets, forms);
    this.#appearances = new AppearanceWriter(session, this.#interner, scope.whole);
    this.#publicFacts = new PublicFactWriter(session, this.#interner);
    this.#clean = new CleanWriter(session);
    this.#sweep = new SweepWriter(session);
    this.#endFlushing = session.onFlush(() => this.#flush());
    this.#holdings = session.forgetful(
      new RowLoader(session.connection.db, 2, (rows) => `INSERT OR IGNORE INTO holding VALUES ${rows}`),
    );
  }

  async upsertPlace(place: Place): Promise<void> {
    this.#session.writeSoon(() => this.#roots.upsertPlace(place));
  }

  async root(ref: RootRef): Promise<RootRecord> {
    return this.#session.writeSoon(() => this.#roots.record(this.#roots.ids(ref)));
  }

  async knownContents(ids: Buffer, analysisId: string): Promise<Uint8Array> {
    // What waits answers for whole readings by the scan's own analysis; other questions are rare.
    if (analysisId !== this.#scope.analysisId) this.#flush();
    return this.#reading(() => {
      const known = knownContents(this.#session.connection.db, ids, analysisId);
      this.#waiting.overlay(ids, known);
      return known;
    });
  }

  async writeBatch(root: RootRef, batch: ScanBatch): Promise<void> {
    this.#waiting.add(root, batch);
    if (this.#waiting.isDue) this.#flush();
  }

  #flush(): void {
    if (this.#waiting.isEmpty) return;
    // Taken out first: what cannot be written now could not be written when the store is closed.
    const { batches, places } = this.#waiting.take();
    const pairs = this.#load(() => {
      const written = batches.length === 0 ? 0 : this.#write(batches);
      this.#place(places);
      return written;
    });
    this.#sweep.settle(pairs);
  }

  /** A transaction at whose end no row waits. */
  #load<Result>(work: () => Result): Result {
    return this.#session.load(() => {
      const result = work();
      this.#settle();
      return result;
    });
  }

  #settle(): void {
    this.#sightings.settle();
    this.#appearances.settle();
    this.#holdings.settle();
  }

  #write(batches: readonly WaitingBatch[]): number {
    const { analysisId } = this.#scope;
    const whole = this.#interner.analysis(analysisId);
    const part = this.#interner.analysis(partialAnalysisId(analysisId));
    const hash = hashToWrite(this.#session.connection);
    const hits = batches.flatMap(({ root, batch }) =>
      batch.contents
        .filter(({ findings }) => findings.length > 0)
        .map((content) => ({
          root,
          content: hash === undefined ? content : { ...content, findings: hashedIn(content.findings, hash) },
        })),
    );
    for (const { root, batch } of batches) {
      const { publicFacts = [] } = batch;
      if (publicFacts.length > 0) this.#publicFacts.write(this.#roots.ids(root).root, publicFacts, hash);
    }
    // By id, so that the index of content ids is walked once from left to right.
    hits.sort((a, b) => (a.content.id < b.content.id ? -1 : a.content.id > b.content.id ? 1 : 0));
    for (const { root, content } of hits) {
      const analysis = content.partial === true ? part : whole;
      this.#stand(root, this.#sightings.content(content, analysis, this.scan), content);
    }
    for (const [analysis, isPartial] of [
      [whole, false],
      [part, true],
    ] as const) {
      for (const row of this.#clean.write(batches, analysis, isPartial)) {
        if (row.analysis !== analysis) this.#sightings.supersede(row.id, analysis);
        else if (row.hit) this.#stand(row.from.root, row.id, row.content);
      }
    }
    this.#settle();
    if (this.#sightings.takeOrphans() && dropOrphanSecrets(this.#session.connection.db) > 0) {
      this.#session.dropCaches();
    }
    return this.#sweep.write(
      analysisId,
      batches.map(({ root, batch }) => ({ root: this.#roots.ids(root).root, chunks: batch.chunks })),
    );
  }

  #place(places: readonly WaitingPlaces[]): void {
    for (const { root, contents } of places) {
      const ids = this.#roots.ids(root);
      for (const { content, appearances } of contents) {
        const id = this.#sightings.contentId(content);
        if (id !== undefined) this.#appearances.write(id, ids, appearances, this.scan);
      }
    }
  }

  /** Notes that a root holds a content with sightings, and where it stands there if that is known. */
  #stand(root: RootRef, id: number, content: ContentResult | undefined): void {
    const ids = this.#roots.ids(root);
    this.#holdings.add(ids.root, id);
    // A content without a sighting has no location: where it stands would only fill the disk.
    if (content?.appearances !== undefined) {
      this.#appearances.write(id, ids, content.appearances, this.scan);
    }
  }

  async addHoldings(root: RootRef, contents: readonly ContentId[]): Promise<void> {
    this.#flush();
    this.#load(() => {
      for (const content of contents) {
        const id = this.#sightings.contentId(content);
        if (id !== undefined) this.#stand(root, id, undefined);
      }
    });
  }

  async holdings(root: RootRef): Promise<readonly ContentId[]> {
    this.#flush();
    const ids = this.#session.write(() => this.#roots.ids(root));
    const rows = this.#session.connection.db
      .prepare<[number], Buffer>(
        `SELECT c.cid FROM holding h JOIN content c ON c.id = h.content
          WHERE h.root = ? AND c.hit = 1 ORDER BY c.cid`,
      )
      .pluck()
      .all(ids.root);
    return rows.map((cid) => parseContentId(cid.toString('hex')));
  }

  async addSightings(root: RootRef, hits: readonly SweepHit[]): Promise<void> {
    this.#flush();
    this.#load(() => {
      const hash = hashToWrite(this.#session.connection);
      for (const { content, findings } of hits) {
        if (findings.length === 0) continue;
        const id = this.#sightings.ensureContent(content, (cid) => this.#analysisOf(cid));
        this.#sightings.addTo(id, hashedIn(findings, hash), this.scan);
        this.#stand(root, id, undefined);
      }
    });
  }

  /** The analysis that found nothing in a content; null when none is known, so that it is analysed again. */
  #analysisOf(cid: Buffer): number | null {
    const { db } = this.#session.connection;
    const pages = new CleanPages(db);
    const analyses = [this.#interner.analysis(this.#scope.analysisId), ...listedAnalyses(db)];
    return analyses.find((analysis) => pages.has(analysis, cid)) ?? null;
  }

  async writeAppearances(root: RootRef, batch: readonly StandingContent[]): Promise<void> {
    this.#waiting.addPlaces(root, batch);
    if (this.#waiting.isDue) this.#flush();
  }

  async finishRoot(
    root: RootRef,
    result: {
      readonly state?: Uint8Array;
      readonly analysisId: string;
      readonly receipt: Receipt;
      readonly whole: boolean;
      readonly records?: RecordsRead;
    },
  ): Promise<void> {
    this.#flush();
    this.#session.writeSoon(() => {
      const analysis = this.#interner.analysis(result.analysisId);
      this.#roots.finish(this.#roots.ids(root), this.scan, { ...result, analysis });
    });
  }

  async rootsBelow(root: RootRef): Promise<readonly RootRef[]> {
    this.#flush();
    return this.#reading(() => this.#roots.below(this.#roots.ids(root)));
  }

  async confirmRoot(root: RootRef): Promise<void> {
    this.#session.writeSoon(() => this.#roots.confirm(this.#roots.ids(root), this.scan));
  }

  async anchors(sinceScan?: number): Promise<readonly KnownAnchor[]> {
    this.#flush();
    return this.#reading(() => readAnchors(this.#session.connection.db, sinceScan));
  }

  async sweepCandidates(tags: Float64Array): Promise<readonly SweepCandidate[]> {
    this.#flush();
    return this.#reading(() => sweepCandidates(this.#session.connection.db, tags));
  }

  async addRelations(from: Fingerprint, relations: readonly FindingRelation[]): Promise<void> {
    this.#flush();
    this.#session.write(() => {
      const add = this.#session.connection.db.prepare(
        'INSERT OR IGNORE INTO relation (secret, relation, target) SELECT id, ?, ? FROM secret WHERE fingerprint = ?',
      );
      for (const { relation, to } of relations) {
        add.run(relation, Buffer.from(to, 'hex'), Buffer.from(from, 'hex'));
      }
    });
  }

  async redactStrings(replace: (text: string) => string | undefined): Promise<number> {
    this.#flush();
    return this.#session.write(() => {
      const changed = redactStrings(this.#session.connection.db, this.#interner, replace);
      if (changed > 0) {
        this.#session.dropCaches();
        // It may name what was redacted.
        this.#session.connection.db.prepare('DELETE FROM root_history').run();
      }
      return changed;
    });
  }

  async settleReported(places: readonly PlaceKey[]): Promise<readonly ContentId[]> {
    this.#flush();
    return this.#session.write(() => {
      const settled = settleReported(this.#session.connection.db, places);
      if (settled.length > 0) this.#session.dropCaches();
      return settled;
    });
  }

  async replacePlaceAllows(place: PlaceKey, entries: readonly PlaceAllow[]): Promise<void> {
    const { db } = this.#session.connection;
    if (!this.#reading(() => changesPlaceAllows(db, place, entries))) return;
    this.#session.write(() => replacePlaceAllows(db, this.#interner, place, entries));
  }

  async finish(receipt: Receipt): Promise<void> {
    this.#flush();
    this.#endFlushing();
    const { db, now } = this.#session.connection;
    this.#session.write(() => {
      db.prepare('UPDATE scan SET finished = ?, receipt = ? WHERE id = ?').run(
        now(),
        JSON.stringify(receipt),
        this.scan,
      );
      dropUnusedLists(db, this.#scope.analysisId);
    });
  }

  #reading<Result>(work: () => Result): Result {
    return guarded(this.#session.connection.path, work);
  }
}
