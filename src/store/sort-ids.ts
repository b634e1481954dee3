/** Packed content ids: 16 bytes each, back to back, and their order by bytes. */

/** Bytes of one content id. */
export const idBytes: number = 16;

/** Most ids that {@link sortedIds} takes: a position must fit beside a prefix into the 53 bits of a double. */
export const maxSortedIds: number = 2 ** 21;

/** The first four bytes of the `i`-th id as a number: of random ids they nearly always decide. */
export function prefixOf(ids: Uint8Array, i: number): number {
  const at = i * idBytes;
  return (
    (ids[at] as number) * 2 ** 24 +
    (((ids[at + 1] as number) << 16) | ((ids[at + 2] as number) << 8) | (ids[at + 3] as number))
  );
}

/** Compares the `i`-th id of `a` with the `j`-th of `b` by bytes. */
export function compareIds(a: Uint8Array, i: number, b: Uint8Array, j: number): number {
  const from = i * idBytes;
  const other = j * idBytes;
  for (let k = 0; k < idBytes; k++) {
    const difference = (a[from + k] as number) - (b[other + k] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * Positions of the ids in rising order. Ids are random, so their first four bytes nearly always decide; those
 * and the position make one double, which the engine sorts without calling back.
 */
export function sortedIds(ids: Uint8Array): Uint32Array {
  const count = Math.floor(ids.length / idBytes);
  if (count > maxSortedIds) throw new RangeError('too many ids to sort at once');
  const keys = new Float64Array(count);
  const view = new DataView(ids.buffer, ids.byteOffset, ids.byteLength);
  for (let i = 0; i < count; i++) keys[i] = view.getUint32(i * idBytes) * maxSortedIds + i;
  keys.sort();
  const order = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[i] = (keys[i] as number) % maxSortedIds;
  const prefixAt = (i: number): number => Math.floor((keys[i] as number) / maxSortedIds);
  for (let start = 0; start < count; ) {
    let end = start + 1;
    while (end < count && prefixAt(end) === prefixAt(start)) end++;
    if (end - start > 1) order.subarray(start, end).sort((i, j) => compareIds(ids, i, ids, j) || i - j);
    start = end;
  }
  return order;
}

/** The ids at these positions, which are in rising order, each once. */
export function uniqueIds(ids: Uint8Array, order: Uint32Array): Buffer {
  const sorted = Buffer.allocUnsafe(order.length * idBytes);
  let count = 0;
  for (const i of order) {
    if (count > 0 && compareIds(sorted, count - 1, ids, i) === 0) continue;
    sorted.set(ids.subarray(i * idBytes, (i + 1) * idBytes), count * idBytes);
    count++;
  }
  return sorted.subarray(0, count * idBytes);
}
