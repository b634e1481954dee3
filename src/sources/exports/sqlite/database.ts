/**
 * Tables of a SQLite database and their rows. Each page is looked at a few times at most, whatever refers to it; what is
 * damaged is reported, and the rows of pages that nothing leads to any more are given without the name of their table.
 */
import type { ExportFile, RecordSink } from '../contract.js';
import { type DatabasePages, openPages } from './database-pages.js';
import { type RowValue, rowValues, varint } from './row-values.js';
import { type TableColumns, tableColumns } from './table-columns.js';

export interface Table extends TableColumns {
  readonly name: string;
  readonly root: number;
}

export interface Row {
  /** Number of the row in its table; 0 in tables without. */
  readonly number: number;
  readonly values: readonly RowValue[];
  /** Where its page lies in the file. */
  readonly raw: { readonly start: number; readonly end: number };
}

/** Rows are held whole; larger ones are cut. */
const maxRowBytes = 16 * 1024 * 1024;
/** Times that all pages may be looked at: once for the rows, and when a reader needs to look ahead. */
const maxRounds = 4;
const maxReports = 20;
/** Pages that are told apart: a log may state any number of them. */
const maxPages = 2 ** 24;

const kinds = { innerIndex: 2, innerTable: 5, index: 10, table: 13 } as const;

interface Page {
  readonly number: number;
  readonly bytes: Buffer;
  readonly kind: number;
  /** Where its cells begin. */
  readonly cells: readonly number[];
  readonly children: readonly number[];
}

/** Undefined when the file's header makes no sense. */
export async function openDatabase(
  file: ExportFile,
  sink: Pick<RecordSink, 'damaged' | 'note'>,
): Promise<Database | undefined> {
  const pages = await openPages(file, sink);
  return pages && new Database(pages, sink);
}

export class Database {
  readonly tables: readonly Table[];
  readonly #pages: DatabasePages;
  readonly #sink: Pick<RecordSink, 'damaged' | 'note'>;
  readonly #seen: Uint8Array;
  #looksLeft: number;
  #reports = 0;

  constructor(pages: DatabasePages, sink: Pick<RecordSink, 'damaged' | 'note'>) {
    this.#pages = pages;
    this.#sink = sink;
    const count = Math.min(pages.count, maxPages);
    this.#seen = new Uint8Array(count + 1);
    this.#looksLeft = (count + 1) * maxRounds;
    if (pages.count < pages.stated) this.#damaged(`ends too early, at byte ${pages.count * pages.pageSize}`);
    this.tables = this.#readTables();
  }

  table(name: string): Table | undefined {
    return this.tables.find((table) => table.name.toLowerCase() === name.toLowerCase());
  }

  /** Rows of a table, those of one page together. */
  *rows(table: Pick<Table, 'root'>): Generator<readonly Row[]> {
    for (const page of this.#walk(table.root)) {
      const rows = this.#rowsOf(page);
      if (rows.length > 0) yield rows;
    }
  }

  /** When there is damage: rows of pages that none of the tables led to. To be asked last. */
  *leftRows(): Generator<readonly Row[]> {
    if (this.#reports === 0) return;
    for (let number = 1; number < this.#seen.length; number++) {
      if (this.#seen[number] !== 0) continue;
      const page = this.#page(number);
      const rows = page?.kind === kinds.table ? this.#rowsOf(page, true) : [];
      if (rows.length > 0) yield rows;
    }
  }

  #readTables(): readonly Table[] {
    const tables: Table[] = [];
    for (const rows of this.rows({ root: 1 })) {
      for (const { values } of rows) {
        const [type, name, , root, statement] = values;
        if (type === 'table' && typeof name === 'string' && typeof root === 'number' && root > 0)
          tables.push({ name, root, ...tableColumns(typeof statement === 'string' ? statement : '') });
      }
    }
    return tables;
  }

  *#walk(root: number): Generator<Page> {
    const waiting = [root];
    const met = new Set<number>();
    for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
      const page = met.has(number) ? undefined : this.#page(number);
      met.add(number);
      if (page === undefined) {
        this.#damaged(`page ${number} of a database`);
        continue;
      }
      this.#seen[number] = 1;
      for (let i = page.children.length - 1; i >= 0; i--) waiting.push(page.children[i] as number);
      if (page.kind !== kinds.innerTable) yield page;
    }
  }

  #page(number: number): Page | undefined {
    if (number < 1 || number > this.#pages.count || this.#looksLeft-- <= 0) return undefined;
    const bytes = this.#pages.page(number);
    const head = number === 1 ? 100 : 0;
    const kind = bytes?.[head];
    if (bytes === undefined || !Object.values(kinds).some((one) => one === kind)) return undefined;
    const isInner = kind === kinds.innerIndex || kind === kinds.innerTable;
    const count = bytes.readUInt16BE(head + 3);
    const pointers = head + (isInner ? 12 : 8);
    if (pointers + count * 2 > bytes.length) return undefined;
    const cells: number[] = [];
    const children: number[] = [];
    for (let i = 0; i < count; i++) {
      const at = bytes.readUInt16BE(pointers + i * 2);
      if (at + 4 > bytes.length) continue;
      cells.push(isInner ? at + 4 : at);
      if (isInner) children.push(bytes.readUInt32BE(at));
    }
    if (isInner) children.push(bytes.readUInt32BE(head + 8));
    return { number, bytes, kind: kind as number, cells, children };
  }

  /** @param isGuess true for a page that may be none */
  #rowsOf(page: Page, isGuess = false): readonly Row[] {
    const start = (page.number - 1) * this.#pages.pageSize;
    const raw = { start, end: start + this.#pages.pageSize };
    const rows: Row[] = [];
    let lost = 0;
    for (const at of page.cells) {
      const size = varint(page.bytes, at);
      const number =
        page.kind === kinds.table && size !== undefined ? varint(page.bytes, size.end) : undefined;
      const payload = size && this.#payload(page, size.value, number?.end ?? size.end);
      const values = payload && rowValues(payload, this.#pages.encoding);
      if (values === undefined) lost++;
      else rows.push({ number: number?.value ?? 0, values, raw });
    }
    if (lost > 0 && !isGuess) this.#damaged(`${lost} rows, at byte ${start}`);
    return rows;
  }

  /** Content of a cell, what lies on other pages with it. */
  #payload({ bytes, kind }: Page, size: number, start: number): Buffer | undefined {
    const { usable } = this.#pages;
    if (size < 0) return undefined;
    const most = kind === kinds.table ? usable - 35 : Math.floor(((usable - 12) * 64) / 255) - 23;
    if (size <= most) return bytes.subarray(start, start + size);
    const least = Math.floor(((usable - 12) * 32) / 255) - 23;
    const even = least + ((size - least) % (usable - 4));
    const local = even <= most ? even : least;
    const pieces = [bytes.subarray(start, Math.min(start + local, usable))];
    let left = Math.min(size, maxRowBytes) - local;
    if (size > maxRowBytes) this.#sink.note('too-large');
    let next = start + local + 4 <= bytes.length ? bytes.readUInt32BE(start + local) : 0;
    while (left > 0 && next > 0 && next <= this.#pages.count && this.#looksLeft-- > 0) {
      const page = this.#pages.page(next);
      if (page === undefined) break;
      this.#seen[next] = 1;
      // A page of a file that is read page by page may lie in a buffer that is used again.
      pieces.push(Buffer.from(page.subarray(4, 4 + Math.min(left, usable - 4))));
      left -= usable - 4;
      next = page.readUInt32BE(0);
    }
    if (left > 0) this.#damaged('the end of a long row of a database');
    return Buffer.concat(pieces);
  }

  #damaged(detail: string): void {
    if (this.#reports++ < maxReports) this.#sink.damaged(detail);
  }
}
