/**
 * A match on its way through detection, inside one view. Becomes a finding (build-finding.ts) or nothing.
 */
import type { Attribute, Confidence, Spelling } from '../model/finding.js';
import type { KindId } from '../model/ids.js';
import type { SecretValue } from '../model/secret-value.js';
import type { CompiledRule } from '../rules/rule-set.js';

export interface Draft {
  readonly rule: CompiledRule;
  /** Where a detector knows better than its rule, e.g. which container a private key has. */
  readonly kind?: KindId;
  /** The literal value, its enclosing syntax undone. */
  readonly value: SecretValue;
  /** Where the value (as written) lies in the bytes of the view that was searched. */
  readonly start: number;
  readonly end: number;
  /** Layers undone inside the view, outermost first: `in-url`, `percent`, `basic-header`, ... */
  readonly layers: readonly Spelling[];
  readonly confidence: Confidence;
  readonly reasons: readonly string[];
  readonly slot?: string;
  readonly account?: string;
  readonly attributes?: readonly Attribute[];
  /** Normal forms beside the rule's own, each under its domain. */
  readonly aliases?: readonly { readonly domain: string; readonly normalForm: Buffer }[];
  /** True when the value is no text and does not stand in the document as it is. */
  readonly isBinary?: boolean;
}

/** Receives what a detector found at one hit. */
export type Emit = (draft: Draft) => void;

const order: readonly Confidence[] = ['low', 'medium', 'high', 'proven'];

export function isAtLeast(confidence: Confidence, floor: Confidence): boolean {
  return order.indexOf(confidence) >= order.indexOf(floor);
}

export function lowered(confidence: Confidence): Confidence {
  return order[Math.max(0, order.indexOf(confidence) - 1)] as Confidence;
}

export function lowerOf(a: Confidence, b: Confidence): Confidence {
  return order.indexOf(a) < order.indexOf(b) ? a : b;
}

export function higherOf(a: Confidence, b: Confidence): Confidence {
  return order.indexOf(a) < order.indexOf(b) ? b : a;
}
