/** Notes in the evidence log which plans were made, and what changed in those that were made before. */
import { ProblemError } from '../../model/problem.js';
import { foldLog } from '../../rotation/log/fold.js';
import type { LogEntry } from '../../rotation/log/record.js';
import type { LogState } from '../../rotation/log/state.js';
import type { Plan } from '../../rotation/plan/plan.js';
import type { Policy } from '../../rotation/policy/policy.js';
import type { EvidenceLog } from '../../store/evidence-log.js';
import { itself, type RecordTime } from './record.js';

function standingOf(plan: Plan, policy: Policy): Extract<LogEntry, { action: 'plan-created' }>['data'] {
  const { revision, decision, deadline, others } = plan;
  return {
    revision,
    strategy: decision.strategy,
    rule: decision.rule,
    ...(deadline === undefined ? {} : { deadline }),
    policy: policy.sha256,
    others,
  };
}

/** What is to be noted of these plans; nothing for those that the log knows as they are, and those that are closed. */
export function planEntries(plans: readonly Plan[], state: LogState, policy: Policy): LogEntry[] {
  return plans.flatMap((plan): LogEntry[] => {
    const { id, fingerprint: subject } = plan;
    const known = state.plans.get(id);
    if (known === undefined) {
      return [{ action: 'plan-created', subject, plan: id, data: standingOf(plan, policy) }];
    }
    if (known.closedAt !== undefined || known.revision === plan.revision) return [];
    const data = { ...standingOf(plan, policy), previous: known.revision };
    return [{ action: 'plan-revised', subject, plan: id, data }];
  });
}

/**
 * Appends what is new of these plans.
 *
 * @param time time of the records
 * @returns what the log amounts to now; undefined when nothing was to be noted, or when it could not be (`tell` says why)
 */
export async function recordPlans(
  plans: readonly Plan[],
  { log, state, policy }: { log: EvidenceLog; state: LogState; policy: Policy },
  time: RecordTime,
  tell: (line: string) => Promise<void>,
): Promise<LogState | undefined> {
  const entries = planEntries(plans, state, policy);
  if (entries.length === 0) return undefined;
  try {
    const { records } = await log.append(entries, { ...time, actor: itself });
    return foldLog(records, state);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    await tell(`The plan is not recorded: ${error.problem.message}`);
    return undefined;
  }
}
