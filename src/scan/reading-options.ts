/** How roots were asked to be read, for opening them again. */
import type { ReadingOptions } from '../model/receipt.js';
import type { RootRef, Store } from '../store/store.js';

/** Reads each place once. */
export function readingOptionsReader(
  store: Pick<Store, 'readings'>,
): (root: RootRef) => Promise<ReadingOptions> {
  const byPlace = new Map<string, ReadonlyMap<string, ReadingOptions>>();
  return async ({ place, locator }) => {
    let known = byPlace.get(place);
    if (known === undefined) {
      const readings = await store.readings([place]);
      known = new Map(readings.map((reading) => [reading.locator, reading.receipt?.options ?? {}]));
      byPlace.set(place, known);
    }
    return known.get(locator) ?? {};
  };
}
