/**
 * The allow lists of a `.gitleaks.toml`, as data. Paths and expressions are patterns from outside: whoever
 * applies them compiles them with a linear engine, never with a backtracking one.
 */
import type { Fault } from './fault.js';
import { parseToml, type TomlTable, type TomlValue } from './toml.js';

export const maxGitleaksTomlBytes: number = 4 * 1024 * 1024;
const maxItems = 10_000;

export interface GitleaksAllowlist {
  /** Rule ids that it is limited to; empty: all. */
  readonly rules: readonly string[];
  /** RE2 patterns over the path. */
  readonly paths: readonly string[];
  /** RE2 patterns over the value (or what `regexTarget` says). */
  readonly regexes: readonly string[];
  readonly regexTarget: 'secret' | 'match' | 'line';
  /** Words that a value must not contain, lower case. */
  readonly stopwords: readonly string[];
  readonly commits: readonly string[];
  /** `and`: all given criteria must hold. */
  readonly condition: 'or' | 'and';
}

/** Reads `[allowlist]`, `[[allowlists]]` and those of `[[rules]]`; everything else of the file is ignored. */
export function parseGitleaksToml(text: string): {
  readonly allowlists: readonly GitleaksAllowlist[];
  readonly faults: readonly Fault[];
} {
  if (text.length > maxGitleaksTomlBytes)
    return { allowlists: [], faults: [{ line: 1, message: 'too large' }] };
  const parsed = parseToml(text);
  if ('fault' in parsed) return { allowlists: [], faults: [parsed.fault] };
  const faults: Fault[] = [];
  const own = listsOf(parsed.table).map((list) =>
    allowlistOf(list, textsOf(list['targetRules'], faults), faults),
  );
  const ofRules = tablesOf(parsed.table['rules']).flatMap((rule) => {
    const id = rule['id'];
    return typeof id === 'string' ? listsOf(rule).map((list) => allowlistOf(list, [id], faults)) : [];
  });
  return { allowlists: [...own, ...ofRules], faults };
}

function listsOf(table: TomlTable): readonly TomlTable[] {
  return [...tablesOf(table['allowlist']), ...tablesOf(table['allowlists'])];
}

function tablesOf(value: TomlValue | undefined): readonly TomlTable[] {
  if (value === undefined || typeof value !== 'object') return [];
  const items: readonly TomlValue[] = Array.isArray(value) ? value : [value as TomlTable];
  return items.filter((item): item is TomlTable => typeof item === 'object' && !Array.isArray(item));
}

function allowlistOf(list: TomlTable, rules: readonly string[], faults: Fault[]): GitleaksAllowlist {
  const condition = String(list['condition'] ?? 'OR').toUpperCase();
  const target = list['regexTarget'];
  return {
    rules,
    paths: textsOf(list['paths'], faults),
    regexes: textsOf(list['regexes'], faults),
    regexTarget: target === 'match' || target === 'line' ? target : 'secret',
    stopwords: textsOf(list['stopwords'], faults).map((word) => word.toLowerCase()),
    commits: textsOf(list['commits'], faults),
    condition: condition === 'AND' || condition === '&&' ? 'and' : 'or',
  };
}

function textsOf(value: TomlValue | undefined, faults: Fault[]): readonly string[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.length <= maxItems && value.every((item) => typeof item === 'string')) {
    return value as readonly string[];
  }
  faults.push({ line: 1, message: 'an allow list has a field that is not a list of texts' });
  return [];
}
