/**
 * One pass over all trees of a store: which of them hold a hit, directly or further down.
 *
 * Every tree is parsed once where it lies in git's output. An entry that is a blob costs one bit test
 * unless it is a hit; an entry that is a tree becomes an edge of two integers. Afterwards taint goes up
 * the edges and everything that leads to no hit is dropped, so what stays is small whatever the history.
 */
import type { PackedHistory } from '../history/packed-history.js';
import type { Following } from '../pack/follower.js';
import { IntList } from './int-list.js';
import { NameTable } from './name-table.js';
import type { OidTable } from './oid-table.js';

const typeBits = 0o170000;
const treeMode = 0o040000;
const gitlinkMode = 0o160000;

/** Tainted trees only: entries of tree `i` are `[starts[i], starts[i + 1])`, sorted by name number. */
export interface TaintedTrees {
  readonly names: NameTable;
  readonly starts: Int32Array;
  readonly entryNames: Int32Array;
  /** `2 * tree`, or `2 * hit + 1`. */
  readonly entryTargets: Int32Array;
  /** 1 for a tree that holds a hit at any depth. */
  readonly tainted: Uint8Array;
  /** 1 for a tainted tree that a tainted tree names. */
  readonly named: Uint8Array;
}

export class TreeGraph {
  readonly #trees: OidTable;
  readonly #hits: OidTable;
  readonly #names = new NameTable();
  /** One bit per value of an id's first two bytes: set when some hit begins so. */
  readonly #filter = new Uint8Array(8192);
  /** Edges of a tree, by its index. */
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  readonly #edgeNames = new IntList();
  readonly #edgeTargets = new IntList();
  /** So many names are looked for: they have the first numbers, and what bears one the same number of the next. */
  readonly #wanted: number;
  /** Trees with an entry that is cut off or has no name. */
  malformed = 0;

  /** @param names each an entry's whole name: what bears one is a hit of its index, as which hits have none */
  constructor(trees: OidTable, hits: OidTable, names: readonly Uint8Array[] = []) {
    this.#trees = trees;
    this.#hits = hits;
    this.#wanted = names.length;
    for (const name of names) this.#names.intern(name, 0, name.length);
    // An entry of that name may also lead to another: a tree has each of its names once.
    for (let name = 0; name < names.length; name++) this.#names.alias(name);
    this.#starts = new Int32Array(trees.count);
    this.#ends = new Int32Array(trees.count);
    for (let i = 0; i < hits.oids.length; i += hits.oidBytes) {
      const key = (hits.oids[i] as number) | ((hits.oids[i + 1] as number) << 8);
      this.#filter[key >> 3] = (this.#filter[key >> 3] as number) | (1 << (key & 7));
    }
  }

  /**
   * Takes the first trees of the table as an earlier scan knew them.
   * @param hits by its hits: index in the table of hits, -1 for what is none any more
   */
  addKnown({ trees, names }: PackedHistory, hits: Int32Array): void {
    const numbers = names.map((name) => this.#names.intern(name, 0, name.length));
    for (let tree = 0; tree < trees.numbers.length; tree++) {
      this.#starts[tree] = this.#edgeTargets.length;
      for (let at = trees.starts[tree] as number; at < (trees.starts[tree + 1] as number); at++) {
        const target = trees.targets[at] as number;
        const hit = (target & 1) === 1 ? (hits[target >> 1] as number) : 0;
        if (hit < 0) continue;
        this.#edgeNames.push(numbers[trees.names[at] as number] as number);
        this.#edgeTargets.push((target & 1) === 1 ? 2 * hit + 1 : target);
      }
      this.#ends[tree] = this.#edgeTargets.length;
    }
  }

  /** Takes tree `index`, in any order and each at most once; it lies at `buffer[start, end)`. */
  add(index: number, buffer: Uint8Array, start: number, end: number): void {
    this.#starts[index] = this.#edgeTargets.length;
    this.#parse(buffer, start, end);
    this.#ends[index] = this.#edgeTargets.length;
  }

  /** The same pass by the core, over {@link add}'s graph. */
  following(): Following {
    const border = this.#trees.count;
    return {
      kind: this.#wanted > 0 ? 'namedEdges' : 'edges',
      oidBytes: this.#trees.oidBytes,
      inner: [this.#trees.oids],
      outer: [this.#hits.oids],
      packed: this.#wanted,
      notes: (words, from, to) => {
        for (let at = from; at < to; ) {
          const tree = words[at] as number;
          const end = at + 2 + 2 * (words[at + 1] as number);
          this.#starts[tree] = this.#edgeTargets.length;
          for (at += 2; at < end; at += 2) {
            const place = words[at] as number;
            const name = words[at + 1] as number;
            this.#edgeTargets.push(place < border ? 2 * place : 2 * (place - border) + 1);
            this.#edgeNames.push(place < border ? name : this.#wanted + name);
          }
          this.#ends[tree] = this.#edgeTargets.length;
        }
      },
      name: (bytes, start, end) => this.#names.intern(bytes, start, end),
      ended: ({ malformed }) => {
        this.malformed += malformed;
      },
    };
  }

  // biome-ignore lint/complexity/noExcessiveCognitiveComplexity: hot loop, 135 million entries in git.git
  #parse(buffer: Uint8Array, start: number, end: number): void {
    const oidBytes = this.#trees.oidBytes;
    const filter = this.#filter;
    let at = start;
    while (at < end) {
      let mode = 0;
      let c = buffer[at++] as number;
      while (c !== 0x20 && at < end) {
        mode = (mode << 3) | (c & 7);
        c = buffer[at++] as number;
      }
      const nameStart = at;
      while (at < end && buffer[at] !== 0) at++;
      const nameEnd = at++;
      if (at + oidBytes > end) {
        this.malformed++;
        return;
      }
      if (this.#wanted > 0) this.#named(buffer, nameStart, nameEnd);
      if ((mode & typeBits) === treeMode) {
        const child = this.#trees.find(buffer, at);
        if (child >= 0) this.#edge(buffer, nameStart, nameEnd, 2 * child);
      } else if ((mode & typeBits) !== gitlinkMode) {
        const key = (buffer[at] as number) | ((buffer[at + 1] as number) << 8);
        if (((filter[key >> 3] as number) & (1 << (key & 7))) !== 0) {
          const hit = this.#hits.find(buffer, at);
          if (hit >= 0) this.#edge(buffer, nameStart, nameEnd, 2 * hit + 1);
        }
      }
      at += oidBytes;
    }
  }

  /** Ends the pass; the graph cannot be added to afterwards. */
  finish(): TaintedTrees {
    const edges: Edges = { starts: this.#starts, ends: this.#ends, targets: this.#edgeTargets.view() };
    return compact(edges, this.#edgeNames.view(), taintUpward(edges), this.#names);
  }

  #named(buffer: Uint8Array, nameStart: number, nameEnd: number): void {
    const name = this.#names.intern(buffer, nameStart, nameEnd);
    if (name >= this.#wanted) return;
    this.#edgeNames.push(this.#wanted + name);
    this.#edgeTargets.push(2 * name + 1);
  }

  #edge(buffer: Uint8Array, nameStart: number, nameEnd: number, target: number): void {
    this.#edgeNames.push(this.#names.intern(buffer, nameStart, nameEnd));
    this.#edgeTargets.push(target);
  }
}

/** Edges of tree `i` lie at `[starts[i], ends[i])` of `targets`. */
interface Edges {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly targets: Int32Array;
}

/** Depth first with an explicit stack; a cycle, which only a forged store can have, counts as clean. */
function taintUpward({ starts, ends, targets }: Edges): Uint8Array {
  const count = starts.length;
  const state = new Uint8Array(count);
  const tainted = new Uint8Array(count);
  const cursor = new Int32Array(count);
  const stack: number[] = [];
  for (let root = 0; root < count; root++) {
    if (state[root] !== 0) continue;
    stack.push(root);
    state[root] = 1;
    cursor[root] = starts[root] as number;
    while (stack.length > 0) {
      const tree = stack[stack.length - 1] as number;
      const at = cursor[tree] as number;
      if (at === ends[tree]) {
        stack.pop();
        const parent = stack[stack.length - 1];
        if (parent !== undefined && tainted[tree] === 1) tainted[parent] = 1;
        continue;
      }
      cursor[tree] = at + 1;
      const target = targets[at] as number;
      const child = target >> 1;
      if ((target & 1) === 1 || tainted[child] === 1) tainted[tree] = 1;
      else if (state[child] === 0) {
        state[child] = 1;
        cursor[child] = starts[child] as number;
        stack.push(child);
      }
    }
  }
  return tainted;
}

function compact(
  { starts, ends, targets }: Edges,
  names: Int32Array,
  tainted: Uint8Array,
  table: NameTable,
): TaintedTrees {
  const count = tainted.length;
  const keptStarts = new Int32Array(count + 1);
  const keptNames = new IntList();
  const keptTargets = new IntList();
  const named = new Uint8Array(count);
  let order: number[] = [];
  for (let tree = 0; tree < count; tree++) {
    keptStarts[tree] = keptNames.length;
    if (tainted[tree] !== 1) continue;
    order = [];
    for (let i = starts[tree] as number; i < (ends[tree] as number); i++) {
      const target = targets[i] as number;
      if ((target & 1) === 1) order.push(i);
      else if (tainted[target >> 1] === 1) {
        order.push(i);
        named[target >> 1] = 1;
      }
    }
    order.sort((a, b) => (names[a] as number) - (names[b] as number));
    let before = -1;
    for (const i of order) {
      // A forged tree may name one entry twice; the first counts.
      if (names[i] === before) continue;
      before = names[i] as number;
      keptNames.push(before);
      keptTargets.push(targets[i] as number);
    }
  }
  keptStarts[count] = keptNames.length;
  return {
    names: table,
    starts: keptStarts,
    entryNames: keptNames.view(),
    entryTargets: keptTargets.view(),
    tainted,
    named,
  };
}
