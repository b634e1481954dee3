import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findKeywords, HitList } from '../../../src/prefilter/keyword-hits.js';
import { buildKeywordTrie } from '../../../src/prefilter/keyword-trie.js';
import type { Keyword } from '../../../src/rules/rule-set.js';

function hitsOf(keywords: readonly Keyword[], text: string): string[] {
  const bytes = Buffer.from(text, 'utf8');
  const hits = new HitList();
  findKeywords(buildKeywordTrie(keywords), bytes, 0, bytes.length, hits);
  const found: string[] = [];
  for (let i = 0; i < hits.count; i++) found.push(`${hits.keywordAt(i)}@${hits.startAt(i)}`);
  return found.sort();
}

/** A text with a character for each of its bytes. */
function bytesOf(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

function slowly(keywords: readonly Keyword[], text: string): string[] {
  const found: string[] = [];
  const bytes = bytesOf(text);
  const folded = bytes.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  keywords.forEach((keyword, index) => {
    const hay = keyword.caseSensitive ? bytes : folded;
    const needle = bytesOf(keyword.text);
    for (let at = hay.indexOf(needle); at >= 0; at = hay.indexOf(needle, at + 1)) {
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

  it.each([1, 3])('agrees with indexOf on any keywords of %i characters or more and text', (minLength) => {
    const letter = fc.constantFrom('a', 'b', 'A', '_', 'é');
    const word = fc.array(letter, { minLength, maxLength: 6 }).map((letters) => letters.join(''));
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
