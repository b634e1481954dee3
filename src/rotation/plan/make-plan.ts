/** One plan: its steps, what stands in the way, who has agreed, and where it is. */
import type { Question } from '../dossier.js';
import { isApprovalStale } from '../log/approval.js';
import { controlsOf } from '../measure/controls.js';
import { sortedSet } from '../order.js';
import { approvalsOf } from './approvals.js';
import { handleOf } from './digest.js';
import { exceptionNotes } from './excepted.js';
import { blockingQuestions, obstaclesOf, reasonsOf } from './obstacles.js';
import { phasesOf } from './phases.js';
import type { Plan, PlanningInput, Step } from './plan.js';
import { type PlanContext, timeText, unassigned } from './plan-context.js';
import type { PlanningIndex } from './planning-index.js';
import { abuseRadius, blastRadius } from './radius.js';
import { numberedSteps, type PlannedStep } from './step-draft.js';
import { missedConsumer, withStates } from './step-states.js';
import { warningsOf } from './warnings.js';

/** Ends the value, as far as it cannot be undone. */
const ends: ReadonlySet<string> = new Set(['contain', 'switch', 'revoke-old']);

/** The first step after which the old value is gone; where nothing ends it, the first purge. */
function pointOfNoReturn(steps: readonly PlannedStep[]): PlannedStep | undefined {
  return (
    steps.find(({ type, reversible }) => ends.has(type) && !reversible) ??
    steps.find(({ type }) => type === 'purge')
  );
}

/** After the point of no return nothing leads back, whatever the step by itself could undo. */
function untilNoReturn(steps: readonly PlannedStep[], end: PlannedStep | undefined): readonly PlannedStep[] {
  if (end === undefined) return steps;
  return steps.map((step) =>
    step.number > end.number && step.reversible ? { ...step, reversible: false } : step,
  );
}

/** What an approval is given for: when any of it changes, the approval is void. */
function revisionOf({ decision, waves }: PlanContext, end: PlannedStep | undefined): string {
  return handleOf({
    strategy: decision.strategy,
    consumers: sortedSet(
      waves.waves.flatMap(({ consumers }) =>
        consumers.map(({ consumer }) => `${consumer.environment} ${consumer.name}`),
      ),
    ),
    waves: waves.waves.map(({ number, consumers }) => ({
      number,
      consumers: consumers.map(({ consumer }) => `${consumer.environment} ${consumer.name}`),
    })),
    // By type: ids of purges change with every copy that is found.
    pointOfNoReturn: end?.type ?? null,
  });
}

/**
 * Once the value is ended, what was approved is done: that consumers go away with the files that are cleaned up voids
 * nothing. Undefined before.
 */
function carriedOutRevision({ state }: PlanContext, end: PlannedStep | undefined): string | undefined {
  const record = end === undefined ? undefined : state?.steps.get(end.id);
  return record?.state === 'done' ? record.revision : undefined;
}

function missedQuestion(steps: readonly Step[], { owner, lead }: PlanContext): Question[] {
  const soak = missedConsumer(steps);
  if (soak === undefined) return [];
  const unknown = lead.copies.find(
    ({ custodian, presence }) => custodian !== undefined && presence === 'head',
  );
  const to = unknown?.custodian ?? (owner === unassigned ? undefined : owner);
  return [
    {
      code: 'MISSED_CONSUMER',
      text: `who still uses the old value? It was seen in use (${soak.record?.at ?? 'time not recorded'}): switch it on again, find the consumer, and move it`,
      ...(to === undefined ? {} : { to }),
    },
  ];
}

function questionsOf(
  { lead }: PlanContext,
  blocking: readonly Question[],
  missed: readonly Question[],
): readonly Question[] {
  const rest = lead.readiness.questions.filter(({ code }) => !blocking.some((other) => other.code === code));
  return [...missed, ...blocking, ...rest];
}

function statusOf(
  { state, decision }: PlanContext,
  blockedBy: readonly string[],
  approvals: Plan['approvals'],
): Plan['status'] {
  if (state?.closedAt !== undefined) return 'closed';
  if (decision.strategy === 'emergency' || decision.strategy === 'none') return 'ready';
  if (blockedBy.length > 0) return 'blocked';
  return approvals.every(({ isMet }) => isMet) ? 'ready' : 'needs-approval';
}

function conditionsOf({ members, state }: PlanContext, approvals: Plan['approvals']): string[] {
  const isApproved = approvals.length > 0 && approvals.every(({ isMet }) => isMet);
  return sortedSet([
    ...members.flatMap(({ conditions }) => conditions),
    ...(state === undefined ? [] : ['PLAN_CREATED']),
    ...(isApproved ? ['PLAN_APPROVED'] : []),
    ...(isApprovalStale(approvals) ? ['APPROVAL_STALE'] : []),
  ]);
}

/** @param suspended the deadline that an expired exception had suspended */
function deadlineOf(
  { decision, createdAt, state }: PlanContext,
  suspended: string | undefined,
): string | undefined {
  const earlier = state?.deadline ?? suspended;
  if (earlier !== undefined) return earlier;
  return decision.deadlineMs === undefined ? undefined : timeText(createdAt + decision.deadlineMs);
}

/** @param prerequisites of the plans that come before it: their ids and what to ask */
export function makePlan(
  context: PlanContext,
  input: PlanningInput,
  index: PlanningIndex,
  prerequisites: { readonly ids: readonly string[]; readonly questions: readonly Question[] },
): Plan {
  const { lead, members, decision, owner, row } = context;
  const own = blockingQuestions(context);
  const blocking = decision.strategy === 'emergency' ? own : [...own, ...prerequisites.questions];
  const planned = numberedSteps(phasesOf(context, obstaclesOf(context, own)));
  const end = pointOfNoReturn(planned);
  const steps = withStates(untilNoReturn(planned, end), context.state);
  const rollbackUntil = steps.findLast(({ reversible, number }) => reversible && number < (end?.number ?? 0));
  const revision = revisionOf(context, end);
  const approvals = approvalsOf(context, input, { revision, carriedOut: carriedOutRevision(context, end) });
  const excepted = exceptionNotes(members, index.exceptions, context.now);
  const missed = missedQuestion(steps, context);
  const blockedBy = decision.strategy === 'emergency' ? [] : sortedSet(blocking.map(({ code }) => code));
  const conditions = sortedSet([...conditionsOf(context, approvals), ...excepted.codes]);
  const deadline = deadlineOf(context, excepted.deadline);
  const ifPublic = input.ifPublic.get(lead.fingerprint);
  const isAsked = lead.audience === 'unknown' && !context.isPublic && ifPublic !== undefined;
  return {
    id: context.id,
    revision,
    createdAt: timeText(context.createdAt),
    fingerprint: lead.fingerprint,
    others: sortedSet(members.slice(1).map(({ fingerprint }) => fingerprint)),
    kind: lead.kind,
    principal: lead.principal.key,
    ...(owner === unassigned ? {} : { owner }),
    decision,
    status: statusOf(context, blockedBy, approvals),
    reasons: sortedSet([...reasonsOf(context, [...blocking, ...missed]), ...excepted.codes]),
    blockedBy,
    priority: lead.priority,
    readiness: lead.readiness.score,
    questions: questionsOf(context, blocking, missed),
    blastRadius: blastRadius(context, index),
    abuseRadius: abuseRadius(context),
    relations: lead.relations,
    prerequisites: prerequisites.ids,
    steps,
    approvals,
    ...(deadline === undefined ? {} : { deadline }),
    ...(rollbackUntil === undefined ? {} : { rollbackUntil: rollbackUntil.id }),
    ...(end === undefined ? {} : { pointOfNoReturn: end.id }),
    ...(isAsked ? { ifPublic: `${ifPublic.strategy} (rule ${ifPublic.rule}): ${ifPublic.reason}` } : {}),
    warnings: [...excepted.warnings, ...warningsOf(context)],
    controls: controlsOf(conditions, lead.ownerParty?.type === 'vendor'),
    conditions,
    providerRow: { id: row.id, checked: row.checked, source: row.source },
    ...(context.isPublic && context.reaction !== undefined
      ? {
          providerReaction: `${context.reaction.reaction} ${context.reaction.consequence}${context.reaction.checked ? '' : ' (check with the provider)'}`,
        }
      : {}),
    logHead: input.state.head,
  };
}
