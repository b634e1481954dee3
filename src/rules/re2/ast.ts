/**
 * The syntax tree of a pattern in RE2's syntax, over bytes: text is matched as Latin-1, so a character beyond
 * ASCII is the sequence of its UTF-8 bytes.
 */
import type { CharSet } from '../char-set.js';

export type Border = 'word' | 'not-word' | 'text-start' | 'text-end' | 'line-start' | 'line-end';

export type Re2Node =
  /** One byte out of a set. */
  | { readonly type: 'set'; readonly set: CharSet }
  | { readonly type: 'sequence'; readonly parts: readonly Re2Node[] }
  | { readonly type: 'choice'; readonly parts: readonly Re2Node[] }
  | {
      readonly type: 'repeat';
      readonly inner: Re2Node;
      readonly min: number;
      /** `Infinity` without a bound. */
      readonly max: number;
      readonly lazy: boolean;
    }
  /** A capturing group, numbered from 1. */
  | { readonly type: 'group'; readonly index: number; readonly inner: Re2Node }
  | { readonly type: 'border'; readonly border: Border };

export interface Re2Pattern {
  readonly root: Re2Node;
  /** Capturing groups. */
  readonly groups: number;
}

/** What is wrong with a pattern and where; never a part of its text, which may hold a secret. */
export class Re2SyntaxError extends Error {
  override readonly name: string = 'Re2SyntaxError';
  /** Offset in the source, from 0. */
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

export const emptySequence: Re2Node = { type: 'sequence', parts: [] };

export function sequenceOf(parts: readonly Re2Node[]): Re2Node {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { type: 'sequence', parts };
}

export function choiceOf(parts: readonly Re2Node[]): Re2Node {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { type: 'choice', parts };
}
