/** CSV after RFC 4180: commas, quotes, line breaks within quotes, a header line; each cell with where it stands. */
import type { ImportSource } from './source.js';

export interface Cell {
  /** Offset of its first character, the quote included. */
  readonly at: number;
  readonly text: string;
}

export interface CsvTable {
  /** Names of the header in lower case, trimmed. */
  readonly header: readonly Cell[];
  readonly rows: readonly (readonly Cell[])[];
}

/** Rows that no file of people or machines comes near. */
const maxRows = 200_000;

class CsvScanner {
  readonly #source: ImportSource;
  readonly #text: string;
  #at: number;
  isBroken = false;

  constructor(source: ImportSource) {
    this.#source = source;
    this.#text = source.text;
    this.#at = this.#text.charCodeAt(0) === 0xfeff ? 1 : 0;
  }

  /** Cells of the next line; undefined at the end. */
  next(): Cell[] | undefined {
    if (this.#at >= this.#text.length) return undefined;
    const cells: Cell[] = [];
    for (;;) {
      cells.push(this.#text[this.#at] === '"' ? this.#quoted() : this.#plain());
      if (this.isBroken) return undefined;
      if (this.#text[this.#at] !== ',') break;
      this.#at++;
    }
    if (this.#text.startsWith('\r\n', this.#at)) this.#at += 2;
    else if (this.#at < this.#text.length) this.#at++;
    return cells;
  }

  #plain(): Cell {
    const start = this.#at;
    while (this.#at < this.#text.length && !/[,\r\n]/.test(this.#text[this.#at] ?? '')) {
      if (this.#text[this.#at] === '"')
        this.#fail(this.#at, 'a quote within a cell must be doubled, and the cell quoted');
      this.#at++;
    }
    return { at: start, text: this.#text.slice(start, this.#at) };
  }

  #quoted(): Cell {
    const start = this.#at;
    let text = '';
    let from = start + 1;
    for (;;) {
      const end = this.#text.indexOf('"', from);
      if (end < 0) {
        this.#fail(start, 'a quote is not closed');
        return { at: start, text: '' };
      }
      text += this.#text.slice(from, end);
      if (this.#text[end + 1] !== '"') {
        this.#at = end + 1;
        break;
      }
      text += '"';
      from = end + 2;
    }
    const after = this.#text[this.#at];
    if (after !== undefined && !/[,\r\n]/.test(after)) {
      this.#fail(this.#at, 'text stands behind a closing quote');
    }
    return { at: start, text };
  }

  #fail(at: number, message: string): void {
    if (!this.isBroken) this.#source.fault(at, message, 'IMPORT_UNREADABLE');
    this.isBroken = true;
    this.#at = this.#text.length;
  }
}

function isBlank(cells: readonly Cell[]): boolean {
  return cells.length === 1 && cells[0]?.text.trim() === '';
}

/** The table, cells trimmed; undefined, with a fault, when it cannot be read. Rows of another length are faults. */
export function parseCsv(source: ImportSource): CsvTable | undefined {
  const scanner = new CsvScanner(source);
  let header: Cell[] | undefined;
  const rows: Cell[][] = [];
  for (let cells = scanner.next(); cells !== undefined; cells = scanner.next()) {
    if (isBlank(cells)) continue;
    if (header === undefined) {
      header = cells.map(({ at, text }) => ({ at, text: text.trim().toLowerCase() }));
      continue;
    }
    if (cells.length !== header.length) {
      const at = cells[0]?.at ?? 0;
      source.fault(at, `has ${cells.length} cells where the header has ${header.length}`);
      continue;
    }
    if (rows.length >= maxRows) {
      source.fault(cells[0]?.at ?? 0, `has more than ${maxRows} rows`, 'IMPORT_UNREADABLE');
      return undefined;
    }
    rows.push(cells.map(({ at, text }) => ({ at, text: text.trim() })));
  }
  if (scanner.isBroken) return undefined;
  if (header === undefined) {
    source.fault(0, 'has no header', 'IMPORT_UNREADABLE');
    return undefined;
  }
  return { header, rows };
}

/** Names of the first line as a header would have them, for recognising a file; none when the line is too long for one. */
export function headerNames(text: string): readonly string[] {
  const start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const end = text.indexOf('\n', start);
  const line = text.slice(start, end < 0 ? text.length : end);
  return line.length > 8192
    ? []
    : line.split(',').map((name) =>
        name
          .trim()
          .replace(/^"(.*)"$/, '$1')
          .trim()
          .toLowerCase(),
      );
}
