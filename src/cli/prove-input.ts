/** Gathers what a continuity statement is made of: the plan as it is now, the log, dossiers, and when sources were read. */
import { type PlaceKey, shownFingerprintLength } from '../model/ids.js';
import { ProblemError } from '../model/problem.js';
import { isSettled } from '../model/receipt.js';
import type { Dossier } from '../rotation/dossier.js';
import { knownRecord } from '../rotation/log/known-record.js';
import type { PlanState } from '../rotation/log/state.js';
import { codePointOrder } from '../rotation/order.js';
import { makePlans } from '../rotation/plan/make-plans.js';
import type { Plan } from '../rotation/plan/plan.js';
import type { StatementInput, StatementSource } from '../rotation/verify/statement-input.js';
import type { EvidenceLog } from '../store/evidence-log.js';
import type { RootReading } from '../store/store.js';
import type { Context } from './context.js';
import type { Rotation } from './rotation/rotation.js';
import { type RotationFlags, rotationOptions } from './rotation/rotation-flags.js';
import { looksLikePrefix } from './secret-argument.js';
import type { Session } from './session.js';

/** Digits of an analysis id that are shown. */
const shownAnalysisDigits = 12;

export async function gatherStatement(
  context: Context,
  session: Session,
  subject: string,
  flags: RotationFlags,
): Promise<{ readonly input: StatementInput; readonly log: EvidenceLog }> {
  const rotation = await context.services.rotation(context, session, {
    ...rotationOptions(flags),
    ...(flags.now === undefined ? {} : { now: new Date(flags.now).toISOString() }),
    log: 'append',
  });
  try {
    const { plan, dossiers } = await recordedPlan(rotation, subject);
    const recorded = rotation.state.plans.get(plan.id);
    if (recorded === undefined) throw notRecorded(subject);
    const places = [
      ...new Set(dossiers.flatMap(({ copies }) => copies.map(({ location }) => location.place))),
    ];
    const readings = await session.store.readings(places);
    const records = [...rotation.log.records()].flatMap((record) => knownRecord(record) ?? []);
    const input: StatementInput = {
      now: rotation.now,
      plan,
      recorded,
      records,
      dossiers,
      verdicts: rotation.state.verdicts,
      sources: await sourcesOf(session, readings),
      head: { hash: rotation.state.head, seq: rotation.state.seq },
      policySha256: rotation.policy.sha256,
      toolVersion: context.version,
      ruleVersions: analysesOf(readings),
      people: rotation.people,
    };
    return { input, log: rotation.log };
  } finally {
    rotation.close();
  }
}

function notRecorded(subject: string): ProblemError {
  const named = looksLikePrefix(subject)
    ? `No plan that ${subject} names, or for such a secret,`
    : 'No such plan';
  return new ProblemError({
    code: 'not-found',
    message: `${named} is recorded.`,
    hint: 'See "sprawl plan --all"; a statement is about a plan that was carried out.',
  });
}

/** The recorded plan whose id begins so, else the one that was made last for the secret that does. */
function planNamed({ state }: Rotation, subject: string): PlanState | undefined {
  if (!looksLikePrefix(subject)) return undefined;
  const prefix = subject.toLowerCase();
  const plans = [...state.plans.values()];
  const named = plans.filter(({ plan }) => plan.startsWith(prefix));
  if (named.length > 1)
    throw ambiguous(
      subject,
      'plans',
      named.map(({ plan }) => plan),
    );
  if (named.length === 1) return named[0];
  const about = plans.filter(({ fingerprint, others }) =>
    [fingerprint, ...others].some((one) => one.startsWith(prefix)),
  );
  const secrets = new Set(
    about
      .flatMap(({ fingerprint, others }) => [fingerprint, ...others])
      .filter((one) => one.startsWith(prefix)),
  );
  if (secrets.size > 1)
    throw ambiguous(
      subject,
      'secrets',
      [...secrets].map((one) => one.slice(0, shownFingerprintLength)),
    );
  return about.sort((a, b) => codePointOrder(a.createdAt, b.createdAt)).at(-1);
}

function ambiguous(subject: string, what: string, names: readonly string[]): ProblemError {
  return new ProblemError({
    code: 'usage',
    message: `${subject} begins several ${what}: ${[...names].sort(codePointOrder).join(', ')}.`,
  });
}

/** The plan as it would be made now, with the dossiers of its secrets. */
async function recordedPlan(
  rotation: Rotation,
  subject: string,
): Promise<{ readonly plan: Plan; readonly dossiers: readonly Dossier[] }> {
  const recorded = planNamed(rotation, subject);
  if (recorded === undefined) throw notRecorded(subject);
  for await (const { dossiers, input } of rotation.look(new Set([recorded.fingerprint]))) {
    const plan = makePlans(input).plans.find((one) => one.id === recorded.plan);
    if (plan === undefined) continue;
    const own = [plan.fingerprint, ...plan.others];
    return {
      plan,
      dossiers: own.flatMap(
        (fingerprint) => dossiers.find((dossier) => dossier.fingerprint === fingerprint) ?? [],
      ),
    };
  }
  throw new ProblemError({
    code: 'not-found',
    message: `The secret of plan ${recorded.plan} is not in the database any more.`,
    hint: 'The evidence log has what was recorded of it: "sprawl log export".',
  });
}

async function sourcesOf({ store }: Session, readings: readonly RootReading[]): Promise<StatementSource[]> {
  const places = new Map<PlaceKey, { name: string; system: string }>(
    (await store.places()).map(({ key, name, system }) => [key, { name, system }]),
  );
  return readings.map(({ place, whole, receipt, newestRecord }) => ({
    place,
    placeName: places.get(place)?.name ?? place,
    system: places.get(place)?.system ?? 'unknown',
    ...(whole === undefined ? {} : { readAt: whole.at }),
    ...(newestRecord === undefined ? {} : { newestRecord }),
    isComplete: receipt === undefined || (isSettled(receipt) && receipt.complete),
  }));
}

function analysesOf(readings: readonly RootReading[]): string[] {
  const ids = readings.flatMap(({ analysisId }) =>
    analysisId === undefined ? [] : [analysisId.slice(0, shownAnalysisDigits)],
  );
  return [...new Set(ids)].sort();
}
