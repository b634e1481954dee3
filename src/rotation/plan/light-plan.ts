/** What a portfolio says of a plan: of a large estate all of the plans would not fit into memory together. */
import type { Dossier } from '../dossier.js';
import type { Plan, Step } from './plan.js';

/** Steps that others may share: the restarts. */
function lightSteps(steps: readonly Step[]): Step[] {
  return steps
    .filter(({ type }) => type === 'update')
    .map((step) => ({ ...step, needs: [], how: '', gates: [] }));
}

/** The plan without what only its own text tells. */
export function lightPlan(plan: Plan): Plan {
  const { decision, priority, questions, blockedBy } = plan;
  return {
    ...plan,
    decision: { ...decision, trace: [] },
    priority: { ...priority, terms: [] },
    questions: questions.filter(({ code }) => blockedBy.includes(code)),
    blastRadius: { consumers: [], unknown: [] },
    abuseRadius: { resources: [], secondRing: [], unknown: [] },
    relations: [],
    steps: lightSteps(plan.steps),
    approvals: [],
    warnings: [],
    controls: [],
    conditions: [],
  };
}

/** What the calendar of expiries looks at. */
export type DatedSecret = Pick<Dossier, 'fingerprint' | 'expiresAt' | 'liveness' | 'publishable'>;

export function datedSecret({ fingerprint, expiresAt, liveness, publishable }: Dossier): DatedSecret[] {
  return expiresAt.value === undefined ? [] : [{ fingerprint, expiresAt, liveness, publishable }];
}
