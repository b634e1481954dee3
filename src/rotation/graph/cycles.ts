/** Ways round: from a node of a cycle back to itself, the shortest one where that is affordable. */
import { type Adjacency, adjacencyOf, targetsOf } from './adjacency.js';
import type { Components } from './components.js';

/** Nodes of one component that get a search of their own; the others go round by way of the first. */
const mostSearches = 32;

/** Finds ways within components; made once a graph. */
export interface WayFinder {
  /**
   * Nodes from `node` back to `node`, both ends included; undefined when no way leads back. {@link leftOut} stands for
   * nodes in the middle of a way that is too long to be told for each of its nodes.
   */
  wayRound(node: number): readonly number[] | undefined;
}

export const leftOut = -1;
/** Nodes told before and after what is left out. */
const mostTold = 12;

/** Where a search came from; the search stays within one component. */
type Trail = ReadonlyMap<number, number>;

function explore(graph: Adjacency, { of }: Components, start: number): Trail {
  const trail = new Map<number, number>();
  const queue = [start];
  for (let at = 0; at < queue.length; at++) {
    const node = queue[at] ?? start;
    for (const target of targetsOf(graph, node)) {
      if (of[target] !== of[start] || trail.has(target)) continue;
      trail.set(target, node);
      queue.push(target);
    }
  }
  return trail;
}

/** From `end` back along a trail to its start, both included, as far as `limit`; undefined when no trail leads there. */
function followed(
  trail: Trail,
  start: number,
  end: number,
  limit: number = Number.POSITIVE_INFINITY,
): number[] | undefined {
  if (!trail.has(end)) return undefined;
  const way = [end];
  let node = trail.get(end);
  while (node !== undefined && node !== start) {
    if (way.length >= limit) return [...way, leftOut];
    way.push(node);
    node = trail.get(node);
  }
  return [...way, start];
}

/** The same edges the other way round. */
function reversed({ size, offsets, targets }: Adjacency): Adjacency {
  const pairs: number[] = [];
  for (let node = 0; node < size; node++) {
    for (let at = offsets[node] ?? 0; at < (offsets[node + 1] ?? 0); at++) pairs.push(targets[at] ?? 0, node);
  }
  return adjacencyOf(size, pairs);
}

interface Hub {
  readonly node: number;
  readonly out: Trail;
  readonly back: Trail;
}

export function wayFinder(graph: Adjacency, components: Components): WayFinder {
  const searches = new Map<number, number>();
  const hubs = new Map<number, Hub>();
  let reverse: Adjacency | undefined;
  const hubOf = (component: number, node: number): Hub => {
    const known = hubs.get(component);
    if (known !== undefined) return known;
    reverse ??= reversed(graph);
    const hub = { node, out: explore(graph, components, node), back: explore(reverse, components, node) };
    hubs.set(component, hub);
    return hub;
  };
  return {
    wayRound: (node) => {
      const component = components.of[node] ?? 0;
      const isAlone = components.sizes[component] === 1;
      if (isAlone) return targetsOf(graph, node).includes(node) ? [node, node] : undefined;
      const done = searches.get(component) ?? 0;
      searches.set(component, done + 1);
      if (done < mostSearches) return followed(explore(graph, components, node), node, node)?.reverse();
      return byHub(hubOf(component, node), node);
    },
  };
}

/** To the hub and home again: not the shortest way, but one that costs no search. */
function byHub({ node: hub, out, back }: Hub, node: number): readonly number[] | undefined {
  const there = hub === node ? [node] : followed(back, hub, node, mostTold);
  const home = followed(out, hub, node, mostTold)?.reverse();
  if (there === undefined || home === undefined) return undefined;
  // The hub ends one half and begins the other; where both are cut instead, one mark is enough.
  return [...there, ...(there.at(-1) === home[0] ? home.slice(1) : home)];
}
