/** What making plans shares over all of them, gathered once: so that no plan looks at every secret. */
import type { Consumer, Dossier } from '../dossier.js';
import type { LogState, PlanState } from '../log/state.js';
import { environmentRanks, type RankOf } from '../measure/environments.js';
import { codePointOrder } from '../order.js';
import { type ExceptionIndex, exceptionIndex } from './excepted.js';
import { consumerKey } from './merge-consumers.js';
import type { PlanningInput } from './plan.js';

export interface PlanningIndex {
  readonly exceptions: ExceptionIndex;
  readonly byFingerprint: ReadonlyMap<string, Dossier>;
  /** By name: one of each environment, of all secrets. */
  readonly consumers: ReadonlyMap<string, readonly Consumer[]>;
  /** By name of a consumer: names of those that depend on it, sorted. */
  readonly dependents: ReadonlyMap<string, readonly string[]>;
  readonly rankOf: RankOf;
  /** Plans that were recorded, by each fingerprint they were recorded for; the latest to be created first. */
  readonly recorded: ReadonlyMap<string, readonly PlanState[]>;
}

function append<T>(lists: Map<string, T[]>, key: string, entry: T): void {
  const known = lists.get(key);
  if (known === undefined) lists.set(key, [entry]);
  else known.push(entry);
}

function consumersByName(dossiers: readonly Dossier[]): ReadonlyMap<string, readonly Consumer[]> {
  const seen = new Set<string>();
  const byName = new Map<string, Consumer[]>();
  for (const { consumers } of dossiers) {
    for (const consumer of consumers) {
      const key = consumerKey(consumer);
      if (consumer.current === 'former' || seen.has(key)) continue;
      seen.add(key);
      append(byName, consumer.name, consumer);
    }
  }
  return byName;
}

function dependentsOf(dossiers: readonly Dossier[]): ReadonlyMap<string, readonly string[]> {
  const dependents = new Map<string, Set<string>>();
  for (const { consumers } of dossiers) {
    for (const { name, dependsOn, current } of consumers) {
      if (current === 'former') continue;
      for (const needed of dependsOn) {
        const known = dependents.get(needed) ?? new Set();
        dependents.set(needed, known.add(name));
      }
    }
  }
  return new Map([...dependents].map(([name, names]) => [name, [...names].sort(codePointOrder)]));
}

function recordedPlans(state: LogState): ReadonlyMap<string, readonly PlanState[]> {
  const recorded = new Map<string, PlanState[]>();
  const plans = [...state.plans.values()].sort(
    (a, b) => codePointOrder(b.createdAt, a.createdAt) || codePointOrder(a.plan, b.plan),
  );
  for (const plan of plans) append(recorded, plan.fingerprint, plan);
  return recorded;
}

/** @param dossiers sorted, so that of equal facts the same one is kept */
export function planningIndex(
  dossiers: readonly Dossier[],
  { state, imports, exceptions }: Pick<PlanningInput, 'state' | 'imports' | 'exceptions'>,
): PlanningIndex {
  return {
    exceptions: exceptionIndex(exceptions),
    byFingerprint: new Map(dossiers.map((dossier) => [dossier.fingerprint, dossier])),
    consumers: consumersByName(dossiers),
    dependents: dependentsOf(dossiers),
    rankOf: environmentRanks(imports.environments),
    recorded: recordedPlans(state),
  };
}
