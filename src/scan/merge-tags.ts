/** Joins two lists of tags, each rising and without repeats, into one such list of at most `most` tags. */
export function mergeTags(a: Float64Array, b: Float64Array, most: number): Float64Array {
  const merged = new Float64Array(Math.min(a.length + b.length, most));
  let count = 0;
  for (let i = 0, k = 0; count < most && (i < a.length || k < b.length); count++) {
    // Beyond its end a list gives NaN, which is smaller than nothing.
    const left = a[i] as number;
    const right = b[k] as number;
    const takesLeft = k >= b.length || left <= right;
    merged[count] = takesLeft ? left : right;
    if (takesLeft) i++;
    if (!takesLeft || left === right) k++;
  }
  return count === merged.length ? merged : merged.slice(0, count);
}
