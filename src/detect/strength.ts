/**
 * How many guesses a value takes, in bits. Values that are plainly random are counted by alphabet and
 * length; zxcvbn, which is a thousand times slower, is asked only about the rest, and loaded only then.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { weakBelowBits } from '../model/finding.js';
import { packageRoot } from '../rules/load-bundle.js';
import type { KeyboardGraphs } from './guesses/estimator.js';
import { estimatorFile, graphsFile, wordsFile } from './guesses/files.js';
import { alphabetSize, looksRandom } from './randomness.js';

/** zxcvbn's cost grows with the square of the length; people's passwords end before. */
const mostZxcvbnLength = 64;
const mostCached = 4096;

type Estimator = typeof import('./guesses/estimator.js');

let guessesLog10: ((text: string) => number) | undefined;
const cache = new Map<string, number>();

/** Loaded at once and not imported: what finds a value cannot wait. */
function loadEstimator(): (text: string) => number {
  const folder = join(packageRoot(), 'dist', 'detect');
  const require = createRequire(import.meta.url);
  const { openEstimator } = require(join(folder, estimatorFile)) as Estimator;
  const graphs = JSON.parse(readFileSync(join(folder, graphsFile), 'utf8')) as KeyboardGraphs;
  return openEstimator(readFileSync(join(folder, wordsFile)), graphs);
}

function zxcvbnBits(text: string): number {
  guessesLog10 ??= loadEstimator();
  return guessesLog10(text) * Math.log2(10);
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
