/** Refuses kinds that neither a rule nor the database knows: an empty list would look like good news. */
import { ProblemError } from '../model/problem.js';
import type { Store } from '../store/store.js';
import type { Context } from './context.js';
import { nearest } from './nearest.js';

/** @throws ProblemError that names the nearest kinds */
export async function requireKnownKinds(
  { services }: Pick<Context, 'services'>,
  store: Pick<Store, 'listSecrets'>,
  kinds: readonly string[] | undefined,
): Promise<void> {
  for (const kind of kinds ?? []) {
    // A rule may have gone since something was found by it.
    if ((await store.listSecrets({ kinds: [kind] })).length > 0) continue;
    const { rules } = await services.loadRuleSet();
    const known = new Set<string>(rules.map((rule) => rule.kind));
    if (known.has(kind)) continue;
    const near = nearest(kind, known);
    throw new ProblemError({
      code: 'usage',
      message: `There is no kind "${kind}".`,
      hint:
        near.length > 0
          ? `Near it: ${near.join(', ')}.`
          : 'Run "sprawl rules list" to see what is recognised.',
    });
  }
}
