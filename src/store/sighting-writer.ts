/** Writes contents with their sightings. A content is analysed once, whoever holds it. */
import type { Statement } from 'better-sqlite3';
import type { Finding } from '../model/finding.js';
import type { ContentId } from '../model/ids.js';
import type { FormWriter } from './form-writer.js';
import type { Interner } from './interner.js';
import { RowLoader } from './row-loader.js';
import type { SecretWriter } from './secret-writer.js';
import { SpanCover } from './span-cover.js';
import type { ContentResult } from './store.js';
import type { IdCache, WriteSession } from './write-session.js';

/** Rule of what only a sweep found. */
const sweepRule = 'known-value';

interface ContentRow {
  readonly id: number;
  readonly analysis: number | null;
  readonly hit: number;
}

interface DroppedRow {
  readonly secret: number;
  readonly form: number;
  readonly chain: number;
  readonly start: number;
  readonly end: number;
  readonly firstScan: number;
}

interface SpanRow {
  readonly start: number;
  readonly end: number;
}

/** What makes a sighting the same one under another analysis. */
function sameness(secret: number, chain: number, start: number, end: number): string {
  return `${secret} ${chain} ${start} ${end}`;
}

/**
 * Where copies of the secrets of one content stand already, by secret and container. Made for the findings of one
 * content, since a search of the table for each of thousands of copies would walk over all before it.
 */
type Covers = Map<string, SpanCover>;

function coverKey(secret: number, chain: number): string {
  return `${secret} ${chain}`;
}

export class SightingWriter {
  readonly #interner: Interner;
  readonly #secrets: SecretWriter;
  readonly #forms: FormWriter;
  readonly #contents: IdCache<number>;
  readonly #addContent: Statement;
  readonly #findContent: Statement<[Buffer], ContentRow>;
  readonly #setContent: Statement;
  readonly #markHit: Statement<[number]>;
  readonly #rows: RowLoader;
  readonly #findSpans: Statement<[number, number, number], SpanRow>;
  readonly #addLabel: Statement;
  readonly #dropSightings: Statement<[number], DroppedRow>;
  readonly #dropLabel: Statement;
  #hasOrphans = false;

  constructor(session: WriteSession, interner: Interner, secrets: SecretWriter, forms: FormWriter) {
    const { db } = session.connection;
    this.#interner = interner;
    this.#secrets = secrets;
    this.#forms = forms;
    this.#contents = session.cache();
    this.#addContent = db.prepare('INSERT OR IGNORE INTO content (cid, analysis, hit) VALUES (?, ?, 1)');
    this.#findContent = db.prepare('SELECT id, analysis, hit FROM content WHERE cid = ?');
    this.#setContent = db.prepare('UPDATE content SET analysis = ?, hit = ? WHERE id = ?');
    this.#markHit = db.prepare('UPDATE content SET hit = 1 WHERE id = ? AND hit = 0');
    this.#rows = session.forgetful(
      new RowLoader(db, 14, (rows) => `INSERT OR IGNORE INTO sighting VALUES ${rows}`),
    );
    this.#findSpans = db.prepare(
      `SELECT start_byte AS start, end_byte AS end FROM sighting
       WHERE content = ? AND secret = ? AND chain = ? ORDER BY start_byte, end_byte`,
    );
    this.#addLabel = db.prepare('INSERT OR IGNORE INTO label (secret, form) VALUES (?, ?)');
    this.#dropSightings = db.prepare(
      `DELETE FROM sighting WHERE content = ?
       RETURNING secret, form, chain, start_byte AS start, end_byte AS end, first_scan AS firstScan`,
    );
    this.#dropLabel = db.prepare(
      `DELETE FROM label WHERE secret = :secret AND form = :form
         AND NOT EXISTS (SELECT 1 FROM sighting WHERE secret = :secret AND form = :form)`,
    );
  }

  /** Writes one analysed content that has findings; gives its row id. */
  content(result: ContentResult, analysis: number, scan: number): number {
    const cid = Buffer.from(result.id, 'hex');
    const added = this.#addContent.run(cid, analysis);
    if (added.changes > 0) {
      const id = Number(added.lastInsertRowid);
      this.#contents.set(result.id, id);
      this.#write(id, result.findings, scan);
      return id;
    }
    const row = this.#findContent.get(cid) as ContentRow;
    // Another analysis speaks anew; the same one can only add what a sweep has not found yet.
    const dropped = row.analysis === analysis ? [] : this.#drop(row.id);
    if (row.analysis !== analysis || row.hit === 0) this.#setContent.run(analysis, 1, row.id);
    const since = new Map(
      dropped.map((old) => [sameness(old.secret, old.chain, old.start, old.end), old.firstScan]),
    );
    this.#write(row.id, result.findings, scan, since);
    this.#dropLabels(dropped);
    return row.id;
  }

  /** Notes that another analysis than the row's own found nothing in this content. */
  supersede(content: number, analysis: number): void {
    const dropped = this.#drop(content);
    this.#setContent.run(analysis, 0, content);
    this.#dropLabels(dropped);
  }

  /** Writes the sightings that wait: before anything reads them and before the transaction ends. */
  settle(): void {
    this.#rows.settle();
  }

  #drop(content: number): DroppedRow[] {
    this.#rows.settle();
    return this.#dropSightings.all(content);
  }

  #dropLabels(dropped: readonly DroppedRow[]): void {
    if (dropped.length > 0) this.#rows.settle();
    for (const { secret, form } of dropped) {
      if (this.#dropLabel.run({ secret, form }).changes > 0) {
        this.#secrets.forget();
        this.#hasOrphans = true;
      }
    }
  }

  /** Row id of a content that has one. */
  contentId(id: ContentId): number | undefined {
    return this.#contents.get(id) ?? this.#findContent.get(Buffer.from(id, 'hex'))?.id;
  }

  /** Row id of a content that gets one if it has none; `analysis` is the one that read it, if any is known. */
  ensureContent(id: ContentId, analysis: (cid: Buffer) => number | null): number {
    const known = this.contentId(id);
    if (known !== undefined) return known;
    const cid = Buffer.from(id, 'hex');
    return Number(this.#addContent.run(cid, analysis(cid)).lastInsertRowid);
  }

  /** Adds findings to a content that is there. */
  addTo(content: number, findings: readonly Finding[], scan: number): void {
    if (findings.length === 0) return;
    this.#markHit.run(content);
    this.#write(content, findings, scan);
  }

  /** Whether secrets may have lost their last sighting since this was asked last. */
  takeOrphans(): boolean {
    const had = this.#hasOrphans;
    this.#hasOrphans = false;
    return had;
  }

  /** @param since first scans of sightings that another analysis had at the same spans */
  #write(
    content: number,
    findings: readonly Finding[],
    scan: number,
    since?: ReadonlyMap<string, number>,
  ): void {
    const covers: Covers = new Map();
    for (const finding of findings) this.#sighting(content, finding, scan, covers, since);
  }

  #coverOf(content: number, secret: number, chain: number, covers: Covers): SpanCover {
    const key = coverKey(secret, chain);
    const known = covers.get(key);
    if (known !== undefined) return known;
    this.#rows.settle();
    const cover = new SpanCover();
    for (const { start, end } of this.#findSpans.iterate(content, secret, chain)) cover.add(start, end);
    covers.set(key, cover);
    return cover;
  }

  #sighting(
    content: number,
    finding: Finding,
    scan: number,
    covers: Covers,
    since: ReadonlyMap<string, number> | undefined,
  ): void {
    const { id: secret, forms } = this.#secrets.write(finding, scan);
    const { span, position, rawRanges } = finding;
    const chain = this.#interner.list(finding.chain);
    // A detector may take more of an encoded run for the value than a sweep, e.g. its padding: one copy all the same.
    if (finding.rule === sweepRule) {
      const cover = this.#coverOf(content, secret, chain, covers);
      if (cover.overlaps(span.start, span.end)) return;
    }
    if (covers.size > 0) covers.get(coverKey(secret, chain))?.add(span.start, span.end);
    const form = this.#forms.write(finding);
    this.#rows.add(
      content,
      secret,
      chain,
      span.start,
      span.end,
      form,
      position.line,
      position.column,
      position.endLine,
      position.endColumn,
      this.#interner.term(finding.slot),
      this.#interner.term(finding.account),
      rawRanges === undefined ? null : JSON.stringify(rawRanges.map((range) => [range.start, range.end])),
      since?.get(sameness(secret, chain, span.start, span.end)) ?? scan,
    );
    if (!forms.includes(form)) {
      this.#addLabel.run(secret, form);
      forms.push(form);
    }
  }
}
