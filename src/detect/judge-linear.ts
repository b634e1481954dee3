/** Judges a match of a rule from outside: whoever wrote it said what it finds, so only its own checks discard. */
import type { CompiledRule } from '../rules/rule-set.js';
import { lowerOf } from './draft.js';
import { hasStopWord, type PatternVerdict } from './judge-pattern.js';
import { standInOf } from './placeholder.js';
import { shannonEntropy } from './randomness.js';

/** The reason of everything that such a rule finds. */
const byUser = 'user-rule';

/** A value of so few different characters is `0000` or `abab`. */
const mostOfNothing = 2;

/** The verdict on a captured value; undefined when the rule's own checks discard it. */
export function judgeLinear(rule: CompiledRule, text: string): PatternVerdict | undefined {
  const { minEntropy } = rule.checks;
  if (minEntropy !== undefined && shannonEntropy(text) <= minEntropy) return undefined;
  if (hasStopWord(rule.checks, text)) return undefined;
  const stand = standInOf(text) ?? (new Set(text).size <= mostOfNothing ? 'filler' : undefined);
  if (stand === undefined) return { confidence: rule.confidence, reasons: [byUser] };
  return { confidence: lowerOf(rule.confidence, 'low'), reasons: [stand, byUser] };
}
