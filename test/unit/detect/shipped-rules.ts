/** The rules that are shipped, and an analyzer that runs them, for tests of what they find. */
import { join } from 'node:path';
import type { Analyzer } from '../../../src/detect/analysis.js';
import { createAnalyzer } from '../../../src/detect/create-analyzer.js';
import { compileRules } from '../../../src/rules/compile.js';
import { loadRuleSources } from '../../../src/rules/load.js';
import type { RuleSet } from '../../../src/rules/rule-set.js';
import { testKeys } from './rule-fixture.js';

export const shippedRules: RuleSet = compileRules(
  loadRuleSources(join(import.meta.dirname, '../../../rules')),
);

/** @param values receives the literal value of each finding */
export function shippedAnalyzer(values: string[]): Analyzer {
  return createAnalyzer({
    rules: shippedRules,
    keys: testKeys,
    known: new Map(),
    onValue: (_print, value) => values.push(value.toString('utf8')),
  });
}
