/** Handles of plans: the same for the same thing to rotate, whatever a rescan adds. */
import type { PlanState } from '../log/state.js';
import { handleOf } from './digest.js';
import type { PlanningIndex } from './planning-index.js';
import type { Unit } from './units.js';

export interface Identified {
  readonly unit: Unit;
  readonly id: string;
  readonly state: PlanState | undefined;
}

/** What was recorded for one of its secrets: an open plan before a closed one, the lead's before another's. */
function recordedFor({ lead, others }: Unit, index: PlanningIndex): PlanState | undefined {
  const all = [lead, ...others].flatMap(({ fingerprint }) => index.recorded.get(fingerprint) ?? []);
  return all.find(({ closedAt }) => closedAt === undefined) ?? all[0];
}

/** Principals outlive values; what is over, and what has no principal, goes by its fingerprint. */
function subjectOf({ lead }: Unit): string {
  const isOver = lead.lapsed.value === 'yes' || lead.liveness.value === 'dead';
  return isOver || lead.principal.key.startsWith('anon:') ? lead.fingerprint : lead.principal.key;
}

/**
 * An id for each unit. Plans of the log keep theirs; a second unit of one principal, and one that comes up after the
 * plan for an earlier value was closed, take their value in.
 */
export function identified(
  units: readonly Unit[],
  recorded: ReadonlyMap<string, PlanState>,
  index: PlanningIndex,
): Identified[] {
  const taken = new Set<string>();
  const found = units.map((unit) => {
    const state = recordedFor(unit, index);
    if (state === undefined || taken.has(state.plan)) return { unit, state: undefined };
    taken.add(state.plan);
    return { unit, state };
  });
  return found.map(({ unit, state }) => {
    if (state !== undefined) return { unit, state, id: state.plan };
    const subject = subjectOf(unit);
    const short = handleOf(['plan', subject]);
    const isFree = !taken.has(short) && !recorded.has(short);
    const id = isFree ? short : handleOf(['plan', subject, unit.lead.fingerprint]);
    taken.add(id);
    return { unit, state: undefined, id };
  });
}
