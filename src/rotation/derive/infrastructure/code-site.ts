/** Blocks of infrastructure code where they stand, and what is read from them: who is made, who is granted what. */
import type { FactEvidence } from '../../fact.js';
import type { CodeValues } from './code-values.js';
import { type HclBlock, literalOf } from './hcl.js';
import type { KnownPrivilege } from './privilege-words.js';

/** A resource that makes a principal. */
export interface Creation {
  /** As in {@link CodeName}. */
  readonly token: string;
  /** `google_service_account.ledger`, below its folder: what other code refers to. */
  readonly address: string;
  readonly evidence: FactEvidence;
}

/** Rights that code gives: to a principal by name, or to what a resource of the same folder makes. */
export interface Grant {
  readonly token?: string;
  readonly address?: string;
  readonly kind: string;
  /** What it is about: `gcp:acme-prod`, `cluster`. */
  readonly target: string;
  readonly role: string;
  readonly privilege: KnownPrivilege | undefined;
  readonly isWildcard: boolean;
  readonly evidence: FactEvidence;
}

export function addressOf({ labels }: HclBlock): string {
  return labels.join('.');
}

/** `google_service_account.ledger` of what is written in a block, and the like. */
export function referencesIn(lines: readonly string[], type: string): readonly string[] {
  const reference = new RegExp(`\\b${type}\\.([A-Za-z_][\\w-]*)`, 'g');
  return lines.flatMap((line) => [...line.matchAll(reference)].map(([, name = '']) => `${type}.${name}`));
}

/** A literal, or the name of what it refers to. */
export function targetText(expression: string | undefined): string {
  return literalOf(expression) ?? expression?.replace(/\.(?:id|name|self_link|arn)$/, '') ?? 'all';
}

export interface Site {
  readonly block: HclBlock;
  readonly scope: string;
  readonly evidence: FactEvidence;
  /** Of its folder. */
  readonly values: CodeValues;
}
