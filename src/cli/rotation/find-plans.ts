/** Plans of the secrets that somebody asks for, by fingerprint or by the handle of a plan. */
import type { Dossier } from '../../rotation/dossier.js';
import type { LogState } from '../../rotation/log/state.js';
import { makePlans } from '../../rotation/plan/make-plans.js';
import type { Plan, Portfolio, PortfolioPlan } from '../../rotation/plan/plan.js';
import { portfolioOf } from '../../rotation/plan/portfolio.js';
import { looksLikePrefix, resolveFingerprint } from '../secret-argument.js';
import type { Session } from '../session.js';
import { planWithHandle } from './find-plan.js';
import type { Rotation } from './rotation.js';

/** Plans with the dossiers that they were made of. */
export interface FoundPlans {
  readonly portfolio: Portfolio;
  readonly dossiers: readonly Dossier[];
}

/** Plans that a beginning of a handle names among those recorded. */
function recorded(state: LogState, prefix: string): string[] {
  return [...state.plans.values()]
    .filter(({ plan }) => plan.startsWith(prefix))
    .map(({ fingerprint }) => fingerprint);
}

/** The secret that an argument means: a plan that was recorded, a fingerprint, else a plan that was only printed. */
export async function secretOfArgument(
  { store }: Pick<Session, 'store'>,
  rotation: Rotation,
  argument: string,
): Promise<string> {
  const [only, ...others] = recorded(rotation.state, argument.toLowerCase());
  if (only !== undefined && others.length === 0) return only;
  if (looksLikePrefix(argument) && (await store.resolvePrefix(argument.toLowerCase())).length === 0) {
    const plan = await planWithHandle(rotation, argument);
    if (plan !== undefined) return plan.fingerprint;
  }
  return resolveFingerprint(store, argument);
}

function isAbout({ fingerprint, others }: Plan, wanted: ReadonlySet<string>): boolean {
  return wanted.has(fingerprint) || others.some((other) => wanted.has(other));
}

/** The plans that these secrets are part of; restarts that they share are merged. */
export async function plansOf(
  rotation: Rotation,
  wanted: ReadonlySet<string>,
  state: LogState = rotation.state,
): Promise<FoundPlans> {
  const plans: Plan[] = [];
  const dossiers: Dossier[] = [];
  for await (const look of rotation.look(wanted)) {
    const found = makePlans({ ...look.input, state }).plans.filter((plan) => isAbout(plan, wanted));
    plans.push(...found);
    const members = new Set(found.flatMap(({ fingerprint, others }) => [fingerprint, ...others]));
    dossiers.push(...look.dossiers.filter(({ fingerprint }) => members.has(fingerprint)));
  }
  plans.sort(byPriority);
  return { portfolio: portfolioOf(plans, dossiers, Date.parse(rotation.now)), dossiers };
}

export function byPriority(a: PortfolioPlan, b: PortfolioPlan): number {
  return b.priority.score - a.priority.score || (a.fingerprint < b.fingerprint ? -1 : 1);
}
