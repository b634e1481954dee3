/** Why the pack reader gives up on an object. Nothing is dropped: the caller reads these through `git cat-file`. */

export const unreadableReasons = [
  'none',
  /** The index points outside the pack, or two ids at one place. */
  'bad-offset',
  /** Type 0 or 5, a size that the stream can't hold, or a header cut off. */
  'bad-header',
  /** Base not in this pack (a thin pack), or not at the start of an entry. */
  'missing-base',
  /** The base, or a base of it, can't be read, or the bases form a ring. */
  'base-unreadable',
  'bad-stream',
  'bad-delta',
  'bad-crc',
  /** Does not fit into the memory that was allowed, with its chain. */
  'too-large',
  'read-failed',
] as const;
export type UnreadableReason = Exclude<(typeof unreadableReasons)[number], 'none'>;

/** Number of a reason, as tables hold it; 0 is none. */
export function reasonNumber(reason: UnreadableReason): number {
  return unreadableReasons.indexOf(reason);
}

/** The reason of a table's number; undefined for 0. */
export function reasonOf(number: number): UnreadableReason | undefined {
  const reason = unreadableReasons[number];
  return reason === 'none' ? undefined : reason;
}
