/**
 * UTF-16 without a mark, in any script. What tells it is white space, digits and punctuation, which are ASCII in all of
 * them: read in the right order of bytes there are many, read in the wrong one hardly any. Other data that is full of
 * NULs has units of zero, halves of surrogate pairs, or control characters.
 */

/** Units looked at. */
const mostUnits = 4096;
const leastUnits = 8;
/** Least share of ASCII among the units. */
const leastAscii = 0.06;
/** Most controls, halves of pairs and units that are no character. */
const mostOdd = 0.005;

/** @param head begins at the first unit; undefined when it is something else */
export function guessUtf16(head: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const units = Math.min(head.length >> 1, mostUnits);
  if (units < leastUnits) return undefined;
  const little = asciiUnits(head, units, 1);
  const big = asciiUnits(head, units, 0);
  const high = little >= big ? 1 : 0;
  if (
    Math.max(little, big) < Math.max(4, units * leastAscii) ||
    Math.min(little, big) * 8 > Math.max(little, big)
  )
    return undefined;
  if (oddUnits(head, units, high) > units * mostOdd || isOfStrings(head, units, high)) return undefined;
  return high === 1 ? 'utf-16le' : 'utf-16be';
}

/** Units from tab to tilde when the high byte stands at `high` (0 or 1) in each. */
function asciiUnits(head: Uint8Array, units: number, high: 0 | 1): number {
  let count = 0;
  for (let at = 0; at < units * 2; at += 2) {
    const low = head[at + 1 - high] as number;
    if (head[at + high] === 0 && low < 0x7f && (low >= 0x20 || low === 0x0a || low === 0x0d || low === 0x09))
      count++;
  }
  return count;
}

/**
 * Whether most units that are not ASCII are two printable ASCII bytes: strings with NULs between. Of Chinese, the script
 * in which most units look so, some three in ten do.
 */
function isOfStrings(head: Uint8Array, units: number, high: 0 | 1): boolean {
  const isPrintable = (byte: number): boolean => byte >= 0x20 && byte < 0x7f;
  let others = 0;
  let pairs = 0;
  for (let at = 0; at < units * 2; at += 2) {
    if (head[at + high] === 0) continue;
    others++;
    if (isPrintable(head[at] as number) && isPrintable(head[at + 1] as number)) pairs++;
  }
  return pairs * 2 > others;
}

function oddUnits(head: Uint8Array, units: number, high: 0 | 1): number {
  let odd = 0;
  let isHalf = false;
  for (let at = 0; at < units * 2; at += 2) {
    const top = head[at + high] as number;
    const low = head[at + 1 - high] as number;
    const isLow = top >= 0xdc && top <= 0xdf;
    if (isLow !== isHalf) odd++;
    isHalf = top >= 0xd8 && top <= 0xdb;
    const isControl = top === 0 && (low < 0x09 || (low > 0x0d && low < 0x20 && low !== 0x1b));
    // Private use, and what is no character at all.
    const isNone = (top >= 0xe0 && top <= 0xf8) || (top === 0xff && low >= 0xf0);
    if (isControl || isNone) odd++;
  }
  return odd;
}
