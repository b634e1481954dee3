/**
 * The compiled rule set: what load.ts and compile.ts make of `rules/*.yaml`, and all that detect/ and
 * prefilter/ know about rules. Plain JSON, so that it can be bundled at build time and posted to workers.
 */
import type { Confidence } from '../model/finding.js';
import type { KindId, RuleId } from '../model/ids.js';
import type { LinearPattern } from './linear-pattern.js';

/** A literal that every match of its rule contains. At least 3 bytes, ASCII. */
export interface Keyword {
  readonly text: string;
  /** Matched as written; otherwise ASCII case is folded (`text` is then lower-case). */
  readonly caseSensitive: boolean;
}

export const checksums = [
  'github-crc32',
  'npm-crc32',
  'gitlab-routable',
  'atlassian-crc32',
  'grafana-crc32',
  'zuplo-crc32',
  'confluent-crc32',
  'azure-marvin',
  'vercel-crc32',
  'jwt-structure',
  'base58check',
  'bech32',
  'luhn',
] as const;
/** Public checksum algorithms, see detection facts §6; implemented in detect/checksum.ts. */
export type Checksum = (typeof checksums)[number];

export const normalForms = [
  'hex-lower',
  'base64-bytes',
  'uuid-lower',
  'no-spaces',
  'percent-decoded',
] as const;
/** A kind's own normal form, kept as an alias (identity/canonical.ts). Case is folded nowhere else. */
export type NormalForm = (typeof normalForms)[number];

export const detectorIds = [
  'pattern',
  'assignment',
  'connection-string',
  'private-key',
  'jwt',
  'basic-header',
  'docker-auth',
  'idiom',
  'kubernetes-secret',
  'table',
] as const;
/** The code that turns text into candidates for a rule. `pattern` needs nothing but its regular expression. */
export type DetectorId = (typeof detectorIds)[number];

export interface RulePattern {
  /** JavaScript source in the restricted subset of performance design §7, capture group 1 is the secret. */
  readonly source: string;
  readonly ignoreCase: boolean;
  /** Longest and shortest possible match in bytes, borders excluded. */
  readonly maxBytes: number;
  readonly minBytes: number;
}

export interface RuleChecks {
  /** Least Shannon entropy in bits per character of the captured value. */
  readonly minEntropy?: number;
  readonly minDigits?: number;
  readonly minUpper?: number;
  readonly minLower?: number;
  readonly checksum?: Checksum;
  /** `proof`: a valid sum makes the finding `proven`, a wrong one costs one level; `required`: a wrong one discards. */
  readonly checksumRole?: 'proof' | 'required';
  /** Captured values that contain one of these (ASCII case folded) are placeholders. */
  readonly stopWords?: readonly string[];
  /** True for shapes without a telling prefix: n-gram, word and look-alike tests apply. */
  readonly looksRandom?: boolean;
}

export interface Companion {
  readonly kind: KindId;
  /** Most bytes between the two values. */
  readonly within: number;
  /** Most lines between their starts, and most bytes between the columns where they start. */
  readonly withinLines?: number;
  readonly withinColumns?: number;
  /** Without it the finding is dropped to low confidence. */
  readonly required: boolean;
}

export interface CompiledRule {
  readonly id: RuleId;
  readonly kind: KindId;
  readonly name: string;
  readonly provider: string;
  readonly detector: DetectorId;
  /** Absent only for detectors that are code, and for rules from outside. */
  readonly pattern?: RulePattern;
  /** In place of `pattern` for a rule from outside, which no backtracking engine may see. */
  readonly linear?: LinearPattern;
  readonly keywords: readonly Keyword[];
  readonly confidence: Confidence;
  readonly stage: 'trial' | 'stable';
  /** 0 generic, 1 needs context, 2 provider format, 3 provider format with checksum. The higher wins on equal bytes. */
  readonly specificity: 0 | 1 | 2 | 3;
  /** `local`: verdict from `[start - left, end + right]` bytes. `document`: a hit marks the document for a whole read. */
  readonly locality: 'local' | 'document';
  readonly context: { readonly left: number; readonly right: number };
  readonly checks: RuleChecks;
  readonly companions: readonly Companion[];
  /** Identifier without power of its own (key id, account id): recorded as attribute of its pair, never reported. */
  readonly identifierOnly: boolean;
  /** Looked for on behalf of another rule, never reported; says nothing about the bytes it matches. */
  readonly silent?: boolean;
  /** True when at most the prefix and last 4 characters may be shown. */
  readonly preview: boolean;
  readonly normalForm?: NormalForm;
  readonly pathCondition?: string;
  /** Exact documented samples and where they are published. */
  readonly knownPublic: readonly { readonly value: string; readonly origin: string }[];
  readonly references: readonly string[];
  /** Configuration that added the rule, or changed it; absent for rules as they come with the package. */
  readonly origin?: { readonly file: string; readonly line: number };
  readonly changedBy?: { readonly file: string; readonly line: number };
}

/** An allow list about values, places, or both, from a configuration in gitleaks' format. */
export interface ValueList {
  /** `allowlist-` and 8 hex characters of what it says: the reason that a finding has when its value is in it. */
  readonly id: string;
  /** Where it was written. */
  readonly origin: { readonly file: string; readonly line: number };
  /** Rules that it is limited to; empty: all. */
  readonly rules: readonly string[];
  /** Rules of the same file: what is in the list is no finding of theirs in the first place. */
  readonly own: readonly string[];
  /** RE2 patterns over the path. */
  readonly paths: readonly string[];
  /** RE2 patterns over what `regexTarget` says. */
  readonly regexes: readonly string[];
  readonly regexTarget: 'secret' | 'match' | 'line';
  /** Texts that a value must not hold, lower case. */
  readonly stopwords: readonly string[];
  readonly commits: readonly string[];
  /** `and`: all given criteria must hold. */
  readonly condition: 'or' | 'and';
}

export interface RuleSet {
  /** Hex SHA-256 over the canonical JSON of all rules: part of the analysis id. */
  readonly digest: string;
  /** Of the built-in set read from its tables: parsed when first asked for, which no scan does. */
  readonly rules: readonly CompiledRule[];
  /** The same rules as tables (prefilter/packed-rules.ts), from which an engine starts without parsing them. */
  readonly packed?: Uint8Array;
  /** True when a configuration added or changed rules: then a linear engine is needed (detect/linear-engine.ts). */
  readonly hasUserRules?: boolean;
  readonly lists?: readonly ValueList[];
}
