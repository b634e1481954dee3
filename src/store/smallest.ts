/** The first items of an order without ordering the rest, which costs a look-up of names for each comparison. */

/** As `[...items].sort(compare).slice(0, count)`; asks of most items one comparison only. */
export function smallest<Item>(
  items: readonly Item[],
  count: number,
  compare: (a: Item, b: Item) => number,
): Item[] {
  if (items.length <= count) return [...items].sort(compare);
  let best: Item[] = [];
  // An item that does not come before it can be none of the first.
  let bound: Item | undefined;
  for (const item of items) {
    if (bound !== undefined && compare(item, bound) >= 0) continue;
    best.push(item);
    if (best.length < 2 * count) continue;
    best = best.sort(compare).slice(0, count);
    bound = best[count - 1];
  }
  return best.sort(compare).slice(0, count);
}
