/** Plans of every secret, a thousand at a time: those of a large estate do not fit into memory together. */
import { type DatedSecret, datedSecret, lightPlan } from '../../rotation/plan/light-plan.js';
import { makePlans } from '../../rotation/plan/make-plans.js';
import type { Plan, Portfolio, PortfolioPlan } from '../../rotation/plan/plan.js';
import { overviewOf } from '../../rotation/plan/portfolio.js';
import { byPriority } from './find-plans.js';
import type { Rotation } from './rotation.js';

/**
 * @param each gets the plans of each batch in full, in an order that the estate alone decides
 * @returns all of them as a portfolio shows them
 */
export async function planAll(
  rotation: Rotation,
  each: (plans: readonly Plan[]) => Promise<void>,
): Promise<Portfolio<PortfolioPlan>> {
  const plans: PortfolioPlan[] = [];
  const dated: DatedSecret[] = [];
  for await (const { input, dossiers } of rotation.look()) {
    const found = makePlans(input).plans;
    await each(found);
    for (const plan of found) plans.push(lightPlan(plan));
    for (const dossier of dossiers) dated.push(...datedSecret(dossier));
  }
  return overviewOf(plans.sort(byPriority), dated, Date.parse(rotation.now));
}
