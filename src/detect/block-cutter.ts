/**
 * Cuts a text into blocks of whole lines whose borders follow from the text alone: a block's end depends on
 * nothing but its own bytes, so that an edit moves the borders near it and no others, and the same lines in
 * the next version of a file are the same blocks again.
 */

/** Least bytes of a block that is not the last one. A detector's reach (view-blocks.ts) is stated in it. */
export const minBlockBytes = 768;
/** A block of this size ends with its line, whatever that line is. */
const mostBlockBytes = 4096;

const newline = 0x0a;

/**
 * End of the block that starts at `start`: behind the first newline after {@link minBlockBytes} whose last
 * bytes mix to one of sixteen values, some 500 bytes later in source code; or the end of the text.
 */
export function blockEnd(bytes: Uint8Array, start: number): number {
  const length = bytes.length;
  const forced = start + mostBlockBytes;
  let at = start + minBlockBytes - 1;
  while (at < length) {
    if (bytes[at++] !== newline) continue;
    if (at >= forced) return at;
    const mix =
      (bytes[at - 2] as number) * 7 +
      (bytes[at - 3] as number) * 29 +
      (bytes[at - 4] as number) * 113 +
      (bytes[at - 6] as number) * 211 +
      (bytes[at - 9] as number) * 59;
    if ((mix & 15) === 0) return at;
  }
  return length;
}
