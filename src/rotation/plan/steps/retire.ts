/** Steps that end the old value: waiting, switching off, watching, deleting, and what was made with it. */
import { cronOf, nextRun } from '../../derive/consumers/cron.js';
import { timeOf } from '../../derive/sighting-dates.js';
import type { Consumer } from '../../dossier.js';
import type { GateName } from '../../policy/decision.js';
import { nextMonth } from '../calendar.js';
import { type PlanContext, timeText } from '../plan-context.js';
import type { StepDraft } from '../step-draft.js';
import { alsoBreaks, checkNote, commandOf, providerName, spanText } from './provider-words.js';

const namedAtMost = 5;

function listed(names: readonly string[]): string {
  const rest = names.length - namedAtMost;
  return names.slice(0, namedAtMost).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

/** The next run of a scheduled consumer after a time; of one that only says when it runs next, that. */
function runAfter({ runs, nextRun: known }: Consumer, start: number): number | undefined {
  const cron = cronOf(runs);
  const run = (cron === undefined ? undefined : nextRun(cron, timeText(start))) ?? known;
  return timeOf(run);
}

/** The end of overlap: its length, and as long after the next run of every scheduled consumer. */
export function overlapEnd({ state, now, consumers, decision }: PlanContext): number {
  const recorded = state?.steps.get('overlap');
  const at = timeOf(recorded?.at);
  if (recorded?.state === 'done' && at !== undefined) return at;
  const start = recorded?.state === 'doing' && at !== undefined ? at : now;
  const runs = consumers.map(({ consumer }) => runAfter(consumer, start) ?? start);
  return runs.reduce((latest, run) => Math.max(latest, run), start) + decision.overlapMs;
}

function unscheduled({ consumers }: PlanContext): string[] {
  return consumers
    .filter(({ consumer }) => consumer.kind === 'batch' && consumer.nextRun === undefined)
    .map(({ consumer }) => consumer.name);
}

export function overlapStep(context: PlanContext): StepDraft {
  const scheduled = context.consumers.flatMap(({ consumer }) =>
    consumer.nextRun === undefined ? [] : [`${consumer.name} (${consumer.nextRun})`],
  );
  const unknown = unscheduled(context);
  const runs = scheduled.length === 0 ? '' : `, and a full run of ${listed(scheduled)}`;
  const asked =
    unknown.length === 0 ? '' : ` When ${listed(unknown)} runs next is not known: wait for a run of each.`;
  return {
    type: 'overlap',
    title: `both valid for ${spanText(context.decision.overlapMs)}${scheduled.length === 0 ? '' : ' and a full run'}`,
    who: context.owner,
    how: `Old and new value are valid together. Wait ${spanText(context.decision.overlapMs)}${runs}.${asked}`,
    reversible: true,
    rollback: 'point consumers back to the old value',
    due: timeText(overlapEnd(context)),
  };
}

export function disableStep({ row, owner }: PlanContext): StepDraft {
  return {
    type: 'disable-old',
    title: 'switch the old value off',
    who: owner,
    how: `Switch it off, do not delete it yet${checkNote(row)}. Whoever still uses it fails now.`,
    ...commandOf(row.commands.disable),
    reversible: true,
    rollback: `${row.commands.enable ?? 'switch it on again'}; possible until revoke-old`,
  };
}

/** What went before it is done, or is expected to be: nothing is watched while the overlap lasts. */
function soakStart({ state, now }: PlanContext, isOff: boolean, from = now): number {
  const before = state?.steps.get(isOff ? 'disable-old' : 'overlap');
  const done = before?.state === 'done' ? timeOf(before.at) : undefined;
  const begun = state?.steps.get('soak');
  return (begun?.state === 'doing' ? timeOf(begun.at) : undefined) ?? done ?? Math.max(now, from);
}

/** @param isOff true when the old value is refused already: its use shows as failures */
export function soakStep(
  context: PlanContext,
  isOff: boolean,
  { until, from }: { readonly until?: number; readonly from?: number } = {},
): StepDraft {
  const { decision, owner, row, now } = context;
  const end = until ?? soakStart(context, isOff, from) + decision.soakMs;
  const gates: GateName[] = decision.gates.filter((gate) => gate === 'old_use_zero');
  return {
    type: 'soak',
    title: `watch for use of the old value, ${spanText(until === undefined ? decision.soakMs : Math.max(0, end - now))}`,
    who: owner,
    how:
      `Watch ${isOff ? 'failed' : 'every'} use of the old value in the log of ${providerName(row)}. Any hit names a consumer ` +
      'that was missed: record it, and the plan goes back to its update.',
    reversible: true,
    rollback: isOff
      ? `${row.commands.enable ?? 'switch it on again'}; possible until revoke-old`
      : 'point consumers back to the old value',
    gates,
    due: timeText(end),
  };
}

/** Retired identities wait for the longest schedule that is known; the end of a month counts. */
export function longestCycleEnd(context: PlanContext): number {
  const start = soakStart(context, context.row.reversibleDisable);
  return Math.max(nextMonth(start), overlapEnd({ ...context, now: start }), start + context.decision.soakMs);
}

export function revokeStep(context: PlanContext): StepDraft {
  const { row, owner, alternate, decision } = context;
  const isRetired = decision.strategy === 'revoke-only';
  const cannot =
    row.revocation === 'none'
      ? 'Nothing revokes it: make sure that nothing accepts it any more'
      : row.revocation === 'expiry'
        ? `It ends only by itself or by a fence: ${row.revoking}`
        : 'Delete it';
  return {
    type: 'revoke-old',
    title:
      alternate === undefined
        ? 'delete the old value'
        : 'regenerate the first value, which nothing uses any more (2 of 2)',
    who: owner,
    how:
      (alternate === undefined
        ? `${cannot}${checkNote(row)}.`
        : `Consumers use the second value now: regenerate the first, so that neither exposed value is valid${checkNote(row)}.`) +
      (isRetired ? ' Take away its grants, vault paths, CI secrets and webhook endpoints as well.' : ''),
    ...commandOf(row.commands.revoke),
    reversible: false,
    rollback: 'none for this value: issue a new one',
  };
}

export function childrenStep({ row, owner, children, members, graph }: PlanContext): StepDraft | undefined {
  const parents = new Set(members.map(({ fingerprint }) => fingerprint));
  const known = children.map(({ fingerprint, kind, consumers }) => {
    const users = consumers.filter(({ current }) => current !== 'former').map(({ name }) => name);
    return `${fingerprint.slice(0, 12)} ${kind}${users.length === 0 ? '' : ` (used by ${listed(users)})`}`;
  });
  if (known.length === 0 && !row.cascade) return undefined;
  const dies = children.some(({ relations }) =>
    relations.some(({ relation, to }) => relation === 'mints' && parents.has(to)),
  );
  const minted =
    dies && !row.cascade ? ' What it minted may live on until it ends by itself: revoke it, or wait.' : '';
  const breaks = alsoBreaks(row);
  const also = breaks === undefined ? '' : ` Also: ${breaks}${checkNote(row)}.`;
  return {
    type: 'children',
    title: known.length === 0 ? 'end what was made with it' : `end ${known.length} that were made with it`,
    who: owner,
    target: graph.children.length === 0 ? 'none is known' : `${graph.children.length} known`,
    how:
      (known.length === 0
        ? 'What was made with it is not known: ask its owner.'
        : `Made with it: ${listed(known)}. Each is made anew for its users, and the old one ended.`) +
      `${minted}${also} End open sessions where the provider does not.`,
    reversible: false,
    rollback: 'none: make them anew',
  };
}

/** What stands for a consumer that nobody knows yet, until it has a name. */
export const missedTarget = 'missed consumer';

/** The old value was seen in use while everybody was thought to have moved. */
export function missedStep({ row, owner, lead }: PlanContext): StepDraft {
  const custodian = lead.copies.find(
    ({ presence, custodian: own }) => presence === 'head' && own !== undefined,
  )?.custodian;
  const back = row.reversibleDisable
    ? ` Switch the old value on again first (${row.commands.enable ?? 'at the provider'}).`
    : '';
  return {
    type: 'update',
    key: missedTarget,
    target: missedTarget,
    title: 'find and move the consumer that was missed',
    who: custodian ?? owner,
    how: `The old value is still used: the log of ${providerName(row)} says from where.${back} Name the consumer in the inventory, move it, and watch again.`,
    reversible: true,
    rollback: 'point it back to the old value',
  };
}
