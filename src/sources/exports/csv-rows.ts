/**
 * Rows of a CSV file (comma, semicolon, tab or bar), streamed, each with its place in the bytes.
 *
 * csv-parse is not used here: one quote that is never closed makes it read to the end of the file as one cell. This
 * reader notices that (a quoted cell that another quoted cell begins in, or that reaches a cap), gives the damaged
 * line by itself and goes on with the next.
 */
import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';
import type { ExportFile, RecordSink } from './contract.js';
import { decodeHead, decodeText, encodingOf } from './decode-text.js';

export interface CsvRow {
  /** Unquoted cells; rows may have fewer or more of them than the header. */
  readonly cells: readonly string[];
  /** Counts from 1, header and preamble included, blank lines not. */
  readonly number: number;
  /** Byte range and first line (from 1); the range only when the file is not UTF-16. */
  readonly raw: { readonly start: number; readonly end: number; readonly line: number } | undefined;
  /** Line, from 1, in which the row begins. */
  readonly line: number;
  /** True when its quotes are broken; its cells are what could be made of its first line. */
  readonly isDamaged: boolean;
}

export type CsvDelimiter = ',' | ';' | '\t' | '|';

export interface CsvHead {
  readonly delimiter: CsvDelimiter;
  /** The first rows, at most ten, as far as the head holds them whole. */
  readonly rows: readonly (readonly string[])[];
  /** Index in `rows` of the header. */
  readonly headerIndex: number;
}

export interface CsvTable {
  readonly delimiter: CsvDelimiter;
  readonly header: readonly string[];
  /** Rows above the header: titles, `sep=;`. */
  readonly preamble: readonly CsvRow[];
  /** Rows below the header, those of one chunk of the file together. To be read once. */
  readonly rows: AsyncIterable<readonly CsvRow[]>;
}

export type IsHeader = (cells: readonly string[]) => boolean;

export interface CsvOptions {
  /** Picks the header among the first ten rows; without it, or when none fits, it is the first row. */
  readonly isHeader?: IsHeader;
  readonly delimiter?: CsvDelimiter;
  /** A quoted cell larger than this is taken for one that was never closed; default 1 MiB. */
  readonly maxCellBytes?: number;
}

const delimiters: readonly CsvDelimiter[] = [',', ';', '\t', '|'];
/** Rows in which a header is looked for. */
const headerRows = 10;
/** Characters in which the first rows are looked for before all of the beginning is. */
const firstChars = 8192;
const defaultMaxCellBytes = 1024 * 1024;
/** Rows longer than this come in pieces. */
const maxRowBytes = 8 * 1024 * 1024;
const quote = 0x22;
const lf = 0x0a;
const cr = 0x0d;
const mark = Buffer.from('\ufeff', 'utf8');

/**
 * Delimiter and header by the beginning of a text; undefined when no row has two cells. For recognisers, which pass
 * `probe.text`.
 */
export function csvHeadOf(text: string, isHeader?: IsHeader): CsvHead | undefined {
  const named = /^\ufeff?sep=([,;|\t])\r?\n/i.exec(text)?.[1] as CsvDelimiter | undefined;
  let best: { head: CsvHead; weight: number } | undefined;
  for (const delimiter of named === undefined ? delimiters : [named]) {
    // A header has two cells at least.
    if (!text.includes(delimiter)) continue;
    const rows = firstRowsOf(text, delimiter);
    const found = isHeader === undefined ? -1 : rows.findIndex(isHeader);
    const headerIndex = found >= 0 ? found : named === undefined ? 0 : Math.min(1, rows.length - 1);
    const width = rows[headerIndex]?.length ?? 0;
    if (width < 2 && found < 0) continue;
    const below = rows.slice(headerIndex + 1);
    const agreeing = below.filter((row) => row.length === width).length;
    const weight = (found >= 0 ? 1e6 : 0) + (width - 1) * (0.2 + (agreeing + 0.5) / (below.length + 1));
    if (best === undefined || weight > best.weight) best = { head: { delimiter, rows, headerIndex }, weight };
  }
  return best?.head;
}

/** A dozen recognisers ask for the rows of one text, one after the other. */
let lastText = '';
let lastRows = new Map<CsvDelimiter, string[][]>();

function firstRowsOf(text: string, delimiter: CsvDelimiter): string[][] {
  if (text !== lastText) {
    lastText = text;
    lastRows = new Map();
  }
  let rows = lastRows.get(delimiter);
  if (rows === undefined) {
    rows = firstRows(text.slice(0, firstChars), delimiter);
    if (rows.length < headerRows && text.length > firstChars) rows = firstRows(text, delimiter);
    lastRows.set(delimiter, rows);
  }
  return rows;
}

function firstRows(text: string, delimiter: CsvDelimiter): string[][] {
  const bytes = Buffer.from(text, 'utf8');
  const framer = new RowFramer(delimiter, newlineOf(bytes), defaultMaxCellBytes, () => undefined);
  const rows = framer.push(bytes, headerRows);
  const all = rows.length < headerRows ? [...rows, ...framer.end()] : rows;
  return all.slice(0, headerRows).map((row) => [...row.cells]);
}

/** Opens a CSV file and reads as far as its header. Damage is reported to `sink`. */
export async function openCsv(
  file: ExportFile,
  sink: RecordSink,
  options: CsvOptions = {},
): Promise<CsvTable> {
  const head = csvHeadOf(decodeHead(file.head), options.isHeader);
  const delimiter = options.delimiter ?? head?.delimiter ?? ',';
  const headerIndex = head?.delimiter === delimiter ? head.headerIndex : 0;
  const ending: Ending = { isOpen: false };
  const batches = readRows(file, delimiter, options.maxCellBytes ?? defaultMaxCellBytes, sink, ending);
  const first: CsvRow[] = [];
  while (first.length <= headerIndex) {
    const next = await batches.next();
    if (next.done === true) break;
    first.push(...next.value);
  }
  const header = first[headerIndex]?.cells ?? [];
  const below = behind(first.slice(headerIndex + 1), batches);
  return {
    delimiter,
    header,
    preamble: first.slice(0, headerIndex),
    rows: untilCut(below, header.length, ending, sink),
  };
}

async function* behind(
  first: readonly CsvRow[],
  batches: AsyncGenerator<readonly CsvRow[]>,
): AsyncGenerator<readonly CsvRow[]> {
  if (first.length > 0) yield first;
  yield* batches;
}

/** How the text ended. */
interface Ending {
  /** True when its last row has no newline behind it. */
  isOpen: boolean;
}

/** Passes rows on, and tells of a table that was cut: its last row alone lacks cells, and the end of its line. */
async function* untilCut(
  batches: AsyncIterable<readonly CsvRow[]>,
  width: number,
  ending: Ending,
  sink: RecordSink,
): AsyncGenerator<readonly CsvRow[]> {
  let short = 0;
  let last: CsvRow | undefined;
  for await (const rows of batches) {
    for (const row of rows) if (row.cells.length < width) short++;
    last = rows.at(-1);
    yield rows;
  }
  const isCut = ending.isOpen && short === 1 && (last?.cells.length ?? width) < width;
  if (!isCut || last?.isDamaged === true) return;
  sink.note('incomplete');
  sink.damaged(`ends within the row of line ${last?.line}`);
}

/** All rows, the header too. */
async function* readRows(
  file: ExportFile,
  delimiter: CsvDelimiter,
  maxCellBytes: number,
  sink: RecordSink,
  ending: Ending,
): AsyncGenerator<readonly CsvRow[]> {
  const encoding = encodingOf(file.head);
  const isWide = encoding === 'utf-16le' || encoding === 'utf-16be';
  const decoder = isWide ? new TextDecoder(encoding) : undefined;
  const transcode = (bytes: Uint8Array, stream: boolean): Buffer =>
    Buffer.from(decoder?.decode(bytes, { stream }) ?? '', 'utf8');
  const sample = isWide ? Buffer.from(decodeHead(file.head), 'utf8') : file.head;
  const report = (at: number): void => {
    sink.note('malformed');
    sink.damaged(isWide ? 'a quote that is not closed' : `a quote that is not closed, at byte ${at}`);
  };
  const framer = new RowFramer(delimiter, newlineOf(sample), maxCellBytes, report, isWide);
  for await (const chunk of file.chunks()) {
    const rows = framer.push(isWide ? transcode(chunk, true) : chunk);
    if (rows.length > 0) yield rows;
  }
  const late = isWide ? framer.push(transcode(Buffer.alloc(0), false)) : [];
  ending.isOpen = framer.isWithinRow;
  const rest = [...late, ...framer.end()];
  if (rest.length > 0) yield rest;
}

/** Old Mac files end their lines with CR alone. */
function newlineOf(sample: Buffer): number {
  return !sample.includes(lf) && sample.includes(cr) ? cr : lf;
}

const atCellStart = 0;
const inPlain = 1;
const inQuoted = 2;
/** Behind a quote within a quoted cell: the end of the cell, or the first of a doubled quote. */
const behindQuote = 3;

class RowFramer {
  readonly #delimiter: number;
  readonly #delimiterText: CsvDelimiter;
  readonly #newline: number;
  readonly #maxCellBytes: number;
  readonly #report: (at: number) => void;
  readonly #isTranscoded: boolean;
  #bytes: Buffer = Buffer.alloc(0);
  /** Offset in the file of `#bytes[0]`. */
  #base = 0;
  #rowStart = 0;
  #at = 0;
  #state = atCellStart;
  #cellStart = 0;
  /** First newline within the quoted cell; -1 when there is none. */
  #innerNewline = -1;
  /** Rows that begin before this offset in the file end at the first newline, whatever their quotes say. */
  #singleLinesUntil = 0;
  #number = 0;
  #line = 1;

  constructor(
    delimiter: CsvDelimiter,
    newline: number,
    maxCellBytes: number,
    report: (at: number) => void,
    isTranscoded = false,
  ) {
    this.#delimiterText = delimiter;
    this.#delimiter = delimiter.charCodeAt(0);
    this.#newline = newline;
    this.#maxCellBytes = maxCellBytes;
    this.#report = report;
    this.#isTranscoded = isTranscoded;
  }

  /** Takes bytes, and gives the rows that end in them. */
  push(chunk: Buffer, atMost: number = Number.POSITIVE_INFINITY): CsvRow[] {
    const kept = this.#bytes.subarray(this.#rowStart);
    this.#base += this.#rowStart;
    this.#at -= this.#rowStart;
    this.#cellStart -= this.#rowStart;
    if (this.#innerNewline >= 0) this.#innerNewline -= this.#rowStart;
    this.#rowStart = 0;
    this.#bytes = kept.length === 0 ? chunk : Buffer.concat([kept, chunk]);
    const rows: CsvRow[] = [];
    while (this.#at < this.#bytes.length && rows.length < atMost) this.#step(rows);
    return rows;
  }

  /** True when the last row is not ended. */
  get isWithinRow(): boolean {
    return this.#rowStart < this.#bytes.length;
  }

  end(): CsvRow[] {
    const rows: CsvRow[] = [];
    while (this.#rowStart < this.#bytes.length) {
      if (this.#state === inQuoted) this.#resync(this.#bytes.length);
      while (this.#at < this.#bytes.length) this.#step(rows);
      if (this.#state !== inQuoted) this.#finish(rows, this.#bytes.length, false);
      else if (this.#isSingleLine()) this.#finish(rows, this.#bytes.length, true);
    }
    return rows;
  }

  #isSingleLine(): boolean {
    return this.#base + this.#rowStart < this.#singleLinesUntil;
  }

  /** Goes on to the next byte that matters, and past it. */
  #step(rows: CsvRow[]): void {
    if (this.#state === inQuoted) this.#skipTo(rows, quote, this.#newline);
    else if (this.#state === inPlain) this.#skipTo(rows, this.#delimiter, this.#newline);
    if (this.#at >= this.#bytes.length) return;
    const at = this.#at++;
    const byte = this.#bytes[at] as number;
    if (this.#state === inQuoted) this.#withinQuotes(rows, byte, at);
    else if (byte === this.#newline) this.#finish(rows, at, false);
    else if (byte === this.#delimiter) {
      this.#state = atCellStart;
      if (at - this.#rowStart > maxRowBytes) this.#finish(rows, at, true);
    } else this.#outsideQuotes(byte, at);
  }

  /** @param byte a quote or a newline */
  #withinQuotes(rows: CsvRow[], byte: number, at: number): void {
    if (byte === quote) this.#state = behindQuote;
    else if (this.#isSingleLine()) this.#finish(rows, at, true);
    else if (this.#innerNewline < 0) this.#innerNewline = at;
  }

  /** @param byte neither delimiter nor newline */
  #outsideQuotes(byte: number, at: number): void {
    if (this.#state === behindQuote) {
      if (byte === quote) this.#state = inQuoted;
      else if (byte !== cr) this.#stray(at);
    } else if (byte === quote && this.#state === atCellStart) {
      this.#cellStart = at;
      this.#innerNewline = -1;
      this.#state = inQuoted;
    } else if (!this.#isMark(byte, at)) this.#state = inPlain;
  }

  /** Goes on to one of two bytes, or to a cap. */
  #skipTo(rows: CsvRow[], one: number, other: number): void {
    const bytes = this.#bytes;
    const isQuoted = this.#state === inQuoted;
    const cap = isQuoted ? this.#cellStart + this.#maxCellBytes : this.#rowStart + maxRowBytes;
    const end = Math.min(bytes.length, cap);
    let at = this.#at;
    while (at < end && bytes[at] !== one && bytes[at] !== other) at++;
    this.#at = at;
    if (at < cap) return;
    if (isQuoted && !this.#isSingleLine()) this.#resync(at);
    else this.#finish(rows, at, true);
  }

  /** True within a byte order mark at the start of the file. */
  #isMark(byte: number, at: number): boolean {
    return this.#base === 0 && byte === mark[at];
  }

  /**
   * A quote within a quoted cell that is neither doubled nor the end. Where a cell would begin, it shows that the
   * cell that seems to hold it was never closed; else it is text.
   */
  #stray(at: number): void {
    const before = this.#bytes[at - 2];
    const opensCell = before === this.#delimiter || before === this.#newline;
    this.#state = inQuoted;
    if (!opensCell || this.#innerNewline < 0 || this.#innerNewline >= at - 1) return;
    // The rows up to here hold no other opening quote, or it would have been noticed: one pass over them is enough.
    this.#resync(this.#bytes.lastIndexOf(this.#newline, at - 2));
  }

  /** Starts the row again; rows up to `until` are single lines. */
  #resync(until: number): void {
    if (this.#isSingleLine()) return;
    this.#report(this.#base + this.#cellStart);
    this.#singleLinesUntil = this.#base + until;
    this.#at = this.#rowStart;
    this.#state = atCellStart;
  }

  #finish(rows: CsvRow[], end: number, isDamaged: boolean): void {
    const start = this.#rowStart;
    const isCr = this.#newline === lf && end > start && this.#bytes[end - 1] === cr;
    const row = this.#bytes.subarray(start, isCr ? end - 1 : end);
    const line = this.#line;
    this.#line += countOf(row, this.#newline) + 1;
    this.#rowStart = Math.max(end, this.#at);
    this.#at = this.#rowStart;
    this.#state = atCellStart;
    this.#innerNewline = -1;
    if (row.length === 0) return;
    let text = isUtf8(row) ? row.toString('utf8') : decodeText(row, 'windows-1252');
    if (this.#base + start === 0 && text.charCodeAt(0) === 0xfeff) text = text.slice(1);
    const cells = cellsOf(text, this.#delimiterText);
    if (cells.length === 1 && cells[0] === '') return;
    const place = { start: this.#base + start, end: this.#base + start + row.length, line };
    this.#number++;
    rows.push({ cells, number: this.#number, line, raw: this.#isTranscoded ? undefined : place, isDamaged });
  }
}

function countOf(bytes: Buffer, byte: number): number {
  let count = 0;
  for (let at = bytes.indexOf(byte); at >= 0; at = bytes.indexOf(byte, at + 1)) count++;
  return count;
}

/** Cells of one row; a quote that is not closed, or not at a cell's start, is text. */
function cellsOf(row: string, delimiter: CsvDelimiter): string[] {
  if (!row.includes('"')) return row.split(delimiter);
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    const quotedEnd = row[at] === '"' ? endOfQuoted(row, at + 1, delimiter) : -1;
    if (quotedEnd >= 0) {
      cells.push(row.slice(at + 1, quotedEnd).replaceAll('""', '"'));
      at = quotedEnd + 1;
    } else {
      const next = row.indexOf(delimiter, at);
      const end = next < 0 ? row.length : next;
      cells.push(row.slice(at, end));
      at = end;
    }
    if (at >= row.length) return cells;
    at++;
  }
}

/** Index of the quote that ends the cell; -1 when there is none. */
function endOfQuoted(row: string, from: number, delimiter: CsvDelimiter): number {
  for (let at = row.indexOf('"', from); at >= 0; ) {
    const next = row[at + 1];
    if (next === undefined || next === delimiter) return at;
    at = row.indexOf('"', next === '"' ? at + 2 : at + 1);
  }
  return -1;
}
