/**
 * Finds which tips hold which hits: all tips go down the tainted trees together, so that a tree shared by
 * ten thousand refs is walked once per path.
 */
import { type AppearanceTable, rootPath } from './appearance-table.js';
import type { TaintedTrees } from './tree-graph.js';

/** A tip: its root tree (tainted, or the walk would not start) and its name for people. */
export interface Tip {
  readonly tree: number;
  readonly name: string;
}

/** What tips say about a row. */
export interface TipHolding {
  /** Sorted, at most {@link shownRefs}. */
  readonly refs: readonly string[];
  readonly refCount: number;
}

export const shownRefs = 20;
const maxDepth = 2048;
const maxSteps = 100_000_000;

/** Tips must come sorted by name. Gives the holdings by row; `undefined` in `cut` when complete. */
export function walkTips(
  tips: readonly Tip[],
  trees: TaintedTrees,
  rows: AppearanceTable,
): { readonly holdings: ReadonlyMap<number, TipHolding>; readonly cutShort: boolean } {
  const holdings = new Map<number, TipHolding>();
  let steps = 0;
  let cutShort = false;

  const visit = (path: number, groups: ReadonlyMap<number, readonly number[]>, depth: number): void => {
    if (depth > maxDepth || steps > maxSteps) {
      cutShort = true;
      return;
    }
    const byName = new Map<number, Map<number, number[]>>();
    for (const [tree, members] of groups) {
      for (let i = trees.starts[tree] as number; i < (trees.starts[tree + 1] as number); i++) {
        steps += members.length;
        const name = trees.entryNames[i] as number;
        const target = trees.entryTargets[i] as number;
        let targets = byName.get(name);
        if (targets === undefined) byName.set(name, (targets = new Map()));
        const there = targets.get(target);
        if (there === undefined) targets.set(target, members.slice());
        else for (const member of members) there.push(member);
      }
    }
    for (const [name, targets] of byName) {
      const at = rows.pathOf(path, name);
      if (at === rootPath) continue;
      const below = new Map<number, readonly number[]>();
      for (const [target, members] of targets) {
        if ((target & 1) === 0) below.set(target >> 1, members);
        else hold(rows.rowOf(at, target >> 1), members);
      }
      if (below.size > 0) visit(at, below, depth + 1);
    }
  };

  const hold = (row: number, members: readonly number[]): void => {
    if (row < 0) return;
    // Members are numbers in name order: the smallest are the first names.
    const shown = Int32Array.from(members).sort().subarray(0, shownRefs);
    holdings.set(row, {
      refs: Array.from(shown, (member) => tips[member]?.name ?? ''),
      refCount: members.length,
    });
  };

  const roots = new Map<number, number[]>();
  tips.forEach((tip, member) => {
    const there = roots.get(tip.tree);
    if (there === undefined) roots.set(tip.tree, [member]);
    else there.push(member);
  });
  if (roots.size > 0) visit(rootPath, roots, 0);
  return { holdings, cutShort };
}
