/** A plan for people, as lines. */
import type { Plan } from '../../rotation/plan/plan.js';

export function planLines(plan: Plan): string[] {
  const { id, fingerprint, kind, principal, decision, status, deadline, steps } = plan;
  return [
    `plan ${id}  secret ${fingerprint.slice(0, 12)}  kind ${kind}  principal ${principal}`,
    `strategy ${decision.strategy}  status ${status}${deadline === undefined ? '' : `  deadline ${deadline}`}  rule ${decision.rule}`,
    `why ${decision.reason}`,
    ...steps.map(({ number, type, title, who }) => `${number} ${type} ${title} ${who}`),
  ];
}
