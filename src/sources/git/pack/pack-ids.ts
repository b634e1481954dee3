/** The sorted ids of a pack's index, and where one of them is. */

export interface PackIds {
  readonly oidBytes: 20 | 32;
  readonly count: number;
  /** Back to back in rising order: row r is at `r * oidBytes`. Shared memory. */
  readonly oids: Uint8Array;
}

/**
 * Row of the id that starts at `at` of `bytes`; -1 when the pack does not have it. Ids are spread evenly unless
 * somebody made them, so the search begins where one should lie; at worst it is a binary search.
 */
export function rowOf({ oids, oidBytes, count }: PackIds, bytes: Uint8Array, at: number): number {
  const guess = Math.floor((wordAt(bytes, at) / 2 ** 32) * count);
  let low = 0;
  let high = count;
  for (let step = 8; low < high; step *= 4) {
    const below = guess - step;
    const above = guess + step;
    if (below > low && below < high) {
      if (compareIds(oids, below * oidBytes, bytes, at, oidBytes) < 0) low = below + 1;
      else high = below + 1;
    }
    if (above > low && above < high) {
      if (compareIds(oids, above * oidBytes, bytes, at, oidBytes) < 0) low = above + 1;
      else high = above + 1;
    }
    if (high - low <= 4 * step || step > count) break;
  }
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = compareIds(oids, middle * oidBytes, bytes, at, oidBytes);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return -1;
}

/** True when a pack has the id that starts at `at` of `bytes`. */
export function holdsObject(ids: PackIds, bytes: Uint8Array, at: number): boolean {
  return rowOf(ids, bytes, at) >= 0;
}

export function compareIds(
  a: Uint8Array,
  aStart: number,
  b: Uint8Array,
  bStart: number,
  length: number,
): number {
  for (let i = 0; i < length; i++) {
    const difference = (a[aStart + i] ?? 0) - (b[bStart + i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] ?? 0) * 2 ** 24 +
    (((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0))
  );
}

/** Copies one id. A call of `set` or `subarray` for each would cost several times as much. */
export function copyId(from: Uint8Array, start: number, to: Uint8Array, at: number, size: number): void {
  for (let i = 0; i < size; i += 4) {
    to[at + i] = from[start + i] as number;
    to[at + i + 1] = from[start + i + 1] as number;
    to[at + i + 2] = from[start + i + 2] as number;
    to[at + i + 3] = from[start + i + 3] as number;
  }
}
