/**
 * Sets of bytes that tell a pattern's value from other text: a run of hex digits as long as a key's is rare where
 * long paths and names are not. The scanner's core knows them by these numbers (assembly/scan/tables.ts).
 */

/** [A-Za-z0-9+/=_.:~-] */
export const tokenBytes = 1;
/** [A-Za-z0-9_-] */
export const nameBytes = 2;
/** [A-Za-z0-9] */
export const alphanumericBytes = 4;
/** [0-9A-Fa-f-] */
export const hexBytes = 8;
/** Borders: what must not stand before a keyword. */
export const letterBytes = 16;
export const digitBytes = 32;
export const underscoreBytes = 64;
/** What ends a URL in running text: blanks and control bytes, quotes (an apostrophe may be part of one), angle brackets, the backslash. */
export const urlEndBytes = 128;

/** By byte the sets that it is in. */
export const setsOfByte: Uint8Array = new Uint8Array(256);
function enter(chars: string, set: number): void {
  for (const char of chars) {
    const byte = char.charCodeAt(0);
    setsOfByte[byte] = (setsOfByte[byte] as number) | set;
  }
}
const digits = '0123456789';
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
enter(`${letters}${digits}+/=_.-~:`, tokenBytes);
enter(`${letters}${digits}_-`, nameBytes);
enter(`${letters}${digits}`, alphanumericBytes);
enter(`${digits}ABCDEFabcdef-`, hexBytes);
enter(letters, letterBytes);
enter(digits, digitBytes);
enter('_', underscoreBytes);
enter('"`<>\\\x7f', urlEndBytes);
for (let byte = 0; byte <= 0x20; byte++) enter(String.fromCharCode(byte), urlEndBytes);

/** The smallest of the sets of a run that holds both. */
export function joinedSet(a: number, b: number): number {
  if (a === b) return a;
  return a === tokenBytes || b === tokenBytes ? tokenBytes : nameBytes;
}
