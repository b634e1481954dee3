/** The engine of rules from outside, loaded only for a rule set that has some. */
import type { OutsideRules } from '../detect/outside-rules.js';
import type { RuleSet } from '../rules/rule-set.js';

export async function outsideOf(rules: RuleSet): Promise<OutsideRules | undefined> {
  if (rules.hasUserRules !== true) return undefined;
  const { makeOutsideRules } = await import('../detect/outside-rules.js');
  return makeOutsideRules(rules);
}
