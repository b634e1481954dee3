/**
 * Markdown as trackers and wikis keep it (CommonMark with HTML). Backslashes before punctuation are undone outside code;
 * a link's label stays where it was, its target gets a line of its own.
 */

import { base64Value } from '../run-classes.js';
import { ForwardSearch, indexOfByte } from './byte-search.js';
import { ElementWriter } from './element-writer.js';
import { isKnownElement } from './elements.js';
import { isContact, isRedundantTarget } from './link-target.js';
import { type MarkupWriter, resolveReference } from './markup-writer.js';
import { TagReader } from './tag-reader.js';

const newline = 0x0a;
const backslash = 0x5c;
const backtick = 0x60;
const tilde = 0x7e;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openParenthesis = 0x28;
const closeParenthesis = 0x29;
const lessThan = 0x3c;
const greaterThan = 0x3e;
const ampersand = 0x26;
const asterisk = 0x2a;
const exclamation = 0x21;

/** Runs of backticks that open code; longer ones are none, which bounds the searches for their ends. */
const mostBackticks = 16;
/** Parentheses within a target, and its bytes. */
const deepestTarget = 8;
const longestTarget = 4096;
const autolink = /^<(?:[a-z][a-z0-9+.-]{1,20}:[^\s<>]{1,2000})>/i;

export function undoMarkdown(writer: MarkupWriter): void {
  new MarkdownUndoer(writer).run();
}

/** A link's `](target "title")`. */
interface LinkEnd {
  readonly targetStart: number;
  readonly targetEnd: number;
  readonly titleStart: number;
  readonly titleEnd: number;
  /** Offset behind the closing parenthesis. */
  readonly end: number;
}

class MarkdownUndoer {
  readonly #writer: MarkupWriter;
  readonly #input: Buffer;
  readonly #tags: TagReader;
  readonly #elements: ElementWriter;
  readonly #lineEnds: ForwardSearch;
  /** By length of a run of backticks: where the next one of the same length is, or -1. */
  readonly #backticks = new Int32Array(mostBackticks + 1).fill(-2);
  /** Offset of the `]` of the label that is being read, and where its bracket opened. */
  #labelStart = -1;
  #labelEnd = -1;

  constructor(writer: MarkupWriter) {
    this.#writer = writer;
    this.#input = writer.input;
    this.#tags = new TagReader(this.#input, isKnownElement);
    this.#elements = new ElementWriter(writer);
    this.#lineEnds = new ForwardSearch(this.#input, '\n');
  }

  run(): void {
    const input = this.#input;
    let at = this.#fence(0);
    while (at < input.length) at = this.#step(at, input[at] as number);
  }

  #step(at: number, byte: number): number {
    switch (byte) {
      case newline:
        return this.#fence(at + 1);
      case backslash:
        return this.#backslash(at);
      case backtick:
        return this.#codeSpan(at);
      case openBracket:
        return this.#openLabel(at, at);
      case exclamation:
        return this.#input[at + 1] === openBracket ? this.#openLabel(at, at + 1) : at + 1;
      case closeBracket:
        return this.#closeLabel(at);
      case lessThan:
        return this.#angle(at);
      case ampersand:
        return resolveReference(this.#writer, at);
      case asterisk:
        return this.#emphasis(at);
      default:
        return at + 1;
    }
  }

  #backslash(at: number): number {
    const next = this.#input[at + 1] ?? 0;
    if (!isPunctuation(next)) return at + 1;
    this.#writer.drop(at, at + 1);
    this.#writer.note('shell-escaped');
    return at + 2;
  }

  /** Behind a line start: `at`, or the offset behind the block of code that is fenced there. */
  #fence(at: number): number {
    const input = this.#input;
    const mark = skipQuotesAndBlanks(input, at);
    const byte = input[mark] ?? 0;
    if (byte !== backtick && byte !== tilde) return at;
    const length = runLength(input, mark, byte);
    if (length < 3) return at;
    let lineEnd = this.#lineEnd(mark);
    if (byte === backtick && indexOfByte(input, backtick, mark + length, lineEnd) >= 0) return at;
    while (lineEnd < input.length) {
      const start = skipQuotesAndBlanks(input, lineEnd + 1);
      lineEnd = this.#lineEnd(start);
      if (input[start] !== byte) continue;
      const closing = runLength(input, start, byte);
      if (closing >= length && isBlankBetween(input, start + closing, lineEnd)) break;
    }
    return lineEnd;
  }

  #lineEnd(at: number): number {
    const found = this.#lineEnds.next(at);
    return found < 0 ? this.#input.length : found;
  }

  /** Skips text in backticks, which is as it is. */
  #codeSpan(at: number): number {
    const input = this.#input;
    const length = runLength(input, at, backtick);
    const behind = at + length;
    if (length > mostBackticks) return behind;
    let close = this.#backticks[length] as number;
    if (close !== -1 && close < behind) {
      close = nextRun(input, behind, length);
      this.#backticks[length] = close;
    }
    return close < 0 || hasBlankLine(input, behind, close) ? behind : close + length;
  }

  /**
   * An innermost `[label](target)`: its brackets go, and what is between is read on.
   * @param start of the `!` of an image, else of the bracket
   */
  #openLabel(start: number, at: number): number {
    const input = this.#input;
    let i = at + 1;
    while (i < input.length && input[i] !== openBracket && input[i] !== closeBracket)
      i += input[i] === backslash ? 2 : 1;
    if (input[i] !== closeBracket || this.#linkEnd(i) === undefined) return at + 1;
    this.#labelStart = at + 1;
    this.#labelEnd = i;
    this.#writer.drop(start, at + 1);
    return at + 1;
  }

  #closeLabel(at: number): number {
    const link = this.#linkEnd(at);
    if (link === undefined) return at + 1;
    const { input } = this.#writer;
    const label = at === this.#labelEnd ? input.toString('latin1', this.#labelStart, at) : '';
    const target = input.toString('latin1', link.targetStart, link.targetEnd);
    this.#writer.drop(at, link.end);
    this.#writer.note('link-mangled');
    if (!isContact(target) && !isRedundantTarget(label, target))
      this.#writer.resolveAside(link.targetStart, link.targetEnd);
    this.#writer.resolveAside(link.titleStart, link.titleEnd);
    return link.end;
  }

  /** What stands behind the `]` at `at` when it ends a link's label. */
  #linkEnd(at: number): LinkEnd | undefined {
    const input = this.#input;
    if (input[at + 1] !== openParenthesis) return undefined;
    const isPointed = input[at + 2] === lessThan;
    const targetStart = at + (isPointed ? 3 : 2);
    const targetEnd = isPointed ? pointedTargetEnd(input, targetStart) : targetEndOf(input, targetStart);
    if (targetEnd < 0) return undefined;
    const behind = skipBlanks(input, targetEnd + (isPointed ? 1 : 0));
    if (input[behind] === closeParenthesis)
      return { targetStart, targetEnd, titleStart: behind, titleEnd: behind, end: behind + 1 };
    const titleEnd = titleEndOf(input, behind);
    if (titleEnd < 0) return undefined;
    const close = skipBlanks(input, titleEnd + 1);
    if (input[close] !== closeParenthesis) return undefined;
    return { targetStart, targetEnd, titleStart: behind + 1, titleEnd, end: close + 1 };
  }

  #angle(at: number): number {
    const comment = this.#elements.comment(at);
    if (comment > 0) return comment;
    const input = this.#input;
    const tag = this.#tags.read(at);
    if (tag !== undefined) {
      this.#elements.tag(tag);
      return tag.end;
    }
    const link = autolink.exec(input.toString('latin1', at, Math.min(input.length, at + 2048)))?.[0];
    if (link === undefined) return at + 1;
    this.#writer.drop(at, at + 1);
    this.#writer.drop(at + link.length - 1, at + link.length);
    return at + link.length;
  }

  /** `**` that begins or ends in the middle of a word splits it. */
  #emphasis(at: number): number {
    const input = this.#input;
    const length = runLength(input, at, asterisk);
    const end = at + length;
    if (length === 2 && isTokenByte(input[at - 1]) && isTokenByte(input[end])) {
      this.#writer.drop(at, end);
      this.#writer.note('split-over-leaves');
    }
    return end;
  }
}

function isPunctuation(byte: number): boolean {
  return (
    (byte > 0x20 && byte < 0x30) ||
    (byte > 0x39 && byte < 0x41) ||
    (byte > 0x5a && byte < 0x61) ||
    (byte > 0x7a && byte < 0x7f)
  );
}

/** Letters, digits, `+ / = _ -`: what tokens are written with. */
function isTokenByte(byte: number | undefined): boolean {
  return byte !== undefined && (base64Value[byte] !== 255 || byte === 0x3d);
}

function runLength(input: Uint8Array, at: number, byte: number): number {
  let end = at;
  while (input[end] === byte) end++;
  return end - at;
}

/** Offset of the first run of just `length` backticks at or behind `from`; -1 when there is none. */
function nextRun(input: Buffer, from: number, length: number): number {
  for (let at = input.indexOf(backtick, from); at >= 0; ) {
    const found = runLength(input, at, backtick);
    if (found === length) return at;
    at = input.indexOf(backtick, at + found);
  }
  return -1;
}

/** Whether a paragraph ends in between; lines of blanks only are rare enough not to be looked for. */
function hasBlankLine(input: Buffer, from: number, to: number): boolean {
  const between = input.subarray(from, to);
  return between.includes('\n\n') || between.includes('\n\r\n');
}

function skipBlanks(input: Uint8Array, from: number): number {
  let i = from;
  while (input[i] === 0x20 || input[i] === 0x09) i++;
  return i;
}

function skipQuotesAndBlanks(input: Uint8Array, from: number): number {
  let i = from;
  while (input[i] === 0x20 || input[i] === 0x09 || input[i] === greaterThan) i++;
  return i;
}

function isBlankBetween(input: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if ((input[i] as number) > 0x20) return false;
  return true;
}

function pointedTargetEnd(input: Uint8Array, from: number): number {
  const limit = Math.min(input.length, from + longestTarget);
  for (let i = from; i < limit; i++) {
    const byte = input[i] as number;
    if (byte === greaterThan) return i;
    if (byte === newline || byte === lessThan || byte === openBracket) return -1;
  }
  return -1;
}

/** Offset of the blank or parenthesis behind a target; parentheses within it are balanced. */
function targetEndOf(input: Uint8Array, from: number): number {
  const limit = Math.min(input.length, from + longestTarget);
  let depth = 0;
  for (let i = from; i < limit; i++) {
    const byte = input[i] as number;
    if (byte === backslash) i++;
    else if (byte === openParenthesis && ++depth > deepestTarget) return -1;
    else if (byte === closeParenthesis && depth-- === 0) return i;
    else if (byte <= 0x20) return byte === newline || depth > 0 ? -1 : i;
  }
  return -1;
}

/** Offset of the quote that ends the title which begins at `at`. */
function titleEndOf(input: Uint8Array, at: number): number {
  const open = input[at];
  const close = open === openParenthesis ? closeParenthesis : open;
  if (open !== 0x22 && open !== 0x27 && open !== openParenthesis) return -1;
  const limit = Math.min(input.length, at + longestTarget);
  for (let i = at + 1; i < limit; i++) {
    const byte = input[i] as number;
    if (byte === close) return i;
    if (byte === newline || byte === openBracket) return -1;
    if (byte === backslash) i++;
  }
  return -1;
}
