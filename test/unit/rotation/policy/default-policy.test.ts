import { describe, expect, it } from 'vitest';
import { decideFacts, defaultPolicy, type FactsGiven } from '../../../support/policy-builder.js';

const policy = defaultPolicy();

/** Everything known and nothing in the way: what the last rules need. */
const settled: FactsGiven = {
  'secret.publishable': false,
  'secret.liveness': 'unknown',
  'secret.lapsed': 'no',
  'secret.class': 'static',
  'secret.confidence': 'high',
  'exception.active': false,
  'exposure.public_ever': false,
  'exposure.level': 'internal-head',
  'identity.status': 'active',
  'graph.in_cycle': false,
  'environment.set': ['prod'],
  'environment.highest': 'prod',
  'environment.count': 1,
  'consumers.agents': 0,
  'consumers.third_party': 0,
  'consumers.shipped': 0,
  'consumers.coverage': 'attested',
  'owner.known': true,
  'owner.status': 'active',
  'provider.overlap': 'yes',
  'readiness.score': 7,
};

/** Each line changes one thing of the line's base; later rules must not be needed for it. */
const cases: readonly (readonly [rule: string, strategy: string, facts: FactsGiven])[] = [
  ['publishable', 'none', { 'secret.publishable': true, 'secret.liveness': 'dead' }],
  ['dead', 'purge-only', { 'secret.liveness': 'dead', 'exception.active': true }],
  ['dead', 'purge-only', { 'secret.lapsed': 'yes' }],
  ['excepted', 'none', { 'exception.active': true, 'secret.belongs_to': 'other-organisation' }],
  ['foreign', 'notify', { 'secret.belongs_to': 'other-organisation', 'secret.confidence': 'low' }],
  ['triage', 'manual', { 'secret.confidence': 'low', 'exposure.public_ever': true }],
  ['public', 'emergency', { 'exposure.public_ever': true, 'identity.status': 'retired' }],
  [
    'live-external',
    'emergency',
    { 'exposure.level': 'external', 'secret.liveness': 'live', 'identity.status': 'retired' },
  ],
  [
    'retired',
    'revoke-only',
    { 'identity.status': 'retired', 'graph.in_cycle': true, 'provider.overlap': 'no' },
  ],
  ['cycle', 'manual', { 'graph.in_cycle': true, 'provider.overlap': 'no', 'environment.count': 2 }],
  [
    'shared-envs',
    'split-first',
    { 'environment.count': 2, 'environment.set': ['prod', 'staging'], 'consumers.agents': 3 },
  ],
  ['shared-agents', 'split-first', { 'consumers.agents': 2, 'owner.known': false }],
  ['owner-missing', 'manual', { 'owner.known': false, 'consumers.coverage': 'none' }],
  ['owner-missing', 'manual', { 'owner.status': 'left' }],
  ['consumers-missing-dual', 'staged-dual', { 'consumers.coverage': 'derived', 'consumers.third_party': 1 }],
  ['third-party', 'manual', { 'consumers.third_party': 1, 'provider.overlap': 'unknown' }],
  ['third-party', 'manual', { 'consumers.shipped': 1 }],
  ['overlap-unknown', 'manual', { 'provider.overlap': 'unknown' }],
  ['overlap-unknown', 'manual', { 'provider.overlap': 'stale' }],
  [
    'no-overlap',
    'staged-cutover',
    { 'provider.overlap': 'no', 'identity.workload_identity_available': 'yes' },
  ],
  ['no-overlap', 'staged-cutover', { 'provider.overlap': 'not-applicable' }],
  ['prefer-identity', 'staged-dual', { 'identity.workload_identity_available': 'yes' }],
  [
    'prefer-identity',
    'staged-dual',
    { 'identity.workload_identity_available': 'yes', 'secret.class': 'unknown' },
  ],
  ['routine', 'automatic', {}],
  ['otherwise', 'manual', { 'readiness.score': 6 }],
];

describe('default policy', () => {
  it.each(cases)('rule %s gives %s', (rule, strategy, facts) => {
    expect(decideFacts(policy, { ...settled, ...facts })).toMatchObject({ rule, strategy });
  });

  it('has a case for every rule', () => {
    expect(new Set(cases.map(([rule]) => rule))).toEqual(new Set(policy.rules.map(({ id }) => id)));
  });

  it('scenario 30: public and dead is purged, for the first rule that matches decides', () => {
    const decision = decideFacts(policy, {
      ...settled,
      'exposure.public_ever': true,
      'secret.liveness': 'dead',
    });
    expect(decision).toMatchObject({ rule: 'dead', strategy: 'purge-only' });
    expect(decision.deadlineMs).toBeUndefined();
    expect(decision.trace).toEqual([
      { rule: 'publishable', matched: false, why: 'secret.publishable is false (asked: true)' },
      { rule: 'dead', matched: true, why: 'secret.liveness is dead (asked: dead)' },
    ]);
  });

  it('reads nothing that is unknown as "no": a secret of which nothing is known needs a person', () => {
    expect(decideFacts(policy, {})).toMatchObject({ rule: 'overlap-unknown', strategy: 'manual' });
  });
});
