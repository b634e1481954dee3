/**
 * Slack's `text`: only `&`, `<` and `>` are escaped, so that each `<` opens a link or a mention. A link's label is what
 * the author typed, wherever Slack saw an address: in the middle of a connection string, too.
 */
import { indexOfByte } from './byte-search.js';
import { isContact, isRedundantTarget } from './link-target.js';
import { type MarkupWriter, resolveReference } from './markup-writer.js';

const lessThan = 0x3c;
const greaterThan = 0x3e;
const ampersand = 0x26;
const bar = 0x7c;
const space = Buffer.from(' ');

const schemeMark = /^[a-z][a-z0-9+.-]{1,20}:/i;

export function undoSlackMrkdwn(writer: MarkupWriter): void {
  const { input } = writer;
  /** Offset of the `>` of the link whose label is being read. */
  let open = -1;
  for (let at = 0; at < input.length; ) {
    const byte = input[at];
    if (byte === ampersand) at = resolveReference(writer, at);
    else if (byte === lessThan) {
      const close = closeOf(input, at);
      const behind = input[close] === greaterThan ? openLink(writer, at, close) : close;
      if (behind >= 0 && behind < close) open = close;
      at = behind < 0 ? at + 1 : behind;
    } else {
      if (byte === greaterThan && at === open) writer.drop(at, at + 1);
      at++;
    }
  }
}

/** Offset of the `>` of the link at `at`, or of the `<` or end of the text before which there is none. */
function closeOf(input: Buffer, at: number): number {
  let i = at + 1;
  while (i < input.length && input[i] !== greaterThan && input[i] !== lessThan) i++;
  return i;
}

/** Drops what stands before the label, or the mark of a mention; returns where reading goes on, -1 at neither. */
function openLink(writer: MarkupWriter, at: number, close: number): number {
  const { input } = writer;
  const first = input[at + 1] ?? 0;
  const found = indexOfByte(input, bar, at + 1, close);
  const labelStart = found < 0 ? close : found + 1;
  const targetEnd = found < 0 ? close : found;
  const target = input.toString('latin1', at + 1, targetEnd);
  if (first === 0x40 /* @ */ || first === 0x23 /* # */ || first === 0x21 /* ! */) {
    if (target.includes('://')) writer.copyAside(at + 2, targetEnd);
    if (labelStart < close) writer.drop(at, labelStart);
    else writer.replace(at, close + 1, space);
    return labelStart < close ? labelStart : close + 1;
  }
  if (!schemeMark.test(target)) return -1;
  writer.note('link-mangled');
  if (labelStart < close) {
    const label = input.toString('latin1', labelStart, close);
    if (!isContact(target) && !isRedundantTarget(label, target)) writer.resolveAside(at + 1, targetEnd);
    writer.drop(at, labelStart);
    return labelStart;
  }
  const typed = at + 1 + (isContact(target) ? target.indexOf(':') + 1 : 0);
  writer.drop(at, typed);
  return typed;
}
