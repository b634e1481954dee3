/** Facts: everything known about a secret and what surrounds it, each with where it came from. */

/** Where a fact comes from, the most trusted first. */
export const factOrigins = ['operator', 'inventory', 'provider-table', 'derived'] as const;
export type FactOrigin = (typeof factOrigins)[number];

/** How sure it is, surest first. */
export const factConfidences = ['asserted', 'strong', 'probable', 'weak'] as const;
export type FactConfidence = (typeof factConfidences)[number];

/** What a fact is about. */
export type FactSubject =
  | { readonly type: 'secret'; readonly fingerprint: string }
  | { readonly type: 'principal'; readonly key: string }
  | { readonly type: 'consumer'; readonly name: string }
  | { readonly type: 'place'; readonly key: string };

/** Stable text of a subject, for maps and sorting: `secret:<fingerprint>`. */
export function subjectKey(subject: FactSubject): string {
  switch (subject.type) {
    case 'secret':
      return `secret:${subject.fingerprint}`;
    case 'principal':
      return `principal:${subject.key}`;
    case 'consumer':
      return `consumer:${subject.name}`;
    case 'place':
      return `place:${subject.key}`;
  }
}

/** What shows a fact: never a value. */
export interface FactEvidence {
  /** Key of the place, or the name of an imported file. */
  readonly place: string;
  readonly path?: string;
  /** From 1. */
  readonly line?: number;
  readonly commit?: string;
  /** A few words: `last matching pattern /payments/`. */
  readonly note?: string;
}

/** `unknown` is a value of its own and is never read as `no`. */
export type FactValue = string | number | boolean | readonly string[];

export interface Fact {
  readonly subject: FactSubject;
  /** Dotted name: `owner`, `environment`, `class`, `privilege`. */
  readonly attribute: string;
  readonly value: FactValue;
  readonly origin: FactOrigin;
  /** Stable id of the rule that gave it: `O2`, `E4`, `C7`, or a row of the provider table. */
  readonly rule: string;
  readonly confidence: FactConfidence;
  readonly evidence: readonly FactEvidence[];
  /** RFC 3339 UTC; absent for what is derived now. */
  readonly assertedAt?: string;
  /** True when it is too old, or its subject changed since: policy reads it as unknown. */
  readonly stale?: boolean;
  /** True for what holds only where nothing else is said: what an inventory states of a whole kind. */
  readonly isDefault?: boolean;
}
