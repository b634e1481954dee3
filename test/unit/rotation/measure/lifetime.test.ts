import { describe, expect, it } from 'vitest';
import type { Exposure } from '../../../../src/model/exposure.js';
import { factAttributes } from '../../../../src/rotation/attributes.js';
import { sightingDates } from '../../../../src/rotation/derive/sighting-dates.js';
import type { Resolved, SecretRelation } from '../../../../src/rotation/dossier.js';
import { choose, unknown } from '../../../../src/rotation/facts/choose.js';
import type { ProviderRow } from '../../../../src/rotation/facts/provider-table.js';
import type { CredentialClass } from '../../../../src/rotation/imports.js';
import {
  expiryOf,
  isEndless,
  lapsedOf,
  lifeLength,
  lifetimeFacts,
  liveKeyHashes,
} from '../../../../src/rotation/measure/lifetime.js';
import {
  commitOf,
  daysAgo,
  factOf,
  headLocation,
  providerRow,
  type SecretOptions,
  secretOf,
  testNow,
  testSettings,
} from '../../../support/exposure-builder.js';

const now = Date.parse(testNow);
const seconds = (days: number): string => String(Date.parse(daysAgo(days)) / 1000);

interface Life {
  readonly class: Resolved<CredentialClass>;
  readonly expiresAt: Resolved<string>;
  readonly lapsed: Resolved<'yes' | 'no'>;
}

function lifeOf(
  options: SecretOptions,
  extra: { row?: ProviderRow; relations?: SecretRelation[]; others?: Exposure[]; live?: boolean } = {},
): Life {
  const exposure = secretOf('x', options);
  const row = extra.row ?? providerRow();
  const facts = lifetimeFacts(exposure, row, testSettings);
  const named = (attribute: string): typeof facts => facts.filter((fact) => fact.attribute === attribute);
  const credentialClass = choose<CredentialClass>(named(factAttributes.class));
  const expiresAt = expiryOf(named(factAttributes.expires));
  return {
    class: credentialClass,
    expiresAt,
    lapsed: lapsedOf({
      exposure,
      row,
      settings: testSettings,
      now,
      class: credentialClass,
      expiresAt,
      liveness:
        extra.live === true
          ? choose([factOf(facts[0]?.subject ?? { type: 'place', key: '' }, 'liveness', 'live')])
          : unknown(),
      dates: sightingDates(exposure, now),
      relations: extra.relations ?? [],
      liveKeys: liveKeyHashes(extra.others ?? [], now),
    }),
  };
}

const relation = (name: string): SecretRelation => ({
  relation: name,
  to: 'other',
  direction: 'to',
  evidence: '',
  confidence: 'strong',
});

describe('lifetime of a token', () => {
  const jwt = (issued: number, expires: number): SecretOptions => ({
    attributes: { 'jwt-iss': 'i', 'jwt-iat': seconds(issued), 'jwt-exp': seconds(expires) },
  });

  it('is ephemeral when it ends within a day of its issue', () => {
    expect(lifeOf(jwt(1, 0.5)).class.value).toBe('ephemeral');
  });

  it('of ten years is static with an expiry', () => {
    const life = lifeOf(jwt(10, -3650));
    expect([life.class.value, life.expiresAt.value, life.lapsed.value]).toEqual([
      'static',
      daysAgo(-3650),
      'no',
    ]);
  });

  it('without exp never ends', () => {
    const life = lifeOf({ attributes: { 'jwt-iss': 'i' } });
    expect([life.class.value, isEndless(life.expiresAt), life.lapsed.value]).toEqual(['static', true, 'no']);
  });

  it('with dates that no calendar has says nothing, and nothing breaks', () => {
    expect(lifeOf({ attributes: { 'jwt-exp': '9999999999999999' } }).expiresAt.value).toBeUndefined();
  });

  it('scenario 9: that ended last year is lapsed', () => {
    expect(lifeOf(jwt(400, 370)).lapsed).toMatchObject({
      value: 'yes',
      chosen: { rule: 'L7', confidence: 'strong' },
    });
  });

  it('scenario 9: is not lapsed while what signs it is exposed', () => {
    expect(lifeOf(jwt(400, 370), { relations: [relation('signs')] }).lapsed.value).toBe('no');
  });

  it('that somebody saw work is not lapsed', () => {
    expect(lifeOf(jwt(400, 370), { live: true }).lapsed.value).toBe('no');
  });
});

describe('lifetime of a certificate', () => {
  const key = (date: string): SecretOptions => ({
    attributes: { 'public-key-sha256': 'ab', 'x509-not-before': daysAgo(500), 'x509-not-after': date },
  });

  it('that has ended is lapsed', () => {
    expect(lifeOf(key(daysAgo(10))).lapsed.value).toBe('yes');
  });

  it('scenario 10: whose key another certificate uses now is not', () => {
    const other = secretOf('other', {
      attributes: { 'x509-spki-sha256': 'AB', 'x509-not-after': daysAgo(-100) },
    });
    expect(lifeOf(key(daysAgo(10)), { others: [other] }).lapsed).toMatchObject({
      value: 'no',
      chosen: { rule: 'L9' },
    });
  });

  it('scenario 10: of two of one key that which ends last counts', () => {
    const attributes = [daysAgo(10), daysAgo(-100)].map((text) => ({ name: 'x509-not-after', text }));
    const life = lifeOf({ attributes });
    expect([life.expiresAt.value, life.lapsed.value]).toEqual([daysAgo(-100), 'no']);
  });

  it('of SPIFFE is renewed by machines', () => {
    const attributes = { 'x509-not-after': daysAgo(-30), 'x509-san': 'spiffe://acme.example/api' };
    expect(lifeOf({ attributes }).class.value).toBe('renewable');
  });

  it('of SSH for ever is static', () => {
    const life = lifeOf({ attributes: { 'ssh-valid-before': 'forever' } });
    expect([life.class.value, isEndless(life.expiresAt)]).toEqual(['static', true]);
  });
});

describe('lifetime of an AWS session', () => {
  const session = (commit: Parameters<typeof commitOf>[1]): SecretOptions => ({
    attributes: { 'aws-key-id': 'ASIA1', 'aws-key-type': 'session' },
    locations: [headLocation('a/b', '.env', { introduced: commitOf('c', commit) })],
    firstSeen: daysAgo(0),
  });

  it('scenario 11: committed three days ago is lapsed, probably', () => {
    expect(lifeOf(session({ daysAgo: 3 })).lapsed).toMatchObject({
      value: 'yes',
      chosen: { rule: 'L8', confidence: 'probable' },
    });
  });

  it('scenario 11: with a forged author date it is not known', () => {
    const forged = { authorDate: daysAgo(-30), committerDate: daysAgo(3) };
    expect(lifeOf(session(forged)).lapsed.value).toBeUndefined();
  });

  it('committed today is not known', () => {
    expect(lifeOf(session({ daysAgo: 0.1 })).lapsed.value).toBeUndefined();
  });

  it('a long-lived key never ends', () => {
    const life = lifeOf({ attributes: { 'aws-key-id': 'AKIA1' } });
    expect([life.class.value, life.lapsed.value]).toEqual(['static', 'no']);
  });
});

describe('lifetime of signed URLs', () => {
  const presigned = (signer: string, length: string): SecretOptions => ({
    attributes: { signer, 'signed-at': '20261120T100000Z', 'expires-seconds': length },
  });

  it('is its date and length', () => {
    const life = lifeOf(presigned('AKIA1', '604800'));
    expect([life.class.value, life.expiresAt.value, life.lapsed.value]).toEqual([
      'static',
      '2026-11-27T10:00:00Z',
      'no',
    ]);
  });

  it('ends with the session that signed it', () => {
    expect(lifeOf(presigned('ASIA1', '604800')).expiresAt.value).toBe('2026-11-21T22:00:00Z');
  });

  it('of a short SAS is ephemeral, of one without a start static', () => {
    const end = { 'sas-sv': 'v', 'sas-se': '2026-12-01T01:00Z' };
    expect(lifeOf({ attributes: { ...end, 'sas-st': '2026-12-01T00:00Z' } }).class.value).toBe('ephemeral');
    expect(lifeOf({ attributes: end }).class.value).toBe('static');
    expect(lifeOf({ attributes: end }).expiresAt.value).toBe('2026-12-01T01:00:00Z');
  });

  it('scenario 12: of a SAS with a stored policy is unknown, whatever the provider table says', () => {
    const life = lifeOf(
      { attributes: { 'sas-sv': 'v', 'sas-si': 'readers' } },
      { row: providerRow({ class: 'ephemeral', maxTtlMs: 1 }) },
    );
    expect([life.class.value, life.expiresAt.value, life.lapsed.value]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('lifetime by the provider table', () => {
  it('is its default, and lapses after the longest life since the first sighting', () => {
    const row = providerRow({ id: 'acme.job', class: 'ephemeral', maxTtlMs: 3_600_000 });
    const life = lifeOf({ locations: [headLocation('a/b', 'x')] }, { row });
    expect(life.class).toMatchObject({
      value: 'ephemeral',
      chosen: { origin: 'provider-table', rule: 'acme.job' },
    });
    expect(life.lapsed.value).toBe('yes');
  });

  it('of a renewable value goes on while what renews it is exposed', () => {
    const row = providerRow({ class: 'renewable', maxTtlMs: 3_600_000 });
    const location = { locations: [headLocation('a/b', 'x')] };
    expect(lifeOf(location, { row, relations: [relation('mints')] }).lapsed.value).toBe('no');
  });

  it('knows what never ends', () => {
    expect(isEndless(lifeOf({}, { row: providerRow({ class: 'static', life: 'none' }) }).expiresAt)).toBe(
      true,
    );
  });

  it('says nothing of kinds that it does not know', () => {
    expect(lifeOf({}).class.value).toBeUndefined();
  });
});

describe('long lives', () => {
  const at = (value: string): Resolved<string> => ({ ...unknown<string>(), value });

  it.each([
    [daysAgo(-100), daysAgo(0), true],
    [daysAgo(-80), daysAgo(0), false],
    [daysAgo(-80), daysAgo(20), true],
  ])('until %s, issued %s: %s', (expires, issued, isLong) => {
    expect(lifeLength(at(expires), at(issued), now, testSettings.longLivedMs).isLong).toBe(isLong);
  });

  it('are not known without a date', () => {
    expect(lifeLength(unknown(), unknown(), 0, 1)).toEqual({ isEndless: false, isLong: false });
  });
});
