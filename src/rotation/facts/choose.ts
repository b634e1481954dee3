/**
 * The chooser: one value out of all facts about one attribute. Defaults come last; then the most trusted origin wins, then the surest, then
 * the latest statement, then the lowest rule id; what lost is kept to be shown.
 */

import type { Resolved } from '../dossier.js';
import type { Fact, FactConfidence, FactOrigin, FactValue } from '../fact.js';
import { factConfidences, factOrigins, subjectKey } from '../fact.js';
import { codePointOrder, deepOrder } from '../order.js';

const originRank: ReadonlyMap<FactOrigin, number> = new Map(
  factOrigins.map((origin, rank) => [origin, rank]),
);
const confidenceRank: ReadonlyMap<FactConfidence, number> = new Map(
  factConfidences.map((confidence, rank) => [confidence, rank]),
);

function rank<Name>(ranks: ReadonlyMap<Name, number>, name: Name): number {
  return ranks.get(name) ?? ranks.size;
}

/** Milliseconds of a statement's time; facts without one are the oldest. */
function statedAt(fact: Fact): number {
  const time = fact.assertedAt === undefined ? Number.NaN : Date.parse(fact.assertedAt);
  return Number.isNaN(time) ? Number.NEGATIVE_INFINITY : time;
}

/** Order of the chooser, total: the rest of it only makes equal facts come out the same way every time. */
export function compareFacts(a: Fact, b: Fact): number {
  return (
    Number(a.isDefault === true) - Number(b.isDefault === true) ||
    rank(originRank, a.origin) - rank(originRank, b.origin) ||
    rank(confidenceRank, a.confidence) - rank(confidenceRank, b.confidence) ||
    latestFirst(statedAt(a), statedAt(b)) ||
    Number(a.stale === true) - Number(b.stale === true) ||
    codePointOrder(a.rule, b.rule) ||
    deepOrder(a.value, b.value) ||
    codePointOrder(subjectKey(a.subject), subjectKey(b.subject)) ||
    deepOrder(a.evidence, b.evidence)
  );
}

// No subtraction: both may be infinite.
function latestFirst(a: number, b: number): number {
  if (a === b) return 0;
  return a > b ? -1 : 1;
}

/** Sorted as `explain` prints them: by attribute, then as the chooser ranks them. */
export function sortFacts(facts: readonly Fact[]): Fact[] {
  return [...facts].sort((a, b) => codePointOrder(a.attribute, b.attribute) || compareFacts(a, b));
}

function sameValue(a: Fact, b: Fact): boolean {
  return deepOrder(a.value, b.value) === 0;
}

/**
 * Two facts that nothing puts in order disagree. A later statement of the same origin and confidence is a correction
 * of the earlier one; a rule id is no reason to believe one of two values.
 */
function contradicts(chosen: Fact, other: Fact): boolean {
  return (
    other.isDefault === chosen.isDefault &&
    other.origin === chosen.origin &&
    other.confidence === chosen.confidence &&
    statedAt(other) === statedAt(chosen) &&
    !sameValue(chosen, other)
  );
}

/**
 * Chooses among the facts of one single-valued attribute. What is stale or contradicted has no value, so that nobody
 * acts on it; the fact that was chosen is still told. A stale fact that a fresh one confirms is not stale: the fresh one
 * stands for it. A fresh fact that says something else does not replace a stale one that ranks higher: the question is
 * open then, and a person answers it.
 */
export function choose<T extends FactValue>(facts: readonly Fact[]): Resolved<T> {
  const ranked = [...facts].sort(compareFacts);
  const best = ranked[0];
  if (best === undefined) return unknown();
  const chosen =
    best.stale === true
      ? (ranked.find((fact) => fact.stale !== true && sameValue(fact, best)) ?? best)
      : best;
  const conflict = ranked.some((fact) => contradicts(best, fact));
  const stale = chosen.stale === true;
  return {
    value: conflict || stale ? undefined : (chosen.value as T),
    chosen,
    losers: ranked.filter((fact) => fact !== chosen),
    conflict,
    stale,
  };
}

/** What nobody said anything about. */
export function unknown<T>(): Resolved<T> {
  return { value: undefined, losers: [], conflict: false, stale: false };
}

/** Facts by subject and attribute, sorted: built once a run. */
export class FactIndex {
  readonly #bySubject = new Map<string, Fact[]>();

  constructor(facts: readonly Fact[]) {
    for (const fact of facts) {
      const key = subjectKey(fact.subject);
      const list = this.#bySubject.get(key);
      if (list === undefined) this.#bySubject.set(key, [fact]);
      else list.push(fact);
    }
    for (const [key, list] of this.#bySubject) this.#bySubject.set(key, sortFacts(list));
  }

  /** All facts about a subject: by attribute, the chosen first. */
  about(subject: Fact['subject']): readonly Fact[] {
    return this.#bySubject.get(subjectKey(subject)) ?? [];
  }
}
