import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FieldName, fieldNames, fieldSorts } from '../../../../src/rotation/policy/fields.js';
import type { Scalar } from '../../../../src/rotation/policy/seen.js';
import { decideFacts, defaultPolicy, type FactsGiven, policyOf } from '../../../support/policy-builder.js';

const policy = defaultPolicy();

describe('requirements of the default policy', () => {
  it.each<readonly [name: string, facts: FactsGiven, asked: object]>([
    [
      'prod-approval',
      { 'environment.highest': 'prod', 'priority.band': 'critical', 'secret.class': 'ephemeral' },
      { approvals: [{ role: 'owner', count: 1, not: ['executor'], by: 'prod-approval' }], gates: [] },
    ],
    ['nothing below high', { 'environment.highest': 'prod', 'priority.band': 'medium' }, { approvals: [] }],
    [
      'nothing outside of production',
      { 'environment.highest': 'staging', 'priority.band': 'high' },
      { approvals: [] },
    ],
    [
      'admin-two',
      { 'identity.privilege': 'admin' },
      {
        approvals: [
          { role: 'owner', count: 1, not: [], by: 'admin-two' },
          { role: 'security', count: 1, not: [], by: 'admin-two' },
        ],
      },
    ],
    [
      'the stricter of both',
      { 'identity.privilege': 'admin', 'environment.highest': 'prod', 'priority.band': 'high' },
      {
        approvals: [
          { role: 'owner', count: 1, not: ['executor'], by: 'admin-two, prod-approval' },
          { role: 'security', count: 1, not: [], by: 'admin-two' },
        ],
      },
    ],
    [
      'gates-service',
      { 'consumers.kinds': ['service'] },
      { gates: ['auth_success', 'error_rate', 'old_use_zero'] },
    ],
    ['gates-queue', { 'consumers.kinds': ['batch'] }, { gates: ['next_run_ok', 'queue_health'] }],
    ['gates-ci', { 'consumers.kinds': ['ci'] }, { gates: ['pipeline_green'] }],
    ['gates-agent', { 'consumers.kinds': ['agent'] }, { gates: ['agent_paused', 'agent_resumed_ok'] }],
    [
      'gates of all that use it',
      { 'consumers.kinds': ['agent', 'ci'] },
      { gates: ['agent_paused', 'agent_resumed_ok', 'pipeline_green'] },
    ],
    [
      'max-age-prod',
      { 'environment.highest': 'prod', 'secret.class': 'static' },
      { maxAgeMs: 90 * 86_400_000 },
    ],
  ])('%s', (_, facts, asked) => {
    expect(decideFacts(policy, facts)).toMatchObject(asked);
  });

  it('ask for no age of what renews itself', () => {
    const decision = decideFacts(policy, { 'environment.highest': 'prod', 'secret.class': 'renewable' });
    expect(decision).not.toHaveProperty('maxAgeMs');
  });
});

describe('of two demands', () => {
  const demands = policyOf(`version: 1
settings: { overlap: 6h, soak: 12h }
rules:
  - { id: short, when: { secret.class: static }, then: { strategy: staged-dual, reason: r, deadline: 1d, overlap: 1h, soak: 2h, note: n } }
  - { id: rest, when: {}, then: { strategy: manual, reason: r, deadline: 9d } }
requirements:
  - { id: b, when: {}, require: { approvals: [{ role: owner, count: 1, not: [introducer] }], deadline: 5d, max_age: 30d, window: "Tue-Thu 09:00-16:00 UTC", freeze: 2026-12-24, gates: [error_rate] } }
  - { id: a, when: {}, require: { approvals: [{ role: owner, count: 2, not: [executor] }], deadline: 7d, max_age: 20d, window: ["Mon-Wed 09:00-16:00 UTC", "Tue-Thu 09:00-16:00 UTC"], freeze: 2026-12-31, gates: [error_rate, auth_success] } }
`);

  it('the stricter holds, whichever stands first', () => {
    expect(decideFacts(demands, {})).toMatchObject({
      rule: 'rest',
      deadlineMs: 5 * 86_400_000,
      overlapMs: 6 * 3_600_000,
      soakMs: 12 * 3_600_000,
      maxAgeMs: 20 * 86_400_000,
      approvals: [{ role: 'owner', count: 2, not: ['executor', 'introducer'], by: 'a, b' }],
      gates: ['auth_success', 'error_rate'],
      windows: ['Mon-Wed 09:00-16:00 UTC', 'Tue-Thu 09:00-16:00 UTC'],
      freezes: ['2026-12-24', '2026-12-31'],
    });
  });

  it('a rule may set a shorter deadline, and its own overlap and soak', () => {
    expect(decideFacts(demands, { 'secret.class': 'static' })).toMatchObject({
      deadlineMs: 86_400_000,
      overlapMs: 3_600_000,
      soakMs: 7_200_000,
      note: 'n',
    });
  });
});

/** One fact of each field, or that it is unknown or stale. */
function factOf(name: FieldName): fc.Arbitrary<Scalar | readonly Scalar[]> {
  const sort = fieldSorts[name];
  const nobody = fc.constantFrom('unknown', 'stale');
  switch (sort.type) {
    case 'choice':
      return sort.isSet === true
        ? fc.oneof(nobody, fc.subarray([...sort.words]))
        : fc.oneof(nobody, fc.constantFrom(...sort.words));
    case 'text':
      return sort.isSet === true
        ? fc.oneof(nobody, fc.subarray(['prod', 'staging', 'dev']))
        : fc.oneof(nobody, fc.constantFrom('prod', 'staging', 'dev'));
    case 'flag':
      return fc.oneof(nobody, fc.boolean());
    default:
      return fc.oneof(nobody, fc.integer({ min: 0, max: 10 }));
  }
}
const anyFacts = fc.record(
  Object.fromEntries(fieldNames.map((name) => [name, factOf(name)])),
) as fc.Arbitrary<FactsGiven>;

/** Not settled by the rules that stand before containment. */
const contained: FactsGiven = {
  'secret.publishable': false,
  'secret.liveness': 'live',
  'secret.lapsed': 'no',
  'exception.active': false,
  'secret.belongs_to': 'own',
  'secret.confidence': 'high',
};

describe('how the default policy settles what contradicts', () => {
  it('decides the same of the same facts, and ends its trace with the rule that decided', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const decision = decideFacts(policy, facts);
        expect(decideFacts(defaultPolicy(), facts)).toEqual(decision);
        expect(decision.trace.at(-1)).toMatchObject({ rule: decision.rule, matched: true });
        expect(decision.trace.slice(0, -1).some(({ matched }) => matched)).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  it('1: what was public is contained, whatever is not known', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const decision = decideFacts(policy, { ...facts, ...contained, 'exposure.public_ever': true });
        expect(decision).toMatchObject({ rule: 'public', strategy: 'emergency', deadlineMs: 3_600_000 });
      }),
    );
  });

  it('2: what was not public is never revoked at once for want of knowledge', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const decision = decideFacts(policy, {
          ...facts,
          ...contained,
          'exposure.public_ever': false,
          'exposure.level': 'internal-human',
          'identity.status': 'active',
        });
        expect(['emergency', 'revoke-only', 'purge-only', 'none']).not.toContain(decision.strategy);
        if (decision.strategy === 'automatic') {
          expect(facts).toMatchObject({ 'owner.known': true, 'consumers.coverage': 'attested' });
          expect(facts['provider.overlap']).toBe('yes');
        }
      }),
      { numRuns: 500 },
    );
  });

  it('4: what is public and shared is contained, and split after that', () => {
    const shared: FactsGiven = { ...contained, 'exposure.public_ever': true, 'consumers.agents': 2 };
    const decision = decideFacts(policy, shared);
    expect(decision).toMatchObject({ strategy: 'emergency', stepsAdd: ['split'] });
    expect(decision.note).toContain('rule shared-agents matches as well');
    expect(decideFacts(policy, { ...shared, 'consumers.agents': 1 })).toMatchObject({ stepsAdd: [] });
  });
});
