/**
 * What to run at a hit of each keyword: the rule set turned round, once per analyzer. A rule is looked at when
 * one of its keywords is hit for the first time.
 */
import type { KindId } from '../model/ids.js';
import type { KeywordGate } from '../prefilter/keyword-gates.js';
import type { KeywordTrie } from '../prefilter/keyword-trie.js';
import { type EngineRules, engineRulesOf } from '../prefilter/packed-rules.js';
import type { PatternFacts } from '../rules/pattern-facts.js';
import type { CompiledRule, RuleSet } from '../rules/rule-set.js';
import { detectAssignedList } from './assigned-list.js';
import { detectAssignment } from './assignment.js';
import { connectionGate, detectConnectionString } from './connection-string.js';
import { leastBehind, reachBefore } from './detector-reach.js';
import type { Draft, Emit } from './draft.js';
import { detectDockerAuth, detectHeader, detectJwt } from './encoded-credentials.js';
import { detectIdiom } from './idiom.js';
import { detectKubernetesSecret } from './kubernetes-secret.js';
import type { Everywhere, OutsideRules } from './outside-rules.js';
import { draftPattern } from './pattern-draft.js';
import { PatternMatcher } from './pattern-matcher.js';
import { detectTable } from './table.js';

/** Looks at the keyword `[hitStart, hitEnd)` of `bytes`. */
export type Detect = (bytes: Buffer, hitStart: number, hitEnd: number, emit: Emit) => void;

export interface Action {
  readonly rule: CompiledRule;
  readonly detect: Detect;
  /** Whether it may look at binary documents and at decoded bytes that are no text. */
  readonly isBinarySafe: boolean;
  /** Whether bytes may decide that lie further off than the locality contract says (detector-reach.ts). */
  readonly isFarReaching: boolean;
  /** What must stand near a hit so that anything can be found; absent or undefined: nothing need. */
  readonly gate?: () => KeywordGate | undefined;
}

export interface Due {
  readonly actions: readonly Action[];
  /** The rule whose private keys the keyword announces. */
  readonly keyRule: CompiledRule | undefined;
}

export interface RulePlan {
  readonly trie: KeywordTrie;
  /** What a hit of the keyword wakes. */
  dueAt(keyword: number): Due;
  readonly privateKeyRules: readonly CompiledRule[];
  /** The first rule of a kind. */
  ruleOf(kind: KindId): CompiledRule | undefined;
  /** Rules that no keyword announces. */
  readonly everywhere: readonly Everywhere[];
  /** Documented samples by their exact value. */
  readonly knownPublic: ReadonlyMap<string, string>;
}

function optional(find: (bytes: Buffer, start: number, end: number) => Draft | undefined): Detect {
  return (bytes, start, end, emit) => {
    const draft = find(bytes, start, end);
    if (draft !== undefined) emit(draft);
  };
}

function detectOf(rule: CompiledRule, outside: OutsideRules | undefined): Detect | undefined {
  switch (rule.detector) {
    case 'pattern': {
      return rule.linear === undefined ? undefined : outsideOf(outside).detectOf(rule);
    }
    case 'assignment':
      return (bytes, start, end, emit) => {
        const draft = detectAssignment(rule, bytes, start, end);
        if (draft === undefined) detectAssignedList(rule, bytes, start, end, emit);
        else emit(draft);
      };
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
    case 'table':
      return (bytes, start, end, emit) => detectTable(rule, bytes, start, end, emit);
    case 'private-key':
      return undefined;
    default:
      throw new TypeError(rule.detector satisfies never);
  }
}

function outsideOf(outside: OutsideRules | undefined): OutsideRules {
  if (outside === undefined) throw new TypeError('rules from outside need their engine');
  return outside;
}

/** A match that ends with its line stays within a block however long it is. */
function staysOnLine(source: string): boolean {
  return !/\\[snrWDfv]|\[\^|\\x|\\u/.test(source);
}

/** Bytes beyond the longest match that a pattern's detector looks at, amply. */
const patternMargin = 64;

function reachesFar({ pattern, linear, detector }: CompiledRule): boolean {
  // A manifest's values stand anywhere round its `kind: Secret`, a table's rows far behind their header.
  if (detector === 'kubernetes-secret' || detector === 'table') return true;
  if (linear !== undefined) {
    const { way, before, after, crossesLines } = linear;
    const isWide = before + patternMargin > reachBefore || after + patternMargin > leastBehind;
    return way !== 'keyword' || (isWide && crossesLines);
  }
  return (
    pattern !== undefined && pattern.maxBytes + patternMargin > reachBefore && !staysOnLine(pattern.source)
  );
}

class LazyPlan implements RulePlan {
  readonly trie: KeywordTrie;
  readonly everywhere: readonly Everywhere[];
  readonly #index: EngineRules['index'];
  readonly #outside: OutsideRules | undefined;
  /** By keyword, once hit. */
  readonly #due: (Due | undefined)[];
  /** By number of the rule. */
  readonly #actionOfRule = new Map<number, Action | undefined>();
  #privateKeyRules: readonly CompiledRule[] | undefined;
  readonly #ruleOfKind = new Map<KindId, CompiledRule | undefined>();

  constructor({ trie, index }: EngineRules, outside: OutsideRules | undefined) {
    this.trie = trie;
    this.everywhere = outside?.everywhere ?? [];
    this.#outside = outside;
    this.#index = index;
    this.#due = new Array(trie.lengths.length).fill(undefined);
  }

  dueAt(keyword: number): Due {
    return this.#due[keyword] ?? this.#wake(keyword);
  }

  get privateKeyRules(): readonly CompiledRule[] {
    this.#privateKeyRules ??= Array.from({ length: this.#index.ruleCount }, (_, number) => number)
      .filter((number) => this.#index.detector(number) === 'private-key')
      .map((number) => this.#index.rule(number));
    return this.#privateKeyRules;
  }

  ruleOf(kind: KindId): CompiledRule | undefined {
    if (!this.#ruleOfKind.has(kind)) this.#ruleOfKind.set(kind, this.#findRule(kind));
    return this.#ruleOfKind.get(kind);
  }

  #findRule(kind: KindId): CompiledRule | undefined {
    for (let number = 0; number < this.#index.ruleCount; number++) {
      const rule = this.#index.rule(number);
      if (rule.kind === kind) return rule;
    }
    return undefined;
  }

  get knownPublic(): ReadonlyMap<string, string> {
    return this.#index.knownPublic;
  }

  #wake(keyword: number): Due {
    const index = this.#index;
    const numbers = [...index.ruleNumbers.subarray(index.ruleStarts[keyword], index.ruleStarts[keyword + 1])];
    const key = numbers.findLast((number) => index.detector(number) === 'private-key');
    const due = {
      actions: numbers.flatMap((number) => this.#actionOf(number) ?? []),
      keyRule: key === undefined ? undefined : index.rule(key),
    };
    this.#due[keyword] = due;
    return due;
  }

  #actionOf(number: number): Action | undefined {
    if (!this.#actionOfRule.has(number)) {
      const facts = this.#index.facts(number);
      this.#actionOfRule.set(number, actionOf(this.#index.rule(number), facts, this.#outside));
    }
    return this.#actionOfRule.get(number);
  }
}

function actionOf(
  rule: CompiledRule,
  facts: PatternFacts | undefined,
  outside: OutsideRules | undefined,
): Action | undefined {
  const isBinarySafe = rule.detector === 'pattern' && rule.specificity >= 2;
  const isFarReaching = reachesFar(rule);
  if (rule.detector === 'pattern' && rule.pattern !== undefined && facts !== undefined) {
    const matcher = new PatternMatcher(rule, rule.pattern, facts);
    const detect: Detect = (bytes, start, end, emit) => draftPattern(matcher, bytes, start, end, emit);
    return { rule, detect, isBinarySafe, isFarReaching, gate: () => matcher.gate() };
  }
  const detect = detectOf(rule, outside);
  if (detect === undefined) return undefined;
  const gate = rule.detector === 'connection-string' ? connectionGate(rule) : undefined;
  return { rule, detect, isBinarySafe, isFarReaching, ...(gate && { gate: () => gate }) };
}

/** @param outside needed for a rule set that a configuration added to */
export function planOf(ruleSet: RuleSet, outside?: OutsideRules): RulePlan {
  return new LazyPlan(engineRulesOf(ruleSet), outside);
}
