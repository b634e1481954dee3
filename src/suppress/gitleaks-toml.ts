/**
 * Reads a configuration in gitleaks' format (`.gitleaks.toml`, and `.betterleaks.toml` as far as the two
 * agree) as data: rules, allow lists, what it extends. Patterns in it come from outside: whoever applies them
 * compiles them with a linear engine, never with a backtracking one.
 *
 * Facts: gitleaks 8.28 README and config/config.go; betterleaks docs/config.md.
 */
import { createHash } from 'node:crypto';
import type { ValueList } from '../rules/rule-set.js';
import type { Fault } from './fault.js';
import { type ParsedToml, parseToml, type TomlTable, type TomlValue } from './toml.js';

export const maxGitleaksTomlBytes: number = 4 * 1024 * 1024;
const maxItems = 10_000;

/** A list before its file and the rules in it are known. */
export interface GitleaksAllowlist extends Omit<ValueList, 'own' | 'origin'> {
  readonly line: number;
}

export interface GitleaksRule {
  readonly id: string;
  /** Set for a rule of a file that is extended. */
  readonly file?: string;
  readonly line: number;
  readonly description?: string;
  readonly regex?: string;
  /** Line of `regex`. */
  readonly regexLine: number;
  /** RE2 pattern over the path. */
  readonly path?: string;
  readonly secretGroup?: number;
  readonly entropy?: number;
  readonly keywords: readonly string[];
  readonly required: readonly { readonly id: string; readonly lines?: number; readonly columns?: number }[];
  readonly skipReport: boolean;
}

export interface GitleaksConfig {
  readonly rules: readonly GitleaksRule[];
  readonly allowlists: readonly GitleaksAllowlist[];
  readonly extend: {
    readonly useDefault: boolean;
    readonly path?: string;
    readonly disabledRules: readonly string[];
  };
  /** Fields that another tool's engine would need (`filter`, `validate`, …), each once. */
  readonly unused: readonly string[];
  readonly faults: readonly Fault[];
}

const emptyConfig: Omit<GitleaksConfig, 'faults'> = {
  rules: [],
  allowlists: [],
  extend: { useDefault: false, disabledRules: [] },
  unused: [],
};

/** Gives what can be read; each fault names line and field. */
export function parseGitleaksToml(text: string): GitleaksConfig {
  if (text.length > maxGitleaksTomlBytes) {
    return { ...emptyConfig, faults: [{ line: 1, message: 'too large' }] };
  }
  const parsed = parseToml(text);
  if ('fault' in parsed) return { ...emptyConfig, faults: [parsed.fault] };
  return new Reader(parsed).read();
}

function tablesOf(value: TomlValue | undefined): readonly TomlTable[] {
  if (value === undefined || typeof value !== 'object') return [];
  const items: readonly TomlValue[] = Array.isArray(value) ? value : [value as TomlTable];
  return items.filter((item): item is TomlTable => typeof item === 'object' && !Array.isArray(item));
}

/** What betterleaks evaluates with an expression language. */
const expressions = ['prefilter', 'filter', 'validate'];

class Reader {
  readonly #toml: ParsedToml;
  readonly #faults: Fault[] = [];

  constructor(toml: ParsedToml) {
    this.#toml = toml;
  }

  read(): GitleaksConfig {
    const { table } = this.#toml;
    const ruleTables = tablesOf(table['rules']);
    const rules = ruleTables.flatMap((rule, index) => this.#rule(rule, `rules[${index}]`) ?? []);
    const ofRules = ruleTables.flatMap((rule, index) => {
      const id = rule['id'];
      return typeof id === 'string' ? this.#lists(rule, `rules[${index}].`, [id]) : [];
    });
    return {
      rules,
      allowlists: [...this.#lists(table, '', undefined), ...ofRules],
      extend: this.#extend(tablesOf(table['extend'])[0]),
      unused: expressions.filter((name) => [table, ...ruleTables].some((one) => one[name] !== undefined)),
      faults: this.#faults,
    };
  }

  #fault(table: TomlTable, key: string, path: string, message: string): void {
    this.#faults.push({ line: this.#toml.lineOf(table, key), message: `${path}${key} ${message}` });
  }

  #text(table: TomlTable, key: string, path: string): string | undefined {
    const value = table[key];
    if (value === undefined || typeof value === 'string') return value === '' ? undefined : value;
    this.#fault(table, key, path, 'must be a text');
    return undefined;
  }

  #number(table: TomlTable, key: string, path: string): number | undefined {
    const value = table[key];
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
    this.#fault(table, key, path, 'must be a number of at least 0');
    return undefined;
  }

  #texts(table: TomlTable, key: string, path: string): readonly string[] {
    const value = table[key];
    if (value === undefined) return [];
    if (Array.isArray(value) && value.length <= maxItems && value.every((item) => typeof item === 'string')) {
      return value as readonly string[];
    }
    this.#fault(table, key, path, 'must be a list of texts');
    return [];
  }

  #rule(table: TomlTable, name: string): GitleaksRule | undefined {
    const path = `${name}.`;
    const id = this.#text(table, 'id', path);
    if (id === undefined) {
      this.#fault(table, 'id', path, 'is missing');
      return undefined;
    }
    const description = this.#text(table, 'description', path);
    const regex = this.#text(table, 'regex', path);
    const pathPattern = this.#text(table, 'path', path);
    const secretGroup = this.#number(table, 'secretGroup', path);
    const entropy = this.#number(table, 'entropy', path);
    if (secretGroup !== undefined && !Number.isInteger(secretGroup)) {
      this.#fault(table, 'secretGroup', path, 'must be the number of a group');
    }
    return {
      id,
      line: this.#toml.lineOf(table),
      regexLine: this.#toml.lineOf(table, 'regex'),
      ...(description === undefined ? {} : { description }),
      ...(regex === undefined ? {} : { regex }),
      ...(pathPattern === undefined ? {} : { path: pathPattern }),
      ...(secretGroup === undefined ? {} : { secretGroup: Math.trunc(secretGroup) }),
      ...(entropy === undefined ? {} : { entropy }),
      keywords: this.#texts(table, 'keywords', path),
      required: tablesOf(table['required']).flatMap((one) => this.#required(one, `${path}required.`)),
      skipReport: table['skipReport'] === true,
    };
  }

  #required(table: TomlTable, path: string): GitleaksRule['required'] {
    const id = this.#text(table, 'id', path);
    const lines = this.#number(table, 'withinLines', path);
    const columns = this.#number(table, 'withinColumns', path);
    if (id === undefined) this.#fault(table, 'id', path, 'is missing');
    if (id === undefined) return [];
    return [{ id, ...(lines === undefined ? {} : { lines }), ...(columns === undefined ? {} : { columns }) }];
  }

  #extend(table: TomlTable | undefined): GitleaksConfig['extend'] {
    if (table === undefined) return emptyConfig.extend;
    const path = this.#text(table, 'path', 'extend.');
    const useDefault = table['useDefault'] === true;
    if (path !== undefined && useDefault) {
      this.#fault(table, 'path', 'extend.', 'and useDefault exclude each other');
    }
    return {
      useDefault,
      ...(path === undefined ? {} : { path }),
      disabledRules: this.#texts(table, 'disabledRules', 'extend.'),
    };
  }

  /** @param rules limits the lists of a rule to it; those of the file say themselves what they are limited to */
  #lists(table: TomlTable, path: string, rules: readonly string[] | undefined): GitleaksAllowlist[] {
    return ['allowlist', 'allowlists'].flatMap((key) =>
      tablesOf(table[key]).map((list) =>
        this.#list(list, `${path}${key}.`, rules ?? this.#texts(list, 'targetRules', `${path}${key}.`)),
      ),
    );
  }

  #list(list: TomlTable, path: string, rules: readonly string[]): GitleaksAllowlist {
    const said = {
      rules,
      paths: this.#texts(list, 'paths', path),
      regexes: this.#texts(list, 'regexes', path),
      regexTarget: this.#target(list, path),
      stopwords: this.#texts(list, 'stopwords', path).map((word) => word.toLowerCase()),
      commits: this.#texts(list, 'commits', path).map((id) => id.trim().toLowerCase()),
      condition: this.#condition(list, path),
    };
    const digest = createHash('sha256').update(JSON.stringify(said)).digest('hex');
    return { id: `allowlist-${digest.slice(0, 8)}`, line: this.#toml.lineOf(list), ...said };
  }

  #target(list: TomlTable, path: string): GitleaksAllowlist['regexTarget'] {
    const target = list['regexTarget'];
    if (target === 'match' || target === 'line') return target;
    if (target !== undefined && target !== 'secret' && target !== '') {
      this.#fault(list, 'regexTarget', path, 'must be secret, match or line');
    }
    return 'secret';
  }

  #condition(list: TomlTable, path: string): GitleaksAllowlist['condition'] {
    const condition = String(list['condition'] ?? 'OR').toUpperCase();
    if (!['AND', '&&', 'OR', '||', ''].includes(condition)) {
      this.#fault(list, 'condition', path, 'must be "and" or "or"');
    }
    return condition === 'AND' || condition === '&&' ? 'and' : 'or';
  }
}
