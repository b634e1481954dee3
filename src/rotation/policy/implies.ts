/**
 * Shows that one condition holds wherever another does. What is shown is true; what is true is not always shown: two
 * rules that cover a third only together, by ranges that meet, are not seen.
 */
import type { Condition } from './condition.js';
import { fieldSorts } from './fields.js';
import { excludes, impliesTest } from './implies-test.js';

/** Answers by pair, so that nested `all` and `any` cost the product of their sizes and not more. */
class Implications {
  readonly #known = new Map<Condition, Map<Condition, boolean>>();

  /** True when `b` holds wherever `a` does. */
  implies(a: Condition, b: Condition): boolean {
    const before = this.#known.get(a)?.get(b);
    if (before !== undefined) return before;
    const answer = this.#decide(a, b);
    const row = this.#known.get(a) ?? new Map<Condition, boolean>();
    row.set(b, answer);
    this.#known.set(a, row);
    return answer;
  }

  #decide(a: Condition, b: Condition): boolean {
    if (b.type === 'all') return b.of.every((part) => this.implies(a, part));
    if (a.type === 'any') return a.of.every((part) => this.implies(part, b));
    if (b.type === 'any' && b.of.some((part) => this.implies(a, part))) return true;
    if (a.type === 'all') return a.of.some((part) => this.implies(part, b));
    if (b.type === 'not') return a.type === 'not' ? this.implies(b.of, a.of) : contradict(a, b.of);
    return a.type === 'field' && b.type === 'field' && a.field === b.field
      ? impliesTest(a.test, b.test, fieldSorts[a.field])
      : false;
  }
}

/** True when two conditions never hold together. Both being fields is what is looked at. */
function contradict(a: Condition, b: Condition): boolean {
  if (b.type === 'any') return b.of.every((part) => contradict(a, part));
  if (b.type === 'all') return b.of.some((part) => contradict(a, part));
  if (a.type !== 'field' || b.type !== 'field' || a.field !== b.field) return false;
  return excludes(a.test, b.test, fieldSorts[a.field]);
}

/** Conditions that must all hold, written apart. */
function conjuncts(condition: Condition): readonly Condition[] {
  return condition.type === 'all' ? condition.of.flatMap(conjuncts) : [condition];
}

/** Pairs of more parts than this are not compared with each other. */
const maxParts = 200;

/** True when it is shown that nothing can match. */
export function neverHolds(condition: Condition): boolean {
  if (condition.type === 'any') return condition.of.every(neverHolds);
  const parts = conjuncts(condition).slice(0, maxParts);
  if (parts.length === 1 && parts[0] === condition) return isNotEverything(condition);
  const implications = new Implications();
  return parts.some(
    (part, index) =>
      neverHolds(part) ||
      parts.some(
        (other, at) =>
          at !== index && ((at > index && contradict(part, other)) || negates(part, other, implications)),
      ),
  );
}

function isNotEverything(condition: Condition): boolean {
  return condition.type === 'not' && conjuncts(condition.of).length === 0;
}

/** `x` beside `not y` where `y` holds whenever `x` does. */
function negates(part: Condition, other: Condition, implications: Implications): boolean {
  return other.type === 'not' && implications.implies(part, other.of);
}

/** Cases of which at least one is given whenever the condition holds. */
function cases(condition: Condition): readonly Condition[] {
  if (condition.type === 'any') return condition.of.flatMap(cases);
  if (condition.type !== 'field' || condition.test.op !== 'is') return [condition];
  const { test } = condition;
  return test.values.map((value) => ({ ...condition, test: { ...test, values: [value] } }));
}

/**
 * Which of the earlier conditions together hold wherever the later one does, as indexes in their order; empty when that
 * is not shown. One that covers it alone is preferred; else each of its cases may be covered by another.
 */
export function covers(earlier: readonly Condition[], later: Condition): readonly number[] {
  const implications = new Implications();
  const alone = earlier.findIndex((condition) => implications.implies(later, condition));
  if (alone >= 0) return [alone];
  const found = cases(later).map((part) =>
    earlier.findIndex((condition) => implications.implies(part, condition)),
  );
  return found.length === 0 || found.includes(-1) ? [] : [...new Set(found)].sort((a, b) => a - b);
}
