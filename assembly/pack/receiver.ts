/** The one way from the core to its caller while objects are rebuilt. */

/** What `flags` says of a call that hands no object over: what was noted is to be taken; a name wants its number. */
export const TAKE_NOTES: u32 = 4;
export const NUMBER_NAME: u32 = 8;

/**
 * Hands an object over; anything but 0 ends the walk. `flags`: 1 all of it is new, 2 a token run was cut.
 * With {@link TAKE_NOTES} `address` and `size` say where the notes lie; with {@link NUMBER_NAME} where a name does,
 * and the answer is its number.
 */
// @ts-ignore: decorator
@external('env', 'object')
export declare function object(
  slot: u32,
  address: usize,
  size: u32,
  dirty: u32,
  copies: u32,
  flags: u32,
): i32;
