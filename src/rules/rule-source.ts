/** What one YAML file of `rules/` says, checked for shape but not yet compiled. */
import type { Confidence } from '../model/finding.js';
import type { KindId, RuleId } from '../model/ids.js';
import type { Companion, DetectorId, Keyword, NormalForm, RuleChecks } from './rule-set.js';

/** How a rule finds its candidates. */
export type Recognition =
  /** A pattern written out; group 1 is the secret. */
  | { readonly by: 'pattern'; readonly pattern: string; readonly ignoreCase: boolean }
  /** A value that tells its kind by itself. `border` is the alphabet that must not touch it. */
  | { readonly by: 'token'; readonly token: string; readonly border: string }
  /** A value without a telling shape, after a provider's name and a secret word (shorthand.ts). */
  | {
      readonly by: 'named';
      readonly names: readonly string[];
      /** Secret words of which one must stand beside the name; empty where the value has a prefix of its own. */
      readonly words: readonly string[];
      readonly value: string;
      readonly border: string;
    }
  /** Code in detect/. */
  | { readonly by: 'detector'; readonly detector: Exclude<DetectorId, 'pattern'> };

export interface RuleSource {
  /** File name within the rules folder and line of the rule, from 1. */
  readonly file: string;
  readonly line: number;
  readonly provider: string;
  readonly id: RuleId;
  readonly kind: KindId;
  readonly name: string;
  readonly recognition: Recognition;
  /** Empty: derived (only for `named`). */
  readonly keywords: readonly Keyword[];
  readonly confidence: Confidence;
  readonly stage: 'trial' | 'stable';
  readonly specificity?: 0 | 1 | 2 | 3;
  readonly locality: 'local' | 'document';
  readonly context?: { readonly left: number; readonly right: number };
  readonly checks: RuleChecks;
  readonly companions: readonly Companion[];
  readonly identifierOnly: boolean;
  readonly preview: boolean;
  readonly normalForm?: NormalForm;
  readonly pathCondition?: string;
  readonly knownPublic: readonly { readonly value: string; readonly origin: string }[];
  readonly references: readonly string[];
  /** Texts with holes (generate.ts) that the rule must find. */
  readonly examples: readonly string[];
  /** Texts with holes in which the rule must find nothing. */
  readonly negatives: readonly string[];
}

/** One line of `rules/kinds.tsv`: a kind that exists, whether or not a rule finds it. */
export interface KindFacts {
  readonly id: KindId;
  readonly status: 'current' | 'legacy' | 'deprecated';
  readonly lifetime: 'static' | 'ephemeral' | 'renewable';
  readonly category: string;
}

export interface RuleSources {
  readonly rules: readonly RuleSource[];
  readonly kinds: ReadonlyMap<string, KindFacts>;
}

/** A fault of a rule file, by the place that must be mended. */
export interface RuleFault {
  readonly file: string;
  readonly line: number;
  /** Field path, e.g. `rules[2].keywords[0]`. */
  readonly field: string;
  readonly message: string;
}

export function faultText(fault: RuleFault): string {
  return `${fault.file}:${fault.line}: ${fault.field === '' ? '' : `${fault.field} `}${fault.message}`;
}
