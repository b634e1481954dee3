import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mostSubstitutions, openEstimator } from '../../../../src/detect/guesses/estimator.js';
import { wordsFile } from '../../../../src/detect/guesses/files.js';
import { packWordTable, WordTable } from '../../../../src/detect/guesses/word-table.js';
import { packageRoot } from '../../../../src/rules/load-bundle.js';

/** The package as it comes, in modules of its own: the estimator under test changes those that it imported. */
function untouched(): (text: string) => number {
  const require = createRequire(import.meta.url);
  for (const file of Object.keys(require.cache)) {
    if (file.includes('@zxcvbn-ts')) delete require.cache[file];
  }
  const { ZxcvbnFactory } = require('@zxcvbn-ts/core') as typeof import('@zxcvbn-ts/core');
  const factory = new ZxcvbnFactory({
    dictionary,
    graphs: adjacencyGraphs,
    l33tMaxSubstitutions: mostSubstitutions,
  });
  return (text) => factory.check(text).guessesLog10;
}

describe('the estimator of weak passwords', () => {
  const words = readFileSync(join(packageRoot(), 'dist', 'detect', wordsFile));
  const rate = openEstimator(words, adjacencyGraphs);
  const expected = untouched();

  it('rates as the package does with the lists that it ships', () => {
    const list = Object.values(dictionary).flat();
    const word = fc.constantFrom(...list);
    const leet = word.map((text) =>
      text.replace(/[aeiost]/g, (letter) => '431057'['aeiost'.indexOf(letter)] ?? ''),
    );
    const turned = word.map((text) => [...text].reverse().join(''));
    const cased = word.map((text) => text.slice(0, 1).toUpperCase() + text.slice(1));
    const piece = fc.oneof(
      word,
      leet,
      turned,
      cased,
      fc.constantFrom(
        '-',
        '_',
        ' ',
        '2024',
        '123',
        'qwerty',
        'zzzz',
        '1.2.1987',
        'İ',
        'ß',
        'пароль',
        '密',
        '😀',
      ),
      fc.string({ maxLength: 8 }),
    );
    const text = fc
      .array(piece, { minLength: 1, maxLength: 4 })
      .map((pieces) => pieces.join('').slice(0, 40));
    fc.assert(
      fc.property(text, (value) => {
        // The package takes what every object of JavaScript has for a word of its lists.
        fc.pre(!/constructor|__proto__|valueof|tostring/i.test([...value].reverse().join('') + value));
        expect(rate(value)).toBe(expected(value));
      }),
      { numRuns: 600 },
    );
  });

  it('rates a value with the name of a member of every object', () => {
    expect(rate('constructor-8Kd02')).toBeGreaterThan(0);
  });
});

describe('a table of words', () => {
  it('names every word of every list by its rank there', () => {
    const table = new WordTable(packWordTable({ a: ['tea', 'eat', 'at'], b: ['eat'] }));
    expect(table.wordsIn('teat')).toEqual([
      { i: 0, j: 2, name: 'a', rank: 1 },
      { i: 1, j: 3, name: 'a', rank: 2 },
      { i: 1, j: 3, name: 'b', rank: 1 },
      { i: 2, j: 3, name: 'a', rank: 3 },
    ]);
  });

  it('finds what an object of ranks would find', () => {
    const letter = fc.constantFrom('a', 'b', 'c');
    const word = fc.string({ unit: letter, minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(
        fc.uniqueArray(word, { maxLength: 40 }),
        fc.string({ unit: letter, maxLength: 12 }),
        (list, text) => {
          const found = new WordTable(packWordTable({ list })).wordsIn(text);
          const all = [];
          for (let i = 0; i < text.length; i++) {
            for (let j = i; j < text.length; j++) {
              const rank = list.indexOf(text.slice(i, j + 1)) + 1;
              if (rank > 0) all.push({ i, j, name: 'list', rank });
            }
          }
          expect(found).toEqual(all);
        },
      ),
    );
  });

  it('refuses words that it cannot hold', () => {
    expect(() => packWordTable({ list: ['naïve'] })).toThrow(/list has a word/);
    expect(() => packWordTable({ list: ['x'.repeat(256)] })).toThrow(/list has a word/);
  });
});
