/**
 * Whether a recorded result is the proof that a step asks for. The tool cannot watch production: it
 * checks that a result is complete, inside its window, not older than what it proves, and from somebody else where
 * nobody should vouch for their own work. What is not accepted is kept with its reason.
 */
import { cronOf, nextRun } from '../derive/consumers/cron.js';
import { consumerKey } from '../plan/merge-consumers.js';
import type { Plan, Step } from '../plan/plan.js';
import { type GateName, gateNames } from '../policy/decision.js';
import { executorsOf } from './approval.js';
import type { People } from './people.js';
import { openNeeds, startOf } from './progress.js';
import type { LogEntry } from './record.js';
import type { PlanState } from './state.js';

/** What somebody says of a gate. Names of steps and gates are checked before. */
export interface GateClaim {
  readonly gate: GateName;
  readonly result: 'pass' | 'fail';
  /** RFC 3339. */
  readonly windowStart: string;
  readonly windowEnd: string;
  readonly value?: string;
  readonly source: string;
  /** Pseudonym. */
  readonly by: string;
}

export interface GateContext {
  readonly plan: Plan;
  readonly recorded: PlanState | undefined;
  readonly people: People;
  /** RFC 3339. */
  readonly now: string;
}

/**
 * Proofs that nobody gives for their own work: the first lets the old value be deleted for good, the second says that one
 * could go back, and the third is somebody else's word.
 */
export const notByExecutor: ReadonlySet<GateName> = new Set<GateName>([
  'old_use_zero',
  'rollback_rehearsed',
  'third_party_confirmed',
]);

export function isGateName(text: string): text is GateName {
  return (gateNames as readonly string[]).includes(text);
}

/** Errors in the claim itself. */
function incompleteness({ windowStart, windowEnd, source }: GateClaim, now: string): string | undefined {
  const [from, to] = [Date.parse(windowStart), Date.parse(windowEnd)];
  if (Number.isNaN(from) || Number.isNaN(to)) return 'its window has no beginning or no end';
  if (source.trim() === '') return 'it does not say where the result comes from';
  if (from > to) return 'its window ends before it begins';
  if (to > Date.parse(now)) return 'its window has not ended yet';
  return undefined;
}

const hourMs = 3_600_000;

/** A soak that is watched for a part of its time has not been watched. */
function isTooShort({ plan }: GateContext, step: Step, claim: GateClaim): string | undefined {
  if (claim.gate !== 'old_use_zero' || claim.result === 'fail' || step.type !== 'soak') return undefined;
  const length = Date.parse(claim.windowEnd) - Date.parse(claim.windowStart);
  const { soakMs } = plan.decision;
  if (length >= soakMs) return undefined;
  return `its window is ${Math.floor(length / hourMs)} h long, the soak ${Math.ceil(soakMs / hourMs)} h`;
}

/** Scheduled consumers that a proof is about: those of its wave, else all. */
function scheduledOf({ plan }: GateContext, step: Step): Plan['blastRadius']['consumers'] {
  const moved = new Set(
    plan.steps.flatMap(({ type, wave, target }) =>
      type === 'update' && (step.wave === undefined || wave === step.wave) ? [target] : [],
    ),
  );
  const { consumers } = plan.blastRadius;
  const own = consumers.filter((consumer) => moved.has(consumerKey(consumer)) && consumer.kind === 'batch');
  return own.length > 0 ? own : consumers.filter(({ kind }) => kind === 'batch');
}

/** Nothing was shown of a job that had no run to finish. */
function lacksRun(context: GateContext, step: Step, claim: GateClaim): string | undefined {
  if (claim.gate !== 'next_run_ok' || claim.result === 'fail') return undefined;
  const to = Date.parse(claim.windowEnd);
  for (const { name, runs, nextRun: stated } of scheduledOf(context, step)) {
    const cron = cronOf(runs);
    // The minute in which the window begins counts as well.
    const from = new Date(Date.parse(claim.windowStart) - 1).toISOString();
    const run = cron === undefined ? stated : nextRun(cron, from);
    if (run === undefined || Date.parse(run) <= to) continue;
    return `no run of ${name} lies in its window: the next one is ${run}`;
  }
  return undefined;
}

/** Why a result is not accepted; undefined when it is. */
export function gateRefusal(context: GateContext, step: Step, claim: GateClaim): string | undefined {
  const { plan, recorded, people, now } = context;
  if (!step.gates.includes(claim.gate)) {
    const asked = step.gates.length === 0 ? 'none' : step.gates.join(', ');
    return `step ${step.id} does not ask for it: it asks for ${asked}`;
  }
  if (recorded?.closedAt !== undefined) return `the plan is closed since ${recorded.closedAt}`;
  const incomplete = incompleteness(claim, now);
  if (incomplete !== undefined) return incomplete;
  const start = startOf(plan, step, recorded);
  if (start === undefined) {
    const open = openNeeds(plan, step).map(({ id }) => id);
    return open.length === 0
      ? 'the plan is not recorded, so nothing was done yet'
      : `there is nothing to prove yet: ${open.join(', ')} must be done before`;
  }
  if (Date.parse(claim.windowStart) < Date.parse(start)) {
    return `its window begins before what it proves was done (${start})`;
  }
  const short = isTooShort(context, step, claim) ?? lacksRun(context, step, claim);
  if (short !== undefined) return short;
  // Whoever reports a failure of their own work is believed.
  const isOwn = executorsOf(recorded, people).has(people.canonical(claim.by));
  if (claim.result === 'pass' && notByExecutor.has(claim.gate) && isOwn) {
    return 'it comes from somebody who carried out a step of the plan, and must come from somebody else';
  }
  return undefined;
}

/** Types of steps that have to be done again when soaking shows that somebody still uses the old value. */
const beforeSoak: ReadonlySet<Step['type']> = new Set<Step['type']>([
  'update',
  'verify-new',
  'overlap',
  'disable-old',
]);

export interface GateOutcome {
  readonly accepted: boolean;
  readonly refusal?: string;
  /** To record in the name of whoever says so. */
  readonly entries: readonly LogEntry[];
  /** To record after it as the tool's own: what the plan's rules make of it. */
  readonly consequences: readonly LogEntry[];
  /** What people must know now: how to go back, whom to ask. */
  readonly advice: readonly string[];
}

function stepEntry({ plan }: GateContext, step: Step, state: 'failed' | 'todo', reason: string): LogEntry {
  return {
    action: 'step',
    subject: plan.fingerprint,
    plan: plan.id,
    step: step.id,
    data: { state, revision: plan.revision, reason },
  };
}

/** What follows from a failed proof: the step failed, later ones wait, and a soak sends the plan back to its updates. */
function failure(
  context: GateContext,
  step: Step,
  claim: GateClaim,
): Pick<GateOutcome, 'consequences' | 'advice'> {
  const { plan, recorded } = context;
  const consequences: LogEntry[] = [stepEntry(context, step, 'failed', `gate ${claim.gate} failed`)];
  const advice: string[] = [];
  if (claim.gate === 'old_use_zero') {
    const again = plan.steps.filter(
      ({ id, type }) => beforeSoak.has(type) && recorded?.steps.get(id) !== undefined,
    );
    const reason = 'the old value is still in use';
    consequences.push(...again.map((one) => stepEntry(context, one, 'todo', reason)));
    const disabled = again.find(({ type }) => type === 'disable-old');
    if (disabled?.rollback !== undefined) advice.push(`Go back: ${disabled.rollback}`);
    advice.push(
      'MISSED_CONSUMER: who used the old value in that window? Add them to the inventory, then update them.',
      `The plan is back at update: ${again.map(({ id }) => id).join(', ') || 'no step was done'}.`,
    );
    return { consequences, advice };
  }
  advice.push(
    step.rollback === undefined ? rollbackOfNeeds(plan, step) : `Go back: ${step.rollback}`,
    `Later steps wait until ${step.id} is done.`,
  );
  return { consequences, advice };
}

/** A proof itself has nothing to take back: what it was to prove has. */
function rollbackOfNeeds({ steps }: Plan, step: Step): string {
  const needs = new Set(step.needs);
  const ways = steps.flatMap(({ id, rollback }) =>
    needs.has(id) && rollback !== undefined ? [`${id}: ${rollback}`] : [],
  );
  return ways.length === 0
    ? 'Go back: the plan names no way for this step; decide with its owner.'
    : `Go back: ${ways.join('; ')}`;
}

/** What to record of a claim, and what to tell. */
export function judgeGate(context: GateContext, step: Step, claim: GateClaim): GateOutcome {
  const { plan } = context;
  const refusal = gateRefusal(context, step, claim);
  const { gate, result, windowStart, windowEnd, value, source } = claim;
  const entry: LogEntry = {
    action: 'gate',
    subject: plan.fingerprint,
    plan: plan.id,
    step: step.id,
    data: {
      gate,
      result,
      windowStart,
      windowEnd,
      ...(value !== undefined && { value }),
      source,
      accepted: refusal === undefined,
      ...(refusal !== undefined && { refusal }),
    },
  };
  const recordable = { entries: [entry], consequences: [], advice: [] };
  if (refusal !== undefined) return { accepted: false, refusal, ...recordable };
  if (result === 'pass') return { accepted: true, ...recordable };
  return { accepted: true, entries: [entry], ...failure(context, step, claim) };
}
