/** Folds records to what they amount to. Linear in their number; the same for any split into batches. */
import type { ChainRecord } from '../../store/evidence-chain.js';
import { codePointOrder } from '../order.js';
import { knownRecord } from './known-record.js';
import type { LogRecord } from './record.js';
import {
  type ExceptionState,
  emptyState,
  type LogState,
  type PlanState,
  type VerdictState,
} from './state.js';

type Of<Action extends LogRecord['action']> = Extract<LogRecord, { action: Action }>;
type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** A plan while records are added to it. */
type PlanDraft = Mutable<Omit<PlanState, 'approvals' | 'steps' | 'gates' | 'executors'>> & {
  readonly approvals: PlanState['approvals'][number][];
  readonly steps: Map<string, PlanState['steps'] extends ReadonlyMap<string, infer Step> ? Step : never>;
  readonly gates: PlanState['gates'][number][];
  readonly executors: string[];
};

function draftOf(plan: PlanState): PlanDraft {
  return {
    ...plan,
    approvals: [...plan.approvals],
    steps: new Map(plan.steps),
    gates: [...plan.gates],
    executors: [...plan.executors],
  };
}

/** State as it grows. Of the state it starts from, only plans that a record touches are copied. */
class Draft {
  readonly plans: Map<string, PlanState>;
  readonly verdicts: Map<string, readonly VerdictState[]>;
  readonly exceptions: Map<string, ExceptionState>;
  policy: string | undefined;
  private readonly planDrafts = new Map<string, PlanDraft>();
  private readonly verdictDrafts = new Map<string, VerdictState[]>();

  constructor(from: LogState) {
    this.plans = new Map(from.plans);
    this.verdicts = new Map(from.verdicts);
    this.policy = from.policy;
    this.exceptions = new Map(from.exceptions.map((exception) => [exception.id, exception]));
  }

  /** Undefined for a plan whose creation is not recorded. */
  plan(id: string): PlanDraft | undefined {
    const known = this.planDrafts.get(id);
    if (known !== undefined) return known;
    const plan = this.plans.get(id);
    if (plan === undefined) return undefined;
    return this.addPlan(draftOf(plan));
  }

  addPlan(draft: PlanDraft): PlanDraft {
    this.planDrafts.set(draft.plan, draft);
    this.plans.set(draft.plan, draft);
    return draft;
  }

  verdictsOf(fingerprint: string): VerdictState[] {
    let list = this.verdictDrafts.get(fingerprint);
    if (list === undefined) {
      list = [...(this.verdicts.get(fingerprint) ?? [])];
      this.verdictDrafts.set(fingerprint, list);
      this.verdicts.set(fingerprint, list);
    }
    return list;
  }
}

function createPlan(draft: Draft, { plan, subject, at, data }: Of<'plan-created'>): void {
  if (draft.plans.has(plan)) return;
  draft.addPlan({
    plan,
    fingerprint: subject,
    others: data.others,
    createdAt: at,
    revision: data.revision,
    strategy: data.strategy,
    ...(data.deadline !== undefined && { deadline: data.deadline }),
    approvals: [],
    steps: new Map(),
    gates: [],
    executors: [],
    accepted: [],
  });
}

function revisePlan(draft: Draft, { plan: id, data }: Of<'plan-revised'>): void {
  const plan = draft.plan(id);
  if (plan === undefined) return;
  plan.others = data.others;
  plan.revision = data.revision;
  plan.strategy = data.strategy;
  if (plan.deadline === undefined && data.deadline !== undefined) plan.deadline = data.deadline;
}

/** What the tool records by itself, after a failed gate, nobody carried out. */
const itself = 'sprawl';

function recordStep(draft: Draft, { plan: id, step, actor, at, data }: Of<'step'>): void {
  const plan = draft.plan(id);
  if (plan === undefined) return;
  const isWork = data.state === 'doing' || data.state === 'done' || data.state === 'failed';
  if (isWork && actor !== itself && !plan.executors.includes(actor)) plan.executors.push(actor);
  plan.steps.set(step, {
    state: data.state,
    by: actor,
    at,
    revision: data.revision,
    ...(data.reason !== undefined && { reason: data.reason }),
    ...(data.successor !== undefined && { successor: data.successor }),
  });
}

function recordGate(draft: Draft, { plan, step, actor, at, data }: Of<'gate'>): void {
  const { gate, result, windowStart, windowEnd, accepted } = data;
  draft.plan(plan)?.gates.push({ step, gate, result, windowStart, windowEnd, by: actor, at, accepted });
}

function recordVerdict(draft: Draft, { subject, at, data }: Of<'verdict'>): void {
  const { verdict, verdicts, ground } = data;
  draft.verdictsOf(subject).push({ at, verdict, verdicts, ground });
}

function closePlan(draft: Draft, { plan: id, at, data }: Of<'plan-closed'>): void {
  const plan = draft.plan(id);
  if (plan === undefined) return;
  plan.closedAt = at;
  plan.accepted = data.accepted;
}

/** What a reopened plan has to do again: the copies that were clean are not any more. */
const doneAgain = /^(?:purge|rescan|close)(?:-|$)/;

function reopenPlan(draft: Draft, { plan: id }: Of<'plan-reopened'>): void {
  const plan = draft.plan(id);
  if (plan === undefined) return;
  delete plan.closedAt;
  plan.accepted = [];
  for (const step of plan.steps.keys()) if (doneAgain.test(step)) plan.steps.delete(step);
}

function grantException(
  draft: Draft,
  { subject, at, data, action }: Of<'exception-granted'> | Of<'exception-renewed'>,
): void {
  const before = draft.exceptions.get(subject);
  const isRenewal = action === 'exception-renewed';
  if (isRenewal && before === undefined) return;
  const { scope, reason, controls, riskOwner, grantedBy, expiresAt, ticket, basis } = data;
  draft.exceptions.set(subject, {
    id: subject,
    scope,
    reason,
    controls,
    riskOwner,
    grantedBy,
    // Its age is counted from the first grant.
    grantedAt: before?.grantedAt ?? at,
    expiresAt,
    ...(ticket !== undefined && { ticket }),
    renewals: isRenewal ? (before?.renewals ?? 0) + 1 : 0,
    basis,
  });
}

function endException(draft: Draft, { subject, at }: Of<'exception-ended'>): void {
  const exception = draft.exceptions.get(subject);
  if (exception !== undefined) draft.exceptions.set(subject, { ...exception, endedAt: at });
}

type Folders = {
  readonly [Action in LogRecord['action']]?: (draft: Draft, record: Of<Action>) => void;
};

/** What each action changes; the others are kept in the chain and change nothing. */
const folders: Folders = {
  'policy-changed': (draft, { data }) => {
    draft.policy = data.sha256;
  },
  'plan-created': createPlan,
  'plan-revised': revisePlan,
  'plan-approved': (draft, { plan, actor, at, data }) => {
    draft.plan(plan)?.approvals.push({ by: actor, at, ...data });
  },
  step: recordStep,
  gate: recordGate,
  verdict: recordVerdict,
  'plan-closed': closePlan,
  'plan-reopened': reopenPlan,
  'exception-granted': grantException,
  'exception-renewed': grantException,
  'exception-ended': endException,
};

function fold(draft: Draft, record: LogRecord): void {
  // The table has each function under the action whose records it takes.
  (folders[record.action] as ((draft: Draft, record: LogRecord) => void) | undefined)?.(draft, record);
}

/** @param from what earlier records amount to; it is left as it is */
export function foldLog(records: Iterable<ChainRecord>, from: LogState = emptyState): LogState {
  const draft = new Draft(from);
  let { head, seq } = from;
  for (const record of records) {
    ({ hash: head, seq } = record);
    const known = knownRecord(record);
    if (known !== undefined) fold(draft, known);
  }
  const exceptions = [...draft.exceptions.values()].sort((a, b) => codePointOrder(a.id, b.id));
  const { plans, verdicts, policy } = draft;
  return { head, seq, plans, exceptions, verdicts, ...(policy !== undefined && { policy }) };
}
