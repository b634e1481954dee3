/** Which plans come before others: what was made with a secret waits for it, unless it would outlive it. */
import type { Question } from '../dossier.js';
import { adjacencyOf } from '../graph/adjacency.js';
import { componentsOf } from '../graph/components.js';
import { sortedSet } from '../order.js';
import type { Decision } from '../policy/decision.js';
import { harmless } from './phases.js';
import type { Identified } from './plan-ids.js';

export interface Prerequisites {
  readonly ids: readonly string[];
  readonly questions: readonly Question[];
}

const none: Prerequisites = { ids: [], questions: [] };

function memberOf(plans: readonly Identified[]): ReadonlyMap<string, number> {
  return new Map(
    plans.flatMap(({ unit }, number) =>
      [unit.lead, ...unit.others].map(({ fingerprint }) => [fingerprint, number] as const),
    ),
  );
}

/** Numbers of the plans of what made a plan's secrets, with how. */
function* parentsOf(
  { unit }: Identified,
  numberOf: ReadonlyMap<string, number>,
): Generator<{ readonly relation: string; readonly parent: number }> {
  for (const { relations } of [unit.lead, ...unit.others]) {
    for (const { relation, direction, to } of relations) {
      const parent = numberOf.get(to);
      if (direction === 'to' && parent !== undefined) yield { relation, parent };
    }
  }
}

/** Pairs of plan numbers: the second must be done before the first. */
function pairsOf(
  plans: readonly Identified[],
  isOpen: (plan: Identified) => boolean,
): (readonly [number, number])[] {
  const numberOf = memberOf(plans);
  const pairs: (readonly [number, number])[] = [];
  for (const [child, plan] of plans.entries()) {
    if (!isOpen(plan)) continue;
    for (const { relation, parent } of parentsOf(plan, numberOf)) {
      const before = plans[parent];
      if (before === undefined || before === plan || !isOpen(before)) continue;
      if (relation === 'mints' && outlives(plan, before)) pairs.push([parent, child]);
      else if (relation === 'signs' || relation === 'mints') pairs.push([child, parent]);
    }
  }
  return pairs;
}

/** It does not end by itself, and the provider does not end it with what made it. */
function outlives(child: Identified, parent: Identified): boolean {
  return child.unit.lead.class.value === 'static' && !parent.unit.lead.provider.cascade;
}

/** By number of the plan. Plans that would wait for each other wait for none of them. */
export function prerequisitesOf(
  plans: readonly Identified[],
  decisions: ReadonlyMap<string, Decision>,
): (number: number) => Prerequisites {
  const isOpen = ({ unit, state }: Identified): boolean => {
    const decision = decisions.get(unit.lead.fingerprint);
    return decision !== undefined && !harmless.has(decision.strategy) && state?.closedAt === undefined;
  };
  const pairs = pairsOf(plans, isOpen);
  const { of } = componentsOf(adjacencyOf(plans.length, pairs.flat()));
  const before = new Map<number, Set<number>>();
  for (const [plan, first] of pairs) {
    if (of[plan] === of[first]) continue;
    const known = before.get(plan) ?? new Set();
    before.set(plan, known.add(first));
  }
  return (number) => {
    const numbers = before.get(number);
    if (numbers === undefined) return none;
    const ids = sortedSet([...numbers].flatMap((at) => plans[at]?.id ?? []));
    return {
      ids,
      questions: [{ code: 'PARENT_FIRST', text: `when is plan ${ids.join(', ')} done?` }],
    };
  };
}
