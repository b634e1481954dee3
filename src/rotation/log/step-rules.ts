/** When a step may be recorded as begun, done, failed or skipped. */
import type { ApprovalStatus, Plan, Step, StepType } from '../plan/plan.js';
import { nextAllowed } from '../policy/windows.js';
import { openGates, openNeeds } from './progress.js';
import type { LogEntry } from './record.js';
import type { PlanState } from './state.js';

function timeText(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}

export const recordableStates = ['doing', 'done', 'failed', 'skipped'] as const;
export type RecordableState = (typeof recordableStates)[number];

export interface StepClaim {
  readonly state: RecordableState;
  readonly reason?: string;
  /** Against the order of the plan; needs a reason. */
  readonly force: boolean;
}

export interface StepContext {
  readonly plan: Plan;
  readonly recorded: PlanState | undefined;
  /** RFC 3339. */
  readonly now: string;
}

/** The step that a number or an id means. */
export function findStep({ steps }: Plan, text: string): Step | undefined {
  return steps.find(({ id }) => id === text) ?? steps.find(({ number }) => String(number) === text);
}

/** Steps that change nothing: they need neither approval nor a plan that is ready. */
const harmless: ReadonlySet<StepType> = new Set<StepType>(['assign', 'preserve', 'notify']);

function unmet(approvals: readonly ApprovalStatus[]): readonly ApprovalStatus[] {
  return approvals.filter(({ isMet, afterTheFactUntil }) => !isMet && afterTheFactUntil === undefined);
}

/** Steps that change what is valid or what uses it: only within the working windows of the policy. */
const changes: ReadonlySet<StepType> = new Set<StepType>([
  'free-slot',
  'update',
  'switch',
  'disable-old',
  'revoke-old',
  'children',
]);

/** What began within a window may be recorded as done after it; containment waits for none. */
function windowFault({ plan, now }: StepContext, step: Step): string | undefined {
  const { strategy, windows, freezes } = plan.decision;
  if (!changes.has(step.type) || strategy === 'emergency' || step.state === 'doing') return undefined;
  if (windows.length === 0) return undefined;
  const time = Date.parse(now);
  const open = nextAllowed(time, windows, []);
  if (open !== undefined && open <= time) return undefined;
  const next = nextAllowed(time, windows, freezes);
  const when = next === undefined ? 'they have no time in common' : `next from ${timeText(next)}`;
  return `policy allows changes only within ${windows.join(' and ')}: ${when}`;
}

/** What `--force` with a reason gets over. */
function orderFaults(context: StepContext, step: Step, state: RecordableState): string[] {
  const { plan, now } = context;
  const faults: string[] = [];
  const open = openNeeds(plan, step);
  if (open.length > 0) faults.push(`it needs ${open.map(({ id }) => id).join(', ')} first`);
  if (step.state === 'frozen') faults.push('it is frozen: a step before it failed');
  if (!harmless.has(step.type)) {
    if (plan.blockedBy.length > 0) faults.push(`the plan is blocked (${plan.blockedBy.join(', ')})`);
    const missing = unmet(plan.approvals).map(({ role }) => role);
    if (missing.length > 0) faults.push(`the plan lacks approval by ${missing.join(', ')}`);
  }
  const outside = windowFault(context, step);
  if (outside !== undefined) faults.push(outside);
  const isWait = step.type === 'overlap' || step.type === 'soak';
  if (state === 'done' && isWait && step.due !== undefined && Date.parse(step.due) > Date.parse(now)) {
    const begun = step.state === 'doing' ? '' : '; record when it begins (doing)';
    faults.push(`it lasts until ${step.due}${begun}`);
  }
  return faults;
}

/** Why something is not recorded; undefined when it is. */
export function stepRefusal(context: StepContext, step: Step, claim: StepClaim): string | undefined {
  const { plan, recorded } = context;
  const { state, reason, force } = claim;
  const hasReason = reason !== undefined && reason.trim() !== '';
  if (recorded?.closedAt !== undefined) return `plan ${plan.id} is closed since ${recorded.closedAt}`;
  if (step.type === 'close') return 'a plan is closed with "plan close", which looks at the evidence';
  if ((state === 'failed' || state === 'skipped') && !hasReason) return `${state} needs a --reason`;
  if (state === 'failed' || state === 'skipped') return undefined;
  const faults = orderFaults(context, step, state);
  if (faults.length > 0 && !force) return faults.join('; ');
  if (faults.length > 0 && !hasReason) return '--force needs a --reason';
  const gates = state === 'done' ? openGates(plan, step, recorded) : [];
  if (gates.length > 0) {
    return `it has gates that have not passed: ${gates.join(', ')}; record them with "plan gate", or skip the step with a reason`;
  }
  return undefined;
}

export function stepEntry(
  plan: Plan,
  step: Step,
  { state, reason }: Pick<StepClaim, 'state' | 'reason'>,
  successor?: string,
): LogEntry {
  return {
    action: 'step',
    subject: plan.fingerprint,
    plan: plan.id,
    step: step.id,
    data: {
      state,
      revision: plan.revision,
      ...(reason !== undefined && { reason }),
      ...(successor !== undefined && { successor }),
    },
  };
}

export interface SuccessorFault {
  readonly code: 'NOT_ROTATED' | 'REUSED_VALUE';
  readonly text: string;
}

/**
 * What is wrong with a new value, by its fingerprints.
 *
 * @param known secrets of the database that one of them belongs to
 * @param used fingerprints of new values of other plans
 */
export function successorFault(
  plan: Pick<Plan, 'fingerprint' | 'others'>,
  fingerprints: readonly string[],
  known: readonly string[],
  used: ReadonlySet<string>,
): SuccessorFault | undefined {
  const replaced = new Set([plan.fingerprint, ...plan.others]);
  if ([...known, ...fingerprints].some((fingerprint) => replaced.has(fingerprint))) {
    return { code: 'NOT_ROTATED', text: 'the new value is the old one' };
  }
  const [other] = known;
  if (other !== undefined) {
    return { code: 'REUSED_VALUE', text: `the new value is another known secret (${other.slice(0, 12)})` };
  }
  if (fingerprints.some((fingerprint) => used.has(fingerprint))) {
    return { code: 'REUSED_VALUE', text: 'the new value is that of another plan already' };
  }
  return undefined;
}
