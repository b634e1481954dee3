/** `sprawl plan gate`: a proof, checked before it counts. What does not count is kept with its reason. */
import { ProblemError } from '../../../model/problem.js';
import { type GateClaim, isGateName, judgeGate } from '../../../rotation/log/accept-gate.js';
import { gateNames } from '../../../rotation/policy/decision.js';
import type { Context } from '../../context.js';
import { findPlan } from '../find-plan.js';
import { itself } from '../record.js';
import { planEntries } from '../record-plans.js';
import { withRecording } from '../recording.js';
import type { RecordingFlags } from '../recording-flags.js';
import { stepOf } from './step.js';
import { tellOutcome } from './tell.js';

export interface GateFlags extends RecordingFlags {
  readonly from: string;
  readonly to: string;
  readonly source: string;
  readonly value?: string;
}

export function gateOf(text: string): GateClaim['gate'] {
  if (isGateName(text)) return text;
  throw new ProblemError({
    code: 'usage',
    message: 'There is no such gate.',
    hint: `Gates: ${gateNames.join(', ')}.`,
  });
}

function resultOf(text: string): GateClaim['result'] {
  if (text === 'pass' || text === 'fail') return text;
  throw new ProblemError({ code: 'usage', message: 'The result of a gate is "pass" or "fail".' });
}

export function timeOf(flag: string, text: string): string {
  const time = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return new Date(time).toISOString();
  throw new ProblemError({
    code: 'usage',
    message: `${flag} is no time.`,
    hint: 'Give RFC 3339, e.g. 2026-11-22T10:00:00Z.',
  });
}

export async function runGate(
  context: Context,
  flags: GateFlags,
  text: string,
  stepText: string,
  gateText: string,
  resultText: string,
): Promise<number> {
  const gate = gateOf(gateText);
  const result = resultOf(resultText);
  const windowStart = timeOf('--from', flags.from);
  const windowEnd = timeOf('--to', flags.to);
  return withRecording(context, flags, async (recording) => {
    const { session, rotation, actor } = recording;
    const { people, state, policy, now } = rotation;
    const { plan } = await findPlan(rotation, text);
    const step = stepOf(plan, stepText);
    const source = await recording.text('--source', flags.source);
    const value = flags.value === undefined ? undefined : await recording.text('--value', flags.value);
    const claim: GateClaim = {
      gate,
      result,
      windowStart,
      windowEnd,
      source,
      by: actor,
      ...(value !== undefined && { value }),
    };
    const judged = judgeGate({ plan, recorded: state.plans.get(plan.id), people, now }, step, claim);
    const records = await recording.appendAll([
      { actor: itself, entries: planEntries([plan], state, policy) },
      { actor, entries: judged.entries },
      { actor: itself, entries: judged.consequences },
    ]);
    const what = `plan ${plan.id} step ${step.number} ${step.id} gate ${gate}: ${result}`;
    if (judged.refusal !== undefined) {
      const refusals = [`${what}, not accepted: ${judged.refusal} (kept in the log)`];
      return tellOutcome(context, session, people, { lines: [], records, refusals });
    }
    return tellOutcome(context, session, people, { lines: [what, ...judged.advice], records });
  });
}
