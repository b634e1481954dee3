/**
 * Sorted runs of the sweep index. A batch appends one run; eight runs of one level are merged into one of
 * the next, so that a look-up asks a few dozen runs at most and each posting is rewritten a few times in
 * all. (One tree of rows needs the rewriting of a page for nearly every posting once it is large: tags are
 * random.) Merging moves postings by ranges of tags, each range in one short transaction: whoever is
 * interrupted, and however many do it at once, no posting is lost, doubled or out of a reader's sight.
 */
import type { Database, Statement } from 'better-sqlite3';
import { PageReader, PageWriter } from './sweep-page.js';

/** Runs of one level that are merged. */
const fanOut = 8;

/** Postings up to which a new run is of the lowest level. */
const smallRun = 4096;

/** Pages that a step of merging reads of each run at first: some 0.1 s of work. */
const pagesPerStep = 24;

interface PageRow {
  readonly id: number;
  readonly firstTag: number;
  readonly data: Buffer;
}

const noPage = new Uint8Array(0);

/** Walks the pages of one run. */
class RunCursor extends PageReader {
  readonly #pages: Iterator<Buffer>;

  constructor(pages: Iterable<Buffer>) {
    super(noPage);
    this.#pages = pages[Symbol.iterator]();
  }

  override next(): boolean {
    while (!super.next()) {
      const page = this.#pages.next();
      if (page.done === true) return false;
      this.open(page.value);
    }
    return true;
  }
}

/** Walks the postings of many runs as one: by tag, then chunk. */
class MergedCursor {
  tag = 0;
  chunk = 0;
  mask = 0;
  /** Cursors that stand on a posting which was not given yet. */
  readonly #alive: RunCursor[];

  constructor(cursors: readonly RunCursor[]) {
    this.#alive = cursors.filter((cursor) => cursor.next());
  }

  /** Goes to the next posting whose tag is below the bound; false when there is none. */
  next(bound: number): boolean {
    let best = 0;
    let least: RunCursor | undefined;
    for (let i = 0; i < this.#alive.length; i++) {
      const cursor = this.#alive[i] as RunCursor;
      if (
        least === undefined ||
        cursor.tag < least.tag ||
        (cursor.tag === least.tag && cursor.chunk < least.chunk)
      ) {
        least = cursor;
        best = i;
      }
    }
    if (least === undefined || least.tag >= bound) return false;
    this.tag = least.tag;
    this.chunk = least.chunk;
    this.mask = least.mask;
    if (!least.next()) this.#alive.splice(best, 1);
    return true;
  }

  /** The runs that have postings left, each standing on the first of them. */
  get left(): readonly RunCursor[] {
    return this.#alive;
  }
}

/** All postings of one tag, by chunk. */
export interface TagPostings {
  readonly tag: number;
  readonly postings: readonly { readonly chunk: number; readonly mask: number }[];
}

function* pagesOf(db: Database, run: number): Generator<Buffer> {
  // Page by page: a statement that is still being walked would bar all others from its connection.
  const find = db.prepare<[number, number, number, number], PageRow>(
    `SELECT id, first_tag AS firstTag, data FROM sweep_page
      WHERE run = ? AND (first_tag > ? OR first_tag = ? AND id > ?) ORDER BY first_tag, id LIMIT 16`,
  );
  let last: Pick<PageRow, 'id' | 'firstTag'> = { id: 0, firstTag: -1 };
  for (;;) {
    const pages = find.all(run, last.firstTag, last.firstTag, last.id);
    for (const page of pages) yield page.data;
    const end = pages.at(-1);
    if (end === undefined) return;
    last = end;
  }
}

/** Every tag of the index in order. Call it inside a transaction. */
export function* allTags(db: Database): Generator<TagPostings> {
  const runs = db.prepare<[], number>('SELECT id FROM sweep_run ORDER BY id').pluck().all();
  const merged = new MergedCursor(runs.map((run) => new RunCursor(pagesOf(db, run))));
  let tag = -1;
  let postings: { chunk: number; mask: number }[] = [];
  while (merged.next(Number.POSITIVE_INFINITY)) {
    if (merged.tag !== tag && postings.length > 0) {
      yield { tag, postings };
      postings = [];
    }
    tag = merged.tag;
    postings.push({ chunk: merged.chunk, mask: merged.mask });
  }
  if (postings.length > 0) yield { tag, postings };
}

/** Number of postings. */
export function sweepPairs(db: Database): number {
  return db.prepare<[], number>('SELECT coalesce(sum(pairs), 0) FROM sweep_page').pluck().get() ?? 0;
}

/** Deletes the postings of some chunks, rewriting the pages that have any. Call inside a write transaction. */
export function dropPostings(db: Database, chunks: ReadonlySet<number>): void {
  if (chunks.size === 0) return;
  const ids = db.prepare<[], number>('SELECT id FROM sweep_page').pluck().all();
  const read = db.prepare<[number], Buffer>('SELECT data FROM sweep_page WHERE id = ?').pluck();
  const rewrite = db.prepare<[number, number, Buffer, number]>(
    'UPDATE sweep_page SET first_tag = ?, pairs = ?, data = ? WHERE id = ?',
  );
  const drop = db.prepare<[number]>('DELETE FROM sweep_page WHERE id = ?');
  for (const id of ids) {
    const data = read.get(id);
    if (data === undefined) continue;
    let dropped = 0;
    let left = 0;
    const writer = new PageWriter((firstTag, pairs, rest) => rewrite.run(firstTag, pairs, rest, id));
    for (const page = new PageReader(data); page.next(); ) {
      if (chunks.has(page.chunk)) {
        dropped++;
        continue;
      }
      writer.add(page.tag, page.chunk, page.mask);
      left++;
    }
    if (left === 0) drop.run(id);
    else if (dropped > 0) writer.flush();
  }
}

interface Merging {
  readonly sources: readonly number[];
  target: number;
}

export class SweepRuns {
  readonly #db: Database;
  readonly #merging = new Map<number, Merging>();
  readonly #addRun: Statement<[number]>;
  readonly #addPage: Statement<[number, number, number, Buffer]>;
  readonly #dropPage: Statement<[number]>;
  readonly #due: Statement<[number], number>;

  constructor(db: Database) {
    this.#db = db;
    this.#addRun = db.prepare('INSERT INTO sweep_run (level) VALUES (?)');
    this.#addPage = db.prepare('INSERT INTO sweep_page (run, first_tag, pairs, data) VALUES (?, ?, ?, ?)');
    this.#dropPage = db.prepare('DELETE FROM sweep_page WHERE id = ?');
    this.#due = db
      .prepare<[number], number>(
        'SELECT level FROM sweep_run GROUP BY level HAVING count(*) >= ? ORDER BY level LIMIT 1',
      )
      .pluck();
  }

  /** A writer of pages of one run. */
  pages(run: number): PageWriter {
    return new PageWriter((firstTag, pairs, data) => this.#addPage.run(run, firstTag, pairs, data));
  }

  /** A new run for about so many postings. */
  newRun(pairs: number): number {
    const level = Math.max(0, Math.ceil(Math.log(pairs / smallRun) / Math.log(fanOut)));
    return Number(this.#addRun.run(level).lastInsertRowid);
  }

  /** Forgets merges under way; the next begin anew with what is there. */
  forget(): void {
    this.#merging.clear();
  }

  /** Does one step of merging in a transaction that the caller opened; gives the postings moved, 0 when none is due. */
  mergeStep(): number {
    for (const level of this.#merging.keys()) {
      const moved = this.#step(level);
      if (moved > 0) return moved;
    }
    const level = this.#due.get(fanOut);
    if (level === undefined) return 0;
    const sources = this.#db
      .prepare<[number, number], number>('SELECT id FROM sweep_run WHERE level = ? ORDER BY id LIMIT ?')
      .pluck()
      .all(level, fanOut);
    this.#merging.set(level, { sources, target: Number(this.#addRun.run(level + 1).lastInsertRowid) });
    return this.#step(level);
  }

  #step(level: number): number {
    const merging = this.#merging.get(level);
    if (merging === undefined) return 0;
    for (let limit = pagesPerStep; ; limit *= 4) {
      const { pages, bound } = this.#firstPages(merging.sources, limit);
      if (pages.size === 0) {
        // Somebody else may have emptied the sources; what remains of them and of the target is no run.
        this.#merging.delete(level);
        this.#db
          .prepare(
            `DELETE FROM sweep_run WHERE id IN (SELECT value FROM json_each(?))
               AND NOT EXISTS (SELECT 1 FROM sweep_page p WHERE p.run = sweep_run.id)`,
          )
          .run(JSON.stringify([...merging.sources, merging.target]));
        return 0;
      }
      const moved = this.#move(merging, level, pages, bound);
      if (moved > 0) return moved;
    }
  }

  /** The first pages of each source, and the tag from which on not all is read. */
  #firstPages(sources: readonly number[], limit: number): { pages: Map<number, PageRow[]>; bound: number } {
    const find = this.#db.prepare<[number, number], PageRow>(
      'SELECT id, first_tag AS firstTag, data FROM sweep_page WHERE run = ? ORDER BY first_tag, id LIMIT ?',
    );
    const pages = new Map<number, PageRow[]>();
    let bound = Number.POSITIVE_INFINITY;
    for (const run of sources) {
      const rows = find.all(run, limit + 1);
      const next = rows.length > limit ? rows.pop() : undefined;
      if (next !== undefined) bound = Math.min(bound, next.firstTag);
      if (rows.length > 0) pages.set(run, rows);
    }
    return { pages, bound };
  }

  /** Moves what lies below the bound to the target. */
  #move(merging: Merging, level: number, pages: Map<number, PageRow[]>, bound: number): number {
    const sources = [...pages].map(([run, rows]) => ({
      run,
      rows: rows.filter(({ firstTag }) => firstTag < bound),
    }));
    if (sources.every(({ rows }) => rows.length === 0)) return 0;
    const isThere = this.#db.prepare('SELECT 1 FROM sweep_run WHERE id = ?').get(merging.target);
    if (isThere === undefined) merging.target = Number(this.#addRun.run(level + 1).lastInsertRowid);
    const cursors = new Map(
      sources.map(({ run, rows }) => [new RunCursor(rows.map(({ data }) => data)), run]),
    );
    const merged = new MergedCursor([...cursors.keys()]);
    const target = this.pages(merging.target);
    let moved = 0;
    for (; merged.next(bound); moved++) target.add(merged.tag, merged.chunk, merged.mask);
    target.flush();
    for (const { rows } of sources) for (const { id } of rows) this.#dropPage.run(id);
    for (const cursor of merged.left) {
      const rest = this.pages(cursors.get(cursor) as number);
      do rest.add(cursor.tag, cursor.chunk, cursor.mask);
      while (cursor.next());
      rest.flush();
    }
    return moved;
  }
}
