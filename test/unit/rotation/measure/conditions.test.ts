import { describe, expect, it } from 'vitest';
import { factAttributes, secretSubject } from '../../../../src/rotation/attributes.js';
import { buildDossiers } from '../../../../src/rotation/build-dossier.js';
import type { Consumer, Dossier } from '../../../../src/rotation/dossier.js';
import { choose, unknown } from '../../../../src/rotation/facts/choose.js';
import { type ConditionInput, conditionsOf } from '../../../../src/rotation/measure/conditions.js';
import {
  type ConditionId,
  conditionControls,
  conditionIds,
  controlsOf,
} from '../../../../src/rotation/measure/controls.js';
import {
  chatLocation,
  commitOf,
  daysAgo,
  estateOf,
  factOf,
  fingerprintOf,
  headLocation,
  historyLocation,
  type LocationDraft,
  providerRow,
  secretOf,
  testNow,
} from '../../../support/exposure-builder.js';

const day = 86_400_000;

/** Input of a secret with these copies; nothing else is known of it. */
function inputOf(
  locations: readonly LocationDraft[],
  overrides: Partial<ConditionInput> = {},
): ConditionInput {
  const exposure = secretOf('a', { locations });
  const [dossier] = buildDossiers(estateOf([exposure]), [], new Map(), new Map());
  return {
    ...(dossier as Dossier),
    now: Date.parse(testNow),
    life: { isEndless: false, isLong: false },
    privilegeNeeded: undefined,
    inSlotMs: undefined,
    maxAgeMs: undefined,
    isRotatedInPlace: false,
    isReturned: false,
    hasVaultMap: false,
    ...overrides,
  };
}

const consumer = (kind: Consumer['kind'], overrides: Partial<Consumer> = {}): Consumer => ({
  name: `${kind} one`,
  kind,
  environment: 'prod',
  how: 'literal',
  reload: 'restart',
  runs: 'continuous',
  dependsOn: [],
  acceptsTwo: 'unknown',
  current: 'yes',
  rules: [],
  confidence: 'strong',
  evidence: [],
  ...overrides,
});

const known = <T extends string>(
  attribute: string,
  value: T,
): Dossier['class'] & { readonly value: T | undefined } =>
  choose([factOf(secretSubject(fingerprintOf('a')), attribute, value)]) as never;
const isStatic = known(factAttributes.class, 'static');
const isEphemeral = known(factAttributes.class, 'ephemeral');
const mintedBy = {
  relation: 'mints',
  to: fingerprintOf('b'),
  direction: 'to',
  evidence: '',
  confidence: 'strong',
} as const;
const dead = { liveness: known('liveness', 'dead') as never };
const head = [headLocation('a/b', 'x')];
const principal = (kind: string): Dossier['principal'] => ({ key: 'k', kind, rule: 'r' });
const holds = (id: ConditionId, input: ConditionInput): boolean => conditionsOf(input).includes(id);

describe('conditions', () => {
  it.each<[ConditionId, readonly LocationDraft[], Partial<ConditionInput>]>([
    ['LEAKED_PUBLIC', [headLocation('a/b', 'x', { audience: 'public' })], {}],
    ['LEAKED_INTERNAL', [historyLocation('a/b', 'x')], {}],
    ['HUMAN_COPY', [chatLocation('#ops', '1')], {}],
    ['HUMAN_USE', head, { principal: principal('database-user'), consumers: [consumer('human-tool')] }],
    ['PERSONAL_IN_MACHINE', head, { principal: principal('personal'), consumers: [consumer('ci')] }],
    ['LONG_LIVED', head, { life: { isEndless: false, isLong: true } }],
    ['NO_EXPIRY', head, { life: { isEndless: true, isLong: true } }],
    ['OVERDUE', head, { inSlotMs: 91 * day, maxAgeMs: 90 * day }],
    ['RENEWAL_UNPROVEN', head, { class: isEphemeral }],
    [
      'RENEWAL_UNPROVEN',
      head,
      {
        class: isEphemeral,
        provider: providerRow({ maxTtlMs: day }),
        relations: [mintedBy],
        slots: [
          { id: 's', values: [daysAgo(9), daysAgo(5)].map((first) => ({ fingerprint: first, first })) },
        ],
      },
    ],
    ['CROSS_ENVIRONMENT', head, { environments: ['prod', 'test'] }],
    ['REUSED', head, { consumers: [consumer('service', { name: 'a' }), consumer('service', { name: 'b' })] }],
    ['REUSED', head, { consumers: [consumer('ci', { owner: 'a' }), consumer('batch', { owner: 'b' })] }],
    ['AGENT_SHARED', head, { consumers: [consumer('agent'), consumer('agent', { name: 'two' })] }],
    ['AGENT_STANDING_SECRET', head, { class: isStatic, consumers: [consumer('agent')] }],
    ['OVERPRIVILEGED', head, { privilege: known('privilege', 'admin') as never, privilegeNeeded: 'read' }],
    [
      'CI_STATIC_CLOUD_KEY',
      head,
      { class: isStatic, kind: 'aws-secret-access-key', consumers: [consumer('ci')] },
    ],
    ['WEAK_AUTH_METHOD', head, { provider: providerRow({ id: 'basic-auth' }) }],
    ['THIRD_PARTY_HOLDS', head, { consumers: [consumer('third-party')] }],
    [
      'ORPHAN',
      [historyLocation('a/b', 'x', { removed: commitOf('r', { daysAgo: 91 }) })],
      { consumers: [consumer('service', { current: 'former' })] },
    ],
    [
      'STILL_ACTIVE_AFTER_RETIRE',
      head,
      { principalStatus: known('principal-status', 'retired'), consumers: [consumer('service')] },
    ],
    ['UNVAULTED', head, { hasVaultMap: true }],
    ['DUPLICATED_IN_VAULT', head, { vault: ['a', 'b'] }],
    ['ROTATED_IN_PLACE', head, { isRotatedInPlace: true }],
    ['OLD_VALUE_RETURNED', head, { isReturned: true }],
  ])('%s holds', (id, locations, overrides) => {
    expect(holds(id, inputOf(locations, overrides))).toBe(true);
    expect(holds(id, inputOf(head))).toBe(id === 'LEAKED_INTERNAL');
  });

  it.each<[string, ConditionId, readonly LocationDraft[], Partial<ConditionInput>]>([
    ['what is dead leaks no more', 'LEAKED_PUBLIC', [headLocation('a/b', 'x', { audience: 'public' })], dead],
    [
      'a copy that is gone is none',
      'HUMAN_COPY',
      [chatLocation('#ops', '1', { status: { status: 'vanished' } })],
      {},
    ],
    [
      'whose a secret is is not known',
      'HUMAN_USE',
      head,
      { principal: principal('unknown'), consumers: [consumer('human-tool')] },
    ],
    [
      'what it needs is not known',
      'OVERPRIVILEGED',
      head,
      { privilege: known('privilege', 'admin') as never },
    ],
    [
      'its class is not known',
      'CI_STATIC_CLOUD_KEY',
      head,
      { class: unknown(), kind: 'aws-secret-access-key', consumers: [consumer('ci')] },
    ],
    ['its age is not known', 'OVERDUE', head, { maxAgeMs: day }],
    ['it is not ephemeral', 'RENEWAL_UNPROVEN', head, { class: isStatic }],
    ['something makes it', 'RENEWAL_UNPROVEN', head, { class: isEphemeral, relations: [mintedBy] }],
    [
      'something renews it',
      'RENEWAL_UNPROVEN',
      head,
      {
        class: isEphemeral,
        facts: [factOf(secretSubject(fingerprintOf('a')), factAttributes.autoRenew, 'yes')],
      },
    ],
    ['it is over', 'RENEWAL_UNPROVEN', head, { class: isEphemeral, lapsed: known('lapsed', 'yes') as never }],
    [
      'it was used lately',
      'ORPHAN',
      [historyLocation('a/b', 'x', { removed: commitOf('r', { daysAgo: 10 }) })],
      { consumers: [consumer('service', { current: 'former' })] },
    ],
    [
      'one service in two environments is one',
      'REUSED',
      head,
      { consumers: [consumer('service'), consumer('service', { environment: 'dev' })] },
    ],
    ['public by design needs no vault', 'UNVAULTED', head, { hasVaultMap: true, publishable: true }],
  ])('%s: no %s', (_, id, locations, overrides) => {
    expect(holds(id, inputOf(locations, overrides))).toBe(false);
  });
});

describe('controls', () => {
  it('every condition is evidence for some', () => {
    for (const id of conditionIds) expect(controlsOf([id]).length).toBeGreaterThan(0);
    expect(Object.keys(conditionControls)).toEqual([...conditionIds]);
  });

  it('of several conditions are told once, sorted', () => {
    expect(controlsOf(['NO_EXPIRY', 'LONG_LIVED', 'HUMAN_USE'])).toEqual([
      'NHI10',
      'NHI7',
      'PR.AA-01',
      'PR.AA-05',
    ]);
  });

  it('ends of a vendor have one of their own', () => {
    expect(controlsOf(['OWNER_LEFT'], true)).toContain('GV.SC-10');
    expect(controlsOf(['OWNER_LEFT'])).not.toContain('GV.SC-10');
  });

  it('of what nobody knows are none', () => {
    expect(controlsOf(['toString', 'X'])).toEqual([]);
  });
});
