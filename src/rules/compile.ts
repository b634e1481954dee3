/**
 * Compiles checked rule sources into the rule set that detect/ and prefilter/ use: patterns proven to lie in
 * the subset, windows sized, keywords proven, digest taken.
 */
import { createHash } from 'node:crypto';
import { unprovenSkeletons } from './keyword-proof.js';
import { refuseFaults } from './load.js';
import type { CompiledRule, Keyword, RulePattern, RuleSet } from './rule-set.js';
import type { RuleFault, RuleSource, RuleSources } from './rule-source.js';
import { nameKeywords, patternOf } from './shorthand.js';
import { analysePattern, type PatternShape } from './subset.js';

/**
 * Bytes beside a match that the judge may read: variable names, comment marks and placeholders stand there.
 * Part of the locality contract, so a change here changes the digest.
 */
export const judgeContext: { readonly left: number; readonly right: number } = { left: 128, right: 64 };

export interface Compilation {
  readonly ruleSet: RuleSet;
  readonly faults: readonly RuleFault[];
}

function derivedSpecificity(source: RuleSource): 0 | 1 | 2 | 3 {
  if (source.specificity !== undefined) return source.specificity;
  if (source.checks.checksum !== undefined) return 3;
  switch (source.recognition.by) {
    case 'token':
    case 'pattern':
      return 2;
    case 'named':
      return 1;
    case 'detector':
      return 0;
    default:
      throw new TypeError(source.recognition satisfies never);
  }
}

function keywordsOf(source: RuleSource): readonly Keyword[] {
  if (source.keywords.length > 0 || source.recognition.by !== 'named') return source.keywords;
  return nameKeywords(source.recognition.names);
}

function contextOf(source: RuleSource): { left: number; right: number } {
  if (source.context !== undefined) return source.context;
  const reach = Math.max(0, ...source.companions.map((companion) => companion.within));
  return { left: Math.max(judgeContext.left, reach), right: Math.max(judgeContext.right, reach) };
}

class FaultList {
  readonly faults: RuleFault[] = [];

  add(source: RuleSource, field: string, message: string): void {
    this.faults.push({ file: source.file, line: source.line, field: `${source.id}.${field}`, message });
  }
}

function compiledPattern(
  source: RuleSource,
  keywords: readonly Keyword[],
  list: FaultList,
): RulePattern | undefined {
  const pattern = patternOf(source.recognition);
  if (pattern === undefined) return undefined;
  let shape: PatternShape;
  try {
    shape = analysePattern(pattern.source, pattern.ignoreCase);
  } catch (error) {
    list.add(source, source.recognition.by, error instanceof Error ? error.message : 'cannot be parsed');
    return undefined;
  }
  const unproven = unprovenSkeletons(shape, keywords);
  if (unproven.length > 0) {
    list.add(source, 'keywords', `${unproven.length} ways to match hold none of them`);
  }
  return { ...pattern, minBytes: shape.minBytes, maxBytes: shape.maxBytes };
}

function compileRule(source: RuleSource, list: FaultList): CompiledRule {
  const keywords = keywordsOf(source);
  if (keywords.length === 0) list.add(source, 'keywords', 'needs at least one keyword');
  if (keywords.some((keyword) => Buffer.byteLength(keyword.text) < 3))
    list.add(source, 'keywords', 'one is under 3 bytes');
  const pattern = compiledPattern(source, keywords, list);
  return {
    id: source.id,
    kind: source.kind,
    name: source.name,
    provider: source.provider,
    detector: source.recognition.by === 'detector' ? source.recognition.detector : 'pattern',
    ...(pattern === undefined ? {} : { pattern }),
    keywords,
    confidence: source.confidence,
    stage: source.stage,
    specificity: derivedSpecificity(source),
    locality: source.locality,
    context: contextOf(source),
    checks: source.checks,
    companions: source.companions,
    identifierOnly: source.identifierOnly,
    preview: source.preview,
    ...(source.normalForm === undefined ? {} : { normalForm: source.normalForm }),
    ...(source.pathCondition === undefined ? {} : { pathCondition: source.pathCondition }),
    knownPublic: source.knownPublic,
    references: source.references,
  };
}

/** Hex SHA-256 over the canonical JSON: rules in the order of their ids, fields in the order of their names. */
export function ruleSetDigest(rules: readonly CompiledRule[]): string {
  const canonical = JSON.stringify(rules.toSorted(byId), (_key, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  return createHash('sha256').update(canonical).digest('hex');
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** Compiles and collects faults instead of throwing; `rules check` shows them. */
export function compileWithFaults(sources: RuleSources): Compilation {
  const list = new FaultList();
  const rules = sources.rules.map((source) => compileRule(source, list)).toSorted(byId);
  return { ruleSet: { digest: ruleSetDigest(rules), rules }, faults: list.faults };
}

/** Throws a `rule-invalid` problem naming every fault. */
export function compileRules(sources: RuleSources): RuleSet {
  const { ruleSet, faults } = compileWithFaults(sources);
  refuseFaults(faults);
  return ruleSet;
}
