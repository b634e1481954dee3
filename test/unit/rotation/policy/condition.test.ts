import { describe, expect, it } from 'vitest';
import { type Comparison, evaluate } from '../../../../src/rotation/policy/condition.js';
import type { FieldName } from '../../../../src/rotation/policy/fields.js';
import { parseGlob } from '../../../../src/rotation/policy/glob.js';
import type { Scalar } from '../../../../src/rotation/policy/seen.js';
import { decideFacts, type FactsGiven, policyOf } from '../../../support/policy-builder.js';

/** Whether a condition holds for facts, and what the trace says. */
function outcome(when: string, facts: FactsGiven): { readonly holds: boolean; readonly why: string } {
  const { trace } = decideFacts(
    policyOf(`version: 1
rules:
  - { id: asked, when: ${when}, then: { strategy: manual, reason: r } }
  - { id: end, when: {}, then: { strategy: manual, reason: r } }
`),
    facts,
  );
  return { holds: trace[0]?.matched === true, why: trace[0]?.why ?? '' };
}

const table: readonly (readonly [when: string, facts: FactsGiven, holds: boolean, why: string])[] = [
  // Equality, and any of a list.
  ['{ secret.class: static }', { 'secret.class': 'static' }, true, 'secret.class is static (asked: static)'],
  [
    '{ secret.class: [static, renewable] }',
    { 'secret.class': 'renewable' },
    true,
    'secret.class is renewable (asked: static or renewable)',
  ],
  [
    '{ secret.class: { in: [static] } }',
    { 'secret.class': 'ephemeral' },
    false,
    'secret.class is ephemeral (asked: static)',
  ],
  [
    '{ secret.class: { ne: static } }',
    { 'secret.class': 'ephemeral' },
    true,
    'secret.class is ephemeral (asked: not static)',
  ],
  [
    '{ secret.class: { not_in: [static, ephemeral] } }',
    { 'secret.class': 'ephemeral' },
    false,
    'secret.class is ephemeral (asked: not static or ephemeral)',
  ],
  // Sets contain.
  [
    '{ environment.set: prod }',
    { 'environment.set': ['prod', 'staging'] },
    true,
    'environment.set is prod, staging (asked: prod)',
  ],
  [
    '{ environment.set: { ne: prod } }',
    { 'environment.set': ['prod', 'staging'] },
    false,
    'environment.set is prod, staging (asked: not prod)',
  ],
  [
    '{ readiness.missing: { ne: owner } }',
    { 'readiness.missing': [] },
    true,
    'readiness.missing is nothing (asked: not owner)',
  ],
  [
    '{ environment.set: dev }',
    { 'environment.set': ['a', 'b', 'c', 'd', 'e'] },
    false,
    'environment.set is a, b, c and 2 more (asked: dev)',
  ],
  // Order.
  ['{ sharing.score: { gt: 20 } }', { 'sharing.score': 20 }, false, 'sharing.score is 20 (asked: > 20)'],
  ['{ sharing.score: { gte: 20 } }', { 'sharing.score': 20 }, true, 'sharing.score is 20 (asked: >= 20)'],
  ['{ sharing.score: { lt: 20 } }', { 'sharing.score': 20 }, false, 'sharing.score is 20 (asked: < 20)'],
  ['{ sharing.score: { lte: 20 } }', { 'sharing.score': 20 }, true, 'sharing.score is 20 (asked: <= 20)'],
  ['{ sharing.score: { gt: 1, lt: 5 } }', { 'sharing.score': 7 }, false, 'sharing.score is 7 (asked: < 5)'],
  [
    '{ secret.expires_in: { lt: 14d } }',
    { 'secret.expires_in': 86_400_000 },
    true,
    'secret.expires_in is 1d (asked: < 14d)',
  ],
  [
    '{ secret.expires_in: { gt: 90d } }',
    { 'secret.expires_in': Number.POSITIVE_INFINITY },
    true,
    'secret.expires_in is never (asked: > 90d)',
  ],
  // Globs.
  [
    '{ repository: { matches: "acme/erp-*" } }',
    { repository: ['acme/api', 'acme/erp-core'] },
    true,
    'repository is acme/api, acme/erp-core (asked: matching acme/erp-*)',
  ],
  [
    '{ repository: { matches: ["x/*", "y/*"] } }',
    { repository: ['z/a'] },
    false,
    'repository is z/a (asked: matching x/* or y/*)',
  ],
  // What is unknown equals nothing, and differs from nothing.
  ['{ secret.class: static }', {}, false, 'secret.class is unknown (asked: static)'],
  ['{ secret.class: { ne: static } }', {}, false, 'secret.class is unknown (asked: not static)'],
  ['{ secret.class: { not_in: [static] } }', {}, false, 'secret.class is unknown (asked: not static)'],
  ['{ sharing.score: { lt: 5 } }', {}, false, 'sharing.score is unknown (asked: < 5)'],
  ['{ path: { matches: "**" } }', {}, false, 'path is unknown (asked: matching **)'],
  ['{ secret.class: { unknown: true } }', {}, true, 'secret.class is unknown (asked: unknown)'],
  ['{ secret.class: { unknown: false } }', {}, false, 'secret.class is unknown (asked: known)'],
  [
    '{ secret.class: { unknown: false } }',
    { 'secret.class': 'static' },
    true,
    'secret.class is static (asked: known)',
  ],
  // The comparison is false, so that its opposite is true.
  ['{ not: { secret.class: static } }', {}, true, 'not (secret.class is unknown (asked: static))'],
  [
    '{ not: { secret.class: { ne: static } } }',
    {},
    true,
    'not (secret.class is unknown (asked: not static))',
  ],
  [
    '{ not: { secret.class: { unknown: true } } }',
    {},
    false,
    'not (secret.class is unknown (asked: unknown))',
  ],
  // What is stale is unknown, and says so.
  [
    '{ secret.class: static }',
    { 'secret.class': 'stale' },
    false,
    'secret.class is unknown (stale) (asked: static)',
  ],
  [
    '{ secret.class: { unknown: true } }',
    { 'secret.class': 'stale' },
    true,
    'secret.class is unknown (stale) (asked: unknown)',
  ],
  [
    '{ secret.class: { stale: true } }',
    { 'secret.class': 'stale' },
    true,
    'secret.class is unknown (stale) (asked: stale)',
  ],
  ['{ secret.class: { stale: true } }', {}, false, 'secret.class is unknown (asked: stale)'],
  ['{ secret.class: { stale: false } }', {}, true, 'secret.class is unknown (asked: not stale)'],
  // Combined: the deciding part is told.
  [
    '{ owner.known: true, secret.class: static }',
    { 'owner.known': true },
    false,
    'secret.class is unknown (asked: static)',
  ],
  [
    '{ all: [{ owner.known: true }, { secret.class: static }] }',
    { 'owner.known': false },
    false,
    'owner.known is false (asked: true)',
  ],
  [
    '{ any: [{ owner.known: false }, { owner.status: left }] }',
    { 'owner.status': 'left' },
    true,
    'owner.status is left (asked: left)',
  ],
  [
    '{ any: [{ owner.known: false }, { owner.status: left }] }',
    { 'owner.known': true },
    false,
    'owner.known is true (asked: false) and owner.status is unknown (asked: left)',
  ],
  [
    '{ owner.known: true, not: { owner.status: left } }',
    { 'owner.known': true, 'owner.status': 'active' },
    true,
    'owner.known is true (asked: true) and not (owner.status is active (asked: left))',
  ],
];

describe('what is known in part', () => {
  const outcomeOf = (test: Comparison, field: FieldName, values: readonly Scalar[]): boolean =>
    evaluate({ type: 'field', field, test, at: { line: 1, column: 1 } }, () => ({
      values,
      stale: false,
      isAtLeast: true,
    })).holds;

  it('proves that a number is large, and nothing else', () => {
    const proves = (op: 'gt' | 'gte' | 'lt' | 'lte'): boolean =>
      outcomeOf({ op, value: op.startsWith('g') ? 2 : 9 }, 'consumers.count', [3]);
    expect([proves('gt'), proves('gte'), proves('lt'), proves('lte')]).toEqual([true, true, false, false]);
    expect(outcomeOf({ op: 'is', values: [3] }, 'consumers.count', [3])).toBe(false);
    expect(outcomeOf({ op: 'is-not', values: [2] }, 'consumers.count', [3])).toBe(false);
  });

  it('proves that a set holds something, and never that it does not', () => {
    expect(outcomeOf({ op: 'is', values: ['ci'] }, 'consumers.kinds', ['ci'])).toBe(true);
    expect(outcomeOf({ op: 'matches', globs: [parseGlob('c*')] }, 'consumers.kinds', ['ci'])).toBe(true);
    expect(outcomeOf({ op: 'is-not', values: ['agent'] }, 'consumers.kinds', ['ci'])).toBe(false);
  });
});

describe('condition', () => {
  it.each(table)('%s with %j: %s', (when, facts, holds, why) => {
    expect(outcome(when, facts)).toEqual({ holds, why });
  });
});
