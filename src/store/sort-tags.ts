/** Sorts tags by their bits: a batch has up to a million of them, and a comparator is called for each pair. */

/** Bits of one pass; 53 bits take four. */
const passBits = [13, 13, 13, 14] as const;

/** Indices of the tags (whole numbers below 2^53) in rising order; equal ones keep theirs. */
export function sortedByTag(tags: Float64Array): Uint32Array {
  const count = tags.length;
  let order: Uint32Array = new Uint32Array(count);
  let next: Uint32Array = new Uint32Array(count);
  const low = new Uint32Array(count);
  const high = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    const tag = tags[i] as number;
    low[i] = tag % 2 ** 26;
    high[i] = Math.floor(tag / 2 ** 26);
    order[i] = i;
  }
  passBits.forEach((bits, pass) => {
    const half = pass < 2 ? low : high;
    const shift = pass % 2 === 0 ? 0 : 13;
    const digits = (1 << bits) - 1;
    const starts = new Uint32Array(digits + 2);
    for (let i = 0; i < count; i++) {
      const slot = (((half[i] as number) >>> shift) & digits) + 1;
      starts[slot] = (starts[slot] as number) + 1;
    }
    for (let i = 1; i < starts.length; i++) starts[i] = (starts[i] as number) + (starts[i - 1] as number);
    for (let k = 0; k < count; k++) {
      const i = order[k] as number;
      const slot = ((half[i] as number) >>> shift) & digits;
      const at = starts[slot] as number;
      starts[slot] = at + 1;
      next[at] = i;
    }
    [order, next] = [next, order];
  });
  return order;
}
