/** The new value must stand nowhere, be new, and be no wider than the old one. */
import { describe, expect, test } from 'vitest';
import type { Exposure } from '../../../../src/model/exposure.js';
import type { Dossier } from '../../../../src/rotation/dossier.js';
import { checkSuccessor, type SuccessorInput } from '../../../../src/rotation/verify/successor.js';
import {
  chatLocation,
  commitOf,
  fileLocation,
  fingerprintOf,
  headLocation,
  historyLocation,
  secretOf,
  ticketLocation,
} from '../../../support/exposure-builder.js';
import { dossiersOf } from '../../../support/planning.js';

const slot = { slot: 'TOKEN' };
const oldSecret = secretOf('old', {
  locations: [historyLocation('acme/api', '.env', slot)],
  aliases: [
    { domain: 'hex', fingerprint: fingerprintOf('old in hex') },
    { domain: 'url', fingerprint: fingerprintOf('old in a url') },
  ],
});

/** Dossiers of the old value, and of the new one where a scan met it. */
function found(
  next?: Exposure,
  change: Partial<Dossier> = {},
  changeOld: Partial<Dossier> = {},
): SuccessorInput {
  const dossiers = dossiersOf(next === undefined ? [oldSecret] : [oldSecret, next]);
  const of = (name: string) => dossiers.find(({ fingerprint }) => fingerprint === fingerprintOf(name));
  const [old, own] = [of('old'), of('next')];
  if (old === undefined) throw new TypeError('no dossier of the old value');
  return {
    predecessor: { ...old, ...changeOld },
    successor: fingerprintOf('next'),
    plannedAt: '2026-06-01T00:00:00Z',
    ...(own === undefined ? {} : { dossier: { ...own, ...change } }),
    otherPlans: [],
    vaultPaths: [],
    scopesOf: () => [],
  };
}
const codes = (input: SuccessorInput): string[] => checkSuccessor(input).map(({ code }) => code);
const after = commitOf('after', { daysAgo: 30 });
const beforePlan = commitOf('before', { daysAgo: 300 });

test('a value that no scan met is as it should be', () => {
  expect(codes(found())).toEqual([]);
  expect(codes(found(secretOf('next', { locations: [] })))).toEqual([]);
  const gone = headLocation('acme/api', '.env', { ...slot, status: { status: 'vanished' } });
  expect(codes(found(secretOf('next', { locations: [gone] })))).toEqual([]);
});

test('the old value, under any of its fingerprints, is no new one', () => {
  expect(codes({ ...found(), successor: fingerprintOf('old') })).toEqual(['NOT_ROTATED']);
  expect(codes({ ...found(), successor: fingerprintOf('old in hex') })).toEqual(['NOT_ROTATED']);
  const [finding] = checkSuccessor({ ...found(), successor: fingerprintOf('old'), otherPlans: ['a'] });
  expect(finding).toMatchObject({ code: 'NOT_ROTATED', isEmergency: false, copies: [] });
});

describe('where it stands', () => {
  test('in the old slot it is hard-coded again, elsewhere it is outside of the vault', () => {
    const inSlot = headLocation('acme/api', '.env', { ...slot, introduced: after });
    const other = headLocation('acme/api', 'other.env', { ...slot, introduced: after });
    const unnamed = fileLocation('share', 'x', { firstSeen: '2026-11-01T00:00:00Z' });
    const input = found(secretOf('next', { locations: [inSlot, other, unnamed] }));
    expect(codes(input)).toEqual(['ROTATED_IN_PLACE', 'NEW_VALUE_FOUND']);
    const [place, elsewhere] = checkSuccessor(input);
    expect(place?.copies.map(({ appearance }) => 'path' in appearance && appearance.path?.text)).toEqual([
      '.env',
    ]);
    expect(elsewhere?.copies).toHaveLength(2);
    expect([place, elsewhere].some((finding) => finding?.isEmergency)).toBe(false);
    expect(codes(found(secretOf('next', { locations: [inSlot] })))).toEqual(['ROTATED_IN_PLACE']);
    expect(codes(found(secretOf('next', { locations: [other] })))).toEqual(['NEW_VALUE_FOUND']);
  });

  test('where people read it, it is exposed and needs a plan of its own', () => {
    for (const draft of [chatLocation('#ops', '17'), ticketLocation('PAY', '881')]) {
      const [finding, ...others] = checkSuccessor(found(secretOf('next', { locations: [draft] })));
      expect(finding).toMatchObject({ code: 'NEW_VALUE_EXPOSED', isEmergency: true });
      expect(finding?.copies).toHaveLength(1);
      expect(others).toEqual([]);
    }
  });
});

describe('whether it is new', () => {
  const other = (introduced: typeof after) => headLocation('acme/web', 'deploy.env', { introduced });

  test('a value in use before the plan is none', () => {
    expect(codes(found(secretOf('next', { locations: [other(beforePlan)] })))).toEqual([
      'REUSED_VALUE',
      'NEW_VALUE_FOUND',
    ]);
    expect(codes(found(secretOf('next', { locations: [other(after)] })))).toEqual(['NEW_VALUE_FOUND']);
    const seen = (firstSeen: string) =>
      codes(found(secretOf('next', { locations: [fileLocation('share', 'x', { firstSeen })] })));
    expect(seen('2026-05-01T00:00:00Z')).toEqual(['REUSED_VALUE', 'NEW_VALUE_FOUND']);
    expect(seen('2026-07-01T00:00:00Z')).toEqual(['NEW_VALUE_FOUND']);
    const early = chatLocation('#ops', '17', { record: { created: '2026-01-01T00:00:00Z' } });
    expect(codes(found(secretOf('next', { locations: [early] })))).toEqual(['NEW_VALUE_EXPOSED']);
    const record = (created: string | undefined, firstSeen: string) => {
      const draft = chatLocation('run', '1', {
        firstSeen,
        record: { created, locationKind: 'log' } as never,
      });
      return codes(found(secretOf('next', { locations: [{ ...draft, system: 'ci-log' }] })));
    };
    expect(record('2026-01-01T00:00:00Z', '2026-07-01T00:00:00Z')).toContain('REUSED_VALUE');
    expect(record('2026-07-01T00:00:00Z', '2026-01-01T00:00:00Z')).not.toContain('REUSED_VALUE');
    expect(record(undefined, '2026-01-01T00:00:00Z')).toContain('REUSED_VALUE');
  });

  test('nor is one that another plan took, or that several vault paths hold', () => {
    const plans = checkSuccessor({ ...found(), otherPlans: ['aaaabbbbcccc'] });
    expect(plans).toMatchObject([{ code: 'REUSED_VALUE', text: expect.stringContaining('aaaabbbbcccc') }]);
    const vaulted = checkSuccessor({ ...found(), vaultPaths: ['kv/a#x', 'kv/b#x'] });
    expect(vaulted).toMatchObject([
      { code: 'REUSED_VALUE', text: 'several vault paths hold it: kv/a#x, kv/b#x' },
    ]);
    expect(codes({ ...found(), vaultPaths: ['kv/a#x'] })).toEqual([]);
  });
});

describe('whether it is wider', () => {
  const next = secretOf('next', { locations: [] });
  const fact = <T>(value: T | undefined) => ({ value, losers: [], conflict: false, stale: false });
  const life = (issued: string | undefined, expires: string | undefined): Partial<Dossier> => ({
    issuedAt: fact(issued),
    expiresAt: fact(expires),
    conditions: [],
  });
  const month = life('2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z');
  const year = life('2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z');

  test('in time', () => {
    expect(codes(found(next, year, month))).toEqual(['ROTATION_WIDENED']);
    expect(checkSuccessor(found(next, year, month))[0]?.text).toContain(
      'lives 365 days, the old one lived 31',
    );
    expect(codes(found(next, month, year))).toEqual([]);
    expect(codes(found(next, month, month))).toEqual([]);
    const endless = { ...life(undefined, undefined), conditions: ['NO_EXPIRY'] };
    expect(codes(found(next, endless, month))).toEqual(['ROTATION_WIDENED']);
    expect(codes(found(next, { ...endless, conditions: [] }, month))).toEqual([]);
    expect(codes(found(next, endless, life(undefined, undefined)))).toEqual([]);
    expect(codes(found(next, year, life('2026-01-01T00:00:00Z', undefined)))).toEqual([]);
    expect(codes(found(next, year, life(undefined, '2026-02-01T00:00:00Z')))).toEqual([]);
  });

  test('in privilege, where both are known', () => {
    const may = (old: string | undefined, now: string | undefined): string[] =>
      codes(found(next, { privilege: fact(now) } as never, { privilege: fact(old) } as never));
    expect(may('read', 'write')).toEqual(['ROTATION_WIDENED']);
    const [wider] = checkSuccessor(
      found(next, { privilege: fact('write') } as never, { privilege: fact('read') } as never),
    );
    expect(wider?.text).toBe('it may write, the old one might read');
    expect(may('none', 'read')).toEqual(['ROTATION_WIDENED']);
    expect(may('write', 'admin')).toEqual(['ROTATION_WIDENED']);
    expect(may('write', 'write')).toEqual([]);
    expect(may('admin', 'read')).toEqual([]);
    expect(may(undefined, 'admin')).toEqual([]);
    expect(may('unknown', 'admin')).toEqual([]);
    expect(may('read', undefined)).toEqual([]);
    expect(may('read', 'unknown')).toEqual([]);
  });

  test('in scopes, where those of the old one are known', () => {
    const scopes = (old: readonly string[], now: readonly string[]): string[] =>
      checkSuccessor({
        ...found(),
        scopesOf: (fingerprint) => (fingerprint === fingerprintOf('old') ? old : now),
      }).map(({ text }) => text);
    expect(scopes(['repo'], ['workflow', 'repo', 'admin'])).toEqual([
      'it has scopes that the old one had not: admin, workflow',
    ]);
    expect(scopes(['repo', 'admin'], ['repo'])).toEqual([]);
    expect(scopes([], ['repo'])).toEqual([]);
  });
});
