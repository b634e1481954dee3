/** Which refs reach given commits: one bit per commit goes from parents to children. */
import type { CommitGraph } from './commit-graph.js';
import { shownRefs, type TipHolding } from './tip-walk.js';

const commitsPerRound = 32;

/** Tips must come sorted by name; the result is by commit index. */
export function reachingRefs(
  wanted: readonly number[],
  commits: CommitGraph,
  order: Int32Array,
  tips: readonly { readonly commit: number; readonly name: string }[],
): ReadonlyMap<number, TipHolding> {
  const found = new Map<number, { refs: string[]; refCount: number }>();
  for (let from = 0; from < wanted.length; from += commitsPerRound) {
    const round = wanted.slice(from, from + commitsPerRound);
    const masks = new Int32Array(commits.table.count);
    round.forEach((commit, bit) => {
      found.set(commit, { refs: [], refCount: 0 });
      masks[commit] = (masks[commit] as number) | (1 << bit);
    });
    for (const commit of order) {
      let mask = masks[commit] as number;
      for (const parent of commits.parentsOf(commit)) if (parent >= 0) mask |= masks[parent] as number;
      masks[commit] = mask;
    }
    for (const tip of tips) {
      const mask = masks[tip.commit] as number;
      if (mask === 0) continue;
      round.forEach((commit, bit) => {
        const holding = found.get(commit);
        if ((mask & (1 << bit)) === 0 || holding === undefined) return;
        if (holding.refs.length < shownRefs) holding.refs.push(tip.name);
        holding.refCount++;
      });
    }
  }
  return found;
}
