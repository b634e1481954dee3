/** What to do with each member of an object on the tape, by the index of its key. */

/** Indices of the keys of a tape, from 1 in their order. */
export function indicesOf<K extends string>(keys: readonly K[]): Readonly<Record<K, number>> {
  return Object.fromEntries(keys.map((key, i) => [key, i + 1])) as Record<K, number>;
}

/**
 * A table from the index of a key to what is to be done with its member.
 *
 * @param otherwise for all keys that are not given
 */
export function memberTable(
  keys: readonly string[],
  actions: ReadonlyMap<string, number>,
  otherwise: number,
): Uint8Array {
  const table = new Uint8Array(256).fill(otherwise);
  for (const [key, action] of actions) {
    const index = keys.indexOf(key) + 1;
    if (index === 0) throw new RangeError(`${key} is not among the keys of the tape`);
    table[index] = action;
  }
  return table;
}
