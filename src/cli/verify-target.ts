/** What `verify` is asked about: a plan with all secrets that it replaces, or one secret; with what the log says of them. */
import type { Exposure } from '../model/exposure.js';
import { type Fingerprint, parseFingerprint } from '../model/ids.js';
import { ProblemError } from '../model/problem.js';
import { foldLog } from '../rotation/log/fold.js';
import type { LogState, PlanState } from '../rotation/log/state.js';
import { openEvidenceLog } from '../store/evidence-log.js';
import { looksLikePrefix, resolveExposure } from './secret-argument.js';
import type { Session } from './session.js';

export interface VerifyTarget {
  readonly state: LogState;
  /** Id of the plan that was named, or that was recorded for the secret. */
  readonly handle?: string;
  /** Absent: no recorded plan is about it. */
  readonly plan?: PlanState;
  /** The plan's secret first. */
  readonly exposures: readonly Exposure[];
  /** Recorded new values, in the order of the log. */
  readonly successors: readonly string[];
}

/** A plan that was printed and not recorded: its id, and its secrets, the leading one first. */
export interface PlannedSecrets {
  readonly id: string;
  readonly fingerprints: readonly string[];
}

/** @param plannedBy finds a plan by a handle that the log does not know; undefined when no plan has it */
export async function verifyTarget(
  session: Session,
  subject: string,
  plannedBy: (subject: string) => Promise<PlannedSecrets | undefined>,
): Promise<VerifyTarget> {
  const state = foldLog(openEvidenceLog(session.store.path, 'read').records());
  const named = planNamed(state, subject);
  if (named !== undefined) {
    const exposures = await exposuresOf(session, [named.fingerprint, ...named.others], named.plan);
    return { state, handle: named.plan, plan: named, exposures, successors: successorsOf(named) };
  }
  const isSecret =
    looksLikePrefix(subject) && (await session.store.resolvePrefix(subject.toLowerCase())).length > 0;
  const planned = isSecret || !looksLikePrefix(subject) ? undefined : await plannedBy(subject);
  if (planned !== undefined) {
    const exposures = await exposuresOf(session, planned.fingerprints, planned.id);
    return { state, handle: planned.id, exposures, successors: [] };
  }
  const exposure = await resolveExposure(session.store, subject);
  const plan = planOf(state, exposure.fingerprint);
  return {
    state,
    exposures: [exposure],
    successors: plan === undefined ? [] : successorsOf(plan),
    ...(plan === undefined ? {} : { handle: plan.plan, plan }),
  };
}

async function exposuresOf(
  { store }: Session,
  fingerprints: readonly string[],
  plan: string,
): Promise<Exposure[]> {
  const exposures: Exposure[] = [];
  for (const fingerprint of new Set(fingerprints)) {
    const exposure = await store.exposure(parseFingerprint(fingerprint));
    if (exposure !== undefined) exposures.push(exposure);
  }
  if (exposures.length > 0) return exposures;
  throw new ProblemError({
    code: 'not-found',
    message: `The secret of plan ${plan} is not in the database any more.`,
  });
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
function planOf({ plans }: LogState, fingerprint: Fingerprint): PlanState | undefined {
  return [...plans.values()]
    .filter((plan) => plan.fingerprint === fingerprint || plan.others.includes(fingerprint))
    .sort((a, b) => (a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : 0))
    .at(-1);
}

function successorsOf({ steps }: PlanState): string[] {
  return [...steps.values()].flatMap(({ successor }) => (successor === undefined ? [] : [successor]));
}
