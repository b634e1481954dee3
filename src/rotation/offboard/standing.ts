/** Where a secret stands: over, in use, personal. Unknown is never read as "no". */
import type { Consumer, Dossier } from '../dossier.js';
import type { FactEvidence } from '../fact.js';
import { codePointOrder } from '../order.js';
import type { CurrentUse } from './offboard-case.js';

/** Evidence told of one thing. */
const mostEvidence = 5;

/** Nobody accepts it any more, as far as somebody said or its date shows. */
export function isOver({ liveness, lapsed }: Dossier): boolean {
  return liveness.value === 'dead' || lapsed.value === 'yes';
}

/** Not ours to rotate, or nothing to rotate: told in other places. */
export function isOutOfHand({ belongsTo, publishable }: Dossier): boolean {
  return publishable || belongsTo.value === 'other-organisation';
}

/** Consumers that are not shown to be former. */
export function currentConsumers({ consumers }: Dossier): readonly Consumer[] {
  return consumers.filter(({ current }) => current !== 'former');
}

export function useOf({ name, kind, environment, evidence }: Consumer): CurrentUse {
  return { name, kind, environment, evidence: evidence.slice(0, mostEvidence) };
}

export function usesOf(consumers: readonly Consumer[]): readonly CurrentUse[] {
  return consumers
    .map(useOf)
    .sort((a, b) => codePointOrder(a.name, b.name) || codePointOrder(a.environment, b.environment));
}

/** Tied to the account of a person. */
export function isPersonal({ principal, provider }: Dossier): boolean {
  return principal.kind === 'personal' || provider.userBound;
}

/** Something besides the tools of its person works with it. */
export function machineUses(dossier: Dossier): readonly Consumer[] {
  return currentConsumers(dossier).filter(({ kind }) => kind !== 'human-tool');
}

/** Nothing uses it: its consumers are former, or somebody stated that there are none. */
export function isKnownUnused(dossier: Dossier): boolean {
  if (currentConsumers(dossier).length > 0) return false;
  return dossier.consumers.length > 0 || dossier.coverage === 'attested';
}

export function priorityText({ priority }: Dossier): string {
  return `${priority.band} ${priority.score}`;
}

export function fewOf(evidence: readonly FactEvidence[]): readonly FactEvidence[] {
  return evidence.slice(0, mostEvidence);
}
