/**
 * Rules from outside: what a configuration adds to the built-in rules, changes in them, and says of values
 * that are none. Compiled here into plain JSON; run by detect/linear-*.ts in a linear engine only.
 *
 * Nobody without such rules loads this module.
 */
import { createHash } from 'node:crypto';
import type { Confidence } from '../model/finding.js';
import { type KindId, parseKindId, parseRuleId, type RuleId } from '../model/ids.js';
import { PatternFault, type PreparedPattern, patternFault, preparePattern } from './linear-pattern.js';
import type { Companion, CompiledRule, RuleSet, ValueList } from './rule-set.js';

/** Where a rule was written. */
export interface RuleOrigin {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** A rule that must find something nearby (`[[rules.required]]` of gitleaks). */
export interface RequiredRule {
  readonly rule: RuleId;
  readonly lines?: number;
  readonly columns?: number;
}

/** A rule as a configuration writes it, checked for shape but not yet compiled. */
export interface UserRuleSource {
  readonly origin: RuleOrigin;
  readonly id: RuleId;
  readonly kind: KindId;
  readonly name: string;
  /** RE2 syntax. */
  readonly pattern: string;
  /** 0: the first capturing group with some text, else the whole match. */
  readonly secretGroup: number;
  readonly keywords: readonly string[];
  readonly confidence: Confidence;
  /** Shannon entropy in bits per character that a value must exceed. */
  readonly minEntropy?: number;
  readonly stopWords: readonly string[];
  /** Globs of paths, of which one must match; empty: all paths. */
  readonly paths: readonly string[];
  readonly required: readonly RequiredRule[];
  /** Never reported itself, only looked for on behalf of another rule. */
  readonly silent: boolean;
  readonly references: readonly string[];
  /** Texts with holes (generate.ts) that the rule must find. */
  readonly examples: readonly string[];
  /** Texts with holes in which it must find nothing. */
  readonly negatives: readonly string[];
}

/** What a configuration changes in a built-in rule. */
export interface RuleChange {
  readonly origin: RuleOrigin;
  readonly id: RuleId;
  readonly name?: string;
  readonly confidence?: Confidence;
  readonly minEntropy?: number;
  /** Added to those that the rule has. */
  readonly stopWords: readonly string[];
  readonly paths: readonly string[];
}

/** All that one or more configurations say of rules. */
export interface UserRules {
  readonly rules: readonly UserRuleSource[];
  readonly changes: readonly RuleChange[];
  /** Rules whose findings are hidden; here only so that the ids can be checked. */
  readonly disabled: readonly { readonly id: RuleId; readonly origin: RuleOrigin }[];
  readonly lists: readonly ValueList[];
}

export const noUserRules: UserRules = { rules: [], changes: [], disabled: [], lists: [] };

/** A fault of a rule, by the place that must be mended. */
export interface UserRuleFault extends RuleOrigin {
  /** Rule and field, e.g. `acme-token.pattern`. */
  readonly field: string;
  readonly message: string;
}

export interface CompiledUserRule {
  readonly source: UserRuleSource;
  readonly rule: CompiledRule;
  readonly prepared: PreparedPattern;
}

/** Most rules that configurations may add. */
export const mostUserRules = 5000;
/** Bytes of all their keywords together; the prefilter's tables are made for some ten thousand words. */
const mostKeywordBytes = 30_000;
/** Most bytes between a rule's match and one that it requires. */
export const requiredReach = 8192;

export function hasRules({ rules, changes, lists }: UserRules): boolean {
  return rules.length + changes.length + lists.length > 0;
}

function sameText(a: unknown, b: unknown): boolean {
  return JSON.stringify(a, withoutOrigin) === JSON.stringify(b, withoutOrigin);
}

function withoutOrigin(key: string, value: unknown): unknown {
  return key === 'origin' ? undefined : value;
}

/**
 * The rules of several configurations together. What two of them say alike is taken once; where they
 * disagree there is no common rule set, which is a fault.
 */
export function joinUserRules(all: readonly UserRules[]): {
  readonly joined: UserRules;
  readonly faults: readonly UserRuleFault[];
} {
  const faults: UserRuleFault[] = [];
  const merge = <Item extends { readonly id: RuleId; readonly origin: RuleOrigin }>(
    items: readonly Item[],
  ): Item[] => {
    const byId = new Map<string, Item>();
    for (const item of items) {
      const other = byId.get(item.id);
      if (other === undefined) byId.set(item.id, item);
      else if (!sameText(other, item)) {
        const message = `is another rule than the one of this id in ${other.origin.file} line ${other.origin.line}; scan the two apart, or name one file with --config`;
        faults.push({ ...item.origin, field: item.id, message });
      }
    }
    return [...byId.values()];
  };
  const lists = new Map(
    all.flatMap((rules) => rules.lists).map((list) => [JSON.stringify(list, withoutOrigin), list]),
  );
  const joined = {
    rules: merge(all.flatMap(({ rules }) => rules)),
    changes: merge(all.flatMap(({ changes }) => changes)),
    disabled: all.flatMap(({ disabled }) => disabled),
    lists: [...lists.values()],
  };
  return { joined, faults };
}

/** The kind under which a rule is looked for on behalf of another one. */
function twinOf(id: RuleId): KindId {
  return parseKindId(`beside-${id}`);
}

function companionsOf(source: UserRuleSource): Companion[] {
  return source.required.map(({ rule, lines, columns }) => ({
    kind: twinOf(rule),
    within: requiredReach,
    required: true,
    ...(lines === undefined ? {} : { withinLines: lines }),
    ...(columns === undefined ? {} : { withinColumns: columns }),
  }));
}

/** Several globs as one. Each says itself that it may start in any folder: braces would hide that. */
function pathConditionOf(paths: readonly string[]): { pathCondition?: string } {
  const globs = paths.map((path) => (path.includes('/') ? path.replace(/^\.?\//, '') : `**/${path}`));
  const [only] = globs;
  if (only === undefined) return {};
  return { pathCondition: globs.length === 1 ? only : `{${globs.join(',')}}` };
}

function ruleOf(source: UserRuleSource, { linear, keywords }: PreparedPattern): CompiledRule {
  const reach = source.required.length > 0 ? requiredReach : 0;
  return {
    id: source.id,
    kind: source.kind,
    name: source.name,
    provider: 'user',
    detector: 'pattern',
    linear,
    keywords,
    confidence: source.confidence,
    stage: 'stable',
    // Below a provider's own format, whose label says more of the same bytes; above a guess.
    specificity: 1,
    locality: 'local',
    context: { left: Math.max(linear.before, reach), right: Math.max(linear.after, reach) },
    checks: {
      ...(source.minEntropy === undefined ? {} : { minEntropy: source.minEntropy }),
      ...(source.stopWords.length === 0 ? {} : { stopWords: source.stopWords }),
    },
    companions: companionsOf(source),
    identifierOnly: false,
    ...(source.silent ? { silent: true } : {}),
    preview: false,
    ...pathConditionOf(source.paths),
    knownPublic: [],
    references: source.references,
    origin: source.origin,
  };
}

export interface UserCompilation {
  readonly rules: readonly CompiledUserRule[];
  readonly faults: readonly UserRuleFault[];
}

/** Compiles and collects faults instead of throwing. */
export function compileUserRules(
  { rules: sources, changes, disabled, lists }: UserRules,
  builtIn: RuleSet,
): UserCompilation {
  const faults: UserRuleFault[] = [];
  const fault = ({ origin }: { origin: RuleOrigin }, field: string, message: string): void => {
    faults.push({ ...origin, field, message });
  };
  const builtInIds = new Map(builtIn.rules.map((rule) => [rule.id as string, rule]));
  const ids = new Set(sources.map(({ id }) => id as string));
  if (sources.length > mostUserRules && sources[0] !== undefined) {
    fault(sources[0], 'rules', `are more than ${mostUserRules}`);
    return { rules: [], faults };
  }
  const rules = sources.flatMap((source): CompiledUserRule[] => {
    if (builtInIds.has(source.id))
      fault(source, `${source.id}.id`, 'is the id of a built-in rule; change that one instead');
    for (const { rule } of source.required) {
      if (!ids.has(rule))
        fault(source, `${source.id}.required`, `names the rule ${rule}, which is not there`);
    }
    try {
      const prepared = preparePattern(source.pattern, source.keywords, source.secretGroup);
      return [{ source, rule: ruleOf(source, prepared), prepared }];
    } catch (error) {
      if (!(error instanceof PatternFault)) throw error;
      fault(source, `${source.id}.pattern`, error.message);
      return [];
    }
  });
  const bytes = rules.reduce(
    (sum, { rule }) => sum + rule.keywords.reduce((all, { text }) => all + Buffer.byteLength(text), 0),
    0,
  );
  if (bytes > mostKeywordBytes && sources[0] !== undefined) {
    fault(sources[0], 'rules', `have ${bytes} bytes of keywords; ${mostKeywordBytes} is the most`);
  }
  for (const change of changes) {
    const rule = builtInIds.get(change.id);
    if (rule === undefined)
      fault(change, `rules.change ${change.id}`, 'is no built-in rule; see "sprawl rules list"');
    else if (rule.pattern === undefined && (change.minEntropy !== undefined || change.stopWords.length > 0)) {
      fault(
        change,
        `rules.change ${change.id}`,
        'has no pattern, so only name, confidence and paths can be changed',
      );
    }
  }
  for (const list of lists) {
    for (const [name, patterns] of Object.entries({ regexes: list.regexes, paths: list.paths })) {
      patterns.forEach((pattern, index) => {
        const message = patternFault(pattern);
        if (message !== undefined) fault(list, `${list.id}.${name}[${index}]`, message);
      });
    }
  }
  for (const { id, origin } of disabled) {
    if (!builtInIds.has(id) && !ids.has(id)) fault({ origin }, `rules.disable ${id}`, 'is no rule');
  }
  return { rules, faults };
}

function changed(rule: CompiledRule, change: RuleChange | undefined): CompiledRule {
  if (change === undefined) return rule;
  const stopWords = [...(rule.checks.stopWords ?? []), ...change.stopWords];
  return {
    ...rule,
    ...(change.name === undefined ? {} : { name: change.name }),
    ...(change.confidence === undefined ? {} : { confidence: change.confidence }),
    checks: {
      ...rule.checks,
      ...(change.minEntropy === undefined ? {} : { minEntropy: change.minEntropy }),
      ...(stopWords.length === 0 ? {} : { stopWords }),
    },
    ...pathConditionOf(change.paths),
    changedBy: change.origin,
  };
}

/** Silent twins of the rules that others require, under the kinds by which those look for them. */
function twins(rules: readonly CompiledUserRule[]): CompiledRule[] {
  const wanted = new Set<string>(rules.flatMap(({ source }) => source.required.map(({ rule }) => rule)));
  return rules
    .filter(({ rule }) => wanted.has(rule.id))
    .map(({ rule }) => ({
      ...rule,
      id: parseRuleId(`beside-${rule.id}`),
      kind: twinOf(rule.id),
      companions: [],
      silent: true,
    }));
}

/** The built-in rules with all that was added and changed; its digest tells it from every other set. */
export function withUserRules(
  builtIn: RuleSet,
  user: UserRules,
  compiled: readonly CompiledUserRule[],
): RuleSet {
  if (!hasRules(user)) return builtIn;
  const changes = new Map(user.changes.map((change) => [change.id, change]));
  // What a rule silently stands in for is reported by no rule of its own.
  const own = compiled.filter(({ rule }) => rule.silent !== true).map(({ rule }) => rule);
  const added = [...own, ...twins(compiled)];
  const kept = builtIn.rules.map((rule) => changed(rule, changes.get(rule.id)));
  const said = JSON.stringify(
    { builtIn: builtIn.digest, added, changes: user.changes, lists: user.lists },
    withoutOrigin,
  );
  return {
    digest: createHash('sha256').update(said).digest('hex'),
    rules: [...kept, ...added].toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)),
    ...(user.lists.length === 0 ? {} : { lists: user.lists }),
    hasUserRules: true,
  };
}
