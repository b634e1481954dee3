/** What the log needs to know of a plan before anything can be recorded for it. */
import type { Plan } from '../plan/plan.js';
import type { LogEntry } from './record.js';
import type { LogState } from './state.js';

/**
 * The creation of a plan that is not recorded yet, or its new revision; nothing for one that is as it was.
 *
 * @param policy hex SHA-256 of the policy's text
 */
export function planRecords(plan: Plan, state: LogState, policy: string): readonly LogEntry[] {
  const { id, revision, fingerprint, others, decision, deadline } = plan;
  const about = { subject: fingerprint, plan: id };
  const data = {
    revision,
    strategy: decision.strategy,
    rule: decision.rule,
    ...(deadline !== undefined && { deadline }),
    policy,
    others,
  };
  const recorded = state.plans.get(id);
  if (recorded === undefined) return [{ action: 'plan-created', ...about, data }];
  if (recorded.revision === revision || recorded.closedAt !== undefined) return [];
  return [{ action: 'plan-revised', ...about, data: { ...data, previous: recorded.revision } }];
}
