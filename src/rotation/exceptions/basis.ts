/** What was known of a secret when an exception was granted for it, and what of that has become worse. */
import type { Dossier, ExposureLevel } from '../dossier.js';
import type { ExceptionBasis } from '../log/record.js';
import { sortedSet } from '../order.js';
import type { Strategy } from '../policy/decision.js';

/** From the worst. */
const levels: readonly string[] = [
  'public-present',
  'public-history',
  'external',
  'internal-human',
  'internal-head',
  'internal-history',
  'vault-only',
] satisfies readonly ExposureLevel[];

function currentConsumers({ consumers }: Dossier): string[] {
  return sortedSet(consumers.filter(({ current }) => current !== 'former').map(({ name }) => name));
}

/** @param suspended what would hold without the exception */
export function basisOf(
  dossier: Dossier,
  suspended: { readonly strategy: Strategy; readonly deadline?: string },
): ExceptionBasis {
  const { exposureLevel, environments, owner } = dossier;
  return {
    exposureLevel,
    consumers: currentConsumers(dossier),
    environments: sortedSet(environments),
    ...(owner.value !== undefined && { owner: owner.value }),
    strategy: suspended.strategy,
    ...(suspended.deadline !== undefined && { deadline: suspended.deadline }),
  };
}

function newOf(now: readonly string[], then: readonly string[]): readonly string[] {
  const known = new Set(then);
  return sortedSet(now.filter((name) => !known.has(name)));
}

/** Why an exception does not hold any more for a secret; empty while it does. */
export function breachesOf(basis: ExceptionBasis, dossier: Dossier): readonly string[] {
  const breaches: string[] = [];
  const [then, now] = [levels.indexOf(basis.exposureLevel), levels.indexOf(dossier.exposureLevel)];
  if (now < then) breaches.push(`exposure rose from ${basis.exposureLevel} to ${dossier.exposureLevel}`);
  for (const name of newOf(currentConsumers(dossier), basis.consumers)) breaches.push(`new consumer ${name}`);
  for (const name of newOf(dossier.environments, basis.environments))
    breaches.push(`new environment ${name}`);
  if (dossier.ownerParty?.status === 'left') breaches.push('its owner has left');
  if (dossier.reasons.includes('ALTERNATE_EXPOSED')) breaches.push('its alternate is exposed too');
  return breaches;
}
