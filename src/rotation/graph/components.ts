/**
 * Strongly connected components (Tarjan 1972), with a stack of its own instead of recursion: a chain of half a million
 * nodes would overflow the call stack. Linear in nodes and edges.
 */
import type { Adjacency } from './adjacency.js';

export interface Components {
  /** Number of the component of each node. A node's component has no lower number than those it leads to. */
  readonly of: Int32Array;
  /** Number of nodes of each component. */
  readonly sizes: readonly number[];
}

const unseen = -1;

export function componentsOf({ size, offsets, targets }: Adjacency): Components {
  const order = new Int32Array(size).fill(unseen);
  const lowest = new Int32Array(size);
  const component = new Int32Array(size).fill(unseen);
  const next = offsets.slice(0, size);
  /** The way from the root of the search to the node in hand. */
  const path: number[] = [];
  /** Seen nodes whose component is not known yet. */
  const open: number[] = [];
  const sizes: number[] = [];
  let count = 0;

  const enter = (node: number): void => {
    order[node] = count;
    lowest[node] = count;
    count++;
    path.push(node);
    open.push(node);
  };
  const lower = (node: number, to: number): void => {
    if (to < (lowest[node] ?? 0)) lowest[node] = to;
  };
  const close = (node: number): void => {
    let members = 0;
    for (;;) {
      const member = open.pop() ?? node;
      component[member] = sizes.length;
      members++;
      if (member === node) break;
    }
    sizes.push(members);
  };
  const visit = (node: number): void => {
    const at = next[node] ?? 0;
    if (at < (offsets[node + 1] ?? 0)) {
      const target = targets[at] ?? 0;
      next[node] = at + 1;
      if (order[target] === unseen) enter(target);
      else if (component[target] === unseen) lower(node, order[target] ?? 0);
      return;
    }
    path.pop();
    const parent = path.at(-1);
    if (parent !== undefined) lower(parent, lowest[node] ?? 0);
    if (lowest[node] === order[node]) close(node);
  };

  for (let root = 0; root < size; root++) {
    if (order[root] !== unseen) continue;
    enter(root);
    for (let node = path.at(-1); node !== undefined; node = path.at(-1)) visit(node);
  }
  return { of: component, sizes };
}
