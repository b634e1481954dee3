import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeImage } from '../../../src/prefilter/keyword-image.js';
import { writeKeywords } from '../../../src/prefilter/keyword-tables.js';
import type { KeywordTrie } from '../../../src/prefilter/keyword-trie.js';
import { engineRulesOf, packRules } from '../../../src/prefilter/packed-rules.js';
import { compileRules } from '../../../src/rules/compile.js';
import { loadRuleSources } from '../../../src/rules/load.js';
import { openRuleSet, packageRoot } from '../../../src/rules/load-bundle.js';
import { allTestRules } from '../detect/rule-fixture.js';

/** Whatever the class of the arrays: a Buffer is one of bytes as well. */
function numbersOf(trie: KeywordTrie): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(trie)
      .filter(([name]) => name !== 'image')
      .map(([name, value]) => [name, typeof value === 'boolean' ? value : [...value]]),
  );
}

describe('the built-in rules as tables', () => {
  const ruleSet = compileRules(loadRuleSources(join(packageRoot(), 'rules')));
  const packed = packRules(ruleSet);

  test('are the same rules under the same digest', () => {
    const opened = openRuleSet(packed);
    expect(opened?.digest).toBe(ruleSet.digest);
    expect(opened?.rules).toEqual(ruleSet.rules);
  });

  test('give the trie and the rules of each keyword that building them gives', () => {
    const { rules } = ruleSet;
    const built = engineRulesOf({ rules });
    const opened = engineRulesOf({ rules, packed });
    expect(numbersOf(opened.trie)).toEqual(numbersOf(built.trie));
    expect(opened.index.ruleStarts).toEqual(built.index.ruleStarts);
    expect(opened.index.ruleNumbers).toEqual(built.index.ruleNumbers);
    expect(opened.index.knownPublic).toEqual(built.index.knownPublic);
    for (let number = 0; number < rules.length; number++) {
      expect(opened.index.detector(number)).toBe(built.index.detector(number));
      expect(opened.index.facts(number)).toEqual(built.index.facts(number));
    }
  });

  test('leave a core with the tables that working them out leaves', () => {
    const { trie } = engineRulesOf({ rules: ruleSet.rules, packed });
    const emptyCore = (): { bytes: Buffer; words: Uint32Array } => {
      const bytes = Buffer.alloc(0x2a0000);
      return { bytes, words: new Uint32Array(bytes.buffer) };
    };
    const [worked, copied] = [emptyCore(), emptyCore()];
    expect(writeKeywords(worked, trie)).toBe(true);
    expect(writeImage(copied, trie.image)).toBe(true);
    expect(copied.bytes.equals(worked.bytes)).toBe(true);
    // Once more over tables of other keywords.
    const { trie: other } = engineRulesOf(allTestRules);
    const used = emptyCore();
    expect(writeKeywords(used, { ...other, hasShort: false })).toBe(true);
    expect(writeImage(used, trie.image)).toBe(true);
    expect(used.bytes.equals(worked.bytes)).toBe(true);
    expect(writeImage(used, undefined)).toBe(false);
    // Tables of another build are worked out anew, over whatever the image left.
    const image = {
      pages: trie.image?.pages ?? new Uint16Array(0),
      bytes: Buffer.from(trie.image?.bytes ?? []),
    };
    image.bytes.fill(0, image.bytes.length - 4);
    const foreign = emptyCore();
    expect(writeImage(foreign, image)).toBe(false);
    expect(writeKeywords(foreign, trie)).toBe(true);
    expect(foreign.bytes.equals(worked.bytes)).toBe(true);
  });

  test('are read wherever they lie in memory', () => {
    const within = new Uint8Array(packed.length + 1);
    within.set(packed, 1);
    expect(openRuleSet(within.subarray(1))?.rules.length).toBe(ruleSet.rules.length);
  });

  test('count as absent when another build wrote them', () => {
    for (const at of [0, 4]) {
      const other = Uint8Array.from(packed);
      other[at] = (other[at] ?? 0) ^ 1;
      expect(openRuleSet(other)).toBeUndefined();
      expect(engineRulesOf({ rules: allTestRules.rules, packed: other }).index.ruleCount).toBe(
        allTestRules.rules.length,
      );
    }
    expect(openRuleSet(packed.subarray(0, 4))).toBeUndefined();
  });
});
