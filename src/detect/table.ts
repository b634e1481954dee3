/**
 * Detector `table`: columns that a header row names: `INSERT INTO t (user, password) VALUES …`, PostgreSQL's
 * `COPY t (…) FROM stdin`, CSV and its like at the start of a document, tables of Markdown and wikis.
 *
 * Rows stand far from their header, so that its hits are looked at in every version of a document
 * (`Action.isFarReaching`).
 */
import { SecretValue } from '../model/secret-value.js';
import type { CompiledRule } from '../rules/rule-set.js';
import { undoJsonEscapes } from '../text/escapes.js';
import { judgeAssigned } from './assigned-value.js';
import { hasFoldedAt, isLetter, isNewline, lineStart, skipBlanks } from './byte-class.js';
import { type Draft, type Emit, lowerOf } from './draft.js';
import { skipSpace } from './literal.js';
import { type NameWeight, nameWeightOf } from './slot-name.js';
import { type Cell, delimitedRow, pipedRow, type Row, tupleRow } from './table-rows.js';

/** Bytes behind a header that are read. */
const mostTableBytes = 256 << 10;
const mostRows = 4096;
/** Longest list of columns, and longest line of a header. */
const mostHeaderBytes = 2048;
const mostNameBytes = 48;

interface Column {
  readonly index: number;
  readonly name: string;
  readonly weight: NameWeight;
}

interface Header {
  readonly count: number;
  readonly secrets: readonly Column[];
  /** Index of the column that names the account; -1 without one. */
  readonly user: number;
}

const userColumn =
  /^(?:user|user[ _-]?name|login|e[ _-]?mail|mail|account|benutzer(?:name)?|usuario|utilisateur|uid)$/i;

function headerOf(names: readonly string[]): Header {
  const secrets = names
    .map((name, index) => ({ index, name, weight: nameWeightOf(name) }))
    .filter(({ weight }) => weight === 'password' || weight === 'secret');
  return { count: names.length, secrets, user: names.findIndex((name) => userColumn.test(name.trim())) };
}

const mostCachedHeaders = 256;
const headers = new Map<string, Header>();

/** A dump repeats its list of columns in every statement. */
function cachedHeader(text: string): Header {
  const known = headers.get(text);
  if (known !== undefined) return known;
  const header = headerOf(text.split(',').map((name) => name.replace(/["'`[\]\s]/g, '')));
  if (headers.size >= mostCachedHeaders) headers.clear();
  headers.set(text, header);
  return header;
}

/** The literal value of a cell: doubled quotes and escapes undone. */
function plainCell(bytes: Buffer, { start, end, quote }: Cell): { value: Buffer; isChanged: boolean } {
  const written = bytes.subarray(start, end);
  const double = String.fromCharCode(quote).repeat(2);
  if (quote !== 0 && written.includes(double)) {
    const text = written.toString('latin1').replaceAll(double, String.fromCharCode(quote));
    return { value: Buffer.from(text, 'latin1'), isChanged: true };
  }
  const plain = quote === 0x27 && written.includes(0x5c) ? undoJsonEscapes(written) : undefined;
  return plain === undefined
    ? { value: Buffer.from(written), isChanged: false }
    : { value: plain.bytes, isChanged: true };
}

function draftOf(
  rule: CompiledRule,
  bytes: Buffer,
  header: Header,
  row: Row,
  column: Column,
): Draft | undefined {
  const cell = row.cells[column.index];
  if (cell === undefined || cell.end - cell.start < 4 || cell.end - cell.start > 1024) return undefined;
  const { value, isChanged } = plainCell(bytes, cell);
  const user = row.cells[header.user];
  const account = user === undefined ? '' : bytes.toString('utf8', user.start, user.end).slice(0, 64);
  const verdict = judgeAssigned({
    name: column.name,
    weight: column.weight,
    text: value.toString('utf8'),
    form: 'pair',
    isQuoted: true,
    isTight: false,
    hasUser: account !== '',
    isAlone: true,
    isSetting: true,
  });
  if (verdict === undefined) return undefined;
  return {
    rule,
    value: new SecretValue(value),
    start: cell.start,
    end: cell.end,
    layers: isChanged ? ['json-escaped'] : [],
    confidence: lowerOf(verdict.confidence, rule.confidence),
    reasons: ['table-column', ...verdict.reasons],
    slot: column.name.trim(),
    ...(account === '' ? {} : { account }),
  };
}

function emitRow(rule: CompiledRule, bytes: Buffer, header: Header, row: Row, emit: Emit): void {
  for (const column of header.secrets) {
    const draft = draftOf(rule, bytes, header, row, column);
    if (draft !== undefined) emit(draft);
  }
}

/** The row without what is computed: `NULL`, `MD5('x')`, a parameter. */
function literalsOf({ cells, end }: Row): Row {
  return { cells: cells.map((cell) => (cell.quote === 0 ? { ...cell, end: cell.start } : cell)), end };
}

/** `INSERT INTO t (columns) VALUES (…), (…)`; `at` is behind `INTO`. */
function readInsert(rule: CompiledRule, bytes: Buffer, at: number, emit: Emit): void {
  const open = bytes.subarray(at, at + 160).indexOf(0x28);
  if (open < 0) return;
  const close = bytes.subarray(at + open, at + open + mostHeaderBytes).indexOf(0x29);
  if (close < 0) return;
  const header = cachedHeader(bytes.toString('utf8', at + open + 1, at + open + close));
  if (header.secrets.length === 0) return;
  const to = Math.min(bytes.length, at + mostTableBytes);
  let i = skipSpace(bytes, at + open + close + 1, 64);
  if (!hasFoldedAt(bytes, i, 'value')) return;
  while (isLetter(bytes[i])) i++;
  for (let rows = 0; rows < mostRows; rows++) {
    i = skipSpace(bytes, i, 64);
    const row = bytes[i] === 0x28 ? tupleRow(bytes, i, to) : undefined;
    if (row === undefined) return;
    if (row.cells.length === header.count) emitRow(rule, bytes, header, literalsOf(row), emit);
    i = skipBlanks(bytes, row.end);
    if (bytes[i] !== 0x2c) return;
    i++;
  }
}

/** `COPY t (columns) FROM stdin;` and lines of cells between tabs up to `\.`; `hitStart` is the parenthesis. */
function readCopy(rule: CompiledRule, bytes: Buffer, hitStart: number, hitEnd: number, emit: Emit): void {
  const from = lineStart(bytes, hitStart, mostHeaderBytes);
  const line = bytes.toString('utf8', from, hitStart);
  const open = line.indexOf('(');
  if (open < 0 || !/^copy\s/i.test(line)) return;
  const header = cachedHeader(line.slice(open + 1));
  let i = bytes.subarray(hitEnd, hitEnd + 200).indexOf(0x0a);
  if (header.secrets.length === 0 || i < 0) return;
  i += hitEnd + 1;
  readLines(
    bytes,
    i,
    (at, to) => delimitedRow(bytes, at, to, 0x09),
    (row) => {
      if (row.cells.length !== header.count) return false;
      emitRow(rule, bytes, header, row, emit);
      return true;
    },
  );
}

/** Reads rows from `at` on until one is refused. */
function readLines(
  bytes: Buffer,
  at: number,
  read: (at: number, to: number) => Row,
  accept: (row: Row) => boolean,
): void {
  const to = Math.min(bytes.length, at + mostTableBytes);
  let i = at;
  for (let rows = 0; rows < mostRows && i < to; rows++) {
    const row = read(i, to);
    if (!accept(row)) return;
    i = row.end;
    if (bytes[i] === 0x0d) i++;
    if (bytes[i] === 0x0a) i++;
  }
}

/** At most three words: prose and code have more. */
const columnName = /^[\p{L}\p{M}\p{N}_.\-/()#*]+(?: [\p{L}\p{M}\p{N}_.\-/()#*]+){0,2}$/u;

/** The names in a header row; undefined when one is no name. */
function namesIn(bytes: Buffer, row: Row): string[] | undefined {
  const names = row.cells.map(({ start, end }) => bytes.toString('utf8', start, end));
  const areNames = names.every(
    (name, index) =>
      (name.length <= mostNameBytes && columnName.test(name)) || (name === '' && index === names.length - 1),
  );
  return areNames && names.length >= 2 ? names : undefined;
}

/** Nothing but a byte order mark, blanks and comments stands before the line. */
function beginsDocument(bytes: Buffer, at: number): boolean {
  return (
    at === 0 ||
    (at < mostHeaderBytes &&
      /^(?:\u00ef\u00bb\u00bf)?(?:\s*(?:#[^\n]*)?\n)*$/.test(bytes.toString('latin1', 0, at)))
  );
}

/** A header and rows between commas, semicolons or tabs. */
function readDelimited(rule: CompiledRule, bytes: Buffer, from: number, delimiter: number, emit: Emit): void {
  if (!beginsDocument(bytes, from)) return;
  const head = delimitedRow(
    bytes,
    bytes[0] === 0xef && from === 0 ? 3 : from,
    Math.min(bytes.length, from + mostHeaderBytes),
    delimiter,
  );
  const names = isNewline(bytes[head.end]) ? namesIn(bytes, head) : undefined;
  const header = names === undefined ? undefined : headerOf(names);
  if (header === undefined || header.secrets.length === 0) return;
  const next = head.end + (bytes[head.end] === 0x0d ? 2 : 1);
  readLines(
    bytes,
    next,
    (at, to) => delimitedRow(bytes, at, to, delimiter),
    (row) => {
      if (row.cells.length !== header.count)
        return row.cells.length === 1 && row.cells[0]?.end === row.cells[0]?.start;
      emitRow(rule, bytes, header, row, emit);
      return true;
    },
  );
}

/** A Markdown table (its second line is dashes) or a wiki's (`||` round the names). */
function readPiped(rule: CompiledRule, bytes: Buffer, from: number, emit: Emit): void {
  const start = skipBlanks(bytes, from);
  if (bytes[start] !== 0x7c) return;
  const head = pipedRow(bytes, start, Math.min(bytes.length, start + mostHeaderBytes));
  const names = namesIn(bytes, head);
  const header = names === undefined ? undefined : headerOf(names);
  if (header === undefined || header.secrets.length === 0) return;
  let next = head.end + (bytes[head.end] === 0x0d ? 2 : 1);
  if (bytes[start + 1] !== 0x7c) {
    const dashes = pipedRow(bytes, next, Math.min(bytes.length, next + mostHeaderBytes));
    if (!/^[\s|:-]+$/.test(bytes.toString('latin1', next, dashes.end))) return;
    next = dashes.end + (bytes[dashes.end] === 0x0d ? 2 : 1);
  }
  readLines(
    bytes,
    next,
    (at, to) => pipedRow(bytes, at, to),
    (row) => {
      if (row.cells.length < 2 || row.cells.length > header.count) return false;
      emitRow(rule, bytes, header, row, emit);
      return true;
    },
  );
}

/** The drafts of the table whose header the keyword `[hitStart, hitEnd)` stands in. */
export function detectTable(
  rule: CompiledRule,
  bytes: Buffer,
  hitStart: number,
  hitEnd: number,
  emit: Emit,
): void {
  const word = bytes.toString('latin1', hitStart, hitEnd).toLowerCase();
  if (word.endsWith(' into ')) readInsert(rule, bytes, hitEnd, emit);
  else if (word.includes('stdin')) readCopy(rule, bytes, hitStart, hitEnd, emit);
  else {
    const from = lineStart(bytes, hitStart, mostHeaderBytes);
    if (word.includes('|')) readPiped(rule, bytes, from, emit);
    else if (from < mostHeaderBytes) {
      const delimiter =
        delimiterIn(word) || delimiterIn(`${around(bytes, hitStart - 1)}${around(bytes, hitEnd)}`);
      if (delimiter !== 0) readDelimited(rule, bytes, from, delimiter, emit);
    }
  }
}

/** The delimiter in a keyword or beside it; 0 without one. */
function delimiterIn(text: string): number {
  return /[,;\t]/.exec(text)?.[0].charCodeAt(0) ?? 0;
}

function around(bytes: Buffer, at: number): string {
  return at < 0 || at >= bytes.length ? '' : String.fromCharCode(bytes[at] as number);
}
