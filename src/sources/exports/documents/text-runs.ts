/** Texts between bytes that are none: runs of characters with one byte, or with two. */

/** Shorter runs are found in anything. */
const shortest = 5;
const western = new TextDecoder('windows-1252');
const returns = new Set([0x09, 0x0a, 0x0b, 0x0d]);

/** True for what a text in a European language consists of, as far as it fits one byte. */
function isText(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || returns.has(byte);
}

/** Signs that a text in one byte a character has besides letters: quotes, dashes, letters with marks. */
function isMarked(byte: number): boolean {
  return byte >= 0x91 && byte !== 0x98 && (byte <= 0x97 || byte >= 0xa0);
}

/** Codes above one byte that are no accident: Latin, Greek, Cyrillic, and the signs of typesetting. */
function isWide(code: number): boolean {
  return (code >= 0xa0 && code <= 0x52f) || (code >= 0x2010 && code <= 0x2044) || code === 0x20ac;
}

/** All runs, in order; runs of returns as one. */
export function textRuns(bytes: Buffer): string[] {
  const runs: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const wideEnd = endOfWide(bytes, at);
    if (wideEnd - at >= shortest * 2) {
      add(runs, bytes.toString('utf16le', at, wideEnd));
      at = wideEnd;
      continue;
    }
    const end = endOfNarrow(bytes, at);
    // The first character of a wide run behind a narrow one looks like the end of that.
    const last =
      end - at >= shortest && bytes[end] === 0 && endOfWide(bytes, end - 1) - end >= shortest * 2
        ? end - 1
        : end;
    if (last - at >= shortest && isLanguage(bytes.subarray(at, last)))
      add(runs, western.decode(bytes.subarray(at, last)));
    at = Math.max(last, at + 1);
  }
  return runs;
}

/** Packed bytes have letters with marks everywhere. */
function isLanguage(bytes: Buffer): boolean {
  let marked = 0;
  for (const byte of bytes) if (byte >= 0x80) marked++;
  return marked * 4 <= bytes.length;
}

function add(runs: string[], text: string): void {
  const tidy = text.replace(/[\r\v]\n?/g, '\n').trim();
  if (tidy.length >= shortest) runs.push(tidy);
}

function endOfWide(bytes: Buffer, start: number): number {
  let at = start;
  // Two bytes that are both letters are more likely two letters.
  if (bytes[start + 1] !== 0) return start;
  while (at + 1 < bytes.length) {
    const code = (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
    if (!(code < 0x100 ? isText(code) || code >= 0xa0 : isWide(code))) break;
    at += 2;
  }
  return at;
}

function endOfNarrow(bytes: Buffer, start: number): number {
  let at = start;
  if (!isText(bytes[start] as number)) return start;
  while (at < bytes.length && (isText(bytes[at] as number) || isMarked(bytes[at] as number))) at++;
  return at;
}
