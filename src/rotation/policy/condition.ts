/**
 * Conditions of policy, and what deciding one means. A comparison with a field that is unknown does not hold, whatever it
 * compares; only `unknown: true` holds for it. `not` turns what its condition gave: over a comparison with an unknown
 * field it holds.
 */
import type { FieldName, FieldSort } from './fields.js';
import { fieldSorts } from './fields.js';
import { type Glob, matchGlob } from './glob.js';
import { type Scalar, type Seen, scalarText, seenText } from './seen.js';

/** From 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export type NumberOp = 'gt' | 'gte' | 'lt' | 'lte';

/** Compares values, which must be known. */
export type Comparison =
  /** One of these; of a set: it contains one of these. */
  | { readonly op: 'is'; readonly values: readonly Scalar[] }
  /** Known, and none of these; of a set: it contains none of these. */
  | { readonly op: 'is-not'; readonly values: readonly Scalar[] }
  | { readonly op: NumberOp; readonly value: number }
  | { readonly op: 'matches'; readonly globs: readonly Glob[] };

export type Test = Comparison | StateTest;

/** Asks how much is known, not what. */
export interface StateTest {
  readonly op: 'unknown' | 'stale';
  readonly value: boolean;
}

export interface FieldCondition {
  readonly type: 'field';
  readonly field: FieldName;
  readonly test: Test;
  readonly at: Position;
}

export type Condition =
  | FieldCondition
  /** Holds always when it has no parts. */
  | { readonly type: 'all'; readonly of: readonly Condition[]; readonly at: Position }
  | { readonly type: 'any'; readonly of: readonly Condition[]; readonly at: Position }
  | { readonly type: 'not'; readonly of: Condition; readonly at: Position };

export type ReadField = (field: FieldName) => Seen;

export interface Outcome {
  readonly holds: boolean;
  /** What decided: `owner.known is true (asked: false)`. */
  readonly why: string;
}

const orders: Readonly<Record<NumberOp, (seen: number, asked: number) => boolean>> = {
  gt: (seen, asked) => seen > asked,
  gte: (seen, asked) => seen >= asked,
  lt: (seen, asked) => seen < asked,
  lte: (seen, asked) => seen <= asked,
};

/** Tests that a larger number, or more in the set, could not fail: what is seen only in part can prove no other. */
function provesAtLeast({ op }: Comparison): boolean {
  return op === 'gt' || op === 'gte';
}

function provesPart({ op }: Comparison): boolean {
  return op === 'is' || op === 'matches';
}

function isStateTest(test: Test): test is StateTest {
  return test.op === 'unknown' || test.op === 'stale';
}

function holdsFor(test: Test, seen: Seen, { isSet }: FieldSort): boolean {
  const { values } = seen;
  if (isStateTest(test)) return (test.op === 'stale' ? seen.stale : values === undefined) === test.value;
  if (values === undefined) return false;
  const proves = isSet === true ? provesPart : provesAtLeast;
  if (seen.isAtLeast === true && !proves(test)) return false;
  return compares(test, values);
}

function compares(test: Comparison, values: readonly Scalar[]): boolean {
  switch (test.op) {
    case 'is':
      return values.some((value) => test.values.includes(value));
    case 'is-not':
      return !values.some((value) => test.values.includes(value));
    case 'matches':
      return values.some((value) => test.globs.some((glob) => matchGlob(glob, String(value)).isMatch));
    default:
      return values.some((value) => typeof value === 'number' && orders[test.op](value, test.value));
  }
}

const signs: Readonly<Record<NumberOp, string>> = { gt: '>', gte: '>=', lt: '<', lte: '<=' };

/** What a test asks for: `critical or high`, `not yes`, `> 1`. */
export function askedText(test: Test, sort: FieldSort): string {
  switch (test.op) {
    case 'is':
      return test.values.map((value) => scalarText(value, sort)).join(' or ');
    case 'is-not':
      return `not ${test.values.map((value) => scalarText(value, sort)).join(' or ')}`;
    case 'matches':
      return `matching ${test.globs.map((glob) => glob.text).join(' or ')}`;
    case 'unknown':
      return test.value ? 'unknown' : 'known';
    case 'stale':
      return test.value ? 'stale' : 'not stale';
    default:
      return `${signs[test.op]} ${scalarText(test.value, sort)}`;
  }
}

/**
 * Answers of each condition by what it saw, for values that many secrets have in common. An estate of 50,000 secrets asks
 * half a million times and gets some hundred different answers; a text of its own for each took 150 MB and, for cleaning
 * up behind them, most of the time.
 */
const answers = new WeakMap<FieldCondition, Map<string, Outcome>>();

/** Ages and paths differ from secret to secret: more answers than this are not worth keeping. */
const maxAnswers = 100;

function fieldOutcome(condition: FieldCondition, read: ReadField): Outcome {
  const saw = read(condition.field);
  const known = answers.get(condition) ?? new Map<string, Outcome>();
  if (known.size === 0) answers.set(condition, known);
  const key = seenKey(saw);
  const before = known.get(key);
  if (before !== undefined) return before;
  const outcome = outcomeOf(condition, saw);
  if (known.size < maxAnswers) known.set(key, outcome);
  return outcome;
}

/** Two fields with one key are seen alike. */
function seenKey({ values, stale, isAtLeast }: Seen): string {
  if (values === undefined) return stale ? 'stale' : 'unknown';
  const text = values.length === 1 ? String(values[0]) : JSON.stringify(values);
  return `${values.length}${stale ? 's' : ''}${isAtLeast === true ? '+' : ''}:${text}`;
}

function outcomeOf({ field, test }: FieldCondition, saw: Seen): Outcome {
  const sort = fieldSorts[field];
  return {
    holds: holdsFor(test, saw, sort),
    why: `${field} is ${seenText(saw, sort)} (asked: ${askedText(test, sort)})`,
  };
}

/** Decides a condition and says what decided it. */
export function evaluate(condition: Condition, read: ReadField): Outcome {
  switch (condition.type) {
    case 'field':
      return fieldOutcome(condition, read);
    case 'not': {
      const { holds, why } = evaluate(condition.of, read);
      return { holds: !holds, why: `not (${why})` };
    }
    case 'all':
      return allOf(condition.of, read);
    case 'any':
      return anyOf(condition.of, read);
  }
}

function allOf(parts: readonly Condition[], read: ReadField): Outcome {
  const whys: string[] = [];
  for (const part of parts) {
    const { holds, why } = evaluate(part, read);
    if (!holds) return { holds, why };
    whys.push(why);
  }
  return { holds: true, why: whys.length === 0 ? 'holds for everything' : whys.join(' and ') };
}

function anyOf(parts: readonly Condition[], read: ReadField): Outcome {
  const whys: string[] = [];
  for (const part of parts) {
    const { holds, why } = evaluate(part, read);
    if (holds) return { holds, why };
    whys.push(why);
  }
  return { holds: false, why: whys.join(' and ') };
}
