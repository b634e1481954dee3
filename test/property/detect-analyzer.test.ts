import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Analyzer } from '../../src/detect/analysis.js';
import { createAnalyzer } from '../../src/detect/create-analyzer.js';
import type { Finding } from '../../src/model/finding.js';
import { LineIndex } from '../../src/text/line-index.js';
import { allTestRules, namedRule, ruleSetOf, testKeys, tokenRule } from '../unit/detect/rule-fixture.js';

const make = (): Analyzer => createAnalyzer({ rules: allTestRules, keys: testKeys, known: new Map() });
const analyzer = make();

const chars = (alphabet: string, length: number): fc.Arbitrary<string> =>
  fc
    .array(fc.constantFrom(...alphabet), { minLength: length, maxLength: length })
    .map((letters) => letters.join(''));
const base62 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const token = chars(base62, 32).map((body) => `tst_${body}`);
const noise = fc.array(
  fc.oneof(
    fc.constantFrom(
      'password',
      'token',
      '=',
      ': ',
      '"',
      "'",
      '\n',
      ' ',
      '\\"',
      '\\n',
      '%2B',
      '&amp;',
      'tst_',
      'acme',
      '{',
      '}',
      '://',
      '@',
    ),
    chars(`${base62} -_/.`, 6),
    fc.constantFrom('é', '\u2028', '日本'),
  ),
  { maxLength: 40 },
);
/** Text with tokens planted between noise that does not touch them. */
const planted = fc
  .array(fc.tuple(noise, token), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.map(([before, secret]) => `${before.join('')}\n${secret}\n`).join(''));

function findingsIn(bytes: Buffer, own: Analyzer = analyzer): readonly Finding[] {
  return own.analyze({ bytes, chain: [], collectTags: true }).findings;
}

/** Values as the rule's own pattern finds them in the whole text. */
function matchesOf(rule: typeof tokenRule, text: string): string[] {
  const pattern = new RegExp(rule.pattern?.source ?? '', 'g');
  return [...text.matchAll(pattern)].map((match) => match[1] ?? '');
}

describe('analyze', () => {
  it('finds every planted token, whatever stands round it', () => {
    fc.assert(
      fc.property(planted, (text) => {
        const bytes = Buffer.from(text);
        const found = findingsIn(bytes).filter((finding) => finding.rule === 'test-token');
        const values = new Set(
          found.map((finding) => bytes.toString('latin1', finding.span.start, finding.span.end)),
        );
        for (const value of matchesOf(tokenRule, bytes.toString('latin1')))
          expect([...values]).toContain(value);
      }),
    );
  });

  it('drops no rule that the keyword search should have let through', () => {
    const own = createAnalyzer({
      rules: ruleSetOf({ ...namedRule, checks: {} }),
      keys: testKeys,
      known: new Map(),
    });
    const hex = chars('0123456789abcdef', 32);
    const piece = fc.oneof(fc.constantFrom('acme', 'ACME_', 'Acme-key', ' = ', '"', ': ', 'x', '\n'), hex);
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const bytes = Buffer.from(pieces.join(''));
        const oracle = new Set(matchesOf(namedRule, bytes.toString('latin1')));
        const found = new Set(
          findingsIn(bytes, own).map((finding) =>
            bytes.toString('latin1', finding.span.start, finding.span.end),
          ),
        );
        for (const value of oracle) expect([...found]).toContain(value);
      }),
    );
  });

  it('says the same every time, whatever was analysed before', () => {
    fc.assert(
      fc.property(fc.array(planted, { minLength: 2, maxLength: 4 }), (texts) => {
        const inputs = texts.map((text) => Buffer.from(text));
        const forwards = inputs.map((bytes) => findingsIn(bytes));
        const other = make();
        const backwards = [...inputs].reverse().map((bytes) => findingsIn(bytes, other));
        expect(backwards.reverse()).toEqual(forwards);
      }),
      { numRuns: 40 },
    );
  });

  it('finds the same in overlapping segments as in the whole', () => {
    const overlap = 1024;
    fc.assert(
      fc.property(
        fc.array(planted, { minLength: 3, maxLength: 6 }),
        fc.integer({ min: 1500, max: 3000 }),
        (texts, size) => {
          const bytes = Buffer.from(texts.join('filler line\n'.repeat(60)));
          const whole = findingsIn(bytes);
          const { encoding } = analyzer.analyze({ bytes, chain: [], collectTags: false });
          const lines = new LineIndex(bytes, { encoding });
          const pieces: Finding[] = [];
          for (let owned = 0; owned < bytes.length; owned += size) {
            const start = Math.max(0, owned - overlap);
            const end = Math.min(bytes.length, owned + size + overlap);
            const at = lines.lineColumnOf(start);
            pieces.push(
              ...analyzer.analyze({
                bytes: bytes.subarray(start, end),
                segment: {
                  baseOffset: start,
                  baseLine: at.line,
                  baseColumn: at.column,
                  ownedStart: owned - start,
                  ownedEnd: Math.min(bytes.length, owned + size) - start,
                  encoding,
                },
                chain: [],
                collectTags: false,
              }).findings,
            );
          }
          const key = (finding: Finding): string =>
            `${finding.rule} ${finding.span.start}-${finding.span.end} ${finding.confidence} ${finding.fingerprint}`;
          expect(pieces.map(key).sort()).toEqual(whole.map(key).sort());
        },
      ),
      { numRuns: 40 },
    );
  });
});
