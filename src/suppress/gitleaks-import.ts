/**
 * A configuration in gitleaks' format as rules of ours. Its rules are added; the built-in ones stay, and what
 * the file says of rules that are not in it (`extend.useDefault`) concerns gitleaks' own set, which ours is not.
 */
import { type KindId, parseKindId, parseRuleId, type RuleId } from '../model/ids.js';
import { Re2SyntaxError } from '../rules/re2/ast.js';
import type { ValueList } from '../rules/rule-set.js';
import type { RequiredRule, UserRuleSource, UserRules } from '../rules/user-rules.js';
import type { Fault } from './fault.js';
import {
  type GitleaksAllowlist,
  type GitleaksConfig,
  type GitleaksRule,
  parseGitleaksToml,
} from './gitleaks-toml.js';
import { globsOfPathPattern } from './path-globs.js';

export interface ImportedRules {
  readonly user: UserRules;
  /** Lines for people: what the file says that has no effect here. */
  readonly notes: readonly string[];
  readonly faults: readonly Fault[];
}

/** Configurations that extend each other, as in gitleaks. */
const mostExtensions = 2;

/** The lower-case words that our ids are. */
function plainId(id: string): string {
  const plain = id
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return plain === '' ? 'unnamed' : plain;
}

/** A file that extends another one: its rules come first, and field by field (gitleaks' `extend`). */
function extended(own: GitleaksConfig, base: GitleaksConfig): GitleaksConfig {
  const disabled = new Set(own.extend.disabledRules);
  const mine = new Map(own.rules.map((rule) => [rule.id, rule]));
  const fromBase = base.rules
    .filter(({ id }) => !disabled.has(id))
    .map((rule) => ({
      ...rule,
      ...definedFields(mine.get(rule.id)),
      keywords: [...rule.keywords, ...(mine.get(rule.id)?.keywords ?? [])],
    }));
  const baseIds = new Set(fromBase.map(({ id }) => id));
  return {
    ...own,
    rules: [...fromBase, ...own.rules.filter(({ id }) => !baseIds.has(id))],
    allowlists: [...base.allowlists, ...own.allowlists],
    faults: [...own.faults, ...base.faults],
    unused: [...new Set([...own.unused, ...base.unused])],
  };
}

function definedFields(rule: GitleaksRule | undefined): Partial<GitleaksRule> {
  if (rule === undefined) return {};
  const { description, regex, path, secretGroup, entropy, regexLine } = rule;
  return {
    ...(description === undefined ? {} : { description }),
    ...(regex === undefined ? {} : { regex, regexLine }),
    ...(path === undefined ? {} : { path }),
    ...(secretGroup === undefined || secretGroup === 0 ? {} : { secretGroup }),
    ...(entropy === undefined || entropy === 0 ? {} : { entropy }),
  };
}

/** Reads a file that another one extends, by the path in it; undefined when there is none. */
export type ReadExtended = (path: string) => Promise<string | undefined>;

/** @param isTaken whether an id is that of a built-in rule */
export async function importGitleaks(
  text: string,
  file: string,
  read: ReadExtended,
  isTaken: (id: string) => boolean,
): Promise<ImportedRules> {
  const notes: string[] = [];
  let config = parseGitleaksToml(text);
  for (let depth = 0, path = config.extend.path; path !== undefined && depth < mostExtensions; depth++) {
    const base = await read(path);
    if (base === undefined) {
      notes.push(`${file}: the file that it extends was not found in the folder of the configuration`);
      break;
    }
    const parsed = parseGitleaksToml(base);
    const basePath = path;
    config = extended(config, {
      ...parsed,
      rules: parsed.rules.map((rule) => ({ ...rule, file: basePath })),
      faults: parsed.faults.map(({ line, message }) => ({
        line: 1,
        message: `the extended file, line ${line}: ${message}`,
      })),
    });
    path = parsed.extend.path;
  }
  return new Importer(config, file, isTaken, notes).result();
}

class Importer {
  readonly #config: GitleaksConfig;
  readonly #file: string;
  readonly #ids = new Map<string, RuleId>();
  readonly #notes: string[];
  readonly #faults: Fault[];

  constructor(config: GitleaksConfig, file: string, isTaken: (id: string) => boolean, notes: string[]) {
    this.#config = config;
    this.#file = file;
    this.#notes = notes;
    this.#faults = [...config.faults];
    const used = new Set<string>();
    for (const { id } of config.rules) {
      if (this.#ids.has(id)) continue;
      const plain = plainId(id);
      let free = isTaken(plain) ? `gitleaks-${plain}` : plain;
      while (used.has(free)) free += '-x';
      used.add(free);
      this.#ids.set(id, parseRuleId(free));
    }
  }

  result(): ImportedRules {
    const { allowlists, extend, unused } = this.#config;
    // Of two rules with one id the later one counts.
    const all = [...new Map(this.#config.rules.map((rule) => [rule.id, rule])).values()];
    // Under `useDefault` a rule without a pattern changes one of gitleaks' own.
    const added = all.filter(({ regex }) => regex !== undefined);
    const pathOnly = all.filter(({ regex, path }) => regex === undefined && path !== undefined);
    const bare = all.length - added.length - pathOnly.length;
    this.#tell(
      pathOnly.length,
      'rule(s) about names of files alone are left out: there is no value to report',
    );
    this.#tell(bare, "rule(s) without a regex change rules of gitleaks' own set, which is not used here");
    if (extend.useDefault && extend.disabledRules.length > 0) {
      this.#notes.push(
        `${this.#file}: disabledRules name rules of gitleaks' own set; to switch off one of sprawl's write it under rules.disable in .sprawl/config.yaml`,
      );
    }
    if (unused.length > 0)
      this.#notes.push(`${this.#file}: ${unused.join(', ')} are expressions that are not evaluated here`);
    const rules = added.map((rule) => this.#rule(rule));
    const own = rules.map(({ id }) => id as string);
    return {
      user: {
        rules,
        changes: [],
        disabled: [],
        lists: allowlists.map((list) => this.#list(list, own)),
      },
      notes: this.#notes,
      faults: this.#faults,
    };
  }

  #tell(count: number, text: string): void {
    if (count > 0) this.#notes.push(`${this.#file}: ${count} ${text}`);
  }

  #list({ line, ...list }: GitleaksAllowlist, own: readonly string[]): ValueList {
    const rules = list.rules.map((id) => this.#ids.get(id) ?? plainId(id));
    return { ...list, rules, own, origin: { file: this.#file, line } };
  }

  #rule(rule: GitleaksRule): UserRuleSource {
    const id = this.#ids.get(rule.id) as RuleId;
    return {
      origin: { file: rule.file ?? this.#file, line: rule.regexLine },
      id,
      kind: this.#kind(rule.id),
      name: rule.description ?? rule.id,
      pattern: rule.regex ?? '',
      secretGroup: rule.secretGroup ?? 0,
      keywords: rule.keywords,
      confidence: 'medium',
      ...(rule.entropy === undefined || rule.entropy === 0 ? {} : { minEntropy: rule.entropy }),
      stopWords: [],
      paths: this.#paths(rule),
      required: rule.required.map((one) => this.#required(rule, one)),
      silent: rule.skipReport,
      references: [],
      examples: [],
      negatives: [],
    };
  }

  #kind(id: string): KindId {
    return parseKindId(plainId(id));
  }

  #required(rule: GitleaksRule, { id, ...near }: GitleaksRule['required'][number]): RequiredRule {
    const known = this.#ids.get(id);
    if (known === undefined) {
      this.#faults.push({
        line: rule.line,
        message: 'required.id of this rule is no rule of the file',
      });
    }
    return { rule: known ?? parseRuleId(plainId(id)), ...near };
  }

  #paths(rule: GitleaksRule): readonly string[] {
    if (rule.path === undefined) return [];
    try {
      const globs = globsOfPathPattern(rule.path);
      if (globs === undefined)
        this.#notes.push(
          `${this.#file} line ${rule.line}: the path of this rule is too varied for globs; it runs everywhere`,
        );
      return globs ?? [];
    } catch (error) {
      if (!(error instanceof Re2SyntaxError)) throw error;
      this.#faults.push({
        line: rule.line,
        message: `path of this rule is no RE2 pattern: ${error.message}`,
      });
      return [];
    }
  }
}
