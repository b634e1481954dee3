/** Secrets for tests, made from the rules' own patterns and a seed, so that none is ever committed. */
import { join } from 'node:path';
import { compileRules } from '../../src/rules/compile.js';
import { renderExample, sampleToken } from '../../src/rules/generate.js';
import { loadRuleSources } from '../../src/rules/load.js';
import { packageRoot } from '../../src/rules/load-bundle.js';
import type { CompiledRule, RuleSet } from '../../src/rules/rule-set.js';

/** Short names of kinds that tests need often. */
const aliases: Readonly<Record<string, string>> = {
  'github-pat': 'github-pat-classic',
  'private-key': 'pem-private-key',
  npm: 'npm-token',
};

/** What a rule without a pattern is filled with, when it is not a password. */
const samples: Readonly<Record<string, string>> = {
  'private-key': '{{pem:PRIVATE KEY}}',
  jwt: '{{jwt}}',
};

let loaded: RuleSet | undefined;

/** The built-in rules, compiled once a process. */
export function builtInRules(): RuleSet {
  loaded ??= compileRules(loadRuleSources(join(packageRoot(), 'rules')));
  return loaded;
}

function ruleOf(ruleIdOrKind: string): CompiledRule {
  const name = aliases[ruleIdOrKind] ?? ruleIdOrKind;
  const { rules } = builtInRules();
  const rule = rules.find(({ id }) => id === name) ?? rules.find(({ kind }) => kind === name);
  if (rule === undefined) throw new RangeError(`no rule and no kind is called ${ruleIdOrKind}`);
  return rule;
}

/** A value that the rule (or the first rule of the kind) recognises; the same seed gives the same value. */
export function fakeSecret(ruleIdOrKind: string, seed: string): string {
  const rule = ruleOf(ruleIdOrKind);
  if (rule.pattern !== undefined) return sampleToken(rule, seed);
  return renderExample(rule, samples[rule.detector] ?? '{{token:password:20}}', seed).value;
}
