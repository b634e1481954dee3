/** What to run at a hit of each keyword: the rule set turned round, once per analyzer. */
import { buildKeywordTrie, type KeywordTrie } from '../prefilter/keyword-trie.js';
import type { CompiledRule, Keyword, RuleSet } from '../rules/rule-set.js';
import { detectAssignment } from './assignment.js';
import { detectConnectionString } from './connection-string.js';
import { reachBefore } from './document-blocks.js';
import type { Draft, Emit } from './draft.js';
import { detectDockerAuth, detectHeader, detectJwt } from './encoded-credentials.js';
import { detectIdiom } from './idiom.js';
import { detectKubernetesSecret } from './kubernetes-secret.js';
import { draftPattern } from './pattern-draft.js';
import { PatternMatcher } from './pattern-matcher.js';

/** Looks at the keyword `[hitStart, hitEnd)` of `bytes`. */
export type Detect = (bytes: Buffer, hitStart: number, hitEnd: number, emit: Emit) => void;

export interface Action {
  readonly rule: CompiledRule;
  readonly detect: Detect;
  /** Whether it may look at binary documents and at decoded bytes that are no text. */
  readonly isBinarySafe: boolean;
  /** Whether bytes beyond the neighbours of the hit's block may decide (document-blocks.ts). */
  readonly isFarReaching: boolean;
}

export interface RulePlan {
  readonly trie: KeywordTrie;
  /** Per keyword index. */
  readonly actions: readonly (readonly Action[])[];
  /** Per keyword index: the rule whose private keys it announces. */
  readonly keyTriggers: readonly (CompiledRule | undefined)[];
  readonly privateKeyRules: readonly CompiledRule[];
  /** Documented samples by their exact value. */
  readonly knownPublic: ReadonlyMap<string, string>;
}

function optional(find: (bytes: Buffer, start: number, end: number) => Draft | undefined): Detect {
  return (bytes, start, end, emit) => {
    const draft = find(bytes, start, end);
    if (draft !== undefined) emit(draft);
  };
}

function detectOf(rule: CompiledRule): Detect | undefined {
  switch (rule.detector) {
    case 'pattern': {
      if (rule.pattern === undefined) return undefined;
      const matcher = new PatternMatcher(rule, rule.pattern);
      return (bytes, start, end, emit) => draftPattern(matcher, bytes, start, end, emit);
    }
    case 'assignment':
      return optional((bytes, start, end) => detectAssignment(rule, bytes, start, end));
    case 'connection-string':
      return optional((bytes, start, end) => detectConnectionString(rule, bytes, start, end));
    case 'jwt':
      return optional((bytes, start) => detectJwt(rule, bytes, start));
    case 'basic-header':
      return optional((bytes, start, end) => detectHeader(rule, bytes, start, end));
    case 'docker-auth':
      return optional((bytes, _start, end) => detectDockerAuth(rule, bytes, end));
    case 'idiom':
      return optional((bytes, start, end) => detectIdiom(rule, bytes, start, end));
    case 'kubernetes-secret':
      return (bytes, start, end, emit) => detectKubernetesSecret(rule, bytes, start, end, emit);
    case 'private-key':
      return undefined;
    default:
      throw new TypeError(rule.detector satisfies never);
  }
}

/** A match that ends with its line stays within a block however long it is. */
function staysOnLine(source: string): boolean {
  return !/\\[snrWDfv]|\[\^|\\x|\\u/.test(source);
}

/** Bytes beyond the longest match that a pattern's detector looks at, amply. */
const patternMargin = 64;

function reachesFar({ pattern, detector }: CompiledRule): boolean {
  // A manifest's values stand anywhere round its `kind: Secret`.
  if (detector === 'kubernetes-secret') return true;
  return (
    pattern !== undefined && pattern.maxBytes + patternMargin > reachBefore && !staysOnLine(pattern.source)
  );
}

export function planOf(ruleSet: RuleSet): RulePlan {
  const indexOf = new Map<string, number>();
  const keywords: Keyword[] = [];
  const actions: Action[][] = [];
  const keyTriggers: (CompiledRule | undefined)[] = [];
  const knownPublic = new Map<string, string>();
  for (const rule of ruleSet.rules) {
    const detect = detectOf(rule);
    for (const { value, origin } of rule.knownPublic) knownPublic.set(value, origin);
    const isBinarySafe = rule.detector === 'pattern' && rule.specificity >= 2;
    const isFarReaching = reachesFar(rule);
    for (const keyword of rule.keywords) {
      const key = `${keyword.caseSensitive ? '=' : '~'}${keyword.text}`;
      let index = indexOf.get(key);
      if (index === undefined) {
        index = keywords.length;
        indexOf.set(key, index);
        keywords.push(keyword);
        actions.push([]);
        keyTriggers.push(undefined);
      }
      if (detect !== undefined) actions[index]?.push({ rule, detect, isBinarySafe, isFarReaching });
      else if (rule.detector === 'private-key') keyTriggers[index] = rule;
    }
  }
  const privateKeyRules = ruleSet.rules.filter((rule) => rule.detector === 'private-key');
  return { trie: buildKeywordTrie(keywords), actions, keyTriggers, privateKeyRules, knownPublic };
}
