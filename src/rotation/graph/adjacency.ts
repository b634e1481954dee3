/** A directed graph of numbered nodes in two arrays: half a million nodes cost a few megabytes. */

export interface Adjacency {
  readonly size: number;
  /** Of node `n`: `targets[offsets[n]]` up to, without, `targets[offsets[n + 1]]`, ascending. */
  readonly offsets: Int32Array;
  readonly targets: Int32Array;
}

/** Puts edges given as pairs (`from`, `to`, `from`, `to`, ...) in order; repeated edges stay. Linear. */
export function adjacencyOf(size: number, pairs: readonly number[]): Adjacency {
  // Sorting by the end first, then stably by the start, leaves the ends of each start in order.
  const byEnd = countingSort(
    size,
    pairs,
    1,
    Int32Array.from({ length: pairs.length / 2 }, (_, edge) => edge),
  );
  const byStart = countingSort(size, pairs, 0, byEnd);
  const offsets = new Int32Array(size + 1);
  for (const edge of byStart) {
    const from = pairs[2 * edge] ?? 0;
    offsets[from + 1] = (offsets[from + 1] ?? 0) + 1;
  }
  for (let node = 0; node < size; node++) offsets[node + 1] = (offsets[node + 1] ?? 0) + (offsets[node] ?? 0);
  return { size, offsets, targets: byStart.map((edge) => pairs[2 * edge + 1] ?? 0) };
}

function countingSort(
  size: number,
  pairs: readonly number[],
  side: 0 | 1,
  edges: Int32Array,
): Int32Array<ArrayBuffer> {
  const starts = new Int32Array(size + 1);
  for (const edge of edges) {
    const node = pairs[2 * edge + side] ?? 0;
    starts[node + 1] = (starts[node + 1] ?? 0) + 1;
  }
  for (let node = 0; node < size; node++) starts[node + 1] = (starts[node + 1] ?? 0) + (starts[node] ?? 0);
  const sorted = new Int32Array(edges.length);
  for (const edge of edges) {
    const node = pairs[2 * edge + side] ?? 0;
    const at = starts[node] ?? 0;
    sorted[at] = edge;
    starts[node] = at + 1;
  }
  return sorted;
}

/** Nodes that one edge leads to, ascending. */
export function targetsOf({ offsets, targets }: Adjacency, node: number): Int32Array {
  return targets.subarray(offsets[node], offsets[node + 1]);
}
