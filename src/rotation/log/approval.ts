/**
 * What recorded approvals are worth for the plan as it is now. An approval holds for the revision that
 * it names and no other; who introduced the secret or carried out a step cannot approve where that is excluded.
 */
import type { ApprovalStatus, Plan } from '../plan/plan.js';
import type { ApprovalDemand } from '../policy/decision.js';
import type { People } from './people.js';
import type { ApprovalRecord, LogState, PlanState } from './state.js';

/** Whose names matter for exclusions. */
export interface ApprovalPeople {
  readonly people: People;
  /** As facts name them. */
  readonly introducers: readonly string[];
}

type Given = ApprovalStatus['given'][number];

/** Canonical pseudonyms of those who recorded that they began, did or failed a step. */
export function executorsOf(plan: PlanState | undefined, people: People): ReadonlySet<string> {
  return new Set((plan?.executors ?? []).map((by) => people.canonical(by)));
}

function excludedBy(
  demand: ApprovalDemand,
  plan: PlanState | undefined,
  { people, introducers }: ApprovalPeople,
): ReadonlySet<string> {
  const excluded = new Set<string>();
  if (demand.not.includes('executor')) {
    for (const executor of executorsOf(plan, people)) excluded.add(executor);
  }
  if (demand.not.includes('introducer')) {
    for (const introducer of introducers) excluded.add(people.canonical(people.pseudonymOf(introducer)));
  }
  return excluded;
}

/** The last word of each person on each revision in one role, in the order of the log. */
function lastWords(
  approvals: readonly ApprovalRecord[],
  role: string,
  people: People,
): readonly ApprovalRecord[] {
  const last = new Map<string, ApprovalRecord>();
  for (const approval of approvals) {
    if (approval.role !== role) continue;
    const key = `${people.canonical(approval.by)}\0${approval.revision}`;
    last.delete(key);
    last.set(key, approval);
  }
  return [...last.values()];
}

/** Role in which each person spoke first about a revision: two roles are two people. */
function firstRoles(
  approvals: readonly ApprovalRecord[],
  revision: string,
  people: People,
): Map<string, string> {
  const roles = new Map<string, string>();
  for (const { by, role, revision: of } of approvals) {
    const person = people.canonical(by);
    if (of === revision && !roles.has(person)) roles.set(person, role);
  }
  return roles;
}

/** A plan as it is now: `revision` is what an approval must name. */
export interface Approvable {
  readonly id: string;
  readonly revision: string;
  /** The one under which the value was ended, once it is: what was approved then was carried out. */
  readonly carriedOut?: string;
  readonly demands: readonly ApprovalDemand[];
}

/** @param afterTheFactUntil for emergencies, RFC 3339 */
export function approvalStandings(
  plan: Approvable,
  state: LogState,
  who: ApprovalPeople,
  afterTheFactUntil?: string,
): readonly ApprovalStatus[] {
  const recorded = state.plans.get(plan.id);
  const approvals = recorded?.approvals ?? [];
  const roles = new Map(
    [plan.revision, plan.carriedOut ?? plan.revision].map((revision) => [
      revision,
      firstRoles(approvals, revision, who.people),
    ]),
  );
  return plan.demands.map((demand) => {
    const excluded = excludedBy(demand, recorded, who);
    const standingOf = ({ by, role, revision, decision }: ApprovalRecord): Given['standing'] => {
      const person = who.people.canonical(by);
      const first = roles.get(revision);
      if (first === undefined) return 'stale';
      if (decision === 'rejected') return 'rejected';
      return excluded.has(person) || first.get(person) !== role ? 'excluded' : 'valid';
    };
    const given = lastWords(approvals, demand.role, who.people).map(
      (approval): Given => ({
        by: approval.by,
        at: approval.at,
        revision: approval.revision,
        standing: standingOf(approval),
      }),
    );
    const valid = given.filter(({ standing }) => standing === 'valid');
    return {
      ...demand,
      given,
      isMet: valid.length >= demand.count && !given.some(({ standing }) => standing === 'rejected'),
      ...(afterTheFactUntil !== undefined && { afterTheFactUntil }),
    };
  });
}

/** True when somebody approved, and what they approved has changed since (`APPROVAL_STALE`). */
export function isApprovalStale(standings: readonly ApprovalStatus[]): boolean {
  return standings.some(({ isMet, given }) => !isMet && given.some(({ standing }) => standing === 'stale'));
}

/** Why somebody's approval would not count; undefined when it would. */
export function approvalRefusal(
  plan: Pick<Plan, 'id' | 'revision' | 'approvals'>,
  state: LogState,
  who: ApprovalPeople,
  given: { readonly role: string; readonly by: string },
): string | undefined {
  const demand = plan.approvals.find(({ role }) => role === given.role);
  if (demand === undefined) {
    const asked = plan.approvals.map(({ role }) => role);
    return asked.length === 0
      ? 'the plan asks for no approval'
      : `the plan asks for no approval by ${given.role}: it asks for ${asked.join(', ')}`;
  }
  const { people } = who;
  const person = people.canonical(given.by);
  const recorded = state.plans.get(plan.id);
  if (demand.not.includes('executor') && executorsOf(recorded, people).has(person)) {
    return `who carried out a step cannot approve as ${given.role} (${demand.by})`;
  }
  if (excludedBy(demand, undefined, who).has(person)) {
    return `who introduced the secret cannot approve as ${given.role} (${demand.by})`;
  }
  const before = firstRoles(recorded?.approvals ?? [], plan.revision, people).get(person);
  if (before !== undefined && before !== given.role) {
    return `the same person has spoken as ${before} already: another role needs another person`;
  }
  return undefined;
}
