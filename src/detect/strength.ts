/**
 * How many guesses a value takes, in bits. Values that are plainly random are counted by alphabet and
 * length; zxcvbn, which is a thousand times slower, is asked only about the rest, and loaded only then.
 */
import { createRequire } from 'node:module';
import { weakBelowBits } from '../model/finding.js';
import { alphabetSize, looksRandom } from './randomness.js';

/** zxcvbn's cost grows with the square of the length; people's passwords end before. */
const mostZxcvbnLength = 64;
const mostCached = 4096;
/**
 * Ways of reading digits and signs as letters that are tried on a value. A hundred, which is the package's own bound, take
 * four times as long, and rated none of 1,510 values of a repository full of them otherwise.
 */
const mostSubstitutions = 16;

interface ZxcvbnPackage {
  readonly ZxcvbnFactory: new (options: unknown) => { check(password: string): { guessesLog10: number } };
}

interface DictionaryPackage {
  readonly dictionary: unknown;
  readonly adjacencyGraphs: unknown;
}

let estimator: { check(password: string): { guessesLog10: number } } | undefined;
const cache = new Map<string, number>();

function zxcvbnBits(text: string): number {
  if (estimator === undefined) {
    const require = createRequire(import.meta.url);
    const core = require('@zxcvbn-ts/core') as ZxcvbnPackage;
    const common = require('@zxcvbn-ts/language-common') as DictionaryPackage;
    estimator = new core.ZxcvbnFactory({
      dictionary: common.dictionary,
      graphs: common.adjacencyGraphs,
      l33tMaxSubstitutions: mostSubstitutions,
    });
  }
  return estimator.check(text).guessesLog10 * Math.log2(10);
}

/** Estimated guesses in bits, rounded. */
export function strengthBits(value: Buffer): number {
  const text = value.toString('utf8');
  if (text.length >= 20 && looksRandom(text)) return Math.round(Math.log2(alphabetSize(text)) * text.length);
  const known = cache.get(text);
  if (known !== undefined) return known;
  const bits = Math.round(zxcvbnBits(text.slice(0, mostZxcvbnLength)));
  // Emptied whole: bounded memory, and the values do not outlive their use by long.
  if (cache.size >= mostCached) cache.clear();
  cache.set(text, bits);
  return bits;
}

export function isWeak(bits: number): boolean {
  return bits < weakBelowBits;
}
