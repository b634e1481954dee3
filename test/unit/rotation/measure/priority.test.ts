import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Resolved } from '../../../../src/rotation/dossier.js';
import type { FactConfidence, FactValue } from '../../../../src/rotation/fact.js';
import { choose, unknown } from '../../../../src/rotation/facts/choose.js';
import { environmentRanks } from '../../../../src/rotation/measure/environments.js';
import { bandOf, type PriorityInput, priorityOf } from '../../../../src/rotation/measure/priority.js';
import { daysAgo, factOf } from '../../../support/exposure-builder.js';

function known<T extends FactValue>(value: T, confidence: FactConfidence = 'strong'): Resolved<T> {
  return choose<T>([factOf({ type: 'secret', fingerprint: 'f' }, 'a', value, { confidence })]);
}

const sharing = (score: number): PriorityInput['sharing'] => ({
  score,
  sum: score,
  terms: [],
  name: 'spread',
});

const nothingKnown: PriorityInput = {
  exposureLevel: 'internal-head',
  audience: 'internal',
  publicEver: false,
  privilege: unknown(),
  class: unknown(),
  expiresAt: unknown(),
  environments: [],
  sharing: sharing(10),
  age: { days: 0, isLowerBound: true },
  owner: unknown(),
  liveness: unknown(),
  lapsed: unknown(),
  publishable: false,
  isLongLived: false,
  isTestOnly: false,
  isKeyOfOthers: false,
  rankOf: environmentRanks([]),
};

const left = { id: 'jo', type: 'person', emails: [], handles: [], status: 'left' } as const;

describe('priority', () => {
  it('scenario 43: of the worked example is 68, high, from the terms that it prints', () => {
    const priority = priorityOf({
      ...nothingKnown,
      exposureLevel: 'internal-human',
      privilege: known('write'),
      class: known('static'),
      environments: ['prod', 'staging'],
      sharing: sharing(51),
      age: { days: 412, isLowerBound: true },
      owner: known('team-payments', 'asserted'),
    });
    expect(priority.terms.map(({ name, points }) => [name, points])).toEqual([
      ['exposure', 15],
      ['privilege', 15],
      ['lifetime', 15],
      ['environment', 10],
      ['sharing', 5],
      ['age', 5],
      ['ownership', 0],
      ['liveness', 3],
    ]);
    expect(priority).toMatchObject({ sum: 68, score: 68, band: 'high' });
    expect(priority.terms[5]?.why).toBe('>= 412 d');
  });

  it('counts what is unknown as neither the best nor the worst', () => {
    const { terms } = priorityOf(nothingKnown);
    expect(Object.fromEntries(terms.map(({ name, points }) => [name, points]))).toMatchObject({
      privilege: 10,
      lifetime: 12,
      environment: 6,
      ownership: 5,
      liveness: 3,
    });
  });

  it('says that an unknown audience may be wider', () => {
    const [exposure] = priorityOf({ ...nothingKnown, audience: 'unknown' }).terms;
    expect(exposure).toEqual({
      name: 'exposure',
      points: 14,
      why: 'at least internal-head, audience unknown',
    });
  });

  it.each([
    ['asserted', 0],
    ['strong', 0],
    ['probable', 2],
    ['weak', 3],
  ] as const)('an owner that is %s costs %i', (confidence, points) => {
    const { terms } = priorityOf({ ...nothingKnown, owner: known('a', confidence) });
    expect(terms[6]?.points).toBe(points);
  });

  it('an owner who left is none', () => {
    expect(
      priorityOf({ ...nothingKnown, owner: known('jo', 'asserted'), ownerParty: left }).terms[6]?.points,
    ).toBe(5);
  });

  it.each([
    [366, 5],
    [365, 4],
    [181, 4],
    [91, 3],
    [31, 2],
    [30, 1],
  ])('%i days are %i points', (days, points) => {
    expect(priorityOf({ ...nothingKnown, age: { days, isLowerBound: false } }).terms[5]?.points).toBe(points);
  });

  it('an extra environment ranks as declared', () => {
    const rankOf = environmentRanks([{ name: 'live-eu', rank: 60, match: [] }]);
    expect(priorityOf({ ...nothingKnown, environments: ['live-eu'], rankOf }).terms[3]?.points).toBe(10);
  });

  describe('floors', () => {
    const publicInput = {
      ...nothingKnown,
      exposureLevel: 'public-history',
      audience: 'public',
      publicEver: true,
    } as const;

    it('public and static is at least 85', () => {
      expect(priorityOf({ ...publicInput, class: known('static') })).toMatchObject({
        score: 85,
        adjusted: 'floor public-static 85',
        band: 'critical',
      });
    });

    it('public and of unknown class as well', () => {
      expect(priorityOf(publicInput).score).toBe(85);
    });

    it('the highest applies', () => {
      const input = { ...publicInput, isKeyOfOthers: true };
      expect(priorityOf(input).score).toBe(90);
      expect(priorityOf({ ...input, liveness: known('live') }).score).toBe(95);
    });

    it('none for what ends by itself', () => {
      expect(priorityOf({ ...publicInput, class: known('ephemeral') }).adjusted).toBeUndefined();
    });

    it('scenario 30: a cap is stronger', () => {
      expect(priorityOf({ ...publicInput, liveness: known('dead') })).toMatchObject({
        score: 5,
        adjusted: 'cap dead 5',
      });
    });
  });

  it('the lowest cap applies', () => {
    const input = { ...nothingKnown, isTestOnly: true };
    expect(priorityOf(input).score).toBe(15);
    expect(priorityOf({ ...input, lapsed: known('yes') }).score).toBe(10);
    expect(priorityOf({ ...input, lapsed: known('yes'), publishable: true }).score).toBe(5);
  });

  it.each([
    [80, 'critical'],
    [79, 'high'],
    [60, 'high'],
    [59, 'medium'],
    [40, 'medium'],
    [39, 'low'],
    [20, 'low'],
    [19, 'info'],
  ] as const)('%i is %s', (score, band) => {
    expect(bandOf(score)).toBe(band);
  });

  it('scenario 43: terms add up, and what was done to the sum is told', () => {
    const maybe = <T extends FactValue>(...values: readonly T[]): fc.Arbitrary<Resolved<T>> =>
      fc
        .option(fc.constantFrom(...values), { nil: undefined })
        .map((value) => (value === undefined ? unknown<T>() : known(value)));
    const input: fc.Arbitrary<PriorityInput> = fc.record({
      exposureLevel: fc.constantFrom(
        'public-present',
        'public-history',
        'external',
        'internal-human',
        'internal-head',
        'internal-history',
        'vault-only',
      ),
      audience: fc.constantFrom('public', 'external', 'internal', 'restricted', 'unknown'),
      publicEver: fc.boolean(),
      privilege: maybe('admin', 'write', 'read', 'none', 'unknown'),
      class: maybe('static', 'renewable', 'ephemeral', 'unknown'),
      expiresAt: maybe(daysAgo(-5)),
      environments: fc.subarray(['prod', 'dr', 'other', 'staging', 'test', 'local']),
      sharing: fc.integer({ min: 0, max: 100 }).map(sharing),
      age: fc.record({ days: fc.nat(2000), isLowerBound: fc.boolean() }),
      owner: maybe('a'),
      liveness: maybe('live', 'dead'),
      lapsed: maybe('yes', 'no'),
      publishable: fc.boolean(),
      isLongLived: fc.boolean(),
      isTestOnly: fc.boolean(),
      isKeyOfOthers: fc.boolean(),
      rankOf: fc.constant(environmentRanks([])),
    });
    fc.assert(
      fc.property(input, (drawn) => {
        const { terms, sum, score, adjusted } = priorityOf(drawn);
        expect(terms.reduce((total, { points }) => total + points, 0)).toBe(sum);
        expect(sum).toBeGreaterThanOrEqual(0);
        expect(sum).toBeLessThanOrEqual(100);
        if (score === sum) expect(adjusted).toBeUndefined();
        else expect(adjusted).toMatch(new RegExp(`^(?:cap|floor) \\S+ ${score}$`));
      }),
    );
  });
});
