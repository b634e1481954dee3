/** Joins a token that was wrapped, spaced or hyphenated, if that makes it whole. */
import { dashLength, fineDashAt } from './dashes.js';
import type { TokenAnchor } from './token-anchors.js';

/** What to put where the input has `[start, end)`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface Mending {
  /** Empty when the token is whole as it stands, or cannot be made whole. */
  readonly edits: readonly Edit[];
  /** Offset behind all that was looked at. */
  readonly end: number;
}

const hyphen = 0x2d;
const newline = 0x0a;

/** Bytes between two parts of a token: blanks, a line end, marks of a quote. */
const longestGap = 24;
const mostParts = 400;
/** Letters that may be the end of a token by themselves; longer ones could be a word. */
const shortRest = 3;

export function mendToken(input: Buffer, start: number, anchor: TokenAnchor): Mending {
  const edits: Edit[] = [];
  let at = start;
  let token = '';
  for (let parts = 0; parts < mostParts; parts++) {
    const partStart = at;
    const part = readPart(input, at, anchor, edits);
    at = part.end;
    if (parts > 0 && !looksLikePart(part.text)) return { edits: [], end: partStart };
    token += part.text;
    if (token.length > anchor.longest) return { edits: [], end: at };
    if (anchor.isWhole(token) && !isWord(input[at])) return { edits, end: at };
    const behind = gapEnd(input, at);
    if (behind < 0 || anchor.alphabet[input[behind] as number] !== 1) return { edits: [], end: at };
    edits.push({ start: at, end: behind, text: '' });
    at = behind;
  }
  return { edits: [], end: at };
}

/** Bytes of the alphabet, dashes mended. */
function readPart(
  input: Buffer,
  start: number,
  { alphabet, emDash, longest }: TokenAnchor,
  edits: Edit[],
): { readonly text: string; readonly end: number } {
  let text = '';
  let copied = start;
  let at = start;
  const limit = Math.min(input.length, start + longest * 3 + 1);
  while (at < limit) {
    if (alphabet[input[at] as number] === 1) {
      at++;
      continue;
    }
    const dash = alphabet[hyphen] === 1 ? fineDashAt(input, at) : 0;
    if (dash === 0) break;
    const meant = dash === 0x2014 || dash === 0x2015 ? emDash : '-';
    edits.push({ start: at, end: at + 3, text: meant });
    text += input.toString('latin1', copied, at) + meant;
    at += 3;
    copied = at;
  }
  return { text: text + input.toString('latin1', copied, at), end: at };
}

/** Words of a sentence are in lower case, but for their first letter; parts of tokens seldom are. */
function looksLikePart(text: string): boolean {
  return text.length <= shortRest || /[0-9_]|[^A-Z][A-Z]|^[A-Z]+$/.test(text);
}

function isWord(byte: number | undefined): boolean {
  return (
    byte !== undefined && ((byte >= 0x30 && byte < 0x3a) || ((byte | 0x20) >= 0x61 && (byte | 0x20) < 0x7b))
  );
}

/**
 * Offset behind the gap at `at`: blanks, or one line end with blanks and marks of a quote round it, marked as soft (`=`
 * of quoted-printable, `\`) or not. -1 when the text does not go on there.
 */
function gapEnd(input: Buffer, at: number): number {
  const limit = Math.min(input.length, at + longestGap);
  let isBroken = false;
  let i = at;
  const isMarked = input[i] === 0x3d || input[i] === 0x5c;
  if (isMarked) i++;
  for (; i < limit; i++) {
    const byte = input[i] as number;
    if (byte === newline) {
      if (isBroken) return -1;
      isBroken = true;
    } else if (byte === 0x3e || byte === 0x7c) {
      if (!isBroken) return -1;
    } else if (byte === 0xc2 && input[i + 1] === 0xa0) i++;
    else if (byte === 0xe2 && input[i + 1] === 0x80 && dashLength(input, i) === 0) i += 2;
    else if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) break;
  }
  return i >= limit || i === at || (isMarked && !isBroken) ? -1 : i;
}
