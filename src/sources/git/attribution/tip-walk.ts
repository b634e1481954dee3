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

/** Tips must come sorted by name. Gives the holdings by row. */
export function walkTips(
  tips: readonly Tip[],
  trees: TaintedTrees,
  rows: AppearanceTable,
): { readonly holdings: ReadonlyMap<number, TipHolding>; readonly cutShort: boolean } {
  const walk = new TipWalk(tips, trees, rows);
  walk.run();
  return walk;
}

/** Tips by the tree or hit that they have at one path: numbers of tips, ascending within each source tree. */
type Groups = Map<number, number[]>;

class TipWalk {
  readonly holdings: Map<number, TipHolding> = new Map();
  cutShort = false;
  readonly #tips: readonly Tip[];
  readonly #trees: TaintedTrees;
  readonly #rows: AppearanceTable;
  #steps = 0;

  constructor(tips: readonly Tip[], trees: TaintedTrees, rows: AppearanceTable) {
    this.#tips = tips;
    this.#trees = trees;
    this.#rows = rows;
  }

  run(): void {
    const roots: Groups = new Map();
    this.#tips.forEach((tip, member) => {
      addAll(roots, tip.tree, [member]);
    });
    if (roots.size > 0) this.#visit(rootPath, roots, 0);
  }

  #visit(path: number, groups: Groups, depth: number): void {
    if (depth > maxDepth || this.#steps > maxSteps) {
      this.cutShort = true;
      return;
    }
    for (const [name, targets] of this.#entriesOf(groups)) {
      const at = this.#rows.pathOf(path, name);
      if (at === rootPath) continue;
      const below: Groups = new Map();
      for (const [target, members] of targets) {
        if ((target & 1) === 0) below.set(target >> 1, members);
        else this.#hold(this.#rows.rowOf(at, target >> 1), members);
      }
      if (below.size > 0) this.#visit(at, below, depth + 1);
    }
  }

  /** Targets by entry name over all trees of the groups. */
  #entriesOf(groups: Groups): ReadonlyMap<number, Groups> {
    const { starts, entryNames, entryTargets } = this.#trees;
    const byName = new Map<number, Groups>();
    for (const [tree, members] of groups) {
      for (let i = starts[tree] as number; i < (starts[tree + 1] as number); i++) {
        this.#steps += members.length;
        const name = entryNames[i] as number;
        const targets = byName.get(name) ?? new Map();
        byName.set(name, targets);
        addAll(targets, entryTargets[i] as number, members);
      }
    }
    return byName;
  }

  #hold(row: number, members: readonly number[]): void {
    if (row < 0) return;
    // Members are numbers in name order: the smallest are the first names.
    const shown = Int32Array.from(members).sort().subarray(0, shownRefs);
    this.holdings.set(row, {
      refs: Array.from(shown, (member) => this.#tips[member]?.name ?? ''),
      refCount: members.length,
    });
  }
}

function addAll(groups: Groups, key: number, members: readonly number[]): void {
  const there = groups.get(key);
  if (there === undefined) groups.set(key, members.slice());
  else for (const member of members) there.push(member);
}
