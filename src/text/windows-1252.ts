/**
 * Windows-1252, which Node's `TextDecoder` reads as Latin-1 in some versions (20 among them).
 */

/** Characters of the bytes 0x80 to 0x9f; 0 where there is none. */
const differing = [
  0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0,
  0x017d, 0, 0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a,
  0x0153, 0, 0x017e, 0x0178,
];

/** Code point of a byte; a byte without a character of its own is the control character of Latin-1. */
export function windows1252CodePoint(byte: number): number {
  const special = byte >= 0x80 && byte < 0xa0 ? differing[byte - 0x80] : 0;
  return special === undefined || special === 0 ? byte : special;
}

/** Decodes bytes; what a `TextDecoder` and {@link windows1252Decoder} have in common. */
export interface BytesDecoder {
  readonly encoding: string;
  decode(bytes: Buffer): string;
}

/** For where a `TextDecoder` is wanted. */
export const windows1252Decoder: BytesDecoder = { encoding: 'windows-1252', decode: windows1252Text };

/** Decoder of an encoding by its label; undefined for a label that nobody knows. */
export function decoderOfLabel(label: string): BytesDecoder | undefined {
  try {
    const decoder = new TextDecoder(label);
    return decoder.encoding === 'windows-1252' ? windows1252Decoder : decoder;
  } catch {
    return undefined;
  }
}

/** Bytes as text, each of them one character. */
export function windows1252Text(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .replace(/[\x80-\x9f]/g, (char) => String.fromCodePoint(windows1252CodePoint(char.charCodeAt(0))));
}
