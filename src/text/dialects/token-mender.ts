/** Joins a token that was wrapped, spaced or hyphenated, if that makes it whole. */
import { unseenTextAt } from '../typography.js';
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
/** Shorter beginnings are not worth a line. */
const shortestToken = 16;
/** Letters that may be the end of a token by themselves; longer ones could be a word. */
const shortRest = 3;

/**
 * Parts are joined over line ends and blanks only if a whole token comes of it; over soft line ends and what cannot be
 * seen they are joined in any case.
 */
export function mendToken(input: Buffer, start: number, anchor: TokenAnchor): Mending {
  const edits: Edit[] = [];
  let at = prefixEnd(input, start, anchor.prefix, edits);
  let token = anchor.prefix;
  /** Up to here nothing was guessed. */
  let sure: Mending = { edits: [], end: at };
  let isSure = true;
  for (let parts = 0; parts < mostParts; parts++) {
    const part = readPart(input, at, anchor, edits);
    if (!isSure && !looksLikePart(part.text)) break;
    at = part.end;
    token += part.text;
    if (isSure && token.length >= shortestToken) sure = { edits: [...edits], end: at };
    if (token.length > anchor.longest) break;
    if (anchor.isWhole(token) && !isWord(input[at])) return { edits, end: at };
    const gap = gapAt(input, at);
    if (gap === undefined || anchor.alphabet[input[gap.end] as number] !== 1) break;
    if (!gap.isSoft) isSure = false;
    edits.push({ start: at, end: gap.end, text: '' });
    at = gap.end;
  }
  return { edits: sure.edits, end: Math.max(sure.end, at) };
}

/** Offset behind the prefix, in which hyphens may be dashes. */
function prefixEnd(input: Buffer, start: number, prefix: string, edits: Edit[]): number {
  let at = start;
  for (let i = 0; i < prefix.length; i++) {
    const length = prefix.charCodeAt(i) === hyphen ? dashLength(input, at) : 1;
    if (length > 1) edits.push({ start: at, end: at + length, text: '-' });
    at += length;
  }
  return at;
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

interface Gap {
  readonly end: number;
  /** True when it is known not to be a part of the text: a marked line end, a character that cannot be seen. */
  readonly isSoft: boolean;
}

/** Blanks, or one line end with blanks and marks of a quote round it. Undefined when the text does not go on there. */
function gapAt(input: Buffer, at: number): Gap | undefined {
  const isMarked = input[at] === 0x3d || input[at] === 0x5c;
  const limit = Math.min(input.length, at + longestGap);
  let lineEnds = 0;
  let isUnseen = true;
  let i = at + (isMarked ? 1 : 0);
  while (i < limit) {
    const byte = input[i] as number;
    const length = isQuoteMark(byte) ? Math.min(lineEnds, 1) : gapCharacterLength(input, i, byte);
    if (length === 0) break;
    if (byte === newline) lineEnds++;
    if (byte < 0x80 || unseenTextAt(input, i)?.length !== 0) isUnseen = false;
    i += length;
  }
  if (i >= limit || i === at || lineEnds > 1 || (isMarked && lineEnds === 0)) return undefined;
  return { end: i, isSoft: isMarked || isUnseen };
}

function isQuoteMark(byte: number): boolean {
  return byte === 0x3e || byte === 0x7c;
}

/** Bytes of the blank, line end or damaged character at `at`; 0 when it is neither. */
function gapCharacterLength(input: Buffer, at: number, byte: number): number {
  if (byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === newline) return 1;
  if (byte < 0x80 || unseenTextAt(input, at) === undefined) return 0;
  return byte === 0xc2 ? 2 : 3;
}
