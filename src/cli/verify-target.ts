/** What `verify` is asked about: a plan with all secrets that it replaces, or one secret; with what the log says of them. */
import type { Exposure } from '../model/exposure.js';
import { type Fingerprint, parseFingerprint } from '../model/ids.js';
import { ProblemError } from '../model/problem.js';
import { foldLog } from '../rotation/log/fold.js';
import type { LogState, PlanState } from '../rotation/log/state.js';
import type { ChainRecord } from '../store/evidence-chain.js';
import { openEvidenceLog } from '../store/evidence-log.js';
import { looksLikePrefix, resolveExposure } from './secret-argument.js';
import type { Session } from './session.js';

export interface VerifyTarget {
  readonly state: LogState;
  /** Absent: a secret was named, and no recorded plan is about it. */
  readonly plan?: PlanState;
  /** The plan's secret first. */
  readonly exposures: readonly Exposure[];
  /** Recorded new values, in the order of the log. */
  readonly successors: readonly string[];
}

export async function verifyTarget(session: Session, subject: string): Promise<VerifyTarget> {
  const records = [...openEvidenceLog(session.store.path, 'read').records()];
  const state = foldLog(records);
  const named = planNamed(state, subject);
  if (named !== undefined) {
    const wanted = [named.fingerprint, ...othersOf(records, named.plan)];
    const exposures: Exposure[] = [];
    for (const fingerprint of new Set(wanted)) {
      const exposure = await session.store.exposure(parseFingerprint(fingerprint));
      if (exposure !== undefined) exposures.push(exposure);
    }
    if (exposures.length === 0) {
      throw new ProblemError({
        code: 'not-found',
        message: `The secret of plan ${named.plan} is not in the database any more.`,
      });
    }
    return { state, plan: named, exposures, successors: successorsOf(named) };
  }
  const exposure = await resolveExposure(session.store, subject);
  const plan = planOf(state, records, exposure.fingerprint);
  return {
    state,
    exposures: [exposure],
    successors: plan === undefined ? [] : successorsOf(plan),
    ...(plan === undefined ? {} : { plan }),
  };
}

/** The recorded plan whose id begins so; an id and a fingerprint are both hex digits, and the plan comes first. */
function planNamed({ plans }: LogState, subject: string): PlanState | undefined {
  if (!looksLikePrefix(subject)) return undefined;
  const found = [...plans.values()].filter(({ plan }) => plan.startsWith(subject.toLowerCase()));
  if (found.length > 1) {
    throw new ProblemError({
      code: 'usage',
      message: `${subject} begins several plans: ${found.map(({ plan }) => plan).join(', ')}.`,
    });
  }
  return found[0];
}

/** The plan that was created last for a secret. */
function planOf(
  { plans }: LogState,
  records: readonly ChainRecord[],
  fingerprint: Fingerprint,
): PlanState | undefined {
  return [...plans.values()]
    .filter((plan) => plan.fingerprint === fingerprint || othersOf(records, plan.plan).includes(fingerprint))
    .sort((a, b) => (a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : 0))
    .at(-1);
}

/** Further secrets of a plan, as its last revision was recorded. */
export function othersOf(records: readonly ChainRecord[], id: string): readonly string[] {
  let others: readonly string[] = [];
  for (const { action, plan, data } of records as readonly (ChainRecord &
    Readonly<Record<string, unknown>>)[]) {
    if (plan !== id || (action !== 'plan-created' && action !== 'plan-revised')) continue;
    const list = (data as { readonly others?: unknown }).others;
    if (Array.isArray(list)) others = list.filter((one) => typeof one === 'string');
  }
  return others;
}

function successorsOf({ steps }: PlanState): string[] {
  return [...steps.values()].flatMap(({ successor }) => (successor === undefined ? [] : [successor]));
}

/** When copies were purged, by place ('' for any): all steps that say so must lie before a reading that counts. */
export function purgeTimes(plan: PlanState | undefined): ReadonlyMap<string, string> {
  const times = [...(plan?.steps ?? [])].flatMap(([id, { state, at }]) =>
    /^purge(?:-|$)/.test(id) && state === 'done' ? [at] : [],
  );
  const last = times.sort().at(-1);
  return new Map(last === undefined ? [] : [['', last]]);
}
