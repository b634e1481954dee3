/** In which order consumers are moved: what others depend on first, then by what a failure would cost. */
import type { Consumer } from '../dossier.js';
import { adjacencyOf } from '../graph/adjacency.js';
import { componentsOf } from '../graph/components.js';
import type { ConsumerKind } from '../imports.js';
import type { RankOf } from '../measure/environments.js';
import { codePointOrder } from '../order.js';
import type { PlannedConsumer } from './merge-consumers.js';

/** What hurts least when it fails comes first; what somebody else decides last. */
const kindOrder: readonly ConsumerKind[] = [
  'test',
  'build',
  'human-tool',
  'ci',
  'batch',
  'service',
  'agent',
  'unknown',
  'third-party',
  'shipped-client',
];

/** Where nobody said so, it may be production: such a consumer comes after all that are known not to be. */
const unknownRank = 49;
const productionRank = 50;
/** Nobody said how critical it is: between the middle ones. */
const unknownCriticality = 2.5;

export function rankOfConsumer({ environment }: Consumer, rankOf: RankOf): number {
  return environment === 'unknown' ? unknownRank : rankOf(environment);
}

/** Production, its stand-in, or what may be either. */
export function isProductionLike({ environment }: Consumer, rankOf: RankOf): boolean {
  return environment === 'unknown' || rankOf(environment) >= productionRank;
}

export type ConsumerOrder = (a: PlannedConsumer, b: PlannedConsumer) => number;

/** The least important first: dev before prod, criticality 4 before 1. */
export function carefulOrder(rankOf: RankOf): ConsumerOrder {
  return ({ consumer: a }, { consumer: b }) =>
    rankOfConsumer(a, rankOf) - rankOfConsumer(b, rankOf) ||
    (b.criticality ?? unknownCriticality) - (a.criticality ?? unknownCriticality) ||
    kindOrder.indexOf(a.kind) - kindOrder.indexOf(b.kind) ||
    codePointOrder(a.name, b.name) ||
    codePointOrder(a.environment, b.environment);
}

/** The most important first, for repairs: what is broken and matters most is down already. */
export function repairOrder(rankOf: RankOf): ConsumerOrder {
  return ({ consumer: a }, { consumer: b }) =>
    rankOfConsumer(b, rankOf) - rankOfConsumer(a, rankOf) ||
    (a.criticality ?? unknownCriticality) - (b.criticality ?? unknownCriticality) ||
    kindOrder.indexOf(a.kind) - kindOrder.indexOf(b.kind) ||
    codePointOrder(a.name, b.name) ||
    codePointOrder(a.environment, b.environment);
}

export interface OrderedConsumers {
  readonly consumers: readonly PlannedConsumer[];
  /** By index: indexes of those that must come before it, ascending. Within a cycle nobody must. */
  readonly before: readonly (readonly number[])[];
  /** Names of consumers that depend on each other in a circle, each circle sorted. */
  readonly circles: readonly (readonly string[])[];
}

/** By index in `consumers`: indexes of those it depends on, in its own environment if they are there, else in any. */
function dependencies(consumers: readonly PlannedConsumer[]): number[][] {
  const byName = new Map<string, number[]>();
  for (const [index, { consumer }] of consumers.entries()) {
    const known = byName.get(consumer.name);
    if (known === undefined) byName.set(consumer.name, [index]);
    else known.push(index);
  }
  return consumers.map(({ consumer }) =>
    consumer.dependsOn.flatMap((name) => {
      const all = byName.get(name) ?? [];
      const own = all.filter((at) => consumers[at]?.consumer.environment === consumer.environment);
      return own.length > 0 ? own : all;
    }),
  );
}

/** Takes the lowest number first. */
class LowestFirst {
  readonly #heap: number[] = [];

  push(number: number): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(number);
    while (at > 0) {
      const up = (at - 1) >> 1;
      if ((heap[up] ?? 0) <= number) break;
      heap[at] = heap[up] ?? 0;
      at = up;
    }
    heap[at] = number;
  }

  pop(): number | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= heap.length) break;
      const child = (heap[left + 1] ?? Number.POSITIVE_INFINITY) < (heap[left] ?? 0) ? left + 1 : left;
      if ((heap[child] ?? 0) >= last) break;
      heap[at] = heap[child] ?? 0;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

/** Topological order with ties as given; consumers of a circle stand where the circle may stand. */
export function updateOrder(consumers: readonly PlannedConsumer[], order: ConsumerOrder): OrderedConsumers {
  const sorted = [...consumers].sort(order);
  const needed = dependencies(sorted);
  // Nothing depends on anything, as in most plans: the order is the answer.
  if (needed.every((list) => list.length === 0)) return { consumers: sorted, before: needed, circles: [] };
  const { of, sizes } = componentsOf(
    adjacencyOf(
      sorted.length,
      needed.flatMap((list, index) => list.flatMap((before) => [index, before])),
    ),
  );
  const before = needed.map((list, index) => [...new Set(list)].filter((at) => of[at] !== of[index]));
  const after: number[][] = sorted.map(() => []);
  const waits = before.map((list) => list.length);
  for (const [index, list] of before.entries()) for (const at of list) after[at]?.push(index);
  const ready = new LowestFirst();
  for (const [index, count] of waits.entries()) if (count === 0) ready.push(index);
  const places = new Map<number, number>();
  for (let next = ready.pop(); next !== undefined; next = ready.pop()) {
    places.set(next, places.size);
    for (const index of after[next] ?? []) {
      const left = (waits[index] ?? 0) - 1;
      waits[index] = left;
      if (left === 0) ready.push(index);
    }
  }
  return {
    consumers: [...places.keys()].flatMap((index) => sorted[index] ?? []),
    before: [...places.keys()].map((index) =>
      (before[index] ?? []).map((at) => places.get(at) ?? 0).sort((a, b) => a - b),
    ),
    circles: circlesOf(sorted, of, sizes),
  };
}

function circlesOf(
  consumers: readonly PlannedConsumer[],
  of: Int32Array,
  sizes: readonly number[],
): (readonly string[])[] {
  const circles = new Map<number, string[]>();
  for (const [index, { consumer }] of consumers.entries()) {
    const component = of[index] ?? 0;
    if ((sizes[component] ?? 1) < 2) continue;
    const known = circles.get(component);
    if (known === undefined) circles.set(component, [consumer.name]);
    else known.push(consumer.name);
  }
  return [...circles.values()]
    .map((names) => names.sort(codePointOrder))
    .sort((a, b) => codePointOrder(a.join(), b.join()));
}
