import { describe, expect, it } from 'vitest';
import { runTests } from '../../../../src/rotation/policy/run-tests.js';
import { defaultPolicy, policyOf } from '../../../support/policy-builder.js';

describe('tests in a policy file', () => {
  it('all hold for the default policy, and name every rule', () => {
    const policy = defaultPolicy();
    const results = runTests(policy);
    expect(results.filter(({ differences }) => differences.length > 0)).toEqual([]);
    const expected = new Set(policy.tests.map(({ expect: { rule } }) => rule));
    expect(policy.rules.filter(({ id }) => !expected.has(id))).toEqual([]);
  });

  it('tell every difference with what is and what was expected', () => {
    const [result] = runTests(
      policyOf(`version: 1
rules: [{ id: all, when: {}, then: { strategy: manual, reason: r, deadline: 3d } }]
requirements:
  - { id: two, when: { identity.privilege: admin }, require: { approvals: [{ role: owner, count: 2, not: [executor] }], gates: [error_rate], window: "Mon 09:00-10:00 UTC", max_age: 30d } }
tests:
  - name: t
    facts: { identity.privilege: admin }
    expect:
      strategy: automatic
      rule: some
      approvals: [{ role: owner, count: 1 }]
      gates: []
      window: []
      freeze: 2026-12-24
      steps_add: [redesign]
      deadline: 2d
      overlap: 1h
      soak: 1h
      max_age: 31d
`),
    );
    expect(result?.differences).toEqual([
      'strategy is manual, expected automatic',
      'rule is all, expected some',
      'approvals is owner 2, expected owner 1',
      'gates is error_rate, expected none',
      'window is Mon 09:00-10:00 UTC, expected none',
      'freeze is none, expected 2026-12-24',
      'steps_add is none, expected redesign',
      'deadline is 3d, expected 2d',
      'overlap is 1d, expected 1h',
      'soak is 2d, expected 1h',
      'max_age is 30d, expected 31d',
    ]);
  });

  it('compare who is excluded only where a test names it', () => {
    const tests = (not: string): string[] =>
      runTests(
        policyOf(`version: 1
rules: [{ id: all, when: {}, then: { strategy: manual, reason: r } }]
requirements: [{ id: one, when: {}, require: { approvals: [{ role: owner, not: [executor] }] } }]
tests: [{ name: t, expect: { approvals: [{ role: owner${not} }] } }]
`),
      ).flatMap(({ differences }) => differences);
    expect(tests('')).toEqual([]);
    expect(tests(', not: [executor]')).toEqual([]);
    expect(tests(', not: []')).toEqual(['approvals is owner 1 (not executor), expected owner 1']);
  });
});
