/** Tells text from what is none. */

/** Control characters that no text has; those of terminals and of form feeds may be there. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what tells
const controls = /[\0-\x06\x0e-\x1a\x1c-\x1f]/g;

/** @param head beginning of a file, decoded */
export function isBinary(head: string): boolean {
  return (head.match(controls)?.length ?? 0) * 200 > head.length;
}
