/** How far the work on a plan has come: what is done, what waits, what still has to be proven. */
import type { Plan, Step } from '../plan/plan.js';
import type { GateName } from '../policy/decision.js';
import type { GateRecord, PlanState } from './state.js';

type Steps = Pick<Plan, 'steps'>;

/** True for a step that nothing waits for any more. */
export function isOver({ state }: Step): boolean {
  return state === 'done' || state === 'skipped';
}

/** Steps that this one needs and that are not over, in the order of the plan. */
export function openNeeds({ steps }: Steps, { needs }: Step): readonly Step[] {
  const needed = new Set(needs);
  return steps.filter((step) => needed.has(step.id) && !isOver(step));
}

/**
 * Since when a step can prove anything, RFC 3339: what it needs is over, and its own failure is past. The creation of the
 * plan for one that needs nothing; undefined while something it needs is open.
 */
export function startOf(plan: Steps, step: Step, recorded: PlanState | undefined): string | undefined {
  if (recorded === undefined || openNeeds(plan, step).length > 0) return undefined;
  let start = recorded.createdAt;
  const raise = (at: string | undefined): void => {
    if (at !== undefined && Date.parse(at) > Date.parse(start)) start = at;
  };
  const needs = new Set(step.needs);
  for (const { id, record } of plan.steps) if (needs.has(id)) raise(record?.at);
  const own = recorded.steps.get(step.id);
  if (own?.state === 'failed') raise(own.at);
  // A pass heals a failure only when it was seen after it.
  for (const { step: id, accepted, result, windowEnd } of recorded.gates) {
    if (id === step.id && accepted && result === 'fail') raise(windowEnd);
  }
  return start;
}

/** The last accepted result of a gate of a step. */
function lastResult(recorded: PlanState | undefined, step: string, gate: GateName): GateRecord | undefined {
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
