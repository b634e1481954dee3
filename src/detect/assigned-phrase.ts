/** Values that the words behind a name lead to: `the password for root is x`, `token until Friday: x`, `密码改成了x`. */
import { proseWordOrQuoted } from './assigned-markup.js';
import { hasFoldedAt, isBlank, isDigit, isLetter, isName, isNewline, skipBlanks } from './byte-class.js';
import type { Value } from './literal.js';

const colon = 0x3a;
const equals = 0x3d;
const openParen = 0x28;
const closeParen = 0x29;

/** UTF-8 bytes as the characters that {@link hasFoldedAt} compares. */
const asBytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
/** Words with a blank to both sides, by their first byte: every blank of every phrase is looked up here. */
type Words = ReadonlyMap<number, readonly string[]>;
function between(words: string): Words {
  const byFirst = new Map<number, string[]>();
  for (const word of words.split(' ').map((one) => asBytes(` ${one} `))) {
    const first = word.charCodeAt(1);
    byFirst.set(first, [...(byFirst.get(first) ?? []), word]);
  }
  return byFirst;
}

/** Between the words round a name and the value: what is said to be the value. */
const telling = between('is was to -> => → ➜ lautet lautet: ist est es é è wynosi is: это');
/** Words of many uses, which lead to the value where nothing else does: `geändert auf x`, `en x`, `для на x`. */
const leading = between('auf en a à para pra in naar na til till на в with mit avec con com met как');
/** Signs that join a name and a value when they stand right behind the name, or behind whose it is. */
const dashes = between('- – — → ➜');
/** CJK and Korean particles and verbs, which take no blank; the longer ones first. */
const particles = [
  ...['改成了', '改成', '改为', '更改为', '设为', '设置为', '设成', '重置为', '重设为', '是', '为', '為'],
  ...['を', 'は', 'が', '는', '은', '을', '를', '→'],
].map(asBytes);
/** Behind a name: whose it is, so that a dash ends the phrase. */
const possessives = between('for of für pour de para di voor dla do от для к на');

const phraseReach = 60;

/** A value, and whether the words before it say that it is one. */
export interface Told {
  readonly value: Value;
  readonly isTold: boolean;
}

/** Behind `set to`, `now`, `:`: words that may follow a connector. */
function behindFillers(bytes: Uint8Array, at: number): number {
  let i = skipBlanks(bytes, at);
  for (const word of ['been ', 'changed ', 'reset ', 'set ', 'to', 'now ', 'still ']) {
    if (hasFoldedAt(bytes, i, word) && (word !== 'to' || bytes[i + 2] === 0x20 || bytes[i + 2] === colon)) {
      i = skipBlanks(bytes, i + word.length);
    }
  }
  return bytes[i] === colon ? skipBlanks(bytes, i + 1) : i;
}

function told(value: Value | undefined, isTold: boolean): Told | undefined {
  return value === undefined ? undefined : { value, isTold };
}

/** Letters of any script, digits, blanks and hyphens: what the words of a phrase are made of. */
function isPhraseByte(byte: number | undefined): boolean {
  return (
    isLetter(byte) || isDigit(byte) || byte === 0x20 || byte === 0x2d || byte === 0x27 || (byte ?? 0) >= 0x80
  );
}

/** Behind the bracket that closes a remark which opens at `at`; -1 without one. */
function behindRemark(bytes: Uint8Array, at: number, ceiling: number): number {
  for (let i = at + 1; i < ceiling; i++) {
    if (bytes[i] === closeParen) return i + 1;
    if (!isPhraseByte(bytes[i]) && bytes[i] !== 0x2f && bytes[i] !== 0x2e) return -1;
  }
  return -1;
}

/** The word of `words` that stands at `at`, in either case of its first letter. */
function wordAt(bytes: Uint8Array, at: number, words: Words): string | undefined {
  if (bytes[at] !== 0x20) return undefined;
  const byte = bytes[at + 1] ?? 0;
  const found = words.get(byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte);
  return found?.find((word) => hasFoldedAt(bytes, at, word));
}

/**
 * `password is "x"`, `password for user 'a' is 'x'`, `password for root: x`, `password changed to x`; plain words only
 * between the two. `at` is the blank behind the name.
 */
export function phraseValue(bytes: Uint8Array, at: number): Told | undefined {
  const ceiling = Math.min(bytes.length, at + phraseReach);
  const dash = wordAt(bytes, at, dashes);
  if (dash !== undefined) return told(proseWordOrQuoted(bytes, skipBlanks(bytes, at + dash.length)), true);
  const isPossessed = wordAt(bytes, at, possessives) !== undefined;
  let led = -1;
  let isPlain = true;
  for (let i = at; i < ceiling; i++) {
    const byte = bytes[i];
    if (isNewline(byte) || byte === 0x2e || byte === 0x3b) break;
    if ((byte === colon || (isPossessed && byte === equals)) && bytes[i + 1] === 0x20) {
      if (!isPlain && !isPossessed) break;
      return told(proseWordOrQuoted(bytes, skipBlanks(bytes, i + 1)), isPossessed);
    }
    if (byte === openParen) {
      const behind = behindRemark(bytes, i, ceiling);
      if (behind < 0) break;
      i = behind - 1;
      continue;
    }
    isPlain &&= isPhraseByte(byte);
    if (byte !== 0x20) continue;
    if (hasFoldedAt(bytes, i, ' has been '))
      return told(proseWordOrQuoted(bytes, behindFillers(bytes, i + 5)), true);
    const word = wordAt(bytes, i, telling);
    if (word !== undefined)
      return told(proseWordOrQuoted(bytes, behindFillers(bytes, i + word.length)), true);
    const possessed = isPossessed ? wordAt(bytes, i, dashes) : undefined;
    if (possessed !== undefined)
      return told(proseWordOrQuoted(bytes, skipBlanks(bytes, i + possessed.length)), true);
    if (led < 0) {
      const lead = wordAt(bytes, i, leading);
      if (lead !== undefined) led = skipBlanks(bytes, i + lead.length);
    }
  }
  return led < 0 ? undefined : told(proseWordOrQuoted(bytes, led), false);
}

/** `密码是x`, `パスワードはxです`, `密码改成了x`: behind the particle at `at`; undefined without one. */
export function valueBehindParticle(bytes: Uint8Array, at: number): Value | undefined {
  if ((bytes[at] ?? 0) < 0xe0) return undefined;
  const particle = particles.find((sign) => hasFoldedAt(bytes, at, sign));
  return particle === undefined
    ? undefined
    : proseWordOrQuoted(bytes, skipBlanks(bytes, at + particle.length));
}

function isHexByte(byte: number | undefined): boolean {
  return (
    isDigit(byte) || byte === 0x2d || (byte !== undefined && (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66)
  );
}

/** Letters, digits and the signs of base64, URLs' own alphabet and prefixes. */
function isTokenByte(byte: number | undefined): boolean {
  return isName(byte) || byte === 0x2b || byte === 0x2f || byte === 0x3d || byte === 0x7e || byte === colon;
}

/** Least length of a word at the end of a line that is taken for what the line is about. */
const leastLastWord = 20;
const lineReach = 100;

/** `here is the token you asked for x`: the long word that ends the line of plain words which begins at `at`. */
export function lastWordOfLine(bytes: Uint8Array, at: number): Value | undefined {
  let start = at;
  let i = at;
  for (; i - at < lineReach + 128 && bytes[i] !== undefined && !isNewline(bytes[i]); i++) {
    if (!isBlank(bytes[i])) continue;
    if (i - at > lineReach) return undefined;
    start = i + 1;
  }
  if (start === at || i - start < leastLastWord || bytes[start] === 0x2d) return undefined;
  // What does not end here is cut, and so no value.
  if (bytes[i] !== undefined && !isNewline(bytes[i])) return undefined;
  // A commit, a digest: lines of all sorts end in one.
  let isHex = true;
  for (let k = start; k < i; k++) {
    if (!isTokenByte(bytes[k])) return undefined;
    // `secrets set NAME=x`: a setting of its own.
    if (bytes[k] === equals && bytes[k + 1] !== equals && k + 1 < i) return undefined;
    isHex &&= isHexByte(bytes[k]);
  }
  if (isHex) return undefined;
  for (let k = at; k < start; k++) if (!isPhraseByte(bytes[k]) && bytes[k] !== 0x2c) return undefined;
  return { start, end: i, quote: 0 };
}
