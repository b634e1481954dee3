/**
 * Runs one rule's pattern round a keyword hit: at the hit itself where every match starts with a keyword,
 * else in a window that holds every match with the keyword in it. Regular expressions are compiled on first
 * use, since a scan needs a few of the hundreds.
 */
import { hasTokenRun, isInside, type KeywordGate } from '../prefilter/keyword-gates.js';
import type { PatternFacts } from '../rules/pattern-facts.js';
import type { CompiledRule, RulePattern } from '../rules/rule-set.js';

/** Bytes beyond the longest match on either side, so that borders see the true neighbours. */
const borderBytes = 4;
/** Shorter runs stand in most lines. */
const leastGateRun = 12;

/** Receives the span of the captured value. */
export type MatchVisitor = (start: number, end: number) => void;

export class PatternMatcher {
  readonly rule: CompiledRule;
  readonly #pattern: RulePattern;
  readonly #isSticky: boolean;
  readonly #leastRun: number;
  readonly #runSet: number;
  readonly #runReach: number;
  readonly #border: number;
  /** `y` where every match starts with a keyword, else `g`. */
  #search: RegExp | undefined;
  #withIndices: RegExp | undefined;

  constructor(rule: CompiledRule, pattern: RulePattern, facts: PatternFacts) {
    this.rule = rule;
    this.#pattern = pattern;
    this.#isSticky = facts.startsAtKeyword;
    this.#leastRun = facts.leastRun;
    this.#runSet = facts.runSet;
    this.#runReach = facts.runReach;
    this.#border = facts.border;
  }

  #compile(): RegExp {
    const flags = this.#pattern.ignoreCase ? 'i' : '';
    this.#search = new RegExp(this.#pattern.source, `${flags}${this.#isSticky ? 'y' : 'g'}`);
    return this.#search;
  }

  /** What must stand near a keyword so that the pattern can match; undefined: nothing need. */
  gate(): KeywordGate | undefined {
    const reach = this.#pattern.maxBytes + borderBytes;
    const hasRun = this.#leastRun >= leastGateRun && reach <= 0xffff;
    if (!hasRun && this.#border === 0) return undefined;
    return {
      run: hasRun ? Math.min(this.#leastRun, 255) : 0,
      runSet: this.#runSet,
      before: this.#isSticky || !hasRun ? 0 : reach,
      behind: hasRun ? this.#runReach || reach : 0,
      border: this.#border,
      asksAt: false,
    };
  }

  /** Visits each match within `bytes` that holds the keyword `[hitStart, hitEnd)`. */
  match(bytes: Buffer, hitStart: number, hitEnd: number, visit: MatchVisitor): void {
    if (this.#border !== 0 && isInside(bytes, hitStart, this.#border)) return;
    const most = this.#pattern.maxBytes;
    const from = Math.max(0, (this.#isSticky ? hitStart : hitEnd - most) - borderBytes);
    const to = Math.min(bytes.length, hitStart + most + borderBytes);
    const runFrom = this.#isSticky ? hitStart : from;
    const runTo = this.#runReach > 0 ? Math.min(to, hitStart + this.#runReach) : to;
    if (this.#leastRun >= leastGateRun && !hasTokenRun(bytes, runFrom, runTo, this.#leastRun, this.#runSet))
      return;
    const window = bytes.toString('latin1', from, to);
    const search = this.#search ?? this.#compile();
    if (this.#isSticky) {
      search.lastIndex = hitStart - from;
      if (search.test(window)) this.#report(window, hitStart - from, from, visit);
      return;
    }
    this.#searchWindow(search, window, from, hitStart, hitEnd, visit);
  }

  #searchWindow(
    search: RegExp,
    window: string,
    from: number,
    hitStart: number,
    hitEnd: number,
    visit: MatchVisitor,
  ): void {
    search.lastIndex = 0;
    for (;;) {
      const match = search.exec(window);
      if (match === null || match.index + from > hitStart) return;
      if (match.index + match[0].length + from >= hitEnd) {
        this.#report(window, match.index, from, visit);
        return;
      }
      // A match before the hit may hide one that overlaps it, so the search goes on one byte later.
      search.lastIndex = match.index + 1;
    }
  }

  #report(window: string, at: number, from: number, visit: MatchVisitor): void {
    this.#withIndices ??= new RegExp(this.#pattern.source, this.#pattern.ignoreCase ? 'idy' : 'dy');
    const withIndices = this.#withIndices;
    withIndices.lastIndex = at;
    const span = withIndices.exec(window)?.indices?.[1];
    if (span !== undefined) visit(from + span[0], from + span[1]);
  }
}
