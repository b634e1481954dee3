/** The sweep index: which contents have a token run with a keyed tag. Holds no value. */
import { createHash } from 'node:crypto';
import type { Database, Statement } from 'better-sqlite3';
import { type PlaceKey, parseContentId } from '../model/ids.js';
import { sortedByTag } from './sort-tags.js';
import type { PackedChunk, SweepCandidate } from './store.js';
import { contentsInMask, decodeMasks, encodeMasks, PageReader } from './sweep-page.js';
import { SweepRuns } from './sweep-runs.js';
import type { WriteSession } from './write-session.js';

/** Postings merged after a batch for each one that it wrote; each is rewritten about four times in all. */
const mergesPerPair = 6;

interface FreshChunk {
  readonly row: number;
  readonly chunk: PackedChunk;
}

/** The chunks that one root gave. */
export interface RootChunks {
  readonly root: number;
  readonly chunks: readonly PackedChunk[];
}

export class SweepWriter {
  readonly #session: WriteSession;
  readonly #runs: SweepRuns;
  readonly #addChunk: Statement;

  constructor(session: WriteSession) {
    this.#session = session;
    const { db } = session.connection;
    this.#runs = new SweepRuns(db);
    this.#addChunk = db.prepare(
      'INSERT OR IGNORE INTO sweep_chunk (root, contents, masks, digest) VALUES (?, ?, ?, ?)',
    );
  }

  /** Adds chunks as one run; gives the number of postings. Call inside a write transaction. */
  write(analysisId: string, given: readonly RootChunks[]): number {
    const fresh: FreshChunk[] = [];
    for (const { root, chunks } of given) {
      for (const chunk of chunks) {
        const { contents, masks } = chunk;
        if (contents.length === 0) continue;
        const digest = createHash('sha256').update(contents).update(analysisId).digest().subarray(0, 16);
        const added = this.#addChunk.run(root, contents, encodeMasks(masks), digest);
        if (added.changes > 0) fresh.push({ row: Number(added.lastInsertRowid), chunk });
      }
    }
    const count = fresh.reduce((sum, { chunk }) => sum + chunk.tags.length, 0);
    if (count > 0) this.#addRun(fresh, count);
    return count;
  }

  #addRun(fresh: readonly FreshChunk[], count: number): void {
    const tags = new Float64Array(count);
    const rows = new Uint32Array(count);
    const numbers = new Uint32Array(count);
    let at = 0;
    for (const { row, chunk } of fresh) {
      tags.set(chunk.tags, at);
      numbers.set(chunk.numbers, at);
      rows.fill(row, at, at + chunk.tags.length);
      at += chunk.tags.length;
    }
    const pages = this.#runs.pages(this.#runs.newRun(count));
    for (const i of sortedByTag(tags)) {
      pages.add(tags[i] as number, rows[i] as number, numbers[i] as number);
    }
    pages.flush();
  }

  /** Pays the merging that so many new postings owe, in transactions of its own. */
  settle(pairs: number): void {
    if (pairs === 0) return;
    for (let left = pairs * mergesPerPair; left > 0; ) {
      let moved = 0;
      try {
        moved = this.#session.write(() => this.#runs.mergeStep());
      } finally {
        // After a rollback the run that a merge fills may never have been.
        if (moved === 0) this.#runs.forget();
      }
      if (moved === 0) return;
      left -= moved;
    }
  }
}

/** Makes a reader of the hex ids of the contents that a posting names; keeps the last chunks it read. */
export function chunkReader(db: Database): (chunk: number, mask: number) => readonly string[] {
  const find = db.prepare<[number], { contents: Buffer; masks: Buffer }>(
    'SELECT contents, masks FROM sweep_chunk WHERE id = ?',
  );
  const known = new Map<number, { contents: Buffer; masks: readonly number[] }>();
  return (chunk, number) => {
    let entry = known.get(chunk);
    if (entry === undefined) {
      const row = find.get(chunk);
      if (row === undefined) return [];
      entry = { contents: row.contents, masks: decodeMasks(row.masks) };
      if (known.size > 50_000) known.clear();
      known.set(chunk, entry);
    }
    const mask = entry.masks[number];
    return mask === undefined ? [] : contentsInMask(entry.contents, mask);
  };
}

interface ChunkRow {
  readonly contents: Buffer;
  readonly masks: Buffer;
  readonly place: PlaceKey;
  readonly locator: string;
}

interface CandidateRow extends ChunkRow {
  readonly mask: number;
}

/** Pages that may hold a tag: of each run those that begin with it, and the last one that begins before. */
const pagesSql = `
  SELECT p.data FROM sweep_run r CROSS JOIN sweep_page p
   WHERE p.run = r.id AND p.first_tag <= :tag AND p.first_tag >= coalesce(
     (SELECT max(first_tag) FROM sweep_page q WHERE q.run = r.id AND q.first_tag < :tag), 0)`;

function compareRows(a: CandidateRow, b: CandidateRow): number {
  if (a.place !== b.place) return a.place < b.place ? -1 : 1;
  if (a.locator !== b.locator) return a.locator < b.locator ? -1 : 1;
  return Buffer.compare(a.contents, b.contents);
}

/** Makes a reader of the chunks that have a tag, each with the mask of its contents. */
function rowReader(db: Database): (tag: number) => CandidateRow[] {
  const findPages = db.prepare<unknown[], Buffer>(pagesSql).pluck();
  const findChunk = db.prepare<[number], ChunkRow>(
    `SELECT c.contents, c.masks, p.key AS place, r.locator FROM sweep_chunk c
       JOIN place_root r ON r.id = c.root JOIN place p ON p.id = r.place WHERE c.id = ?`,
  );
  return (tag) => {
    const rows: CandidateRow[] = [];
    for (const data of findPages.all({ tag })) {
      for (const page = new PageReader(data); page.next() && page.tag <= tag; ) {
        if (page.tag < tag) continue;
        const chunk = findChunk.get(page.chunk);
        const mask = chunk === undefined ? undefined : decodeMasks(chunk.masks)[page.mask];
        if (chunk !== undefined && mask !== undefined) rows.push({ ...chunk, mask });
      }
    }
    return rows.sort(compareRows);
  };
}

/** Contents that may hold a value, with a root from which each was read. */
export function sweepCandidates(db: Database, tags: Float64Array): SweepCandidate[] {
  const rowsOf = rowReader(db);
  const candidates: SweepCandidate[] = [];
  // One snapshot: another process may be moving postings between runs.
  db.transaction(() => {
    for (const tag of new Set(tags)) {
      const seen = new Set<string>();
      for (const { place, locator, contents, mask } of rowsOf(tag)) {
        for (const content of contentsInMask(contents, mask)) {
          const name = `${place}\0${locator}\0${content}`;
          if (seen.has(name)) continue;
          seen.add(name);
          candidates.push({ tag, place, locator, content: parseContentId(content) });
        }
      }
    }
  })();
  return candidates;
}
