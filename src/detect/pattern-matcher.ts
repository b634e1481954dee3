/**
 * Runs one rule's pattern round a keyword hit: at the hit itself where every match starts with a keyword,
 * else in a window that holds every match with the keyword in it. Regular expressions are compiled on first
 * use, since a scan needs a few of the hundreds.
 */
import { hasTokenRun, type KeywordGate } from '../prefilter/keyword-gates.js';
import type { CompiledRule, RulePattern } from '../rules/rule-set.js';
import { startsAtKeyword } from './pattern-heads.js';

/** Bytes beyond the longest match on either side, so that borders see the true neighbours. */
const borderBytes = 4;
/** Shorter runs stand in most lines. */
const leastGateRun = 12;

/** Receives the span of the captured value. */
export type MatchVisitor = (start: number, end: number) => void;

/**
 * Fewest token bytes in a row that the captured group needs when it is nothing but classes of token bytes
 * with counts, e.g. 32 for `([0-9a-f]{32})`; 0 when that cannot be told from the source.
 */
export function capturedRun(source: string): number {
  const group = /(?<!\\)\((?!\?)((?:\\.|[^()])*)\)/.exec(source)?.[1];
  if (group === undefined || group.includes('|')) return 0;
  let least = 0;
  let rest = group;
  while (rest !== '') {
    const atom = /^(\[(?:\\.|[^\]\\])*\]|\\[\w.+/=_-]|[\w=/:~-])(?:\{(\d+)(?:,\d*)?\}|([?*+]))?/.exec(rest);
    if (atom === null) return 0;
    const [text, unit = '', count, sign] = atom;
    if (!isTokenUnit(unit)) return 0;
    least += count !== undefined ? Number(count) : sign === undefined || sign === '+' ? 1 : 0;
    rest = rest.slice(text.length);
  }
  return least;
}

function isTokenUnit(unit: string): boolean {
  if (/^\[\^/.test(unit) || /^\\[sSDWbB]$/.test(unit)) return false;
  const body = unit.startsWith('[') ? unit.slice(1, -1) : unit;
  return /^(?:[\w+/=:~.-]|\\[wd.+/=_-])*$/.test(body);
}

export class PatternMatcher {
  readonly rule: CompiledRule;
  readonly #pattern: RulePattern;
  /** `y` or `g`, by {@link startsAtKeyword}. */
  #search: RegExp | undefined;
  #withIndices: RegExp | undefined;
  #isSticky = false;
  #leastRun = 0;

  constructor(rule: CompiledRule, pattern: RulePattern) {
    this.rule = rule;
    this.#pattern = pattern;
  }

  #compile(): RegExp {
    const flags = this.#pattern.ignoreCase ? 'i' : '';
    this.#isSticky = startsAtKeyword(this.#pattern.source, this.rule.keywords);
    this.#search = new RegExp(this.#pattern.source, `${flags}${this.#isSticky ? 'y' : 'g'}`);
    this.#withIndices = new RegExp(this.#pattern.source, `${flags}dy`);
    this.#leastRun = capturedRun(this.#pattern.source);
    return this.#search;
  }

  /** What must stand near a keyword so that the pattern can match; undefined: nothing need. */
  gate(): KeywordGate | undefined {
    if (this.#search === undefined) this.#compile();
    const reach = this.#pattern.maxBytes + borderBytes;
    if (this.#leastRun < leastGateRun || reach > 0xffff) return undefined;
    return { run: Math.min(this.#leastRun, 255), before: this.#isSticky ? 0 : reach, behind: reach };
  }

  /** Visits each match within `bytes` that holds the keyword `[hitStart, hitEnd)`. */
  match(bytes: Buffer, hitStart: number, hitEnd: number, visit: MatchVisitor): void {
    const search = this.#search ?? this.#compile();
    const most = this.#pattern.maxBytes;
    const from = Math.max(0, (this.#isSticky ? hitStart : hitEnd - most) - borderBytes);
    const to = Math.min(bytes.length, hitStart + most + borderBytes);
    const runFrom = this.#isSticky ? hitStart : from;
    if (this.#leastRun >= leastGateRun && !hasTokenRun(bytes, runFrom, to, this.#leastRun)) return;
    const window = bytes.toString('latin1', from, to);
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
    const withIndices = this.#withIndices;
    if (withIndices === undefined) return;
    withIndices.lastIndex = at;
    const span = withIndices.exec(window)?.indices?.[1];
    if (span !== undefined) visit(from + span[0], from + span[1]);
  }
}
