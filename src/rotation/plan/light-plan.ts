/** What a portfolio says of a plan: of a large estate all of the plans would not fit into memory together. */
import type { Dossier } from '../dossier.js';
import type { Plan, PortfolioPlan } from './plan.js';

/** Most plans wait for nothing and come after none; one list for all of them. */
const none: readonly never[] = [];

function unlessEmpty<Element>(list: readonly Element[]): readonly Element[] {
  return list.length === 0 ? none : list;
}

/** The plan without what only its own text tells; of its steps those that others may share: the restarts. */
export function lightPlan(plan: Plan): PortfolioPlan {
  const { id, fingerprint, kind, owner, status, deadline, blockedBy } = plan;
  return {
    id,
    fingerprint,
    kind,
    owner,
    status,
    deadline,
    blockedBy: unlessEmpty(blockedBy),
    decision: { strategy: plan.decision.strategy },
    priority: { score: plan.priority.score, band: plan.priority.band },
    questions: unlessEmpty(plan.questions.filter(({ code }) => blockedBy.includes(code))),
    prerequisites: unlessEmpty(plan.prerequisites),
    steps: plan.steps
      .filter(({ type }) => type === 'update')
      .map((step) => ({ id: step.id, type: step.type, target: step.target, wave: step.wave })),
  };
}

/** What the calendar of expiries looks at. */
export type DatedSecret = Pick<Dossier, 'fingerprint' | 'expiresAt' | 'liveness' | 'publishable'>;

export function datedSecret({ fingerprint, expiresAt, liveness, publishable }: Dossier): DatedSecret[] {
  return expiresAt.value === undefined ? [] : [{ fingerprint, expiresAt, liveness, publishable }];
}
