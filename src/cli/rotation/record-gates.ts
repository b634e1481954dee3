/** Gate results from a file (rotation.md §5.7): each is judged like one that was recorded by hand. */

import { ProblemError } from '../../model/problem.js';
import type { GateResult } from '../../rotation/imports.js';
import { type GateClaim, isGateName, judgeGate } from '../../rotation/log/accept-gate.js';
import { foldLog } from '../../rotation/log/fold.js';
import type { LogState, PlanState } from '../../rotation/log/state.js';
import { findStep } from '../../rotation/log/step-rules.js';
import type { Context } from '../context.js';
import type { Session } from '../session.js';
import { findPlan } from './find-plan.js';
import { rememberNames } from './people.js';
import { appendBatches, itself, recordTime } from './record.js';
import { planEntries } from './record-plans.js';
import { recordedText } from './recorded-text.js';
import type { Rotation } from './rotation.js';
import { type RotationFlags, rotationOptions } from './rotation-flags.js';

export interface RecordedGates {
  readonly accepted: number;
  /** Recorded before: the same result of the same window. */
  readonly known: number;
  /** One line each, for people: which result, and why it was not accepted. */
  readonly refused: readonly string[];
}

function isKnown(recorded: PlanState | undefined, step: string, claim: GateClaim): boolean {
  return (
    recorded?.gates.some(
      (record) =>
        record.step === step &&
        record.gate === claim.gate &&
        record.result === claim.result &&
        record.by === claim.by &&
        Date.parse(record.windowStart) === Date.parse(claim.windowStart) &&
        Date.parse(record.windowEnd) === Date.parse(claim.windowEnd),
    ) === true
  );
}

type Result = 'accepted' | 'known' | { readonly refused: string };

/** One result against the plan as it is after all results before it. */
async function recordOne(
  context: Context,
  session: Session,
  rotation: Rotation,
  flags: RotationFlags,
  result: GateResult,
): Promise<{ readonly result: Result; readonly state: LogState }> {
  const { people, imports, policy, state, now, log } = rotation;
  const name = `${result.plan} ${result.step} ${result.gate}`;
  const refused = (why: string) => ({ result: { refused: `${name}: ${why}` }, state });
  if (!isGateName(result.gate)) return refused('there is no such gate');
  const found = await findPlan(rotation, result.plan).catch((error: unknown) => {
    if (error instanceof ProblemError) return undefined;
    throw error;
  });
  if (found === undefined) return refused('there is no such plan');
  const { plan } = found;
  const step = findStep(plan, result.step);
  if (step === undefined) return refused('the plan has no such step');
  const who = { people, parties: imports.parties };
  const text = (field: string, value: string): Promise<string> =>
    recordedText(context, session, who, field, value);
  const claim: GateClaim = {
    gate: result.gate,
    result: result.result,
    windowStart: result.windowStart,
    windowEnd: result.windowEnd,
    source: await text('source', result.source),
    by: people.pseudonymOf(result.by),
    ...(result.value !== undefined && { value: await text('value', result.value) }),
  };
  const recorded = state.plans.get(plan.id);
  if (isKnown(recorded, step.id, claim)) return { result: 'known', state };
  const judged = judgeGate({ plan, recorded, people, now }, step, claim);
  const time = recordTime(context, flags.now);
  const records = await appendBatches(
    context,
    log,
    [
      { actor: itself, entries: planEntries([plan], state, policy) },
      { actor: claim.by, entries: judged.entries },
      { actor: itself, entries: judged.consequences },
    ],
    time,
    state.head,
  );
  await rememberNames(session, people, [result.by], time.at);
  const next = foldLog(records, state);
  return judged.refusal === undefined
    ? { result: 'accepted', state: next }
    : { result: { refused: `${name}: ${judged.refusal}` }, state: next };
}

/** The session must be open for writing. */
export async function recordGates(
  context: Context,
  session: Session,
  results: readonly GateResult[],
  flags: RotationFlags = {},
): Promise<RecordedGates> {
  let accepted = 0;
  let known = 0;
  const refused: string[] = [];
  if (results.length === 0) return { accepted, known, refused };
  const opened = await context.services.rotation(context, session, {
    ...rotationOptions(flags),
    log: 'append',
  });
  try {
    let { state } = opened;
    for (const result of results) {
      const rotation = withState(opened, state);
      const recorded = await recordOne(context, session, rotation, flags, result);
      ({ state } = recorded);
      if (recorded.result === 'accepted') accepted++;
      else if (recorded.result === 'known') known++;
      else refused.push(recorded.result.refused);
    }
    return { accepted, known, refused };
  } finally {
    opened.close();
  }
}

/** The same, with what was recorded since. */
function withState(rotation: Rotation, state: LogState): Rotation {
  return {
    ...rotation,
    state,
    look: async function* look(wanted) {
      for await (const { dossiers, input } of rotation.look(wanted)) {
        yield { dossiers, input: { ...input, state } };
      }
    },
  };
}
