/**
 * Proves what a rule file claims: every example is found by its own rule and passes the prefilter, no
 * negative is, ids are unique, kinds exist. `sprawl rules check` and the unit tests run it.
 */
import { compileWithFaults } from './compile.js';
import { renderExample } from './generate.js';
import type { CompiledRule, Keyword } from './rule-set.js';
import type { RuleFault, RuleSource, RuleSources } from './rule-source.js';

/** Values that a rule finds in a text; undefined when this matcher cannot judge the rule (a detector in code). */
export type Match = (rule: CompiledRule, text: string) => readonly string[] | undefined;

/** Seeds tried per example: enough to meet both ends of a repeat, few enough for a pre-commit run. */
const seeds: readonly number[] = [1, 2, 3];

export function hasKeyword(text: string, keywords: readonly Keyword[]): boolean {
  const lowered = text.toLowerCase();
  return keywords.some((keyword) => (keyword.caseSensitive ? text : lowered).includes(keyword.text));
}

/** Matches by the pattern alone, over the whole text; no judge, no window. */
export const matchPattern: Match = (rule, text) => {
  if (rule.pattern === undefined) return undefined;
  const pattern = new RegExp(rule.pattern.source, rule.pattern.ignoreCase ? 'gi' : 'g');
  return [...text.matchAll(pattern)].map((match) => match[1] ?? '');
};

function firstTwice<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const twice = seen.has(keyOf(item));
    seen.add(keyOf(item));
    return twice;
  });
}

function exampleFaults(
  source: RuleSource,
  rule: CompiledRule,
  rules: readonly CompiledRule[],
  match: Match,
): { field: string; message: string }[] {
  const faults: { field: string; message: string }[] = [];
  source.examples.forEach((example, index) => {
    const field = `examples[${index}]`;
    for (const seed of seeds) {
      const { text, value } = renderExample(rule, example, seed, rules);
      if (value === '') faults.push({ field, message: 'has no hole for the secret' });
      if (!hasKeyword(text, rule.keywords))
        faults.push({ field, message: `holds no keyword (seed ${seed})` });
      const found = match(rule, text);
      if (found !== undefined && !found.includes(value)) {
        faults.push({ field, message: `is not found by its own rule (seed ${seed})` });
      }
    }
  });
  source.negatives.forEach((negative, index) => {
    for (const seed of seeds) {
      const found = match(rule, renderExample(rule, negative, seed, rules).text);
      if (found !== undefined && found.length > 0) {
        faults.push({ field: `negatives[${index}]`, message: `is found (seed ${seed})` });
      }
    }
  });
  return faults;
}

function ruleFaults(
  source: RuleSource,
  rule: CompiledRule,
  rules: readonly CompiledRule[],
  kinds: RuleSources['kinds'],
  match: Match,
): { field: string; message: string }[] {
  const faults: { field: string; message: string }[] = [];
  const need = (holds: boolean, field: string, message: string): void => {
    if (!holds) faults.push({ field, message });
  };
  need(kinds.has(source.kind), 'kind', 'is not a kind of kinds.tsv');
  for (const companion of source.companions) {
    need(kinds.has(companion.kind), 'companions', `${companion.kind} is not a kind of kinds.tsv`);
  }
  need(source.references.length > 0, 'references', 'needs at least one');
  need(source.examples.length > 0, 'examples', 'needs at least one');
  need(source.negatives.length > 0, 'negatives', 'needs at least one');
  try {
    faults.push(...exampleFaults(source, rule, rules, match));
  } catch (error) {
    faults.push({
      field: 'examples',
      message: error instanceof Error ? error.message : 'cannot be rendered',
    });
  }
  return faults;
}

/** All faults of a rule folder, empty when it is in order. */
export function checkRules(sources: RuleSources, match: Match = matchPattern): readonly RuleFault[] {
  const { ruleSet, faults } = compileWithFaults(sources);
  if (faults.length > 0) return faults;
  const compiled = new Map(ruleSet.rules.map((rule) => [rule.id, rule]));
  const twice = firstTwice(sources.rules, (source) => source.id).map((source) => ({
    file: source.file,
    line: source.line,
    field: source.id,
    message: 'this id stands twice',
  }));
  const others = sources.rules.flatMap((source) => {
    const rule = compiled.get(source.id);
    if (rule === undefined) return [];
    return ruleFaults(source, rule, ruleSet.rules, sources.kinds, match).map((fault) => ({
      file: source.file,
      line: source.line,
      field: `${source.id}.${fault.field}`,
      message: fault.message,
    }));
  });
  return [...twice, ...others];
}
