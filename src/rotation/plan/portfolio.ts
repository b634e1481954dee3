/** All plans together: restarts that several share, what waits for which answer, what ends when. */
import { timeOf } from '../derive/sighting-dates.js';
import type { Question } from '../dossier.js';
import { codePointOrder } from '../order.js';
import { isoWeek } from './calendar.js';
import type { DatedSecret } from './light-plan.js';
import type { MergedUpdate, Plan, Portfolio, PortfolioPlan } from './plan.js';

function isInWork({ status, decision }: PortfolioPlan): boolean {
  return status !== 'closed' && decision.strategy !== 'none';
}

function mergedUpdates(plans: readonly PortfolioPlan[]): MergedUpdate[] {
  const byRestart = new Map<
    string,
    { consumer: string; wave: number; steps: { plan: string; step: string }[] }
  >();
  for (const plan of plans.filter(isInWork)) {
    for (const { id, type, target, wave } of plan.steps) {
      if (type !== 'update' || target === undefined || wave === undefined) continue;
      const key = `${target}\0${wave}`;
      const known = byRestart.get(key);
      const step = { plan: plan.id, step: id };
      if (known === undefined) byRestart.set(key, { consumer: target, wave, steps: [step] });
      else known.steps.push(step);
    }
  }
  return [...byRestart.values()]
    .filter(({ steps }) => steps.length > 1)
    .map(({ consumer, wave, steps }) => ({
      consumer,
      wave,
      steps: steps.sort((a, b) => codePointOrder(a.plan, b.plan) || codePointOrder(a.step, b.step)),
    }))
    .sort((a, b) => codePointOrder(a.consumer, b.consumer) || a.wave - b.wave);
}

/** A plan says in its update that others share the restart. Done again with more plans, it counts anew. */
function withMerged(plans: readonly Plan[], merged: readonly MergedUpdate[]): Plan[] {
  const shared = new Map<string, number>();
  for (const { steps } of merged) {
    for (const { plan, step } of steps) shared.set(`${plan} ${step}`, steps.length - 1);
  }
  return plans.map((plan) => {
    const isTouched = plan.steps.some(({ id, sharedWith }) => sharedWith !== shared.get(`${plan.id} ${id}`));
    if (!isTouched) return plan;
    const steps = plan.steps.map((whole) => {
      const others = shared.get(`${plan.id} ${whole.id}`);
      if (whole.sharedWith === others) return whole;
      const { sharedWith: _before, ...step } = whole;
      return others === undefined ? step : { ...step, sharedWith: others };
    });
    return { ...plan, steps };
  });
}

/** Questions that stand in the way, each with the plans that wait for its answer. */
function blockedGroups(plans: readonly PortfolioPlan[]): Portfolio['blocked'] {
  const groups = new Map<string, { question: Question; plans: string[]; freed: number }>();
  for (const plan of plans) {
    if (plan.status !== 'blocked') continue;
    for (const question of plan.questions) {
      if (!plan.blockedBy.includes(question.code)) continue;
      const key = `${question.code}\0${question.text}\0${question.to ?? ''}`;
      const known = groups.get(key) ?? { question, plans: [], freed: 0 };
      groups.set(key, known);
      known.plans.push(plan.id);
      if (plan.blockedBy.length === 1) known.freed++;
    }
  }
  return [...groups]
    .sort(
      ([keyA, a], [keyB, b]) =>
        b.freed - a.freed || b.plans.length - a.plans.length || codePointOrder(keyA, keyB),
    )
    .map(([, { question, plans: waiting }]) => ({ question, plans: waiting }));
}

function expiriesOf(dossiers: readonly DatedSecret[], now: number): Portfolio['expiries'] {
  const weeks = new Map<string, { fingerprint: string; expiresAt: string }[]>();
  for (const { fingerprint, expiresAt, liveness, publishable } of dossiers) {
    const time = timeOf(expiresAt.value);
    if (time === undefined || time <= now || liveness.value === 'dead' || publishable) continue;
    const week = isoWeek(time);
    const entry = { fingerprint, expiresAt: expiresAt.value ?? '' };
    const known = weeks.get(week);
    if (known === undefined) weeks.set(week, [entry]);
    else known.push(entry);
  }
  return [...weeks]
    .sort(([a], [b]) => codePointOrder(a, b))
    .map(([week, secrets]) => ({
      week,
      secrets: secrets.sort(
        (a, b) => codePointOrder(a.expiresAt, b.expiresAt) || codePointOrder(a.fingerprint, b.fingerprint),
      ),
    }));
}

/** @param plans by priority */
export function overviewOf<P extends PortfolioPlan>(
  plans: readonly P[],
  dossiers: readonly DatedSecret[],
  now: number,
): Portfolio<P> {
  const merged = mergedUpdates(plans);
  return { plans, merged, blocked: blockedGroups(plans), expiries: expiriesOf(dossiers, now) };
}

/** The same with plans that say which of their restarts others share. @param plans by priority */
export function portfolioOf(
  plans: readonly Plan[],
  dossiers: readonly DatedSecret[],
  now: number,
): Portfolio {
  const overview = overviewOf(plans, dossiers, now);
  return { ...overview, plans: withMerged(plans, overview.merged) };
}

/**
 * The first plans by priority that can be worked on now: ready or waiting only for an approval, with all plans that come
 * before them closed or among the chosen.
 */
export function capacity<P extends PortfolioPlan>({ plans }: Portfolio<P>, count: number): P[] {
  const open = new Set(plans.filter(isInWork).map(({ id }) => id));
  const chosen = new Set<string>();
  const result: P[] = [];
  for (const plan of plans) {
    if (result.length >= count) break;
    const isPossible = isInWork(plan) && plan.status !== 'blocked';
    if (!isPossible || plan.prerequisites.some((id) => open.has(id) && !chosen.has(id))) continue;
    chosen.add(plan.id);
    result.push(plan);
  }
  return result;
}
