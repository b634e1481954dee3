import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../../src/rotation/fact.js';
import { factConfidences, factOrigins } from '../../../../src/rotation/fact.js';
import { choose } from '../../../../src/rotation/facts/choose.js';
import { factOf } from '../../../support/exposure-builder.js';

const subject = { type: 'secret', fingerprint: 'f' } as const;
const owner = (value: string, overrides: Partial<Fact> = {}): Fact =>
  factOf(subject, 'owner', value, overrides);

describe('choosing a fact', () => {
  it('knows nothing when nobody said anything', () => {
    expect(choose([])).toEqual({ value: undefined, losers: [], conflict: false, stale: false });
  });

  it('believes the origin before the confidence, and keeps the losers', () => {
    const derived = owner('team-b', { confidence: 'strong' });
    const imported = owner('team-a', { origin: 'inventory', confidence: 'weak' });
    expect(choose([derived, imported])).toMatchObject({
      value: 'team-a',
      chosen: imported,
      losers: [derived],
    });
  });

  it('takes a later statement of the same rank as a correction', () => {
    const earlier = owner('jo', {
      origin: 'operator',
      confidence: 'asserted',
      assertedAt: '2026-01-01T00:00:00Z',
    });
    const later = owner('ana', { ...earlier, value: 'ana', assertedAt: '2026-02-01T00:00:00+02:00' });
    expect(choose([earlier, later])).toMatchObject({ value: 'ana', conflict: false });
  });

  it('has no value when two statements of one rank disagree, whatever their rules are', () => {
    const resolved = choose([owner('team-a', { rule: 'O2' }), owner('team-b', { rule: 'O3' })]);
    expect(resolved).toMatchObject({ value: undefined, conflict: true });
    expect(resolved.chosen?.rule).toBe('O2');
    expect(resolved.losers).toHaveLength(1);
  });

  it('sees no conflict in a contradiction of lower rank', () => {
    const resolved = choose([
      owner('team-a'),
      owner('x', { confidence: 'weak' }),
      owner('y', { confidence: 'weak' }),
    ]);
    expect(resolved).toMatchObject({ value: 'team-a', conflict: false });
  });

  describe('stale', () => {
    const stale = owner('team-a', { origin: 'inventory', confidence: 'asserted', stale: true });

    it('reads as unknown even when something fresh of lower rank says otherwise', () => {
      expect(choose([stale, owner('team-b')])).toMatchObject({
        value: undefined,
        stale: true,
        chosen: stale,
      });
    });

    it('is confirmed by something fresh that says the same', () => {
      const fresh = owner('team-a');
      expect(choose([stale, fresh])).toMatchObject({
        value: 'team-a',
        stale: false,
        chosen: fresh,
        losers: [stale],
      });
    });
  });

  it('chooses the same whatever the order of the facts is', () => {
    const arbitrary = fc.record({
      value: fc.constantFrom('a', 'b'),
      origin: fc.constantFrom(...factOrigins),
      confidence: fc.constantFrom(...factConfidences),
      rule: fc.constantFrom('O1', 'O2'),
      stale: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(arbitrary, { maxLength: 6 }), (drafts) => {
        const facts = drafts.map(({ value, ...rest }) => owner(value, rest));
        expect(choose([...facts].reverse())).toEqual(choose(facts));
        expect(choose(facts).losers.length + (facts.length === 0 ? 0 : 1)).toBe(facts.length);
      }),
    );
  });
});
