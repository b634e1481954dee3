/** UTF-8 as far as positions need it: how long the character at an offset is. */

/**
 * Bytes of the character that starts at `at`: 1 for ASCII and for an undecodable byte, which counts as one
 * character of its own. Overlong forms, surrogates and values above U+10FFFF are undecodable (RFC 3629).
 */
export function characterLength(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at] as number;
  if (first < 0xc2 || first > 0xf4) return 1;
  const second = at + 1 < end ? (bytes[at + 1] as number) : 0;
  if ((second & 0xc0) !== 0x80) return 1;
  if (first < 0xe0) return 2;
  const third = at + 2 < end ? (bytes[at + 2] as number) : 0;
  if ((third & 0xc0) !== 0x80) return 1;
  if (first < 0xf0) {
    if (first === 0xe0 && second < 0xa0) return 1;
    return first === 0xed && second > 0x9f ? 1 : 3;
  }
  const fourth = at + 3 < end ? (bytes[at + 3] as number) : 0;
  if ((fourth & 0xc0) !== 0x80) return 1;
  if (first === 0xf0 && second < 0x90) return 1;
  return first === 0xf4 && second > 0x8f ? 1 : 4;
}

/** End of `bytes` without a character that was cut off by it: at most 3 bytes less. */
export function wholeCharactersEnd(bytes: Uint8Array): number {
  const end = bytes.length;
  for (let back = 1; back <= 3 && back <= end; back++) {
    const byte = bytes[end - back] as number;
    if (byte < 0x80) return end;
    if (byte >= 0xc0) {
      const wanted = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return wanted > back ? end - back : end;
    }
  }
  return end;
}
