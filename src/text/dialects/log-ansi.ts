/** Output of terminals and CI jobs: escape sequences, overwritten lines, and the time stamps that runners add. */
import { escapeSequenceLength } from '../typography.js';
import { ForwardSearch, hasTextAt } from './byte-search.js';
import type { MarkupWriter } from './markup-writer.js';

const newline = 0x0a;
const carriageReturn = 0x0d;
const escapeByte = 0x1b;
const tab = 0x09;
const bracket = 0x5b;

/** Columns that `gh run view --log` puts before the time stamp. */
const longestColumns = 300;

/**
 * A time stamp as GitHub, GitLab and Docker write it, with GitLab's number and kind of the stream; that of Jenkins in
 * brackets; TeamCity's clock, level and step.
 */
const stamp =
  /^(?:(?:\xef\xbb\xbf)?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d{3,9})?(?:Z|[+-]\d\d:?\d\d) ?(?:[0-9a-f]{2}[OE]([ +]))?|\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3,9})?(?:Z|[+-]\d\d:?\d\d)\] ?|\[\d\d:\d\d:\d\d\] ?[ a-zA-Z]?:[ \t]{1,8}(?:\[Step \d{1,4}\/\d{1,4}\] {0,4})?)/;
const longestStamp = 64;
/** Jenkins' notes, for its own pages: packed objects that are shown as nothing. */
const noteStart = '\x1b[8mha:';
const noteEnd = '\x1b[0m';
const longestNote = 16_384;
/** `ESC ] 8 ; parameters ; target`, ended by BEL or `ESC \`. */
const link = '\x1b]8;';

export function undoLogAnsi(writer: MarkupWriter): void {
  const { input } = writer;
  const noteEnds = new ForwardSearch(input, noteEnd);
  for (let at = dropStamp(writer, 0, 0); at < input.length; ) {
    const byte = input[at] as number;
    if (byte > escapeByte) at++;
    else if (byte === newline) at = dropStamp(writer, at, at + 1);
    else if (byte === carriageReturn) at = endLine(writer, at);
    else if (byte === escapeByte) at = dropSequence(writer, at, noteEnds);
    else at++;
  }
}

/** A line that is overwritten was shown nevertheless. */
function endLine(writer: MarkupWriter, at: number): number {
  let end = at;
  while (writer.input[end] === carriageReturn) end++;
  if (writer.input[end] !== newline) writer.breakLine(at, end);
  return end;
}

/** Drops the stamp of the line that begins at `at`, and the newline before it where the line only goes on. */
function dropStamp(writer: MarkupWriter, lineEnd: number, at: number): number {
  const { input } = writer;
  const start = columnsEnd(input, at);
  const first = input[start] ?? 0;
  if (first !== 0xef && first !== bracket && (first < 0x30 || first > 0x39)) return at;
  const found = stamp.exec(input.toString('latin1', start, Math.min(input.length, start + longestStamp)));
  if (found === null) return at;
  const end = start + found[0].length;
  if (found[1] === '+' && lineEnd < at)
    writer.drop(input[lineEnd - 1] === carriageReturn ? lineEnd - 1 : lineEnd, end);
  else writer.drop(at, end);
  return end;
}

/** Behind `job TAB step TAB`, or `at` when the line has no such columns. */
function columnsEnd(input: Buffer, at: number): number {
  const limit = Math.min(input.length, at + longestColumns);
  let tabs = 0;
  for (let i = at; i < limit && input[i] !== newline; i++) if (input[i] === tab && ++tabs === 2) return i + 1;
  return at;
}

function dropSequence(writer: MarkupWriter, at: number, noteEnds: ForwardSearch): number {
  const { input } = writer;
  const end = at + escapeSequenceLength(input, at);
  if (hasTextAt(input, at, noteStart)) {
    const close = noteEnds.next(end);
    const behind = close < 0 || close - at > longestNote ? end : close + noteEnd.length;
    writer.drop(at, behind);
    return behind;
  }
  writer.drop(at, end);
  if (hasTextAt(input, at, link) && end > at + link.length) {
    const parameters = input.subarray(at + link.length, end).indexOf(0x3b);
    const last = input[end - 1] === 0x07 ? end - 1 : end - 2;
    if (parameters >= 0) writer.copyAside(at + link.length + parameters + 1, last);
  }
  return end;
}
