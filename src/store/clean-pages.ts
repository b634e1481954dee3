/**
 * Contents that an analysis read and found nothing in: nearly all of a history. Of them the database keeps
 * nothing but the id, so they are no rows but sorted lists of ids, one list an analysis, cut into pages. A
 * batch is merged into the pages that it falls into; a page that grows too large is divided.
 *
 * A row of `content` says more than a page and wins over it.
 */
import type { Database, Statement } from 'better-sqlite3';
import { compareIds, idBytes, prefixOf } from './sort-ids.js';
import { partialAnalysisId } from './store.js';

/** Ids of a full page: with the columns beside them they fill one leaf of the tree. */
const maxPageIds = 248;

const lowestId = Buffer.alloc(idBytes);

interface PageRow {
  readonly id: number;
  readonly ids: Buffer;
}

/** Two sorted lists as one, each id once. */
function merged(a: Uint8Array, b: Uint8Array): Buffer {
  const out = Buffer.allocUnsafe(a.length + b.length);
  const [countA, countB] = [a.length / idBytes, b.length / idBytes];
  let length = 0;
  for (let i = 0, j = 0; i < countA || j < countB; ) {
    const order = i === countA ? 1 : j === countB ? -1 : compareIds(a, i, b, j);
    if (order <= 0) out.set(a.subarray(i * idBytes, (i + 1) * idBytes), length);
    else out.set(b.subarray(j * idBytes, (j + 1) * idBytes), length);
    length += idBytes;
    if (order <= 0) i++;
    if (order >= 0) j++;
  }
  return out.subarray(0, length);
}

/** What of the first sorted list is not in the second. */
function without(a: Buffer, b: Uint8Array): Buffer {
  const left: Buffer[] = [];
  for (let i = 0, j = 0; i < a.length / idBytes; i++) {
    while (j < b.length / idBytes && compareIds(b, j, a, i) < 0) j++;
    if (j < b.length / idBytes && compareIds(b, j, a, i) === 0) continue;
    left.push(a.subarray(i * idBytes, (i + 1) * idBytes));
  }
  return Buffer.concat(left);
}

/** Where the ids from position `start` on that are smaller than `bound` end. */
function endBelow(ids: Uint8Array, start: number, bound: Uint8Array | undefined): number {
  const count = ids.length / idBytes;
  if (bound === undefined) return count;
  let low = start;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareIds(ids, middle, bound, 0) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

export class CleanPages {
  readonly #at: Statement<[number, Uint8Array], PageRow>;
  readonly #firstPage: Statement<[number], PageRow>;
  readonly #next: Statement<[number, Uint8Array], Buffer>;
  readonly #insert: Statement<[number, Uint8Array, Uint8Array]>;
  readonly #update: Statement<[Uint8Array, Uint8Array, number]>;
  readonly #drop: Statement<[number]>;

  constructor(db: Database) {
    this.#at = db.prepare(
      'SELECT id, ids FROM clean_page WHERE analysis = ? AND first <= ? ORDER BY first DESC LIMIT 1',
    );
    this.#firstPage = db.prepare('SELECT id, ids FROM clean_page WHERE analysis = ? ORDER BY first LIMIT 1');
    this.#next = db
      .prepare<[number, Uint8Array], Buffer>(
        'SELECT first FROM clean_page WHERE analysis = ? AND first > ? ORDER BY first LIMIT 1',
      )
      .pluck();
    this.#insert = db.prepare('INSERT INTO clean_page (analysis, first, ids) VALUES (?, ?, ?)');
    this.#update = db.prepare('UPDATE clean_page SET first = ?, ids = ? WHERE id = ?');
    this.#drop = db.prepare('DELETE FROM clean_page WHERE id = ?');
  }

  /** Adds ids, which must be sorted and each there once. Call inside a write transaction. */
  add(analysis: number, ids: Uint8Array): void {
    for (const { page, part } of this.#parts(analysis, ids)) {
      if (page === undefined) this.#write(analysis, part);
      else {
        const all = merged(page.ids, part);
        if (all.length > page.ids.length) this.#write(analysis, all, page.id);
      }
    }
  }

  /** Takes ids (sorted, each once) out again. Call inside a write transaction. */
  remove(analysis: number, ids: Uint8Array): void {
    for (const { page, part } of this.#parts(analysis, ids)) {
      if (page === undefined) return;
      const left = without(page.ids, part);
      if (left.length === 0) this.#drop.run(page.id);
      else if (left.length < page.ids.length) this.#write(analysis, left, page.id);
    }
  }

  /**
   * Sets `flags[i]` to 1 for each id that is in the list.
   * @param order positions of the ids in rising order
   */
  mark(analysis: number, ids: Uint8Array, order: Uint32Array, flags: Uint8Array): void {
    let page: Buffer = Buffer.alloc(0);
    // Where the next page begins; undefined after the last one.
    let bound: Buffer | undefined = lowestId;
    let at = 0;
    for (const i of order) {
      if (bound !== undefined && compareIds(bound, 0, ids, i) <= 0) {
        const id = ids.subarray(i * idBytes, (i + 1) * idBytes);
        page = this.#at.get(analysis, id)?.ids ?? Buffer.alloc(0);
        bound = this.#next.get(analysis, id);
        at = 0;
      }
      const end = page.length / idBytes;
      const prefix = prefixOf(ids, i);
      for (; at < end; at++) {
        const there = prefixOf(page, at);
        if (there > prefix || (there === prefix && compareIds(page, at, ids, i) >= 0)) break;
      }
      if (at < end && compareIds(page, at, ids, i) === 0) flags[i] = 1;
    }
  }

  has(analysis: number, id: Uint8Array): boolean {
    const flags = new Uint8Array(1);
    this.mark(analysis, id, Uint32Array.of(0), flags);
    return flags[0] === 1;
  }

  /** The ids cut by the pages that they belong to; without a page when there is none yet. */
  *#parts(analysis: number, ids: Uint8Array): Generator<{ page: PageRow | undefined; part: Uint8Array }> {
    const count = ids.length / idBytes;
    for (let start = 0; start < count; ) {
      const first = ids.subarray(start * idBytes, (start + 1) * idBytes);
      // What is smaller than all goes to the first page.
      const page = this.#at.get(analysis, first) ?? this.#firstPage.get(analysis);
      const bound = page === undefined ? undefined : this.#next.get(analysis, page.ids.subarray(0, idBytes));
      const end = endBelow(ids, start, bound);
      yield { page, part: ids.subarray(start * idBytes, end * idBytes) };
      start = end;
    }
  }

  /** Writes a sorted list as pages of like size, the first in the place of an old one. */
  #write(analysis: number, ids: Uint8Array, old?: number): void {
    const count = ids.length / idBytes;
    const pages = Math.ceil(count / maxPageIds);
    for (let n = 0; n < pages; n++) {
      const from = Math.floor((n * count) / pages) * idBytes;
      const part = ids.subarray(from, Math.floor(((n + 1) * count) / pages) * idBytes);
      const first = part.subarray(0, idBytes);
      if (n === 0 && old !== undefined) this.#update.run(first, part, old);
      else this.#insert.run(analysis, first, part);
    }
  }
}

/** Analyses that have a list. */
export function listedAnalyses(db: Database): number[] {
  // Skips from one analysis to the next, where DISTINCT would read the whole index.
  return db
    .prepare<[], number>(
      `WITH RECURSIVE listed (analysis) AS (
         SELECT min(analysis) FROM clean_page
         UNION ALL
         SELECT (SELECT min(p.analysis) FROM clean_page p WHERE p.analysis > listed.analysis) FROM listed
          WHERE listed.analysis IS NOT NULL)
       SELECT analysis FROM listed WHERE analysis IS NOT NULL`,
    )
    .pluck()
    .all();
}

/** Deletes the lists of analyses under which no root was read last, but for the one given: nobody asks for them. */
export function dropUnusedLists(db: Database, analysisId: string): void {
  const used = db
    .prepare<[], string>('SELECT DISTINCT a.name FROM place_root r JOIN analysis a ON a.id = r.analysis')
    .pluck()
    .all();
  const kept = [...used, analysisId].flatMap((name) => [name, partialAnalysisId(name)]);
  const drop = db.prepare<[number, string]>(
    `DELETE FROM clean_page WHERE analysis = ?
       AND analysis NOT IN (SELECT id FROM analysis WHERE name IN (SELECT value FROM json_each(?)))`,
  );
  for (const analysis of listedAnalyses(db)) drop.run(analysis, JSON.stringify(kept));
}

/** Takes ids (sorted, each once) out of the lists of all analyses: they count as unread. Call inside a write transaction. */
export function removeFromAll(db: Database, ids: Uint8Array): void {
  const pages = new CleanPages(db);
  for (const analysis of listedAnalyses(db)) pages.remove(analysis, ids);
}

/** Walks the list of one analysis, page by page in order. */
export function* cleanLists(db: Database, analysis: number): Generator<Buffer> {
  const first = db.prepare<[number], PageRow & { first: Buffer }>(
    'SELECT id, first, ids FROM clean_page WHERE analysis = ? ORDER BY first LIMIT 1',
  );
  const next = db.prepare<[number, Buffer], PageRow & { first: Buffer }>(
    'SELECT id, first, ids FROM clean_page WHERE analysis = ? AND first > ? ORDER BY first LIMIT 1',
  );
  for (let page = first.get(analysis); page !== undefined; page = next.get(analysis, page.first)) {
    yield page.ids;
  }
}
