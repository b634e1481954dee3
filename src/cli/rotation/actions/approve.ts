/** `sprawl plan approve`: somebody agrees to a plan as it is now, or does not. */

import { approvalRefusal } from '../../../rotation/log/approval.js';
import type { LogEntry } from '../../../rotation/log/record.js';
import type { Plan } from '../../../rotation/plan/plan.js';
import type { Context } from '../../context.js';
import { type FoundPlan, findPlan } from '../find-plan.js';
import { planEntries } from '../record-plans.js';
import { type Recording, withRecording } from '../recording.js';
import type { RecordingFlags } from '../recording-flags.js';
import { tellOutcome } from './tell.js';

export interface ApproveFlags extends RecordingFlags {
  readonly role: string;
  readonly reject?: boolean;
  readonly comment?: string;
}

function refusalOf(
  { rotation, actor }: Recording,
  { plan, dossiers }: FoundPlan,
  role: string,
): string | undefined {
  if (plan.status === 'closed') return `plan ${plan.id} is closed`;
  const introducers = dossiers.flatMap(({ introducer }) => introducer.value ?? []);
  return approvalRefusal(plan, rotation.state, { people: rotation.people, introducers }, { role, by: actor });
}

/** What the plan still waits for, this word counted. */
function waiting({ approvals }: Plan, role: string, isYes: boolean): string {
  const missing = approvals.flatMap(({ role: asked, count, given, isMet }) => {
    const valid = given.filter(({ standing }) => standing === 'valid').length;
    const left = count - valid - (asked === role && isYes ? 1 : 0);
    return isMet || left <= 0 ? [] : [`${left} by ${asked}`];
  });
  return missing.length === 0 ? 'no approval is missing' : `still missing: ${missing.join(', ')}`;
}

export async function runApprove(context: Context, flags: ApproveFlags, text: string): Promise<number> {
  return withRecording(context, flags, async (recording) => {
    const { session, rotation, actor } = recording;
    const found = await findPlan(rotation, text);
    const { plan } = found;
    const refusal = refusalOf(recording, found, flags.role);
    if (refusal !== undefined) {
      return tellOutcome(context, session, rotation.people, { lines: [], records: [], refusals: [refusal] });
    }
    const isYes = flags.reject !== true;
    const comment =
      flags.comment === undefined ? undefined : await recording.text('--comment', flags.comment);
    const entry: LogEntry = {
      action: 'plan-approved',
      subject: plan.fingerprint,
      plan: plan.id,
      data: {
        revision: plan.revision,
        role: flags.role,
        decision: isYes ? 'approved' : 'rejected',
        ...(comment !== undefined && { comment }),
      },
    };
    const records = await recording.appendAll([
      { actor: 'sprawl', entries: planEntries([plan], rotation.state, rotation.policy) },
      { actor, entries: [entry] },
    ]);
    const word = isYes ? 'approved' : 'rejected';
    const lines = [
      `plan ${plan.id} revision ${plan.revision} ${word} as ${flags.role}; ${waiting(plan, flags.role, isYes)}`,
    ];
    return tellOutcome(context, session, rotation.people, { lines, records });
  });
}
