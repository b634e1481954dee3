/**
 * Patterns from outside, held against JavaScript's own engine where the two syntaxes agree: the same matches,
 * and nothing that the analysis of a pattern claims is untrue of any of them.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeLinearEngine } from '../../src/detect/linear-engine.js';
import { LinearMatcher } from '../../src/detect/linear-matcher.js';
import { type PreparedPattern, preparePattern } from '../../src/rules/linear-pattern.js';
import { makeRandom } from '../../src/rules/random.js';
import type { Re2Node } from '../../src/rules/re2/ast.js';
import { headOf } from '../../src/rules/re2/head.js';
import { parseRe2 } from '../../src/rules/re2/parse.js';
import { sampleRe2 } from '../../src/rules/re2/sample.js';
import { sourceOf } from '../../src/rules/re2/source.js';
import { crossesLines, leastTokenRun, widthOf } from '../../src/rules/re2/widths.js';

const atoms = fc.constantFrom(
  'a',
  'b',
  'k',
  'key',
  '_',
  '\\.',
  '[ab]',
  '[^a]',
  '[a-c0-9]',
  '\\d',
  '\\w',
  '[k\\n]',
  ' ',
  '=',
);
const counts = fc.constantFrom('', '', '', '?', '*', '+', '{2}', '{1,3}', '{2,}', '*?', '+?');
const borders = fc.constantFrom('', '', '', '\\b');

const sequences = fc
  .array(fc.tuple(borders, atoms, counts), { minLength: 1, maxLength: 5 })
  .map((parts) =>
    parts
      .map(
        ([border, atom, count]) =>
          `${border}${/^[a-z_]{2,}$/.test(atom) && count !== '' ? `(?:${atom})` : atom}${count}`,
      )
      .join(''),
  );
const groups = fc
  .tuple(
    fc.constantFrom('(', '(?:'),
    fc.array(sequences, { minLength: 1, maxLength: 3 }),
    fc.constantFrom('', '', '?', '{1,2}'),
  )
  .map(([open, choices, count]) => `${open}${choices.join('|')})${count}`);
const patterns = fc
  .array(fc.oneof({ weight: 3, arbitrary: sequences }, { weight: 2, arbitrary: groups }), {
    minLength: 1,
    maxLength: 3,
  })
  .map((parts) => parts.join(''));
const texts = fc
  .array(fc.constantFrom('a', 'b', 'c', 'k', 'key', '_', '.', '1', '22', ' ', '=', '\n', 'KEY', '-', 'x'), {
    maxLength: 40,
  })
  .map((parts) => parts.join(''));

/** Keywords that a rule gives itself, or none. */
const given = fc.constantFrom<readonly string[]>(
  [],
  [],
  ['key'],
  ['key', 'key_', 'keya'],
  ['key=', 'akey', ' key'],
);

interface Match {
  readonly start: number;
  readonly text: string;
}

function byRegExp(pattern: string, text: string): Match[] {
  return [...text.matchAll(new RegExp(pattern, 'g'))].map((match) => ({
    start: match.index,
    text: match[0],
  }));
}

/** Of an iteration that is empty the two think differently: JavaScript does not count it. */
function repeatsNothing(node: Re2Node): boolean {
  switch (node.type) {
    case 'repeat':
      return widthOf(node.inner).min === 0 || repeatsNothing(node.inner);
    case 'group':
      return repeatsNothing(node.inner);
    case 'sequence':
    case 'choice':
      return node.parts.some(repeatsNothing);
    default:
      return false;
  }
}

const engine = makeLinearEngine();

function byEngine(source: string, text: string): Match[] {
  const found: Match[] = [];
  engine.program(source).visit(text, 0, (start, end) => {
    found.push({ start, text: text.slice(start, end) });
    return true;
  });
  return found;
}

const runs = { numRuns: 1500 };

describe('patterns from outside', () => {
  test('match what the same pattern matches in JavaScript', () => {
    fc.assert(
      fc.property(patterns, texts, (pattern, text) => {
        const { root } = parseRe2(pattern);
        fc.pre(!repeatsNothing(root));
        const source = sourceOf(root);
        // Where an empty match may follow a match the two go on differently, and no rule reports one.
        const held = (matches: readonly Match[]): Match[] => matches.filter((match) => match.text !== '');
        expect(held(byEngine(source, text))).toEqual(held(byRegExp(pattern, text)));
        expect(engine.program(source).test(text)).toBe(new RegExp(pattern).test(text));
      }),
      runs,
    );
  });

  test('are as wide, as many-lined and as token-like as their analysis says', () => {
    fc.assert(
      fc.property(patterns, texts, (pattern, text) => {
        const { root } = parseRe2(pattern);
        const { min, max } = widthOf(root);
        const leastRun = leastTokenRun(root);
        for (const match of byRegExp(pattern, text)) {
          expect(match.text.length).toBeGreaterThanOrEqual(min);
          expect(match.text.length).toBeLessThanOrEqual(max);
          if (!crossesLines(root)) expect(match.text).not.toContain('\n');
          const longest = Math.max(0, ...match.text.split(/[^\w.=-]/).map((part) => part.length));
          expect(longest).toBeGreaterThanOrEqual(leastRun);
          const head = new RegExp(`^(?:${sourceOf(headOf(root)).replaceAll('\\A', '^')})`);
          expect(head.test(text.slice(match.start)) || pattern.includes('\\b')).toBe(true);
        }
      }),
      runs,
    );
  });

  test('are found round their keywords, in windows, wherever JavaScript finds them', () => {
    fc.assert(
      fc.property(patterns, texts, given, (pattern, text, words) => {
        const prepared = prepare(pattern, words);
        if (prepared === undefined || prepared.linear.way !== 'keyword') return;
        const { linear, keywords } = prepared;
        const bytes = Buffer.from(`${text}\n`);
        const matcher = new LinearMatcher(linear, engine);
        const folded = text.toLowerCase();
        for (const match of byRegExp(pattern, text)) {
          const inside = match.text.toLowerCase();
          const held = keywords.filter((keyword) => inside.includes(keyword.text));
          expect(held, `${pattern} matched without a keyword`).not.toEqual([]);
          let covered = false;
          for (const { text: word } of held) {
            for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + 1)) {
              matcher.match(bytes, at, at + word.length, ({ start, end }) => {
                covered ||= start < match.start + match.text.length && end > match.start;
              });
            }
          }
          expect(covered, `${pattern} at ${match.start}`).toBe(true);
        }
      }),
      runs,
    );
  });

  test('match what is sampled from them', () => {
    fc.assert(
      fc.property(
        patterns.filter((pattern) => !pattern.includes('\\b')),
        fc.nat(),
        (pattern, seed) => {
          const sample = sampleRe2(parseRe2(pattern).root, makeRandom(String(seed)));
          expect(new RegExp(`^(?:${pattern})$`).test(sample), JSON.stringify(sample)).toBe(true);
        },
      ),
      runs,
    );
  });

  test('of any shape are either refused with a place or taken by the engine', () => {
    const marks = fc.constantFrom(
      ...'()[]{}|*+?.^$\\'.split(''),
      'a',
      '0',
      '1',
      ',',
      '-',
      ':',
      'P<n>',
      'i',
      'pL',
      'Q',
      'E',
      'x41',
      'é',
      '名',
      '[:alpha:]',
      '100',
      '1000',
    );
    fc.assert(
      fc.property(fc.array(marks, { maxLength: 14 }), (parts) => {
        const pattern = parts.join('');
        const prepared = prepare(pattern);
        if (prepared !== undefined) expect(() => engine.program(prepared.linear.source)).not.toThrow();
      }),
      { numRuns: 6000 },
    );
  });
});

/** Undefined for a pattern that is refused; the refusal must not quote it. */
function prepare(pattern: string, words: readonly string[] = []): PreparedPattern | undefined {
  try {
    return preparePattern(pattern, words, 0);
  } catch (error) {
    expect((error as Error).name).toBe('PatternFault');
    return undefined;
  }
}
