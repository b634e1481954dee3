/**
 * zxcvbn with its word lists in a {@link WordTable}: the same guesses, without ranking 57,000 words at each start. The build makes one
 * file of this and the package, `dist/detect/guesses.cjs`, which `strength.ts` loads when the first value needs it.
 */
import { type OptionsType, ZxcvbnFactory } from '@zxcvbn-ts/core';
import { WordTable } from './word-table.js';

/**
 * Ways of reading digits and signs as letters that are tried on a value. A hundred, which is the package's own bound, take
 * four times as long, and rated none of 1,510 values of a repository full of them otherwise.
 */
export const mostSubstitutions = 16;

/** A match of the package's dictionary matcher. */
interface DictionaryMatch {
  readonly pattern: 'dictionary';
  readonly i: number;
  readonly j: number;
  readonly token: string;
  readonly matchedWord: string;
  readonly rank: number;
  readonly dictionaryName: string;
  readonly reversed: false;
  readonly l33t: false;
}

/** What of the package's inside is replaced; its matchers of reversed and leet words ask the same method. */
interface DictionaryMatcher {
  /** True where only lists of numbers, months and the like count, of which there are none here. */
  readonly wordSequenceCheck?: boolean;
  match(options: { readonly password: string }): DictionaryMatch[];
}

interface Inside {
  readonly matching: { readonly matchers: { readonly dictionary: DictionaryMatcher } };
}

/** The package's map of the neighbours of each key, by keyboard. */
export type KeyboardGraphs = NonNullable<OptionsType['graphs']>;

/**
 * Gives a function from a text to the base-10 logarithm of the guesses that it would take.
 * @param words what the build packed
 */
export function openEstimator(words: Uint8Array, graphs: KeyboardGraphs): (text: string) => number {
  const table = new WordTable(words);
  const factory = new ZxcvbnFactory({
    dictionary: {},
    graphs,
    l33tMaxSubstitutions: mostSubstitutions,
  });
  const { dictionary } = (factory as unknown as Inside).matching.matchers;
  const shared = Object.getPrototypeOf(dictionary) as DictionaryMatcher;
  shared.match = function match({ password }) {
    if (this.wordSequenceCheck === true) return [];
    // Places are those of the password, and a letter may become two.
    const lower = password.toLowerCase().slice(0, password.length);
    return table.wordsIn(lower).map(({ i, j, name, rank }) => ({
      pattern: 'dictionary',
      i,
      j,
      token: password.slice(i, j + 1),
      matchedWord: lower.slice(i, j + 1),
      rank,
      dictionaryName: name,
      reversed: false,
      l33t: false,
    }));
  };
  return (text) => factory.check(text).guessesLog10;
}
