import { describe, expect, it } from 'vitest';
import {
  derivedColumns,
  lifeMs,
  overlapOf,
  revocationOf,
} from '../../../../src/rotation/facts/provider-columns.js';

const plain = { class: 'static', twoAtOnce: 'yes', revoking: 'now', alsoBreaks: 'nothing known' } as const;

describe('overlap', () => {
  it.each([
    ['yes', { overlap: 'yes' }],
    ['yes 2 (per user)', { overlap: 'yes', slots: 2 }],
    ['grace 2 (168 h at most)', { overlap: 'yes', slots: 2 }],
    ['no (1 per user)', { overlap: 'no' }],
    ['staged (inactive until activated)', { overlap: 'no' }],
    ['n/a', { overlap: 'not-applicable' }],
    ['alt (second role)', { overlap: 'unknown' }],
    ['limited', { overlap: 'unknown' }],
    ['depends (by registry)', { overlap: 'unknown' }],
  ])('%s', (text, expected) => {
    expect(overlapOf(text)).toEqual(expected);
  });

  it('is unknown in doubt, and so is the number', () => {
    expect(overlapOf('yes 2 (?)')).toEqual({ overlap: 'unknown' });
    expect(overlapOf('no (?)')).toEqual({ overlap: 'unknown' });
    expect(overlapOf('grace (?) (24 h at most)')).toEqual({ overlap: 'unknown' });
  });

  it('stays known where only the limit is in doubt', () => {
    expect(overlapOf('yes (limit ?)')).toEqual({ overlap: 'yes' });
  });

  it.each(['maybe', 'yes, several', 'yes2', '', 'toString', 'yes (open'])('refuses %j', (text) => {
    expect(overlapOf(text)).toBeUndefined();
  });
});

describe('revocation', () => {
  it.each([
    ['now, off', { revocation: 'now', reversibleDisable: true }],
    ['now (final)', { revocation: 'now', reversibleDisable: false }],
    ['expiry (fence the signer)', { revocation: 'expiry', reversibleDisable: false }],
    ['grace', { revocation: 'grace', reversibleDisable: false }],
    ['none', { revocation: 'none', reversibleDisable: false }],
    ['now, off (?)', { revocation: 'unknown', reversibleDisable: false }],
  ])('%s', (text, expected) => {
    expect(revocationOf(text)).toEqual(expected);
  });

  it.each(['soon', 'off', 'now,off', ''])('refuses %j', (text) => {
    expect(revocationOf(text)).toBeUndefined();
  });
});

describe('what else breaks', () => {
  it('marks what cascades, belongs to a person, and opens others, by their parts', () => {
    const alsoBreaks = 'queues; derived: sessions; dies with the account; second ring: its contents';
    expect(derivedColumns({ ...plain, alsoBreaks })).toMatchObject({
      cascade: true,
      userBound: true,
      opener: true,
    });
  });

  it('does not take a mention for a mark', () => {
    expect(derivedColumns({ ...plain, alsoBreaks: 'keys derived from it' })).toMatchObject({
      cascade: false,
      userBound: false,
      opener: false,
    });
  });
});

it('a publishable one is static', () => {
  expect(derivedColumns({ ...plain, class: 'publishable' })).toMatchObject({
    class: 'static',
    publishable: true,
  });
  expect(derivedColumns(plain)?.publishable).toBe(false);
});

it('a longest life is a number with its unit', () => {
  expect([lifeMs('90 min'), lifeMs('36 h'), lifeMs('7 d')]).toEqual([5_400_000, 129_600_000, 604_800_000]);
  expect([lifeMs('36h'), lifeMs('1 year'), lifeMs('-1 d')]).toEqual([undefined, undefined, undefined]);
});
