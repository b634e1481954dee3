/**
 * Names of elements and attributes, of which texts have few and write each often: made into strings once. What is kept
 * is bounded, and only as long as names are.
 */

const slots = 1024;
/** Longer names are rare, and may be anything. */
const longestName = 24;

const known: (string | undefined)[] = new Array<string | undefined>(slots).fill(undefined);

/** The ASCII text of `[start, end)` in lower case. */
export function lowerCaseName(input: Buffer, start: number, end: number): string {
  if (end - start > longestName) return input.toString('latin1', start, end).toLowerCase();
  let hash = 0;
  for (let i = start; i < end; i++) hash = (hash * 31 + lowerCase(input[i] as number)) | 0;
  const slot = hash & (slots - 1);
  const found = known[slot];
  if (found !== undefined && isSame(found, input, start, end)) return found;
  const made = input.toString('latin1', start, end).toLowerCase();
  known[slot] = made;
  return made;
}

function lowerCase(byte: number): number {
  return byte >= 0x41 && byte < 0x5b ? byte | 0x20 : byte;
}

function isSame(name: string, input: Uint8Array, start: number, end: number): boolean {
  if (name.length !== end - start) return false;
  for (let i = 0; i < name.length; i++)
    if (name.charCodeAt(i) !== lowerCase(input[start + i] as number)) return false;
  return true;
}
