/**
 * The locality contract in numbers: which bytes of a document may decide about a hit. A detector reads the
 * line of its keyword, and beyond that line no further than this; one that needs more says so
 * (`Action.isFarReaching`) and is run again in every version of a document. The property test of document
 * memory holds all detectors to it.
 */

/** Bytes before the line of a keyword. */
export const reachBefore = 640;
/** Behind the line a value may stand that belongs to a name in it: so many bytes on, */
const nextNameReach = 110;
/** to the end of the line there or the longest value, */
const nextValueReach = 1024;
/** and what stands beside that value. */
const besideReach = 380;
/** So much behind the line is certain to count, however short the lines there are. */
export const leastBehind: number = nextNameReach + besideReach;
/** The most of all this, behind the line. */
export const mostBehind: number = nextNameReach + nextValueReach + besideReach;

/** Offset up to which bytes may decide about a keyword whose line ends, with its newline, at `end`. */
export function reachBehind(bytes: Buffer, end: number): number {
  let at = end + nextNameReach;
  const ceiling = at + nextValueReach;
  while (at < ceiling && bytes[at] !== 0x0a) at++;
  return Math.min(bytes.length, at + besideReach);
}

/**
 * Start of the first line from which a keyword may reach `offset`, as of {@link reachBehind}. What lies before
 * `offset` decides that alone, so it is the same in two documents that have the same text there.
 */
export function firstReaching(bytes: Buffer, offset: number): number {
  const last = offset - besideReach;
  const floor = last - nextValueReach;
  let at = last;
  while (at > floor && at >= 0 && bytes[at] !== 0x0a) at--;
  return Math.max(0, at - nextNameReach);
}
