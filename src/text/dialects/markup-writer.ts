/** What readers of markup write to: the text without marks, and the way back. */
import type { Spelling } from '../../model/finding.js';
import { referenceAt } from '../escapes.js';
import type { Rewritten } from '../view-writer.js';
import { ViewWriter } from '../view-writer.js';
import { indexOfByte } from './byte-search.js';

const empty = Buffer.alloc(0);
const lineFeed = Buffer.from('\n');
const newline = 0x0a;
const ampersand = 0x26;

/** Writes something that has no place in the line: it gets a line of its own behind it. */
export type Aside = (out: ViewWriter) => void;

/**
 * All that is not replaced is copied. Replacements come in the order of the input and do not overlap; what is put
 * aside (a link's target, an attribute, a comment) may lie anywhere in it.
 */
export class MarkupWriter {
  readonly input: Buffer;
  readonly #layers: Spelling[] = [];
  #out: ViewWriter | undefined;
  #copied = 0;
  #asides: Aside[] = [];

  constructor(input: Buffer) {
    this.input = input;
  }

  /** Layers undone so far. */
  get layers(): readonly Spelling[] {
    return this.#layers;
  }

  note(layer: Spelling): void {
    if (!this.#layers.includes(layer)) this.#layers.push(layer);
  }

  /** Puts `text` where the input has `[start, end)`. */
  replace(start: number, end: number, text: Uint8Array): void {
    this.#copyTo(start).put(start, end, text);
    this.#copied = end;
  }

  drop(start: number, end: number): void {
    this.replace(start, end, empty);
  }

  /** What stands at `[start, end)` ends a line, and is part of none. */
  breakLine(start: number, end: number): void {
    const out = this.#copyTo(start);
    this.#flush(out);
    const isAtStart = out.last === 0 || out.last === newline;
    out.put(start, end, isAtStart ? empty : lineFeed);
    this.#copied = end;
  }

  /** Writes something between what stands before and behind `at`. */
  insert(at: number, write: Aside): void {
    write(this.#copyTo(at));
  }

  /** Has `aside` written behind the line that is being written. */
  putAside(aside: Aside): void {
    this.#asides.push(aside);
  }

  /** Has a part of the input, its character references resolved, written behind the line that is being written. */
  resolveAside(start: number, end: number): void {
    if (end > start) this.#asides.push((out) => copyResolved(out, this.input, start, end));
  }

  /** Has a part of the input written behind the line that is being written. */
  copyAside(start: number, end: number): void {
    if (end > start) this.#asides.push((out) => out.copy(start, end));
  }

  /** Copies the rest; undefined when nothing was replaced. */
  finish(): Rewritten | undefined {
    if (this.#out === undefined && this.#asides.length === 0) return undefined;
    const out = this.#copyTo(this.input.length);
    this.#flush(out);
    return out.finish();
  }

  #copyTo(end: number): ViewWriter {
    this.#out ??= new ViewWriter(this.input);
    const start = this.#copied;
    this.#copied = end;
    if (this.#asides.length === 0) {
      this.#out.copy(start, end);
      return this.#out;
    }
    // A newline in what is copied ends the line for which the asides wait.
    const found = indexOfByte(this.input, newline, start, end);
    const lineEnd = found < 0 ? end : found;
    this.#out.copy(start, lineEnd);
    if (found >= 0) this.#flush(this.#out);
    this.#out.copy(lineEnd, end);
    return this.#out;
  }

  #flush(out: ViewWriter): void {
    if (this.#asides.length === 0) return;
    const at = this.#copied;
    for (const aside of this.#asides) {
      if (out.last !== 0 && out.last !== newline) out.put(at, at, lineFeed);
      aside(out);
    }
    this.#asides = [];
  }
}

/** Copies a part of the input with its character references resolved. */
export function copyResolved(out: ViewWriter, input: Buffer, start: number, end: number): void {
  let copied = start;
  for (let at = start; at < end; at++) {
    if (input[at] !== ampersand) continue;
    const found = referenceAt(input, at);
    if (found === undefined || at + found.length > end) continue;
    out.copy(copied, at);
    out.put(at, at + found.length, found.text);
    copied = at + found.length;
    at = copied - 1;
  }
  out.copy(copied, end);
}

/** Resolves the character reference at `at`; returns the offset behind it, or behind the `&` when it is none. */
export function resolveReference(writer: MarkupWriter, at: number): number {
  const found = referenceAt(writer.input, at);
  if (found === undefined) return at + 1;
  writer.replace(at, at + found.length, found.text);
  writer.note('xml-escaped');
  return at + found.length;
}
