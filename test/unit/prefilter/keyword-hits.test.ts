import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildKeywordAutomaton } from '../../../src/prefilter/keyword-automaton.js';
import { findKeywords, HitList } from '../../../src/prefilter/keyword-hits.js';
import type { Keyword } from '../../../src/rules/rule-set.js';

function hitsOf(keywords: readonly Keyword[], text: string): string[] {
  const bytes = Buffer.from(text, 'latin1');
  const hits = new HitList();
  findKeywords(buildKeywordAutomaton(keywords), bytes, 0, bytes.length, hits);
  const found: string[] = [];
  for (let i = 0; i < hits.count; i++) found.push(`${hits.keywordAt(i)}@${hits.startAt(i)}`);
  return found.sort();
}

function slowly(keywords: readonly Keyword[], text: string): string[] {
  const found: string[] = [];
  const folded = text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  keywords.forEach((keyword, index) => {
    const hay = keyword.caseSensitive ? text : folded;
    for (let at = hay.indexOf(keyword.text); at >= 0; at = hay.indexOf(keyword.text, at + 1)) {
      found.push(`${index}@${at}`);
    }
  });
  return found.sort();
}

describe('findKeywords', () => {
  it('finds overlapping, nested and case-sensitive keywords', () => {
    const keywords = [
      { text: 'token', caseSensitive: false },
      { text: 'access_token', caseSensitive: false },
      { text: 'AKIA', caseSensitive: true },
      { text: 'ken', caseSensitive: false },
    ];
    const text = 'ACCESS_TOKEN akia AKIA tokenken';
    expect(hitsOf(keywords, text)).toEqual(slowly(keywords, text));
  });

  it('agrees with indexOf on any keywords and text', () => {
    const letter = fc.constantFrom('a', 'b', 'A', '_', 'é');
    const word = fc.array(letter, { minLength: 1, maxLength: 5 }).map((letters) => letters.join(''));
    const keyword = fc.record({ text: word, caseSensitive: fc.boolean() }).map((raw) => ({
      ...raw,
      text: raw.caseSensitive ? raw.text : raw.text.replace(/A/g, 'a'),
    }));
    const text = fc.array(letter, { maxLength: 60 }).map((letters) => letters.join(''));
    fc.assert(
      fc.property(fc.array(keyword, { minLength: 1, maxLength: 8 }), text, (keywords, hay) => {
        expect(hitsOf(keywords, hay)).toEqual(slowly(keywords, hay));
      }),
    );
  });

  it('grows its list without losing hits', () => {
    const keywords = [{ text: 'aaa', caseSensitive: false }];
    expect(hitsOf(keywords, 'a'.repeat(5000))).toHaveLength(4998);
  });
});
