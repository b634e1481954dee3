/** Consumers of several secrets as one list: a workload that uses three values of a unit is restarted once. */
import type { Consumer, Dossier } from '../dossier.js';
import { codePointOrder, sortedSet } from '../order.js';

/** A consumer of what a plan replaces. */
export interface PlannedConsumer {
  readonly consumer: Consumer;
  /** Fingerprints of the secrets of the plan that it uses, sorted. */
  readonly uses: readonly string[];
  /** True when it only uses what was made with a secret of the plan. */
  readonly isOfChild: boolean;
}

/** One workload in two environments is two consumers. */
export function consumerKey({ name, environment }: Pick<Consumer, 'name' | 'environment'>): string {
  return `${name} (${environment})`;
}

const hows: readonly Consumer['how'][] = ['literal', 'reference', 'imported'];

/** What two secrets know of one workload. Plain text must be changed by hand, whatever else refers to it. */
function united(a: Consumer, b: Consumer): Consumer {
  const [first, second] = hows.indexOf(a.how) <= hows.indexOf(b.how) ? [a, b] : [b, a];
  const owner = first.owner ?? second.owner;
  const nextRun = [first.nextRun, second.nextRun]
    .filter((run) => run !== undefined)
    .sort(codePointOrder)
    .at(-1);
  const criticality = Math.min(first.criticality ?? 5, second.criticality ?? 5);
  return {
    ...second,
    ...first,
    reload: first.reload === 'unknown' ? second.reload : first.reload,
    runs: first.runs === 'unknown' ? second.runs : first.runs,
    dependsOn: sortedSet([...first.dependsOn, ...second.dependsOn]),
    ...(owner === undefined ? {} : { owner }),
    ...(nextRun === undefined ? {} : { nextRun }),
    ...(criticality > 4 ? {} : { criticality }),
  };
}

/** Current consumers of the members, then of secrets made with them; sorted by name and environment. */
export function plannedConsumers(
  members: readonly Dossier[],
  children: readonly Dossier[],
): PlannedConsumer[] {
  const found = new Map<string, { consumer: Consumer; uses: Set<string>; isOfChild: boolean }>();
  const add = ({ fingerprint, consumers }: Dossier, isOfChild: boolean): void => {
    for (const consumer of consumers) {
      if (consumer.current === 'former') continue;
      const key = consumerKey(consumer);
      const known = found.get(key);
      if (known === undefined) found.set(key, { consumer, uses: new Set([fingerprint]), isOfChild });
      else {
        known.consumer = united(known.consumer, consumer);
        known.uses.add(fingerprint);
      }
    }
  };
  for (const member of members) add(member, false);
  for (const child of children) add(child, true);
  return [...found]
    .sort(([a], [b]) => codePointOrder(a, b))
    .map(([, { consumer, uses, isOfChild }]) => ({ consumer, uses: sortedSet(uses), isOfChild }));
}
