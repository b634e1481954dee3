/** Where the rotation of a secret stands, by what was recorded of its plan. */
import type { LogState, PlanState, VerdictState } from './state.js';

export type RotationStatus =
  | 'open'
  | 'planned'
  | 'rotating'
  | 'rotated'
  | 'revoked'
  | 'closed'
  | 'reopened'
  | 'excepted';

function isDone(plan: PlanState, type: string): boolean {
  return plan.steps.get(type)?.state === 'done';
}

function statusOf(plan: PlanState, last: VerdictState | undefined): RotationStatus {
  const closed = plan.closedAt;
  if (last?.verdict === 'reappeared' && (closed === undefined || last.at >= closed)) return 'reopened';
  if (closed !== undefined) return 'closed';
  if (isDone(plan, 'revoke-old') || isDone(plan, 'contain')) return 'revoked';
  if (isDone(plan, 'disable-old') || isDone(plan, 'switch')) return 'rotated';
  const states = [...plan.steps.values()].map(({ state }) => state);
  return states.some((state) => state !== 'todo' && state !== 'skipped') ? 'rotating' : 'planned';
}

/** By fingerprint, of the secrets with a recorded plan. Of several plans the one recorded last counts. */
export function rotationStatuses({ plans, verdicts }: LogState): ReadonlyMap<string, RotationStatus> {
  const found = new Map<string, RotationStatus>();
  const sorted = [...plans.values()].sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
  for (const plan of sorted) {
    found.set(plan.fingerprint, statusOf(plan, verdicts.get(plan.fingerprint)?.at(-1)));
  }
  return found;
}
