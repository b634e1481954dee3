/** Approvals that requirements ask for, and those that a plan asks for by itself. */
import { approvalStandings } from '../log/approval.js';
import type { ApprovalDemand } from '../policy/decision.js';
import type { ApprovalStatus, PlanningInput } from './plan.js';
import { type PlanContext, timeText } from './plan-context.js';

/** Emergencies are contained first; whoever must agree does so within a day. */
const afterTheFactMs = 86_400_000;

/** Where nobody is sure who uses it, somebody who answers for it agrees to a change in one go. */
const incomplete: ApprovalDemand = { role: 'owner', count: 1, not: [], by: 'incomplete-knowledge' };

function demandsOf({ decision, lead }: PlanContext): readonly ApprovalDemand[] {
  const isSudden = decision.strategy === 'staged-cutover' || decision.strategy === 'manual';
  const isCovered = decision.approvals.some(({ role }) => role === 'owner' || role === 'security');
  return isSudden && lead.coverage !== 'attested' && !isCovered
    ? [...decision.approvals, incomplete]
    : decision.approvals;
}

export function approvalsOf(
  context: PlanContext,
  { state, people }: Pick<PlanningInput, 'state' | 'people'>,
  { revision, carriedOut }: { readonly revision: string; readonly carriedOut: string | undefined },
): readonly ApprovalStatus[] {
  const { id, decision, createdAt, members } = context;
  const introducers = members.flatMap(({ introducer }) => introducer.value ?? []);
  return approvalStandings(
    { id, revision, demands: demandsOf(context), ...(carriedOut === undefined ? {} : { carriedOut }) },
    state,
    { people, introducers },
    decision.strategy === 'emergency' ? timeText(createdAt + afterTheFactMs) : undefined,
  );
}
