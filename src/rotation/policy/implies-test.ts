/** What one comparison of a field says about another of the same field. */
import type { Test } from './condition.js';
import type { FieldSort } from './fields.js';
import { matchGlob } from './glob.js';
import type { Scalar } from './seen.js';

type Range = Extract<Test, { readonly op: 'gt' | 'gte' | 'lt' | 'lte' }>;

function isRange(test: Test): test is Range {
  return test.op === 'gt' || test.op === 'gte' || test.op === 'lt' || test.op === 'lte';
}

/** True when the test holds for known values only. */
function needsKnown(test: Test): boolean {
  return test.op === 'unknown' ? !test.value : test.op !== 'stale';
}

function isWithin(values: readonly Scalar[], outer: readonly Scalar[]): boolean {
  return values.every((value) => outer.includes(value));
}

function isIn(value: Scalar, { op, value: bound }: Range): boolean {
  if (typeof value !== 'number') return false;
  switch (op) {
    case 'gt':
      return value > bound;
    case 'gte':
      return value >= bound;
    case 'lt':
      return value < bound;
    case 'lte':
      return value <= bound;
  }
}

function isUpward({ op }: Range): boolean {
  return op === 'gt' || op === 'gte';
}

/** Every number in the one range is in the other. */
function isRangeWithin(inner: Range, outer: Range): boolean {
  if (isUpward(inner) !== isUpward(outer)) return false;
  if (inner.value === outer.value) return inner.op === outer.op || outer.op === 'gte' || outer.op === 'lte';
  return isUpward(inner) ? inner.value > outer.value : inner.value < outer.value;
}

/** No number is in both ranges. */
function areApart(a: Range, b: Range): boolean {
  if (isUpward(a) === isUpward(b)) return false;
  const [low, high] = isUpward(a) ? [a, b] : [b, a];
  return low.value > high.value || (low.value === high.value && (low.op === 'gt' || high.op === 'lt'));
}

/** What values that were asked for by name say. */
function valuesImply(values: readonly Scalar[], b: Test, isSet: boolean): boolean {
  switch (b.op) {
    case 'is':
      return isWithin(values, b.values);
    case 'is-not':
      return !isSet && !values.some((value) => b.values.includes(value));
    case 'matches':
      return values.every((value) => b.globs.some((glob) => matchGlob(glob, String(value)).isMatch));
    case 'unknown':
    case 'stale':
      return false;
    default:
      return values.every((value) => isIn(value, b));
  }
}

/** True when `b` holds wherever `a` does. */
export function impliesTest(a: Test, b: Test, { isSet }: FieldSort): boolean {
  if (b.op === 'unknown') return b.value ? a.op === 'unknown' && a.value : needsKnown(a);
  if (b.op === 'stale') return a.op === 'stale' && a.value === b.value;
  if (a.op === 'is') return valuesImply(a.values, b, isSet === true);
  if (a.op === 'is-not' && b.op === 'is-not') return isWithin(b.values, a.values);
  if (a.op === 'matches' && b.op === 'matches') {
    return a.globs.every(({ text }) => b.globs.some((glob) => glob.text === text));
  }
  return isRange(a) && isRange(b) && isRangeWithin(a, b);
}

/** True when both never hold together. */
export function excludes(a: Test, b: Test, sort: FieldSort): boolean {
  return excludesOneWay(a, b, sort) || excludesOneWay(b, a, sort);
}

function excludesOneWay(a: Test, b: Test, { isSet }: FieldSort): boolean {
  if (a.op === 'unknown' && a.value) return needsKnown(b);
  if (a.op === 'stale') return b.op === 'stale' && a.value !== b.value;
  if (isRange(a) && isRange(b)) return areApart(a, b);
  if (a.op !== 'is') return false;
  if (b.op === 'is-not') return isWithin(a.values, b.values);
  if (isSet === true) return false;
  if (b.op === 'is') return !a.values.some((value) => b.values.includes(value));
  if (b.op === 'matches')
    return !a.values.some((value) => b.globs.some((glob) => matchGlob(glob, String(value)).isMatch));
  return isRange(b) && !a.values.some((value) => isIn(value, b));
}
