/** Consumers in waves: one that matters little shows whether the new value works before the others are touched. */
import type { RankOf } from '../measure/environments.js';
import type { PlannedConsumer } from './merge-consumers.js';
import { carefulOrder, isProductionLike, repairOrder, updateOrder } from './update-order.js';

export interface WaveConsumer extends PlannedConsumer {
  /** Those of the plan that must be moved before it. */
  readonly after: readonly PlannedConsumer[];
}

export interface Wave {
  /** 1: one non-production consumer, 2: the rest of these, 3: one of production, 4: the rest. */
  readonly number: number;
  /** In the order in which they are moved. */
  readonly consumers: readonly WaveConsumer[];
}

export interface Waves {
  readonly waves: readonly Wave[];
  /** Names of consumers that depend on each other in a circle. */
  readonly circles: readonly (readonly string[])[];
}

/** The first of production goes alone: what depends on it comes with the rest. */
function afterCanary(wave: number): number {
  return wave % 2 === 0 ? wave : wave + 1;
}

/** Wave of each consumer in order. Nobody stands in an earlier wave than what it depends on. */
function numbered(
  consumers: readonly PlannedConsumer[],
  before: readonly (readonly number[])[],
  ownWave: (consumer: PlannedConsumer, isFirst: (wave: number) => boolean) => number,
): number[] {
  const taken = new Set<number>();
  const numbers: number[] = [];
  for (const [index, consumer] of consumers.entries()) {
    const own = ownWave(consumer, (wave) => !taken.has(wave));
    const latest = (before[index] ?? []).reduce((wave, at) => Math.max(wave, numbers[at] ?? 0), 0);
    taken.add(own);
    numbers.push(latest <= own ? own : afterCanary(latest));
  }
  return numbers;
}

/** @param isRepair true after containment: nothing works then, and the most important comes first */
export function wavesOf(consumers: readonly PlannedConsumer[], rankOf: RankOf, isRepair: boolean): Waves {
  const ordered = updateOrder(consumers, isRepair ? repairOrder(rankOf) : carefulOrder(rankOf));
  const first = (wave: number, isFirst: (wave: number) => boolean): number =>
    isFirst(wave) ? wave : wave + 1;
  const numbers = numbered(ordered.consumers, ordered.before, ({ consumer }, isFirst) =>
    first(!isRepair && isProductionLike(consumer, rankOf) ? 3 : 1, isFirst),
  );
  const byNumber = new Map<number, WaveConsumer[]>();
  for (const [index, consumer] of ordered.consumers.entries()) {
    const number = numbers[index] ?? 1;
    const after = (ordered.before[index] ?? []).flatMap((at) => ordered.consumers[at] ?? []);
    const entry = { ...consumer, after };
    const known = byNumber.get(number);
    if (known === undefined) byNumber.set(number, [entry]);
    else known.push(entry);
  }
  const waves = [...byNumber]
    .sort(([a], [b]) => a - b)
    .map(([number, list]) => ({ number, consumers: list }));
  return { waves, circles: ordered.circles };
}
