/** Rows of delimited text and of SQL tuples, as the spans of their cells. */
import { isBlank, isLetter, isNewline, isQuote, skipBlanks } from './byte-class.js';

export interface Cell {
  /** The text of the cell, quotes and blanks round it left out. */
  readonly start: number;
  readonly end: number;
  /** Quote byte round the cell; 0 when it has none. */
  readonly quote: number;
}

export interface Row {
  readonly cells: readonly Cell[];
  /** Offset behind the row: of the line end, or behind the parenthesis. */
  readonly end: number;
}

const mostCells = 256;
const backslash = 0x5c;

/** Offset of the quote that ends the text which began at `from`; `to` when none does. Doubled quotes are one. */
function quoteEnd(bytes: Uint8Array, from: number, to: number, quote: number, hasBackslash: boolean): number {
  for (let i = from; i < to; i++) {
    if (hasBackslash && bytes[i] === backslash) i++;
    else if (bytes[i] === quote) {
      if (bytes[i + 1] !== quote) return i;
      i++;
    }
  }
  return to;
}

function trimmed(bytes: Uint8Array, from: number, to: number): Cell {
  let start = from;
  let end = to;
  while (start < end && isBlank(bytes[start])) start++;
  while (end > start && isBlank(bytes[end - 1])) end--;
  return { start, end, quote: 0 };
}

/** The cells of the line at `at`; quoted cells hold delimiters, but no line ends. */
export function delimitedRow(bytes: Uint8Array, at: number, to: number, delimiter: number): Row {
  const cells: Cell[] = [];
  let i = at;
  for (;;) {
    const start = delimiter === 0x09 ? i : skipBlanks(bytes, i);
    if (bytes[start] === 0x22) {
      const close = quoteEnd(bytes, start + 1, to, 0x22, false);
      cells.push({ start: start + 1, end: close, quote: 0x22 });
      i = close + 1;
    } else {
      let end = i;
      while (end < to && bytes[end] !== delimiter && !isNewline(bytes[end])) end++;
      cells.push(trimmed(bytes, i, end));
      i = end;
    }
    while (i < to && bytes[i] !== delimiter && !isNewline(bytes[i])) i++;
    if (i >= to || bytes[i] !== delimiter || cells.length >= mostCells) break;
    i++;
  }
  return { cells, end: i };
}

/** `| a | b |` or `||a||b||`: the cells between the pipes of the line at `at`. */
export function pipedRow(bytes: Uint8Array, at: number, to: number): Row {
  const cells: Cell[] = [];
  let i = skipBlanks(bytes, at);
  while (bytes[i] === 0x7c) i++;
  while (i < to && !isNewline(bytes[i])) {
    let end = i;
    while (end < to && bytes[end] !== 0x7c && !isNewline(bytes[end])) end++;
    const cell = trimmed(bytes, i, end);
    if (bytes[end] === 0x7c || cell.end > cell.start) cells.push(withoutMarks(bytes, cell));
    i = end;
    while (bytes[i] === 0x7c) i++;
    if (cells.length >= mostCells) break;
  }
  while (i < to && !isNewline(bytes[i])) i++;
  return { cells, end: i };
}

/** Backticks and asterisks round a cell. */
function withoutMarks(bytes: Uint8Array, cell: Cell): Cell {
  let { start, end } = cell;
  const isMark = (byte: number | undefined): boolean => byte === 0x60 || byte === 0x2a;
  while (end - start > 2 && isMark(bytes[start]) && bytes[start] === bytes[end - 1]) {
    start++;
    end--;
  }
  return { ...cell, start, end };
}

/** A literal of SQL at `at` with its prefix (`N'`, `E'`, `_utf8'`) skipped: offset of its quote; -1 when it is none. */
function sqlQuote(bytes: Uint8Array, at: number): number {
  let i = at;
  while (i - at < 12 && (isLetter(bytes[i]) || bytes[i] === 0x5f || bytes[i] === 0x38)) i++;
  return bytes[i] === 0x27 || (i === at && isQuote(bytes[i])) ? i : -1;
}

/** The values of the tuple whose parenthesis stands at `at`; undefined when it does not end before `to`. */
export function tupleRow(bytes: Uint8Array, at: number, to: number): Row | undefined {
  const cells: Cell[] = [];
  let i = at + 1;
  while (i < to && cells.length < mostCells) {
    while (isBlank(bytes[i]) || isNewline(bytes[i])) i++;
    const quote = sqlQuote(bytes, i);
    if (quote >= 0) {
      const close = quoteEnd(bytes, quote + 1, to, bytes[quote] as number, true);
      cells.push({ start: quote + 1, end: close, quote: bytes[quote] as number });
      i = close + 1;
    } else {
      const end = expressionEnd(bytes, i, to);
      cells.push(trimmed(bytes, i, end));
      i = end;
    }
    while (isBlank(bytes[i]) || isNewline(bytes[i])) i++;
    if (bytes[i] === 0x29) return { cells, end: i + 1 };
    if (bytes[i] !== 0x2c) i = expressionEnd(bytes, i, to);
    if (bytes[i] === 0x29) return { cells, end: i + 1 };
    i++;
  }
  return undefined;
}

/** Offset of the comma or parenthesis that ends an expression, those within its own parentheses and strings skipped. */
function expressionEnd(bytes: Uint8Array, from: number, to: number): number {
  let depth = 0;
  for (let i = from; i < to; i++) {
    const byte = bytes[i];
    if (byte === 0x27 || byte === 0x22) i = quoteEnd(bytes, i + 1, to, byte, true);
    else if (byte === 0x28) depth++;
    else if (byte === 0x29) {
      if (depth === 0) return i;
      depth--;
    } else if (byte === 0x2c && depth === 0) return i;
  }
  return to;
}
