/**
 * Walks all commits once and compares each one's tainted trees with those of all its parents.
 *
 * Introduced: in the commit, and at that path in no parent, so that an evil merge introduces and a plain
 * merge does not. Removed: not in the commit, but at that path in every parent. A commit whose tainted
 * root tree equals a parent's costs one comparison.
 */
import type { AppearanceTable } from './appearance-table.js';
import { rootPath } from './appearance-table.js';
import type { CommitGraph } from './commit-graph.js';
import type { TaintedTrees } from './tree-graph.js';

const none = -1;
/** Folders in folders: git's own limit on a path's depth (core.maxTreeDepth) is 2048. */
const maxDepth = 2048;
/** Entries compared in all; a store built to explode stops here and is reported. */
const maxSteps = 400_000_000;

export class HistoryWalk {
  readonly #commits: CommitGraph;
  readonly #trees: TaintedTrees;
  readonly #rows: AppearanceTable;
  #commit = 0;
  #steps = 0;
  #depth = 0;

  constructor(commits: CommitGraph, trees: TaintedTrees, rows: AppearanceTable) {
    this.#commits = commits;
    this.#trees = trees;
    this.#rows = rows;
  }

  /** True when a limit cut the walk short. */
  get cutShort(): boolean {
    return this.#steps > maxSteps || this.#rows.full;
  }

  /** Walks the commits in the given order, which must put parents before children. */
  run(order: Int32Array): void {
    for (const commit of order) {
      this.#commit = commit;
      const tree = this.taintedRoot(commit);
      const parents = this.#commits.parentsOf(commit);
      if (parents.length === 0) {
        if (tree !== none) this.#compareOne(rootPath, tree, none);
      } else if (parents.length === 1) {
        const before = this.taintedRoot(parents[0] as number);
        if (tree !== before) this.#compareOne(rootPath, tree, before);
      } else {
        const before = Array.from(parents, (parent) => this.taintedRoot(parent));
        if (!before.includes(tree)) this.#compareMany(rootPath, tree, before);
      }
    }
  }

  /** Root tree of a commit if it holds a hit, else -1. */
  taintedRoot(commit: number): number {
    const tree = commit < 0 ? none : (this.#commits.rootTrees[commit] as number);
    return tree >= 0 && this.#trees.tainted[tree] === 1 ? tree : none;
  }

  /** Merges two sorted entry lists; the common case of one parent. */
  #compareOne(path: number, tree: number, before: number): void {
    if (this.#tooDeep()) return;
    const { starts, entryNames, entryTargets } = this.#trees;
    let a = tree === none ? 0 : (starts[tree] as number);
    const aEnd = tree === none ? 0 : (starts[tree + 1] as number);
    let b = before === none ? 0 : (starts[before] as number);
    const bEnd = before === none ? 0 : (starts[before + 1] as number);
    while (a < aEnd || b < bEnd) {
      this.#steps++;
      const aName = a < aEnd ? (entryNames[a] as number) : Number.MAX_SAFE_INTEGER;
      const bName = b < bEnd ? (entryNames[b] as number) : Number.MAX_SAFE_INTEGER;
      const name = Math.min(aName, bName);
      const now = aName === name ? (entryTargets[a++] as number) : none;
      const then = bName === name ? (entryTargets[b++] as number) : none;
      if (now !== then) this.#changed(path, name, now, then);
    }
    this.#depth--;
  }

  #changed(path: number, name: number, now: number, then: number): void {
    const at = this.#rows.pathOf(path, name);
    if (at === rootPath) return;
    if (now >= 0 && (now & 1) === 1) this.#introduce(at, now >> 1);
    if (then >= 0 && (then & 1) === 1) this.#remove(at, then >> 1);
    const nowTree = treeOf(now);
    const thenTree = treeOf(then);
    if (nowTree !== none || thenTree !== none) this.#compareOne(at, nowTree, thenTree);
  }

  #compareMany(path: number, tree: number, before: readonly number[]): void {
    if (this.#tooDeep()) return;
    const seen = new Set<number>();
    // What no commit but the first parent could have removed: names of the commit and of that parent.
    for (const source of [tree, before[0] ?? none]) {
      if (source === none) continue;
      for (
        let i = this.#trees.starts[source] as number;
        i < (this.#trees.starts[source + 1] as number);
        i++
      ) {
        this.#steps++;
        const name = this.#trees.entryNames[i] as number;
        if (seen.has(name)) continue;
        seen.add(name);
        this.#compareEntry(path, name, tree, before);
      }
    }
    this.#depth--;
  }

  #compareEntry(path: number, name: number, tree: number, before: readonly number[]): void {
    const now = this.#entry(tree, name);
    const then = before.map((parent) => this.#entry(parent, name));
    if (then.includes(now)) return;
    const at = this.#rows.pathOf(path, name);
    if (at === rootPath) return;
    if (now >= 0 && (now & 1) === 1) this.#introduce(at, now >> 1);
    const first = then[0] ?? none;
    if (first >= 0 && (first & 1) === 1 && then.every((target) => target === first))
      this.#remove(at, first >> 1);
    const nowTree = treeOf(now);
    const thenTrees = then.map(treeOf);
    // Without a tree in the commit only what all parents hold can have been removed.
    if (nowTree !== none || thenTrees.every((target) => target !== none))
      this.#compareMany(at, nowTree, thenTrees);
  }

  /** Target of a name in a tree by binary search; -1 when it is not there. */
  #entry(tree: number, name: number): number {
    if (tree === none) return none;
    let low = this.#trees.starts[tree] as number;
    let high = (this.#trees.starts[tree + 1] as number) - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const there = this.#trees.entryNames[middle] as number;
      if (there === name) return this.#trees.entryTargets[middle] as number;
      if (there < name) low = middle + 1;
      else high = middle - 1;
    }
    return none;
  }

  /** The best reach class wins; within it the first in the order of the walk. */
  #introduce(path: number, hit: number): void {
    const row = this.#rows.rowOf(path, hit);
    if (row < 0) return;
    const held = this.#rows.introduced.at(row) - 1;
    const { reach } = this.#commits;
    if (held < 0 || (reach[this.#commit] as number) < (reach[held] as number)) {
      this.#rows.introduced.set(row, this.#commit + 1);
    }
  }

  /** The best reach class wins; within it the last in the order of the walk. */
  #remove(path: number, hit: number): void {
    const row = this.#rows.rowOf(path, hit);
    if (row < 0) return;
    const held = this.#rows.removed.at(row) - 1;
    const { reach } = this.#commits;
    if (held < 0 || (reach[this.#commit] as number) <= (reach[held] as number)) {
      this.#rows.removed.set(row, this.#commit + 1);
    }
  }

  #tooDeep(): boolean {
    if (this.#depth >= maxDepth || this.#steps > maxSteps) {
      this.#steps = Number.MAX_SAFE_INTEGER;
      return true;
    }
    this.#depth++;
    return false;
  }
}

function treeOf(target: number): number {
  return target >= 0 && (target & 1) === 0 ? target >> 1 : none;
}
