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

/** Gives pages of a run in order: those that begin behind a tag, at least so many if there are. */
function pageFinder(db: Database): (run: number, behind: number, most: number) => PageRow[] {
  const columns = 'SELECT id, first_tag AS firstTag, data FROM sweep_page WHERE run = ?';
  const find = db.prepare<[number, number, number], PageRow>(
    `${columns} AND first_tag > ? ORDER BY first_tag, id LIMIT ?`,
  );
  const findRest = db.prepare<[number, number, number], PageRow>(
    `${columns} AND first_tag = ? AND id > ? ORDER BY id`,
  );
  return (run, behind, most) => {
    const rows = find.all(run, behind, most);
    const last = rows.at(-1);
    return last === undefined ? rows : inOrder([...rows, ...findRest.all(run, last.firstTag, last.id)]);
  };
}

/**
 * The postings of a frequent tag go on from page to page. Of the pages that begin with the same tag one at most goes beyond
 * it, whatever their ids are after a merge wrote what it left, and that one is the last.
 */
function inOrder(rows: readonly PageRow[]): PageRow[] {
  const ordered: PageRow[] = [];
  for (let i = 0; i < rows.length; ) {
    const { firstTag } = rows[i] as PageRow;
    let end = i + 1;
    while (rows[end]?.firstTag === firstTag) end++;
    const same = rows.slice(i, end);
    if (same.length > 1) same.sort((a, b) => lastTag(a.data) - lastTag(b.data));
    for (const row of same) ordered.push(row);
    i = end;
  }
  return ordered;
}

function lastTag(data: Buffer): number {
  const page = new PageReader(data);
  while (page.next());
  return page.tag;
}

function* pagesOf(db: Database, run: number): Generator<Buffer> {
  // A few pages at a time: a statement that is still being walked would bar all others from its connection.
  const find = pageFinder(db);
  for (let behind = -1; ; ) {
    const pages = find(run, behind, 16);
    for (const page of pages) yield page.data;
    const end = pages.at(-1);
    if (end === undefined) return;
    behind = end.firstTag;
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
  readonly #find: ReturnType<typeof pageFinder>;
  /** The first tag of a run's first page that begins behind a tag. */
  readonly #firstBehind: Statement<[number, number], number>;

  constructor(db: Database) {
    this.#db = db;
    this.#addRun = db.prepare('INSERT INTO sweep_run (level) VALUES (?)');
    this.#addPage = db.prepare('INSERT INTO sweep_page (run, first_tag, pairs, data) VALUES (?, ?, ?, ?)');
    this.#dropPage = db.prepare('DELETE FROM sweep_page WHERE id = ?');
    this.#find = pageFinder(db);
    this.#firstBehind = db
      .prepare<[number, number], number>(
        'SELECT first_tag FROM sweep_page WHERE run = ? AND first_tag > ? ORDER BY first_tag LIMIT 1',
      )
      .pluck();
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
    const pages = new Map<number, PageRow[]>();
    let bound = Number.POSITIVE_INFINITY;
    for (const run of sources) {
      const rows = this.#find(run, -1, limit);
      const last = rows.at(-1);
      if (last === undefined) continue;
      pages.set(run, rows);
      bound = Math.min(bound, this.#firstBehind.get(run, last.firstTag) ?? Number.POSITIVE_INFINITY);
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
