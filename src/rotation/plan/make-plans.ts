/** All plans at once. Every dossier is looked at a fixed number of times, so that the work grows with what is known. */

import type { Dossier } from '../dossier.js';
import { codePointOrder } from '../order.js';
import type { Decision } from '../policy/decision.js';
import { makePlan } from './make-plan.js';
import type { Plan, PlanningInput, Portfolio } from './plan.js';
import { planContext } from './plan-context.js';
import { identified } from './plan-ids.js';
import { prerequisitesOf } from './plan-order.js';
import { planningIndex } from './planning-index.js';
import { portfolioOf } from './portfolio.js';
import { unitsOf } from './units.js';

function byUrgency(a: Dossier, b: Dossier): number {
  return (
    b.priority.score - a.priority.score ||
    codePointOrder(b.exposure.lastSeen, a.exposure.lastSeen) ||
    codePointOrder(a.fingerprint, b.fingerprint)
  );
}

function timeOf(text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new TypeError('a plan is made at an RFC 3339 time');
  return time;
}

/** The same input gives the same plans, whatever the order of its dossiers. */
export function makePlans(input: PlanningInput): Portfolio {
  const now = timeOf(input.now);
  const dossiers = [...input.dossiers].sort(byUrgency);
  const index = planningIndex(dossiers, input);
  const units = unitsOf(dossiers, input.decisions);
  const all = identified(units, input.state.plans, index);
  const before = prerequisitesOf(all, input.decisions);
  const plans = all.flatMap(({ unit, id, state }, number): Plan[] => {
    const decision: Decision | undefined = input.decisions.get(unit.lead.fingerprint);
    if (decision === undefined) return [];
    const createdAt = state === undefined ? now : timeOf(state.createdAt);
    const context = planContext({ id, unit, decision, state, now, createdAt }, input, index);
    return [makePlan(context, input, index, before(number))];
  });
  return portfolioOf(plans, dossiers, now);
}
