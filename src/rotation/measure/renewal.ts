/** Whether anything shows that a short-lived value is renewed. A short life by itself is no achievement. */
import { factAttributes, factsNamed } from '../attributes.js';
import { timeOf } from '../derive/sighting-dates.js';
import type { Dossier, Slot } from '../dossier.js';
import type { Fact } from '../fact.js';

export interface RenewalInput extends Pick<Dossier, 'class' | 'provider' | 'slots' | 'relations'> {
  readonly facts: readonly Fact[];
}

/** Times between one value of a slot and the next. */
function intervals({ values }: Slot): number[] {
  const starts = values.flatMap(({ first }) => timeOf(first) ?? []).sort((a, b) => a - b);
  return starts.slice(1).map((start, index) => start - (starts[index] ?? start));
}

/** Something that makes it: a renewer that was found, or a credential that mints it. */
function hasRenewer({ facts, relations }: RenewalInput): boolean {
  return (
    factsNamed(facts, factAttributes.autoRenew).some(
      ({ value, stale }) => value === 'yes' && stale !== true,
    ) || relations.some(({ relation, direction }) => relation === 'mints' && direction === 'to')
  );
}

/**
 * True for an ephemeral value that nothing is known to renew, and for one whose place was left with a value that had
 * ended: its longest life is shorter than the time between two of its values.
 */
export function isRenewalUnproven(input: RenewalInput): boolean {
  if (input.class.value !== 'ephemeral') return false;
  const { maxTtlMs } = input.provider;
  const outlived = maxTtlMs !== undefined && input.slots.flatMap(intervals).some((time) => time > maxTtlMs);
  return outlived || !hasRenewer(input);
}
