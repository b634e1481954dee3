/** Runs the tests that stand in a policy file: what it says of made-up facts, against what was expected. */
import { codePointOrder } from '../order.js';
import { decideFields } from './decide.js';
import type { Decision } from './decision.js';
import { durationText } from './duration.js';
import type { Expectation, Policy, PolicyTest } from './policy.js';
import { unknownField } from './seen.js';

export interface TestResult {
  readonly test: PolicyTest;
  readonly decision: Decision;
  /** What differs: `strategy is manual, expected automatic`; empty when the test holds. */
  readonly differences: readonly string[];
}

type Compare<Key extends keyof Expectation> = (
  expected: NonNullable<Expectation[Key]>,
  decision: Decision,
) => string | undefined;

function differs(name: string, actual: string, expected: string): string | undefined {
  return actual === expected ? undefined : `${name} is ${actual}, expected ${expected}`;
}

function listText(names: readonly string[]): string {
  return names.length === 0 ? 'none' : [...names].sort(codePointOrder).join(', ');
}

function lengthText(ms: number | 'none' | undefined): string {
  return ms === undefined || ms === 'none' ? 'none' : durationText(ms);
}

/** Roles with their counts; who is excluded is compared where a test names it. */
function approvalDifference(
  expected: NonNullable<Expectation['approvals']>,
  { approvals }: Decision,
): string | undefined {
  const actual = approvals.map(({ role, count, not }) => {
    const isNamed = expected.some((demand) => demand.role === role && demand.not !== undefined);
    return approvalText(role, count, isNamed ? not : []);
  });
  const wanted = expected.map(({ role, count, not = [] }) => approvalText(role, count, not));
  return differs('approvals', listText(actual), listText(wanted));
}

function approvalText(role: string, count: number, not: readonly string[]): string {
  return `${role} ${count}${not.length === 0 ? '' : ` (not ${[...not].sort(codePointOrder).join(' or ')})`}`;
}

const comparisons: { readonly [Key in keyof Required<Expectation>]: Compare<Key> } = {
  strategy: (expected, { strategy }) => differs('strategy', strategy, expected),
  rule: (expected, { rule }) => differs('rule', rule, expected),
  approvals: approvalDifference,
  gates: (expected, { gates }) => differs('gates', listText(gates), listText(expected)),
  windows: (expected, { windows }) => differs('window', listText(windows), listText(expected)),
  freezes: (expected, { freezes }) => differs('freeze', listText(freezes), listText(expected)),
  stepsAdd: (expected, { stepsAdd }) => differs('steps_add', listText(stepsAdd), listText(expected)),
  deadlineMs: (expected, { deadlineMs }) => differs('deadline', lengthText(deadlineMs), lengthText(expected)),
  overlapMs: (expected, { overlapMs }) => differs('overlap', lengthText(overlapMs), lengthText(expected)),
  soakMs: (expected, { soakMs }) => differs('soak', lengthText(soakMs), lengthText(expected)),
  maxAgeMs: (expected, { maxAgeMs }) => differs('max_age', lengthText(maxAgeMs), lengthText(expected)),
};

function difference<Key extends keyof Expectation>(
  key: Key,
  expect: Expectation,
  decision: Decision,
): string | undefined {
  const expected = expect[key];
  const compare: Compare<Key> = comparisons[key];
  return expected === undefined ? undefined : compare(expected, decision);
}

/** In the order of the file. Fields that a test does not name are unknown to it. */
export function runTests(policy: Policy): TestResult[] {
  return policy.tests.map((test) => {
    const decision = decideFields(policy, (field) => test.facts.get(field) ?? unknownField);
    const keys = Object.keys(comparisons) as (keyof Expectation)[];
    return {
      test,
      decision,
      differences: keys.flatMap((key) => difference(key, test.expect, decision) ?? []),
    };
  });
}
