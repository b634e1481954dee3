/** Where each step stands, by what the log has of it. */
import type { GateRecord, PlanState } from '../log/state.js';
import type { GateName } from '../policy/decision.js';
import type { Step } from './plan.js';
import type { PlannedStep } from './step-draft.js';

/** The latest accepted result of each gate of each step. */
function latestGates(state: PlanState): ReadonlyMap<string, ReadonlyMap<GateName, GateRecord>> {
  const bySteps = new Map<string, Map<GateName, GateRecord>>();
  for (const record of state.gates) {
    if (!record.accepted) continue;
    const known = bySteps.get(record.step) ?? new Map<GateName, GateRecord>();
    bySteps.set(record.step, known.set(record.gate, record));
  }
  return bySteps;
}

const noGates: ReadonlyMap<GateName, GateRecord> = new Map();

function recordedStep(
  step: PlannedStep,
  state: PlanState,
  gates: ReadonlyMap<GateName, GateRecord>,
): Pick<Step, 'state' | 'record'> {
  const failed = step.gates.map((gate) => gates.get(gate)).find((record) => record?.result === 'fail');
  if (failed !== undefined) {
    return {
      state: 'failed',
      record: { by: failed.by, at: failed.at, reason: `gate ${failed.gate} failed` },
    };
  }
  const recorded = state.steps.get(step.id);
  if (recorded !== undefined) {
    const { by, at, reason } = recorded;
    return { state: recorded.state, record: { by, at, ...(reason === undefined ? {} : { reason }) } };
  }
  const passed = step.gates.flatMap((gate) => gates.get(gate) ?? []);
  const last = passed.at(-1);
  // A proof is done when all its gates have passed; nobody needs to say so again.
  return step.type === 'verify-new' && last !== undefined && passed.length === step.gates.length
    ? { state: 'done', record: { by: last.by, at: last.at } }
    : { state: 'todo' };
}

/** A copy that was seen again after its purge was done was not purged. */
function isSeenAgain({ copies = [] }: PlannedStep, doneAt: string | undefined): boolean {
  if (doneAt === undefined) return false;
  const time = Date.parse(doneAt);
  return copies.some(
    ({ presence, location }) =>
      (presence === 'head' || presence === 'present') && Date.parse(location.lastSeen) > time,
  );
}

/** Steps with their states. Behind a failed one nothing goes on but the way back. */
export function withStates(steps: readonly PlannedStep[], state: PlanState | undefined): readonly Step[] {
  if (state === undefined) return steps;
  const gates = latestGates(state);
  let isFrozen = false;
  return steps.map((step): Step => {
    const found = recordedStep(step, state, gates.get(step.id) ?? noGates);
    if (isFrozen && step.type !== 'rollback' && (found.state === 'todo' || found.state === 'doing')) {
      return { ...step, ...found, state: 'frozen' };
    }
    if (found.state === 'failed') isFrozen = true;
    if (found.state === 'done' && isSeenAgain(step, found.record?.at)) {
      return {
        ...step,
        state: 'todo',
        record: { by: 'sprawl', at: state.createdAt, reason: 'a later scan saw it again' },
      };
    }
    return { ...step, ...found };
  });
}

/** True when the old value was seen in use during the soak, and nothing later says otherwise. */
export function isOldValueUsed(state: PlanState): boolean {
  const gate = state.gates.findLast(({ step, accepted }) => step === 'soak' && accepted);
  return gate?.result === 'fail' || (gate === undefined && state.steps.get('soak')?.state === 'failed');
}

/** A soak that saw the old value in use. */
export function missedConsumer(steps: readonly Step[]): Step | undefined {
  return steps.find(({ type, state }) => type === 'soak' && state === 'failed');
}
