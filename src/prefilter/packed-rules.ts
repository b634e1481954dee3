/** A rule set as the tables that an engine starts from: the rules by keyword, and the keywords as a trie. */
import {
  indexRules,
  keywordTable,
  openRuleIndex,
  packRuleIndex,
  type RuleIndex,
} from '../rules/rule-index.js';
import type { RuleSet } from '../rules/rule-set.js';
import { packTables, TableFile } from '../rules/table-file.js';
import { buildKeywordTrie, type KeywordTrie } from './keyword-trie.js';
import { openKeywordTrie, packKeywordTrie } from './packed-trie.js';

export interface EngineRules {
  readonly index: RuleIndex;
  readonly trie: KeywordTrie;
}

export function packRules({ digest, rules }: RuleSet): Uint8Array {
  const table = keywordTable(rules);
  return packTables({
    digest: Buffer.from(digest, 'latin1'),
    ...packRuleIndex(rules, table),
    ...packKeywordTrie(buildKeywordTrie(table.keywords)),
  });
}

/** From the tables of the build where the rule set has them, else made now. */
export function engineRulesOf(ruleSet: Pick<RuleSet, 'rules' | 'packed'>): EngineRules {
  const file = ruleSet.packed === undefined ? undefined : TableFile.open(ruleSet.packed);
  if (file !== undefined) return { index: openRuleIndex(file), trie: openKeywordTrie(file) };
  // Asked for only now: the rules of a built-in set are parsed by asking.
  const { rules } = ruleSet;
  const table = keywordTable(rules);
  return { index: indexRules(rules, table), trie: buildKeywordTrie(table.keywords) };
}
