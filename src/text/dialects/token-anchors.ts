/**
 * Beginnings of tokens whose end is known by their form, so that a broken one can be joined: to its length and no
 * further. Formats in full are the business of the rules.
 */

export interface TokenAnchor {
  readonly prefix: string;
  /** 1 for the bytes of a token. */
  readonly alphabet: Uint8Array;
  /** Bytes of the longest token. */
  readonly longest: number;
  /** Whether `token`, in which nothing else stands, is whole. */
  readonly isWhole: (token: string) => boolean;
  /** What an em dash in the token was. */
  readonly emDash: '-' | '--';
}

function alphabetOf(marks: string): Uint8Array {
  const table = new Uint8Array(256);
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  for (const byte of Buffer.from(`${letters}${letters.toUpperCase()}0123456789${marks}`)) table[byte] = 1;
  return table;
}

const alphanumeric = alphabetOf('');
const underscored = alphabetOf('_');
const hyphened = alphabetOf('-_');
const dotted = alphabetOf('-_.');

/** A token of `length` bytes, its prefix included. */
function ofLength(prefix: string, length: number, alphabet: Uint8Array = alphanumeric): TokenAnchor {
  return { prefix, alphabet, longest: length, isWhole: (token) => token.length === length, emDash: '-' };
}

function ofForm(prefix: string, longest: number, form: RegExp): TokenAnchor {
  return { prefix, alphabet: hyphened, longest, isWhole: (token) => form.test(token), emDash: '-' };
}

/** Characters of signatures as algorithms of JSON Web Tokens make them: HMAC, ECDSA, EdDSA, RSA. */
const signatureLengths: ReadonlySet<number> = new Set([43, 64, 86, 128, 171, 176, 342, 512, 683]);

function isWholeJwt(token: string): boolean {
  const last = token.lastIndexOf('.');
  return signatureLengths.has(token.length - last - 1) && token.indexOf('.') < last;
}

const slack = /^xox[a-z](?:-\d{6,14}){1,3}-(?:[A-Za-z0-9]{24}|[A-Za-z0-9]{32}|[A-Za-z0-9]{64})$/;
/** Of accounts before 2019, and since. */
const stripe = /^[rs]k_live_(?:[A-Za-z0-9]{24}|[A-Za-z0-9]{99})$/;
const openAi = /^sk-(?:[A-Za-z0-9]{48}$|[\w-]{20,}T3BlbkFJ[\w-]{20,})/;

/** By the byte at which each is looked for, rare in prose; see {@link pivotOffset}. */
export const tokenAnchors: readonly TokenAnchor[] = [
  ...['AKIA', 'ASIA', 'ABIA', 'ACCA'].map((prefix) => ofLength(prefix, 20)),
  ...['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'].map((prefix) => ofLength(prefix, 40)),
  ofLength('github_pat_', 93, underscored),
  ofLength('npm_', 40),
  ofLength('hf_', 37),
  ofLength('dop_v1_', 71),
  ofLength('dckr_pat_', 36, hyphened),
  ofLength('lin_api_', 48),
  ofLength('shpat_', 38),
  ofLength('glpat-', 26, hyphened),
  ofLength('AIza', 39, hyphened),
  ofLength('sk-ant-', 108, hyphened),
  ofForm('xox', 400, slack),
  ofForm('sk-', 300, openAi),
  ofForm('sk_live_', 107, stripe),
  ofForm('rk_live_', 107, stripe),
  { prefix: 'eyJ', alphabet: dotted, longest: 8192, isWhole: isWholeJwt, emDash: '--' },
];

/** Bytes that a text without anchors seldom has; each prefix is looked for at its first one. */
const pivots = 'IJC_x-';

/** Offset within a prefix of the byte at which it is looked for. */
export function pivotOffset(prefix: string): number {
  const found = [...prefix].findIndex((char, i) => i > 0 && pivots.includes(char));
  return found < 0 ? prefix.length - 1 : found;
}
