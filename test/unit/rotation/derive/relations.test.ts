import { describe, expect, it } from 'vitest';
import type { Exposure } from '../../../../src/model/exposure.js';
import { relationsOf } from '../../../../src/rotation/derive/relations.js';
import { slotHistory } from '../../../../src/rotation/derive/slots.js';
import {
  commitOf,
  estateOf,
  fingerprintOf,
  headLocation,
  historyLocation,
  type SecretOptions,
  secretOf,
} from '../../../support/exposure-builder.js';

/** `relation direction` of one secret, with the names of the others. */
function relations(of: string, exposures: readonly Exposure[], imports = {}): string[] {
  const estate = estateOf(exposures, { imports });
  const names = new Map(['a', 'b', 'c', 'd'].map((name) => [fingerprintOf(name) as string, name]));
  const found = relationsOf(estate, slotHistory(exposures)).get(fingerprintOf(of)) ?? [];
  return found.map(({ relation, direction, to }) => `${relation} ${direction} ${names.get(to)}`).sort();
}

const named = (name: string, slot: string, line = 1, options: SecretOptions = {}): Exposure =>
  secretOf(name, {
    ...options,
    locations: [headLocation('acme/api', '.env', { slot, line, introduced: commitOf('one') })],
  });

describe('relations between secrets', () => {
  it('tells what was stored from both ends', () => {
    const secrets = [
      secretOf('a', { relations: { signs: ['b'], pair: ['c'] } }),
      secretOf('b'),
      secretOf('c'),
    ];
    expect(relations('a', secrets)).toEqual(['pair both c', 'signs from b']);
    expect(relations('b', secrets)).toEqual(['signs to a']);
    expect(relations('c', secrets)).toEqual(['pair both a']);
  });

  describe('names in one document', () => {
    it.each([
      ['ACME_ACCESS_KEY_ID', 'ACME_SECRET_ACCESS_KEY'],
      ['client_id', 'client_secret'],
      ['acmeApiKey', 'acmeApiSecret'],
      ['DB_USERNAME', 'DB_PASSWORD'],
    ])('%s and %s are a pair', (first, second) => {
      expect(relations('a', [named('a', first), named('b', second, 2)])).toEqual(['pair both b']);
    });

    it('of two pairs each half goes with the nearest', () => {
      const secrets = [
        named('a', 'CLIENT_ID', 1),
        named('b', 'CLIENT_SECRET', 2),
        named('c', 'CLIENT_ID', 4),
        named('d', 'CLIENT_SECRET', 5),
      ];
      expect(relations('a', secrets)).toEqual(['pair both b']);
      expect(relations('c', secrets)).toEqual(['pair both d']);
    });

    it.each([
      ['X_CLIENT_ID', 'Y_CLIENT_SECRET', 2],
      ['X_CLIENT_ID', 'X_CLIENT_SECRET', 20],
      ['NEXT_PUBLIC_KEY', 'PUBLIC_KEY', 2],
    ])('%s and %s, line %i, are nothing to each other', (first, second, line) => {
      expect(relations('a', [named('a', first), named('b', second, line)])).toEqual([]);
    });

    it('an old value, the value and a new one supersede each other in order', () => {
      const secrets = [named('a', 'TOKEN_OLD'), named('b', 'TOKEN'), named('c', 'NEW_TOKEN')];
      expect(relations('b', secrets)).toEqual(['supersedes from a', 'supersedes to c']);
    });

    it.each([
      ['key1', 'key2'],
      ['primaryKey', 'secondaryKey'],
      ['DB_PASS_A', 'DB_PASS_B'],
    ])('%s and %s are alternates', (first, second) => {
      expect(relations('a', [named('a', first), named('b', second, 2)])).toEqual(['alternate both b']);
    });

    it('a list of keys is no pair of alternates', () => {
      expect(relations('a', [named('a', 'key1'), named('b', 'key_b'), named('c', 'key3')])).toEqual([]);
    });

    it('what stands inside another is contained in it', () => {
      const at = (start: number, end: number): SecretOptions => ({
        locations: [headLocation('acme/api', 'kubeconfig', { span: { start, end } })],
      });
      const secrets = [secretOf('a', at(0, 900)), secretOf('b', at(100, 140)), secretOf('c', at(950, 990))];
      expect(relations('a', secrets)).toEqual(['contains from b']);
    });

    it('a refresh token mints the access token beside it', () => {
      const secrets = [
        named('a', 'refresh', 1, { kind: 'acme-refresh-token' }),
        named('b', 'access', 2, { kind: 'acme-access-token' }),
        named('c', 'other', 3, { kind: 'other-access-token' }),
      ];
      expect(relations('a', secrets)).toEqual(['mints from b']);
    });
  });

  it('a later value of a slot supersedes the earlier one', () => {
    const swap = commitOf('swap', { daysAgo: 10 });
    const secrets = [
      secretOf('a', { locations: [historyLocation('a/b', '.env', { slot: 'TOKEN', removed: swap })] }),
      secretOf('b', { locations: [headLocation('a/b', '.env', { slot: 'TOKEN', introduced: swap })] }),
    ];
    expect(relations('b', secrets)).toEqual(['supersedes from a']);
  });

  describe('attributes', () => {
    const database = { scheme: 'postgres', user: 'u', host: 'h' };

    it('two values of one principal belong together', () => {
      const secrets = [secretOf('a', { attributes: database }), secretOf('b', { attributes: database })];
      expect(relations('a', secrets)).toEqual(['same-principal both b']);
    });

    it('the halves of a pair are no two values of a principal', () => {
      const secrets = [
        secretOf('a', { attributes: database, relations: { pair: ['b'] } }),
        secretOf('b', { attributes: database }),
      ];
      expect(relations('a', secrets)).toEqual(['pair both b']);
    });

    it('scenario 17: an account key signs the signatures of its account, and no others', () => {
      const sas = (name: string, account: string): Exposure =>
        secretOf(name, { attributes: { 'azure-account': account, 'sas-se': '2027-01-01' } });
      const secrets = [
        secretOf('a', { attributes: { 'azure-account': 'acme' } }),
        sas('b', 'acme'),
        sas('c', 'acme'),
        sas('d', 'x'),
      ];
      expect(relations('a', secrets)).toEqual(['signs from b', 'signs from c']);
      expect(relations('b', secrets)).toEqual(['signs to a']);
    });

    it('a presigned URL is signed by the key that it names, whether the account is known or not', () => {
      const secrets = [
        secretOf('a', { attributes: { 'aws-key-id': 'AKIA1', 'aws-account': '123456789012' } }),
        secretOf('b', { attributes: { signer: 'AKIA1' } }),
      ];
      expect(relations('b', secrets)).toEqual(['signs to a']);
    });

    it('two keys of one storage account are alternates', () => {
      const secrets = ['a', 'b'].map((name) => secretOf(name, { attributes: { 'azure-account': 'acme' } }));
      expect(relations('a', secrets)).toEqual(['alternate both b', 'same-principal both b']);
    });

    it('scenario 10: a key is paired with the certificate of the same public key', () => {
      const secrets = [
        secretOf('a', { attributes: { 'public-key-sha256': 'AB' } }),
        secretOf('b', { attributes: { 'x509-spki-sha256': 'ab' } }),
      ];
      expect(relations('a', secrets)).toEqual(['keypair both b']);
    });

    it('a large group has no more edges than members', () => {
      const secrets = Array.from({ length: 40 }, (_, index) =>
        secretOf(`member ${index}`, { attributes: database }),
      );
      const all = [...relationsOf(estateOf(secrets), slotHistory(secrets)).values()].flat();
      expect(all).toHaveLength(2 * 39);
    });
  });

  it('a vault token opens what the vault map lists', () => {
    const secrets = [secretOf('a', { kind: 'vault-service-token' }), secretOf('b')];
    const vault = [
      { path: 'kv/prod/x#password', fingerprint: fingerprintOf('b'), readers: [] },
      { path: 'arn:aws:secretsmanager:x', fingerprint: fingerprintOf('c'), readers: [] },
    ];
    expect(relations('a', secrets, { vault })).toEqual(['opens from b']);
  });

  it('a fingerprint in the vault map may be as short as it is shown', () => {
    const secrets = [secretOf('a', { kind: 'vault-service-token' }), secretOf('b'), secretOf('c')];
    const vault = [{ path: 'kv/x#y', fingerprint: fingerprintOf('b').slice(0, 12), readers: [] }];
    expect(relations('a', secrets, { vault })).toEqual(['opens from b']);
    expect(relations('b', secrets, { vault })).toEqual(['opens to a']);
  });
});
