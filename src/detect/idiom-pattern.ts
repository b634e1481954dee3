/** Parts of which the patterns of idioms are made. Each pattern is sticky and begins behind its keyword. */
import type { NameWeight } from './slot-name.js';

/** What stands behind (or before) one keyword, and how what it captures is judged. */
export interface Idiom {
  /** Tried in turn; the group `value` is the secret. */
  readonly patterns: readonly RegExp[];
  /** What sort of value stands there. */
  readonly weight: Exclude<NameWeight, 'weak' | 'none'>;
  /** What the value would be called: whether ids and words may be secrets depends on it. */
  readonly name?: string;
  /** The value must look like a secret by itself: the words round it also lead to other things. */
  readonly isSpoken?: boolean;
  /** What must stand in the 160 bytes before the keyword. */
  readonly before?: RegExp;
  /** The value stands before the keyword; its pattern ends there instead of being sticky. */
  readonly isTrailing?: boolean;
}

/** A bare or quoted shell word that is no reference; the group is the value. */
export const word: string = /["']?(?<value>[^\s"'`$<>{}|;-][^\s"'`$<>{}|;]{3,80})(?=$|[\s"'`|;)])/.source;
/** A literal of code, maybe within a call: `"x"`, `b'x'`, `[]byte("x")`, `Encoding.UTF8.GetBytes("x")`. */
export const literal: string =
  /(?:(?:new\s)?[\w.[\]]{1,60}\(\s{0,4})?[bu]?["'](?<value>[^"'\n${}<]{4,128})["']/.source;
const argument = /(?:["'][^"'\n]{0,160}["']|[\w$.>-]{1,60}(?:\(\))?|\{[^{}\n]{0,120}\})/.source;

export function sticky(...parts: readonly string[]): RegExp {
  return new RegExp(parts.join(''), 'idy');
}

export function idiom(weight: Idiom['weight'], ...patterns: readonly RegExp[]): Idiom {
  return { patterns, weight };
}

/** Arguments before the value in a call whose parenthesis is part of the keyword. */
export const argumentsBefore = (count: number): string =>
  `\\s{0,12}${`${argument}\\s{0,3},\\s{0,20}`.repeat(count)}`;
/** The rest of a call's name up to its parenthesis. */
export const callHead = '[^\\s()]{0,24}\\(';
