/** Writes verdicts into the evidence log; a closed plan whose secret came back is open again. */
import type { LogEntry } from '../rotation/log/record.js';
import type { SecretVerdict } from '../rotation/verify/verdict.js';
import { openEvidenceLog } from '../store/evidence-log.js';
import type { Context } from './context.js';
import type { Session } from './session.js';
import type { VerifyTarget } from './verify-target.js';

/** @param now the time that was given by hand */
export async function recordVerdicts(
  context: Context,
  session: Session,
  { plan, handle }: VerifyTarget,
  verdicts: readonly SecretVerdict[],
  now: string | undefined,
): Promise<void> {
  const entries = verdicts.map(
    (one): LogEntry => ({
      action: 'verdict',
      subject: one.fingerprint,
      ...(handle === undefined ? {} : { plan: handle }),
      data: {
        verdict: one.verdict,
        verdicts: one.verdicts,
        ground: one.ground,
        copies: countsOf(one),
      },
    }),
  );
  const back = verdicts.find(({ verdict }) => verdict === 'reappeared');
  if (plan?.closedAt !== undefined && back !== undefined) {
    const why = 'the value reappeared';
    entries.push({ action: 'plan-reopened', subject: plan.fingerprint, plan: plan.plan, data: { why } });
  }
  const options = { at: context.io.now(), actor: 'sprawl', isClock: now === undefined };
  await openEvidenceLog(session.store.path, 'append').append(entries, options);
}

/** Copies by their own verdict. */
export function countsOf({ copies }: SecretVerdict): Readonly<Record<string, number>> {
  const counts = { present: 0, unproven: 0, gone: 0 };
  for (const { state } of copies) counts[state]++;
  return counts;
}
