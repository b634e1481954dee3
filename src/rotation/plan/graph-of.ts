/** Graph facts of a plan: those of its secrets together. */
import type { Dossier } from '../dossier.js';
import { type GraphFacts, noGraphFacts } from '../graph/graph-facts.js';
import { sortedSet } from '../order.js';

/** The first cycle counts; what hangs on any member hangs on the plan, but for the members themselves. */
export function graphFactsOf(
  members: readonly Dossier[],
  graph: ReadonlyMap<string, GraphFacts>,
): GraphFacts {
  const all = members.map(({ fingerprint }) => graph.get(fingerprint) ?? noGraphFacts);
  const [first = noGraphFacts] = all;
  if (members.length === 1) return first;
  const own = new Set(members.map(({ fingerprint }) => fingerprint));
  const others = (lists: readonly (readonly string[])[]): string[] =>
    sortedSet(lists.flat().filter((fingerprint) => !own.has(fingerprint)));
  const cyclic = all.find(({ inCycle }) => inCycle) ?? first;
  return {
    ...cyclic,
    selfRotating: all.some(({ selfRotating }) => selfRotating),
    children: others(all.map(({ children }) => children)),
    secondRing: others(all.map(({ secondRing }) => secondRing)),
  };
}
