/** `sprawl plan step`: work on a step was begun, done, failed or left out. */
import { parseFingerprint } from '../../../model/ids.js';
import { ProblemError } from '../../../model/problem.js';
import {
  findStep,
  type RecordableState,
  recordableStates,
  stepEntry,
  stepRefusal,
  successorFault,
} from '../../../rotation/log/step-rules.js';
import type { Plan, Step } from '../../../rotation/plan/plan.js';
import type { Context } from '../../context.js';
import { readSecret } from '../../secret-input.js';
import { findPlan } from '../find-plan.js';
import { planEntries } from '../record-plans.js';
import { type Recording, withRecording } from '../recording.js';
import type { RecordingFlags } from '../recording-flags.js';
import { tellOutcome } from './tell.js';

export interface StepFlags extends RecordingFlags {
  readonly reason?: string;
  readonly force?: boolean;
  readonly successor?: string;
}

export function stepOf(plan: Plan, text: string): Step {
  const step = findStep(plan, text);
  if (step !== undefined) return step;
  const ids = plan.steps.map(({ id, number }) => `${number} ${id}`).join(', ');
  throw new ProblemError({
    code: 'not-found',
    message: `Plan ${plan.id} has no such step.`,
    hint: ids === '' ? 'It has no steps.' : `Its steps: ${ids}.`,
  });
}

function stateOf(text: string): RecordableState {
  const state = recordableStates.find((one) => one === text);
  if (state !== undefined) return state;
  throw new ProblemError({
    code: 'usage',
    message: `A step is recorded as one of ${recordableStates.join(', ')}.`,
  });
}

/** Fingerprints of a new value, its own first; of the value on stdin all forms. */
async function fingerprintsOf(
  { context, session }: Recording,
  successor: string,
): Promise<readonly string[]> {
  if (successor === '-') {
    const value = await readSecret(context.io);
    const forms = await context.services.formsOf(value.reveal(), session.keys);
    return forms.map(({ fingerprint }) => fingerprint);
  }
  if (/^[0-9a-f]{64}$/i.test(successor)) return [successor.toLowerCase()];
  throw new ProblemError({
    code: 'usage',
    message: '--successor takes a whole fingerprint (64 hex digits), or "-" for the value on stdin.',
    hint: 'Where the value is: ... | sprawl fingerprint -',
  });
}

interface Successor {
  readonly fingerprint: string;
  /** `NOT_ROTATED: ...`; undefined when nothing is wrong with it. */
  readonly fault?: string;
}

async function successorOf(
  recording: Recording,
  plan: Plan,
  step: Step,
  state: RecordableState,
  given: string | undefined,
): Promise<Successor | undefined> {
  if (given === undefined) return undefined;
  if (step.type !== 'issue' || state !== 'done') {
    throw new ProblemError({ code: 'usage', message: '--successor belongs to "issue done".' });
  }
  const fingerprints = await fingerprintsOf(recording, given);
  const { store } = recording.session;
  const known = await store.findByFingerprints(fingerprints.map(parseFingerprint));
  const used = new Set<string>();
  for (const { plan: id, steps } of recording.rotation.state.plans.values()) {
    if (id === plan.id) continue;
    for (const { successor } of steps.values()) if (successor !== undefined) used.add(successor);
  }
  const fault = successorFault(plan, fingerprints, known, used);
  return {
    fingerprint: fingerprints[0] ?? '',
    ...(fault !== undefined && { fault: `${fault.code}: ${fault.text}` }),
  };
}

export async function runStep(
  context: Context,
  flags: StepFlags,
  text: string,
  stepText: string,
  stateText: string,
): Promise<number> {
  const state = stateOf(stateText);
  return withRecording(context, flags, async (recording) => {
    const { session, rotation, actor } = recording;
    const { people, policy } = rotation;
    const { plan } = await findPlan(rotation, text);
    const step = stepOf(plan, stepText);
    const recorded = rotation.state.plans.get(plan.id);
    const reason = flags.reason === undefined ? undefined : await recording.text('--reason', flags.reason);
    const claim = { state, force: flags.force === true, ...(reason !== undefined && { reason }) };
    const refusal = stepRefusal({ plan, recorded, now: rotation.now }, step, claim);
    if (refusal !== undefined) {
      const refusals = [`step ${step.id}: ${refusal}`];
      return tellOutcome(context, session, people, { lines: [], records: [], refusals });
    }
    const successor = await successorOf(recording, plan, step, state, flags.successor);
    const before = { actor: 'sprawl', entries: planEntries([plan], rotation.state, policy) };
    if (successor?.fault !== undefined) {
      const failed = stepEntry(plan, step, { state: 'failed', reason: successor.fault });
      const records = await recording.appendAll([before, { actor, entries: [failed] }]);
      return tellOutcome(context, session, people, { lines: [], records, refusals: [successor.fault] });
    }
    const entry = stepEntry(plan, step, claim, successor?.fingerprint);
    const records = await recording.appendAll([before, { actor, entries: [entry] }]);
    const note = successor === undefined ? '' : `; new value ${successor.fingerprint.slice(0, 12)}`;
    const lines = [`plan ${plan.id} step ${step.number} ${step.id}: ${state}${note}`];
    if (state === 'failed')
      lines.push(step.rollback === undefined ? 'no way back is named' : `Go back: ${step.rollback}`);
    return tellOutcome(context, session, people, { lines, records });
  });
}
