/** What making plans shares over all of them, gathered once: so that no plan looks at every secret. */
import type { Consumer, Dossier } from '../dossier.js';
import type { LogState, PlanState } from '../log/state.js';
import { environmentRanks, type RankOf } from '../measure/environments.js';
import { codePointOrder } from '../order.js';
import { type ExceptionIndex, exceptionIndex } from './excepted.js';
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

type ConsumerLists = readonly (readonly Consumer[])[];

function consumersByName(lists: ConsumerLists): ReadonlyMap<string, readonly Consumer[]> {
  const byName = new Map<string, Consumer[]>();
  for (const consumers of lists) {
    for (const consumer of consumers) {
      const known = byName.get(consumer.name) ?? [];
      if (consumer.current === 'former') continue;
      if (known.some(({ environment }) => environment === consumer.environment)) continue;
      append(byName, consumer.name, consumer);
    }
  }
  return byName;
}

function dependentsOf(lists: ConsumerLists): ReadonlyMap<string, readonly string[]> {
  const dependents = new Map<string, Set<string>>();
  for (const consumers of lists) {
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

type ConsumerIndex = Pick<PlanningIndex, 'consumers' | 'dependents'>;

function consumerIndex(lists: ConsumerLists): ConsumerIndex {
  return { consumers: consumersByName(lists), dependents: dependentsOf(lists) };
}

/** What is the same for all batches of one estate is made once: plans of a large one are made a thousand at a time. */
function remembered<Key extends object, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const known = new WeakMap<Key, Value>();
  return (key) => {
    const found = known.get(key) ?? make(key);
    known.set(key, found);
    return found;
  };
}

const recordedIn = remembered(recordedPlans);
const exceptionsIn = remembered(exceptionIndex);
const consumersIn = remembered((all: ReadonlyMap<string, readonly Consumer[]>) =>
  consumerIndex([...all].sort(([a], [b]) => codePointOrder(a, b)).map(([, consumers]) => consumers)),
);

/** @param dossiers sorted, so that of equal facts the same one is kept */
export function planningIndex(
  dossiers: readonly Dossier[],
  {
    state,
    imports,
    exceptions,
    consumers: all,
  }: Pick<PlanningInput, 'state' | 'imports' | 'exceptions' | 'consumers'>,
): PlanningIndex {
  return {
    exceptions: exceptionsIn(exceptions),
    byFingerprint: new Map(dossiers.map((dossier) => [dossier.fingerprint, dossier])),
    ...(all === undefined ? consumerIndex(dossiers.map(({ consumers }) => consumers)) : consumersIn(all)),
    rankOf: environmentRanks(imports.environments),
    recorded: recordedIn(state),
  };
}
