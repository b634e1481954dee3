/** The plan that somebody means, as it is now, with the dossiers of its secrets. */
import { ProblemError } from '../../model/problem.js';
import type { Dossier } from '../../rotation/dossier.js';
import { makePlans } from '../../rotation/plan/make-plans.js';
import type { Plan } from '../../rotation/plan/plan.js';
import type { Rotation } from './rotation.js';

export interface FoundPlan {
  readonly plan: Plan;
  /** Of the plan's secret and of those it replaces as well. */
  readonly dossiers: readonly Dossier[];
}

const minDigits = 4;

function isMeant({ id, fingerprint, others }: Plan, text: string): boolean {
  return id.startsWith(text) || [fingerprint, ...others].some((one) => one.startsWith(text));
}

/** Fingerprints whose plans can be meant; undefined when all have to be looked at. */
function candidates({ state, fingerprints }: Rotation, text: string): ReadonlySet<string> | undefined {
  const recorded = [...state.plans.values()].filter(({ plan }) => plan.startsWith(text));
  const known = new Set(fingerprints);
  const found = [
    ...recorded.map(({ fingerprint }) => fingerprint).filter((fingerprint) => known.has(fingerprint)),
    ...fingerprints.filter((fingerprint) => fingerprint.startsWith(text)),
  ];
  return found.length === 0 ? undefined : new Set(found);
}

async function matches(
  rotation: Rotation,
  text: string,
  wanted: ReadonlySet<string> | undefined,
): Promise<readonly FoundPlan[]> {
  const found: FoundPlan[] = [];
  for await (const { dossiers, input } of rotation.look(wanted)) {
    const byFingerprint = new Map(dossiers.map((dossier) => [dossier.fingerprint, dossier]));
    for (const plan of makePlans(input).plans) {
      if (!isMeant(plan, text)) continue;
      const own = [plan.fingerprint, ...plan.others].flatMap((one) => byFingerprint.get(one) ?? []);
      found.push({ plan, dossiers: own });
    }
  }
  return found;
}

/** The plan whose id begins so; undefined when none does. Of several it is an error. */
export async function planWithHandle(rotation: Rotation, text: string): Promise<Plan | undefined> {
  const wanted = text.toLowerCase();
  const found = (await matches(rotation, wanted, undefined)).filter(({ plan }) => plan.id.startsWith(wanted));
  const [only, ...more] = found;
  if (more.length > 0) throw severalPlans(wanted, found);
  return only?.plan;
}

function severalPlans(text: string, found: readonly FoundPlan[]): ProblemError {
  const ids = found.map(({ plan }) => plan.id).join(', ');
  return new ProblemError({
    code: 'ambiguous-fingerprint',
    message: `${text} begins several plans or their secrets: ${ids}.`,
  });
}

/** @param text beginning of the id of a plan, or of a fingerprint that it is about */
export async function findPlan(rotation: Rotation, text: string): Promise<FoundPlan> {
  const wanted = text.toLowerCase();
  // What is no id may be a value that was given by mistake, so it is never repeated.
  if (wanted.length < minDigits || !/^[0-9a-f]+$/.test(wanted)) {
    throw new ProblemError({
      code: 'usage',
      message: `The argument is no plan: at least ${minDigits} hex digits of its id or fingerprint are needed.`,
      hint: 'See "sprawl plan --all".',
    });
  }
  const near = candidates(rotation, wanted);
  let found = await matches(rotation, wanted, near);
  if (found.length === 0 && near !== undefined) found = await matches(rotation, wanted, undefined);
  const exact = found.filter(({ plan }) => plan.id === wanted || plan.fingerprint === wanted);
  const [only, ...more] = exact.length > 0 ? exact : found;
  if (only === undefined) {
    throw new ProblemError({
      code: 'not-found',
      message: `No plan begins with ${wanted}.`,
      hint: 'See "sprawl plan --all".',
    });
  }
  if (more.length > 0) throw severalPlans(wanted, found);
  return only;
}
