/** The delta forest of a pack: whose base is whose, from the roots down. */
import { NO_BASE, type PackTable } from './pack-table.js';
import { reasonNumber } from './unreadable.js';

export interface DeltaForest {
  /** Readable entries, every base before its deltas; roots first. */
  readonly order: Uint32Array;
  /** How many of them are roots. */
  readonly rootCount: number;
  /** Deltas on entry e: `children[starts[e]]` to before `children[starts[e + 1]]`, in order of the pack. */
  readonly starts: Uint32Array;
  readonly children: Uint32Array;
}

/**
 * Links deltas to their bases, gives each delta its root's type, and marks as faulty what no root leads to:
 * deltas on something unreadable, and rings, which REF_DELTA can form.
 */
export function linkForest(table: PackTable): DeltaForest {
  const { starts, children } = childLists(table.bases);
  const { order, rootCount } = orderFromRoots(table, starts, children);
  const unreachable = reasonNumber('base-unreadable');
  for (let entry = 0; entry < table.count; entry++) {
    if (table.types[entry] === 0 && table.faults[entry] === 0) table.faults[entry] = unreachable;
  }
  return { order, rootCount, starts, children };
}

/** Groups entries by base: a counting sort, which keeps their order. */
function childLists(bases: Int32Array): Pick<DeltaForest, 'starts' | 'children'> {
  const count = bases.length;
  const starts = new Uint32Array(count + 2);
  for (const base of bases) {
    if (base >= 0) starts[base + 2] = (starts[base + 2] ?? 0) + 1;
  }
  for (let entry = 0; entry < count; entry++) {
    starts[entry + 2] = (starts[entry + 2] ?? 0) + (starts[entry + 1] ?? 0);
  }
  // While filling, starts[e + 1] is where the next child of e goes; afterwards it is where e's children end.
  const children = new Uint32Array(starts[count + 1] ?? 0);
  for (let entry = 0; entry < count; entry++) {
    const base = bases[entry] ?? NO_BASE;
    if (base < 0) continue;
    const place = starts[base + 1] ?? 0;
    children[place] = entry;
    starts[base + 1] = place + 1;
  }
  return { starts, children };
}

/** Readable entries breadth-first from the roots; sets the types of deltas on the way. */
function orderFromRoots(
  table: PackTable,
  starts: Uint32Array,
  children: Uint32Array,
): Pick<DeltaForest, 'order' | 'rootCount'> {
  const { count, bases, types, faults } = table;
  const order = new Uint32Array(count);
  let filled = 0;
  for (let entry = 0; entry < count; entry++) {
    if (bases[entry] === NO_BASE && faults[entry] === 0) order[filled++] = entry;
  }
  const rootCount = filled;
  for (let next = 0; next < filled; next++) {
    const entry = order[next] ?? 0;
    const end = starts[entry + 1] ?? 0;
    for (let at = starts[entry] ?? 0; at < end; at++) {
      const child = children[at] ?? 0;
      types[child] = types[entry] ?? 0;
      order[filled++] = child;
    }
  }
  return { order: order.subarray(0, filled), rootCount };
}
