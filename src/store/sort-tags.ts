/** Sorts tags by their bits: a batch has up to a million of them, and a comparator is called for each pair. */

/** Bits of a tag that the passes look at; tags are random, so these nearly always tell two of them apart. */
const highBits = 33;
const passBits = 11;
/** What is left of a tag below those. */
const lowRange = 2 ** (53 - highBits);

/** Indices of the tags (whole numbers below 2^53) in rising order; equal ones keep theirs. */
export function sortedByTag(tags: Float64Array): Uint32Array {
  const count = tags.length;
  let order = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  // A document of hundreds of megabytes is a chunk of its own, sorted already.
  if (tags.every((tag, i) => i === 0 || tag >= (tags[i - 1] as number))) return order;
  let next = new Uint32Array(count);
  // The upper 22 bits, then the 11 below them.
  const upper = new Uint32Array(count);
  const lower = new Uint16Array(count);
  for (let i = 0; i < count; i++) {
    const high = Math.floor((tags[i] as number) / lowRange);
    upper[i] = high / 2 ** passBits;
    lower[i] = high % 2 ** passBits;
  }
  const pass = (half: Uint32Array | Uint16Array, shift: number): void => {
    const digits = 2 ** passBits - 1;
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
  };
  pass(lower, 0);
  pass(upper, 0);
  pass(upper, passBits);
  sortTies(tags, order);
  return order;
}

/** Sorts what the passes could not tell apart. */
function sortTies(tags: Float64Array, order: Uint32Array): void {
  const tagAt = (k: number): number => tags[order[k] as number] as number;
  for (let k = 1; k < order.length; k++) {
    if (tagAt(k) >= tagAt(k - 1)) continue;
    const high = Math.floor(tagAt(k) / lowRange);
    let start = k - 1;
    while (start > 0 && Math.floor(tagAt(start - 1) / lowRange) === high) start--;
    let end = k + 1;
    while (end < order.length && Math.floor(tagAt(end) / lowRange) === high) end++;
    order.subarray(start, end).sort((i, j) => (tags[i] as number) - (tags[j] as number) || i - j);
    k = end - 1;
  }
}
