/** Bytes of JSON's syntax, and small steps over them. JSON's syntax is ASCII, so bytes do for UTF-8 and its kin. */

export const quote = 0x22;
export const comma = 0x2c;
export const colon = 0x3a;
export const backslash = 0x5c;
export const openBracket = 0x5b;
export const closeBracket = 0x5d;
export const openBrace = 0x7b;
export const closeBrace = 0x7d;
export const newline = 0x0a;

/** A table with 1 for each byte of `members`. */
export function byteSet(members: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of Buffer.from(members, 'latin1')) table[byte] = 1;
  return table;
}

/** White space of JSON. */
export const spaces: Uint8Array = byteSet(' \t\r\n');

/** First byte of `bytes[from, end)` that is no white space; `end` when there is none. */
export function skipSpaces(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && spaces[bytes[at] as number] === 1) at++;
  return at;
}

/** Last byte before `at` that is no white space; -1 when there is none. */
export function lastBefore(bytes: Uint8Array, at: number): number {
  let before = at - 1;
  while (before >= 0 && spaces[bytes[before] as number] === 1) before--;
  return before;
}
