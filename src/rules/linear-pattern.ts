/**
 * Prepares a pattern from outside (a user's rule, an imported configuration) for a linear engine: parsed, its
 * windows sized, its literals known. Plain JSON, since workers get it.
 *
 * What a rule can see is stated here and nowhere else: it is the rule's part of the locality contract.
 */
import { type Re2Node, Re2SyntaxError } from './re2/ast.js';
import { headOf, withoutBorders } from './re2/head.js';
import { derivedLiterals, keywordReach, leastLiteral, tailBehind } from './re2/literals.js';
import { parseRe2 } from './re2/parse.js';
import { sourceOf } from './re2/source.js';
import { costOf, crossesLines, leastTokenRun, repeatsOf, widthOf } from './re2/widths.js';
import type { Keyword } from './rule-set.js';

/** A match without a bound is looked for so many bytes beyond its keyword. */
export const openReach = 4096;
/** Keywords that no match must hold have to stand so near to it, in bytes. */
export const nearReach = 1024;
/** Longest match in bytes of a rule that has neither keyword nor literal and so runs over all text. */
export const everywhereReach = 512;
/** Instructions of an engine that a pattern may need. */
const mostInstructions = 20_000;

export interface LinearPattern {
  /** As it was written. */
  readonly written: string;
  /** RE2 syntax over Latin-1 text, flags undone. */
  readonly source: string;
  /** Capturing group that holds the secret; 0: the first that took part with some text, else the whole match. */
  readonly secretGroup: number;
  /**
   * How its place is found. `keyword`: each match holds a keyword. `near`: a keyword stands within
   * {@link nearReach}. `everywhere`: there is none to look for.
   */
  readonly way: 'keyword' | 'near' | 'everywhere';
  /** Bytes before the keyword's start and behind its end that a match may take up; capped. */
  readonly before: number;
  readonly after: number;
  /** True when matches may be longer than these windows. */
  readonly isCapped: boolean;
  /**
   * What stands right behind the keyword of each match, up to the first repeat without a bound: tried before
   * the pattern itself is, since most hits of a common word end there. `after` is its longest width.
   */
  readonly tail?: { readonly source: string; readonly after: number };
  /**
   * The pattern tied to the beginning of its window, so that an engine gives up where no match can hold the
   * hit any more. Absent where the window before the hit is too wide.
   */
  readonly tied?: string;
  /** True when a match may hold a line break. */
  readonly crossesLines: boolean;
  /** Fewest token bytes in a row in a match. */
  readonly leastRun: number;
}

export interface PreparedPattern {
  readonly linear: LinearPattern;
  readonly keywords: readonly Keyword[];
  /** Where the keywords come from. */
  readonly keywordsFrom: 'given' | 'pattern' | 'none';
}

/** A pattern that cannot be run; the message has no part of it. */
export class PatternFault extends Error {
  override readonly name: string = 'PatternFault';
}

function parsed(source: string): { root: Re2Node; groups: number } {
  try {
    return parseRe2(source);
  } catch (error) {
    if (!(error instanceof Re2SyntaxError)) throw error;
    throw new PatternFault(`is no RE2 pattern: ${error.message} (character ${error.at + 1})`);
  }
}

/** Why a pattern cannot be run; undefined when it can. */
export function patternFault(source: string): string | undefined {
  try {
    const { root } = parsed(source);
    return isTooLarge(root) ? tooLarge : undefined;
  } catch (error) {
    if (error instanceof PatternFault) return error.message;
    throw error;
  }
}

/** Repeats within repeats that engines take. */
const mostRepeats = 1000;

function isTooLarge(root: Re2Node): boolean {
  return costOf(root) > mostInstructions || repeatsOf(root) > mostRepeats;
}

const tooLarge = 'is too large: its repeats multiply';

/**
 * Keywords as the prefilter takes them: 3 bytes or more, case folded. One is enough in a match, so a single
 * one that is too short makes all of them useless.
 */
function usableKeywords(words: readonly string[]): string[] {
  const folded = [...new Set(words.map((word) => word.toLowerCase()))];
  const isUsable = (word: string): boolean =>
    Buffer.byteLength(word) >= leastLiteral && /^[\x20-\x7e\p{L}\p{M}]+$/u.test(word);
  return folded.every(isUsable) ? folded : [];
}

/** A keyword as the bytes that the tree of a pattern is made of. */
function asBytes(word: string): string {
  return Buffer.from(word, 'utf8').toString('latin1');
}

/**
 * @param words the rule's own keywords, case folded; those of less than 3 bytes are left out
 * @param secretGroup 0 when none was named
 */
export function preparePattern(
  source: string,
  words: readonly string[],
  secretGroup: number,
): PreparedPattern {
  const { root, groups } = parsed(source);
  if (secretGroup > groups)
    throw new PatternFault(`has ${groups} groups, so none with the number ${secretGroup}`);
  const width = widthOf(root);
  if (width.max === 0) throw new PatternFault('matches nothing but the empty text');
  if (isTooLarge(root)) throw new PatternFault(tooLarge);
  const place = placeOf(root, usableKeywords(words));
  const { way, keywords, keywordsFrom, reach } = place;
  const longest = width.max;
  const cap = way === 'everywhere' ? everywhereReach : openReach;
  const before = Math.min(reach.before, cap);
  const after = Math.min(reach.after, cap);
  return {
    keywords: keywords.map((text) => ({ text, caseSensitive: false })),
    keywordsFrom,
    linear: {
      written: source,
      source: sourceOf(root),
      secretGroup,
      way,
      before,
      after,
      isCapped: reach.before > before || reach.after > after || !Number.isFinite(longest),
      crossesLines: crossesLines(root),
      leastRun: leastTokenRun(root),
      ...tailOf(place),
      ...(way === 'keyword' ? tiedOf(root, before) : {}),
    },
  };
}

/** Bytes at the beginning of a window that borders look at. */
export const borderBytes = 4;

/** The tail in the engine's words. */
function tailOf(place: Place): Pick<LinearPattern, 'tail'> {
  if (place.tail === undefined) return {};
  const tail = withoutBorders(headOf(place.tail));
  const { min, max } = widthOf(tail);
  return min === 0 ? {} : { tail: { source: `\\A(?:${sourceOf(tail)})`, after: max } };
}

function tiedOf(root: Re2Node, before: number): Pick<LinearPattern, 'tied'> {
  const lead = before + borderBytes;
  return lead > mostRepeats ? {} : { tied: `\\A[\\x00-\\xff]{0,${lead}}?(?:${sourceOf(root)})` };
}

interface Place extends Pick<PreparedPattern, 'keywordsFrom'> {
  readonly way: LinearPattern['way'];
  readonly keywords: readonly string[];
  readonly reach: { readonly before: number; readonly after: number };
  /** What must stand right behind a keyword, where that can be told; then `reach` is that of those keywords. */
  readonly tail?: Re2Node;
}

/** The place of a pattern of which each match holds one of the keywords. */
function atKeywords(
  root: Re2Node,
  keywords: readonly string[],
  keywordsFrom: PreparedPattern['keywordsFrom'],
  reach: Place['reach'],
): Place {
  const tail = tailBehind(root, keywords.map(asBytes));
  if (tail === undefined) return { way: 'keyword', keywords, keywordsFrom, reach };
  const own = { before: tail.before, after: widthOf(tail.node).max };
  return { way: 'keyword', keywords, keywordsFrom, reach: own, tail: tail.node };
}

function placeOf(root: Re2Node, words: readonly string[]): Place {
  if (words.length > 0) {
    const reach = keywordReach(root, words.map(asBytes));
    if (reach !== undefined) return atKeywords(root, words, 'given', reach);
    const { max } = widthOf(root);
    return {
      way: 'near',
      keywords: words,
      keywordsFrom: 'given',
      reach: { before: nearReach + max, after: nearReach + max },
    };
  }
  const derived = derivedLiterals(root);
  if (derived !== undefined) {
    return atKeywords(root, derived.texts, 'pattern', derived.reach);
  }
  const { max } = widthOf(root);
  return { way: 'everywhere', keywords: [], keywordsFrom: 'none', reach: { before: 0, after: max } };
}
