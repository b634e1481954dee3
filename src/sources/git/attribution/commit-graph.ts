/** All commits of a store as integers: root tree, parents, committer date; topological order; reachability. */
import type { PackedCommits } from '../history/packed-history.js';
import { hexByte } from '../object-id.js';
import type { Following } from '../pack/follower.js';
import { IntList } from './int-list.js';
import type { OidTable } from './oid-table.js';

/** How a commit is reached, best first. */
export const reachClasses = ['ref', 'stash', 'note', 'reflog', 'unreachable'] as const;
export type ReachClass = (typeof reachClasses)[number];

/** -1 as the core writes it. */
const none = 0xffffffff;

export class CommitGraph {
  readonly table: OidTable;
  /** Index of the root tree in the tree table, -1 when absent. */
  readonly rootTrees: Int32Array;
  /** Committer date in seconds since 1970. */
  readonly dates: Float64Array;
  /** Index into {@link reachClasses}. */
  readonly reach: Uint8Array;
  readonly #trees: OidTable;
  readonly #parentStarts: Int32Array;
  readonly #parentEnds: Int32Array;
  readonly #parents = new IntList();
  readonly #scratch: Uint8Array;

  constructor(table: OidTable, trees: OidTable) {
    this.table = table;
    this.#trees = trees;
    this.rootTrees = new Int32Array(table.count).fill(-1);
    this.dates = new Float64Array(table.count);
    this.reach = new Uint8Array(table.count).fill(reachClasses.length - 1);
    this.#parentStarts = new Int32Array(table.count);
    this.#parentEnds = new Int32Array(table.count);
    this.#scratch = new Uint8Array(table.oidBytes);
  }

  /** Takes the first commits of the table as an earlier scan knew them; the first trees are theirs. */
  addKnown({ roots, dates, starts, parents }: PackedCommits): void {
    this.rootTrees.set(roots);
    this.dates.set(dates);
    const count = roots.length;
    for (const parent of parents) this.#parents.push(parent);
    this.#parentStarts.set(starts.subarray(0, count));
    this.#parentEnds.set(starts.subarray(1, count + 1));
  }

  /** Takes commit `index`, in any order and each at most once; it lies at `buffer[start, end)`. */
  add(index: number, buffer: Uint8Array, start: number, end: number): void {
    this.#parentStarts[index] = this.#parents.length;
    const hexLength = 2 * this.table.oidBytes;
    let at = start;
    // `tree <hex>` comes first, then `parent <hex>` lines, then `author`, `committer`.
    if (buffer[at] === 0x74) {
      this.rootTrees[index] = this.#findHex(this.#trees, buffer, at + 5, end);
      at += 5 + hexLength + 1;
    }
    while (buffer[at] === 0x70 && at < end) {
      this.#parents.push(this.#findHex(this.table, buffer, at + 7, end));
      at += 7 + hexLength + 1;
    }
    this.#parentEnds[index] = this.#parents.length;
    this.dates[index] = committerDate(buffer, at, end);
  }

  /** The same pass by the core, over {@link add}'s graph. */
  following(): Following {
    const border = this.table.count;
    const half = new Uint32Array(2);
    const date = new Float64Array(half.buffer);
    return {
      kind: 'commits',
      oidBytes: this.table.oidBytes,
      inner: [this.table.oids],
      outer: [this.#trees.oids],
      packed: 0,
      notes: (words, from, to) => {
        for (let at = from; at < to; ) {
          const commit = words[at] as number;
          const tree = words[at + 1] as number;
          const end = at + 5 + (words[at + 2] as number);
          half[0] = words[at + 3] as number;
          half[1] = words[at + 4] as number;
          this.rootTrees[commit] = tree === none ? -1 : tree - border;
          this.dates[commit] = date[0] as number;
          this.#parentStarts[commit] = this.#parents.length;
          // A parent that is lacking comes as -1 in two's complement.
          for (at += 5; at < end; at++) this.#parents.push(words[at] as number);
          this.#parentEnds[commit] = this.#parents.length;
        }
      },
    };
  }

  /** Parents as commit indexes; -1 for one that the store lacks. */
  parentsOf(commit: number): Int32Array {
    return this.#parents
      .view()
      .subarray(this.#parentStarts[commit] as number, this.#parentEnds[commit] as number);
  }

  /** True for the graph of the same commits over the same trees: then nothing has to be read again. */
  isOf(commits: Uint8Array, trees: Uint8Array): boolean {
    return isSame(this.table.oids, commits) && isSame(this.#trees.oids, trees);
  }

  /** Undoes {@link markReachable}. */
  forgetReach(): void {
    this.reach.fill(reachClasses.length - 1);
  }

  /** True when a tree or parent of the commit is not in the lists. */
  lacks(commit: number): boolean {
    return this.rootTrees[commit] === -1 || this.parentsOf(commit).includes(-1);
  }

  /** True when the commit names a tree from `trees` on or a commit from `commits` on. */
  leansOut(commit: number, commits: number, trees: number): boolean {
    if ((this.rootTrees[commit] as number) >= trees) return true;
    for (const parent of this.parentsOf(commit)) if (parent >= commits) return true;
    return false;
  }

  /** Marks all ancestors of the tips with a class unless they have a better one. */
  markReachable(tips: Iterable<number>, reachClass: ReachClass): void {
    const rank = reachClasses.indexOf(reachClass);
    const stack: number[] = [];
    const visit = (commit: number): void => {
      if (commit < 0 || (this.reach[commit] as number) <= rank) return;
      this.reach[commit] = rank;
      stack.push(commit);
    };
    for (const tip of tips) visit(tip);
    for (let commit = stack.pop(); commit !== undefined; commit = stack.pop()) {
      for (const parent of this.parentsOf(commit)) visit(parent);
    }
  }

  /** All commits, parents before children, among the possible ones the oldest first. */
  topologicalOrder(): Int32Array {
    const count = this.table.count;
    const { waiting, starts, children } = this.#childLists();
    const order = new Int32Array(count);
    const heap = new DateHeap(this.dates, this.table);
    for (let c = 0; c < count; c++) if (waiting[c] === 0) heap.push(c);
    let done = 0;
    for (let c = heap.pop(); c >= 0; c = heap.pop()) {
      order[done++] = c;
      for (let i = starts[c] as number; i < (starts[c + 1] as number); i++) {
        const child = children[i] as number;
        waiting[child] = (waiting[child] as number) - 1;
        if (waiting[child] === 0) heap.push(child);
      }
    }
    // Commits in a cycle, which only a forged store can have, are left out.
    return order.subarray(0, done);
  }

  /** Children of commit `c` are `children[starts[c], starts[c + 1])`; `waiting` counts present parents. */
  #childLists(): { waiting: Int32Array; starts: Int32Array; children: Int32Array } {
    const count = this.table.count;
    const waiting = new Int32Array(count);
    const starts = new Int32Array(count + 1);
    for (let c = 0; c < count; c++) {
      for (const p of this.parentsOf(c)) {
        if (p < 0) continue;
        waiting[c] = (waiting[c] as number) + 1;
        starts[p + 1] = (starts[p + 1] as number) + 1;
      }
    }
    for (let i = 0; i < count; i++) starts[i + 1] = (starts[i + 1] as number) + (starts[i] as number);
    const children = new Int32Array(starts[count] as number);
    const cursor = starts.slice();
    for (let c = 0; c < count; c++) {
      for (const p of this.parentsOf(c)) {
        if (p < 0) continue;
        children[cursor[p] as number] = c;
        cursor[p] = (cursor[p] as number) + 1;
      }
    }
    return { waiting, starts, children };
  }

  #findHex(table: OidTable, buffer: Uint8Array, at: number, end: number): number {
    if (at + 2 * table.oidBytes > end) return -1;
    for (let i = 0; i < table.oidBytes; i++) this.#scratch[i] = hexByte(buffer, at + 2 * i);
    return table.find(this.#scratch, 0);
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}

/** Seconds of the `committer` line; 0 when there is none. */
function committerDate(buffer: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && buffer[at] !== 0x0a) {
    let lineEnd = at;
    while (lineEnd < end && buffer[lineEnd] !== 0x0a) lineEnd++;
    // `co…` and a blank after nine letters: `committer `.
    if (buffer[at] === 0x63 && buffer[at + 1] === 0x6f && buffer[at + 9] === 0x20)
      return secondsOf(buffer, at, lineEnd);
    at = lineEnd + 1;
  }
  return 0;
}

/** `… <mail> 1704067200 +0200` -> 1704067200; 0 when it is no number. */
function secondsOf(buffer: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && buffer[at] !== 0x3e) at--;
  let seconds = 0;
  for (let i = at + 2; i < end && buffer[i] !== 0x20; i++) {
    const digit = (buffer[i] as number) - 48;
    if (digit < 0 || digit > 9) return 0;
    seconds = seconds * 10 + digit;
  }
  return seconds;
}

/** Binary heap of commits by date, then id: not by index, which tells where a commit lies. Pops -1 when empty. */
class DateHeap {
  readonly #dates: Float64Array;
  readonly #table: OidTable;
  readonly #items: number[] = [];

  constructor(dates: Float64Array, table: OidTable) {
    this.#dates = dates;
    this.#table = table;
  }

  push(commit: number): void {
    const items = this.#items;
    let at = items.length;
    items.push(commit);
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (!this.#before(commit, items[up] as number)) break;
      items[at] = items[up] as number;
      at = up;
    }
    items[at] = commit;
  }

  pop(): number {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (first === undefined || last === undefined) return -1;
    if (items.length === 0) return first;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      if (down >= items.length) break;
      if (down + 1 < items.length && this.#before(items[down + 1] as number, items[down] as number)) down++;
      if (!this.#before(items[down] as number, last)) break;
      items[at] = items[down] as number;
      at = down;
    }
    items[at] = last;
    return first;
  }

  #before(a: number, b: number): boolean {
    const difference = (this.#dates[a] as number) - (this.#dates[b] as number);
    return difference < 0 || (difference === 0 && this.#table.compare(a, b) < 0);
  }
}
