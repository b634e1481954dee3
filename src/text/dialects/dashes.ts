/** Hyphens that a client or an editor has turned into something finer. */

const hyphen = 0x2d;

/** A dash of U+2010 to U+2015 or a minus sign at `at`, in UTF-8: its code point; 0 when there is none. */
export function fineDashAt(input: Uint8Array, at: number): number {
  if (input[at] !== 0xe2) return 0;
  const third = input[at + 2] ?? 0;
  if (input[at + 1] === 0x80 && third >= 0x90 && third <= 0x95) return 0x2010 + third - 0x90;
  return input[at + 1] === 0x88 && third === 0x92 ? 0x2212 : 0;
}

/** Bytes of the hyphen or dash at `at`; 0 when there is none. */
export function dashLength(input: Uint8Array, at: number): number {
  return input[at] === hyphen ? 1 : fineDashAt(input, at) === 0 ? 0 : 3;
}

/** True for dashes that replace two hyphens, as clients write them. */
export function isLongDash(codePoint: number): boolean {
  return codePoint >= 0x2013 && codePoint <= 0x2015;
}
