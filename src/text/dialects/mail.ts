/**
 * Plain text of mails: quote prefixes, and the addresses that mail programs put behind the text of each link, also where
 * the "link" is a part of a connection string (`db.example<http://db.example>/name`).
 */
import { ForwardSearch } from './byte-search.js';
import { isContact, looksLikeTarget } from './link-target.js';
import type { MarkupWriter } from './markup-writer.js';

const newline = 0x0a;
const lessThan = 0x3c;
const greaterThan = 0x3e;
const space = 0x20;

const longestTarget = 8192;

export function undoMail(writer: MarkupWriter): void {
  const { input } = writer;
  const closes = new ForwardSearch(input, '>');
  for (let at = dropQuoteMarks(writer, 0); at < input.length; ) {
    const byte = input[at];
    if (byte === newline) at = dropQuoteMarks(writer, at + 1);
    else if (byte === lessThan && isInk(input[at - 1])) at = dropTarget(writer, at, closes.next(at));
    else at++;
  }
}

/** Drops `> > ` at a line's start; returns the offset behind. */
function dropQuoteMarks(writer: MarkupWriter, at: number): number {
  const { input } = writer;
  let end = at;
  while (input[end] === greaterThan) end += input[end + 1] === space ? 2 : 1;
  if (end > at) writer.drop(at, end);
  return end;
}

function dropTarget(writer: MarkupWriter, at: number, close: number): number {
  if (close < 0 || close - at > longestTarget) return at + 1;
  const target = writer.input.toString('latin1', at + 1, close);
  if (!looksLikeTarget(target) || /\s/.test(target)) return at + 1;
  writer.drop(at, close + 1);
  writer.note('link-mangled');
  if (!isContact(target)) writer.copyAside(at + 1, close);
  return close + 1;
}

function isInk(byte: number | undefined): boolean {
  return byte !== undefined && byte > space && byte !== lessThan && byte !== greaterThan;
}
