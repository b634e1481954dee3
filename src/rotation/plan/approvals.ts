/** Approvals that requirements ask for, against those that were recorded. */
import type { Dossier } from '../dossier.js';
import type { ApprovalRecord, PlanState } from '../log/state.js';
import type { ApprovalDemand } from '../policy/decision.js';
import type { ApprovalStatus } from './plan.js';
import { type PlanContext, timeText } from './plan-context.js';

/** Emergencies are contained first; whoever must agree does so within a day. */
const afterTheFactMs = 86_400_000;

type Given = ApprovalStatus['given'][number];

export interface ApprovalInput {
  readonly revision: string;
  /** Pseudonyms of those who put the value there first. */
  readonly introducers: ReadonlySet<string>;
}

/** Whoever recorded a step has a part in carrying it out. */
function executors(state: PlanState | undefined): ReadonlySet<string> {
  return new Set([...(state?.steps.values() ?? [])].map(({ by }) => by));
}

/** Of each person the latest word: a rejection is taken back by a later approval, and the other way round. */
function latestOf(records: readonly ApprovalRecord[]): readonly ApprovalRecord[] {
  return [...new Map(records.map((record) => [record.by, record])).values()];
}

function standingOf(
  record: ApprovalRecord,
  { not }: ApprovalDemand,
  { revision, introducers }: ApprovalInput,
  executing: ReadonlySet<string>,
): Given['standing'] {
  if (record.revision !== revision) return 'stale';
  const isExcluded =
    (not.includes('executor') && executing.has(record.by)) ||
    (not.includes('introducer') && introducers.has(record.by));
  if (isExcluded) return 'excluded';
  return record.decision === 'rejected' ? 'rejected' : 'valid';
}

/** Where nobody is sure who uses it, somebody who answers for it agrees to a change in one go (rotation.md §9.4). */
const incomplete: ApprovalDemand = { role: 'owner', count: 1, not: [], by: 'incomplete-knowledge' };

function demandsOf({ decision, lead }: PlanContext): readonly ApprovalDemand[] {
  const isSudden = decision.strategy === 'staged-cutover' || decision.strategy === 'manual';
  const isCovered = decision.approvals.some(({ role }) => role === 'owner' || role === 'security');
  return isSudden && lead.coverage !== 'attested' && !isCovered
    ? [...decision.approvals, incomplete]
    : decision.approvals;
}

export function approvalsOf(context: PlanContext, input: ApprovalInput): ApprovalStatus[] {
  const { state, decision, createdAt } = context;
  const executing = executors(state);
  return demandsOf(context).map((demand) => {
    const records = latestOf((state?.approvals ?? []).filter(({ role }) => role === demand.role));
    const given = records.map(
      (record): Given => ({
        by: record.by,
        at: record.at,
        revision: record.revision,
        standing: standingOf(record, demand, input, executing),
      }),
    );
    const valid = given.filter(({ standing }) => standing === 'valid').length;
    const isRejected = given.some(({ standing }) => standing === 'rejected');
    return {
      ...demand,
      given,
      isMet: valid >= demand.count && !isRejected,
      ...(decision.strategy === 'emergency'
        ? { afterTheFactUntil: timeText(createdAt + afterTheFactMs) }
        : {}),
    };
  });
}

/** Introducers of a plan's secrets under their pseudonyms. */
export function introducersOf(
  members: readonly Dossier[],
  pseudonymOf: ((person: string) => string) | undefined,
): ReadonlySet<string> {
  if (pseudonymOf === undefined) return new Set();
  return new Set(members.flatMap(({ introducer }) => introducer.value ?? []).map(pseudonymOf));
}
