/**
 * Runs a rule from outside round a keyword hit, or over a text that none of its words announce. What it sees
 * is the window that rules/linear-pattern.ts states, so that a verdict depends on bytes near by only.
 */

import { hasTokenRun, tokenRunIn } from '../prefilter/keyword-gates.js';
import { borderBytes, everywhereReach, type LinearPattern, nearReach } from '../rules/linear-pattern.js';
import type { LinearEngine } from './linear-engine.js';

/** A text without a run of so many token bytes is told faster than the engine could tell it. */
const leastUsefulRun = 8;
/** Lines are read in pieces of at most this. */
const pieceBytes = 4096;

export interface LinearMatch {
  /** The whole match. */
  readonly start: number;
  readonly end: number;
  /** The captured value in it. */
  readonly valueStart: number;
  readonly valueEnd: number;
  /** True when the match ends where the window does: the value may be longer. */
  readonly isCut: boolean;
}

export type LinearMatchVisitor = (match: LinearMatch) => void;

/** Which matches of a window count. */
type Counts = (start: number, end: number) => boolean;

export class LinearMatcher {
  readonly #pattern: LinearPattern;
  readonly #engine: LinearEngine;

  constructor(pattern: LinearPattern, engine: LinearEngine) {
    this.#pattern = pattern;
    this.#engine = engine;
  }

  /** Visits the matches that the keyword `[hitStart, hitEnd)` announces. */
  match(bytes: Buffer, hitStart: number, hitEnd: number, visit: LinearMatchVisitor): void {
    const { way, before, after, tail, tied } = this.#pattern;
    const from = Math.max(0, hitStart - before - borderBytes);
    const to = Math.min(bytes.length, hitEnd + after + borderBytes);
    if (!this.#mayMatch(bytes, from, to)) return;
    if (tail !== undefined) {
      const behind = bytes.toString('latin1', hitEnd, Math.min(bytes.length, hitEnd + tail.after));
      if (!this.#engine.program(tail.source).test(behind)) return;
    }
    if (tied !== undefined && !this.#engine.program(tied).test(bytes.toString('latin1', from, to))) return;
    const counts: Counts =
      way === 'keyword'
        ? (start, end) => start <= hitStart && end >= hitEnd
        : (start, end) => start <= hitEnd + nearReach && end >= hitStart - nearReach;
    const last = way === 'keyword' ? hitStart : hitEnd + nearReach;
    this.#search(bytes, from, to, last, counts, visit);
  }

  /** Visits the matches of a rule without keywords that start in `[from, to)`, each line by itself. */
  matchAll(bytes: Buffer, from: number, to: number, visit: LinearMatchVisitor): void {
    const { leastRun, crossesLines } = this.#pattern;
    const isGated = leastRun >= leastUsefulRun && !crossesLines;
    for (let at = from; at < to; ) {
      const run = isGated ? tokenRunIn(bytes, at, to, leastRun) : at;
      if (run < 0) return;
      const line = run === at ? at : Math.max(at, bytes.lastIndexOf(0x0a, run) + 1);
      const newline = bytes.indexOf(0x0a, run);
      const end = newline < 0 || newline >= to ? to : newline + 1;
      for (let piece = line; piece < end; piece += pieceBytes) {
        this.#matchPiece(bytes, piece, Math.min(end, piece + pieceBytes), visit);
      }
      at = end;
    }
  }

  #matchPiece(bytes: Buffer, start: number, end: number, visit: LinearMatchVisitor): void {
    const from = Math.max(0, start - borderBytes);
    const to = Math.min(bytes.length, end + everywhereReach + borderBytes);
    if (!this.#mayMatch(bytes, start, to)) return;
    const counts: Counts = (matchStart, matchEnd) =>
      matchStart >= start && matchStart < end && matchEnd - matchStart <= everywhereReach;
    this.#search(bytes, from, to, end - 1, counts, visit);
  }

  #mayMatch(bytes: Buffer, from: number, to: number): boolean {
    const { leastRun } = this.#pattern;
    return leastRun < leastUsefulRun || hasTokenRun(bytes, from, to, leastRun);
  }

  /** @param last start of the last match of interest */
  #search(
    bytes: Buffer,
    from: number,
    to: number,
    last: number,
    counts: Counts,
    visit: LinearMatchVisitor,
  ): void {
    const { source, secretGroup, way } = this.#pattern;
    const program = this.#engine.program(source);
    const text = bytes.toString('latin1', from, to);
    if (!program.test(text)) return;
    program.visit(text, secretGroup, (start, end, valueStart, valueEnd) => {
      if (from + start > last) return false;
      // What begins at a cut edge may have begun before it.
      const isWhole = start > 0 || from === 0;
      if (isWhole && valueEnd > valueStart && counts(from + start, from + end)) {
        visit({
          start: from + start,
          end: from + end,
          valueStart: from + valueStart,
          valueEnd: from + valueEnd,
          isCut: end === text.length && to < bytes.length,
        });
        return way !== 'keyword';
      }
      return true;
    });
  }
}
