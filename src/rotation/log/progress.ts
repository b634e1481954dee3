/** How far the recorded work on a plan has come: what is done, what waits, what a failure holds up. */
import type { Plan, Step } from '../plan/plan.js';
import type { GateName } from '../policy/decision.js';
import type { GateRecord, PlanState, StepRecord } from './state.js';

type Steps = Pick<Plan, 'steps'>;

/** True for a step that nothing waits for any more. */
export function isOver(record: StepRecord | undefined): boolean {
  return record?.state === 'done' || record?.state === 'skipped';
}

/** Steps that this one needs and that are not over, in the order of the plan. */
export function openNeeds({ steps }: Steps, step: Step, recorded: PlanState | undefined): readonly Step[] {
  const needs = new Set(step.needs);
  return steps.filter(({ id }) => needs.has(id) && !isOver(recorded?.steps.get(id)));
}

/**
 * Since when a step can prove anything, RFC 3339: what it needs is over, and its own failure is past. The creation of the
 * plan for one that needs nothing; undefined while something it needs is open.
 */
export function startOf(plan: Steps, step: Step, recorded: PlanState | undefined): string | undefined {
  if (recorded === undefined || openNeeds(plan, step, recorded).length > 0) return undefined;
  let start = recorded.createdAt;
  const raise = (at: string | undefined): void => {
    if (at !== undefined && Date.parse(at) > Date.parse(start)) start = at;
  };
  for (const id of step.needs) raise(recorded.steps.get(id)?.at);
  const own = recorded.steps.get(step.id);
  if (own?.state === 'failed') raise(own.at);
  // A pass heals a failure only when it was seen after it.
  for (const { step: id, accepted, result, windowEnd } of recorded.gates) {
    if (id === step.id && accepted && result === 'fail') raise(windowEnd);
  }
  return start;
}

/** The last accepted result of a gate of a step. */
export function lastResult(
  recorded: PlanState | undefined,
  step: string,
  gate: GateName,
): GateRecord | undefined {
  return recorded?.gates.findLast(
    (record) => record.accepted && record.step === step && record.gate === gate,
  );
}

/** Gates of a step that still need a pass: none recorded, failed, or older than what the step has to prove. */
export function openGates(plan: Steps, step: Step, recorded: PlanState | undefined): readonly GateName[] {
  const start = startOf(plan, step, recorded);
  return step.gates.filter((gate) => {
    const last = lastResult(recorded, step.id, gate);
    if (last?.result !== 'pass' || start === undefined) return true;
    return Date.parse(last.windowStart) < Date.parse(start);
  });
}

/** Ids of steps that a failed one holds up: all that need it, directly or not, and are not over. */
export function frozenSteps({ steps }: Steps, recorded: PlanState | undefined): ReadonlySet<string> {
  const frozen = new Set<string>();
  if (recorded === undefined) return frozen;
  const dependents = new Map<string, string[]>();
  for (const { id, needs } of steps) {
    for (const need of needs) dependents.set(need, [...(dependents.get(need) ?? []), id]);
  }
  const visit = steps.flatMap(({ id }) => (recorded.steps.get(id)?.state === 'failed' ? [id] : []));
  for (let id = visit.pop(); id !== undefined; id = visit.pop()) {
    for (const dependent of dependents.get(id) ?? []) {
      if (frozen.has(dependent) || isOver(recorded.steps.get(dependent))) continue;
      frozen.add(dependent);
      visit.push(dependent);
    }
  }
  return frozen;
}

/** The use of the old value that soaking showed, while nobody has shown since that there is none (rotation.md §10.2). */
export function missedConsumer(recorded: PlanState | undefined): GateRecord | undefined {
  const last = recorded?.gates.findLast(({ gate, accepted }) => accepted && gate === 'old_use_zero');
  return last?.result === 'fail' ? last : undefined;
}
