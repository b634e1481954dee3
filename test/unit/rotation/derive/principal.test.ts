import { describe, expect, it } from 'vitest';
import { parentPrincipalsOf, principalOf, principalsOf } from '../../../../src/rotation/derive/principal.js';
import { chatLocation, headLocation, providerRow, secretOf } from '../../../support/exposure-builder.js';

const keyOf = (attributes: Record<string, string>): string => principalOf(secretOf('x', { attributes })).key;

describe('principal of a secret', () => {
  it.each([
    [{ 'aws-key-id': 'AKIA1', 'aws-account': '123456789012' }, 'aws:123456789012:AKIA1'],
    [{ 'gcp-client-email': 'bot@p1.iam.gserviceaccount.com' }, 'gcp:p1:bot@p1.iam.gserviceaccount.com'],
    [{ 'jwt-iss': 'https://id.example', 'jwt-sub': 'u1' }, 'jwt:https://id.example:u1'],
    [{ 'jwt-iss': 'i', 'jwt-sub': 'c1@clients', 'jwt-azp': 'c1' }, 'oauth:i:c1'],
    [{ 'jwt-iss': 'k', 'jwt-sub': 'system:serviceaccount:prod:api' }, 'k8s:k:prod:api'],
    [{ 'slack-workspace': 'T1', 'slack-app': 'B1' }, 'slack:T1:B1'],
    [{ 'public-key-sha256': 'ab', 'ssh-fingerprint': 'cd' }, 'key:ab'],
    [{ 'ssh-fingerprint': 'cd' }, 'ssh:cd'],
    [{ 'azure-account': 'acme' }, 'azure-storage:acme'],
  ])('%j is %s', (attributes, key) => {
    expect(keyOf(attributes)).toBe(key);
  });

  it('is the secret itself when nothing names one', () => {
    const secret = secretOf('x', { kind: 'github-pat' });
    expect(principalOf(secret)).toEqual({
      key: `anon:${secret.fingerprint.slice(0, 12)}`,
      kind: 'personal',
      rule: 'identity.anonymous',
    });
  });

  it('is personal when the provider binds the kind to an account of a person', () => {
    expect(principalOf(secretOf('x', { kind: 'acme-key' }), providerRow({ userBound: true })).kind).toBe(
      'personal',
    );
  });

  it('is not guessed from attributes that disagree', () => {
    const attributes = [
      { name: 'aws-key-id', text: 'AKIA1' },
      { name: 'aws-key-id', text: 'AKIA2' },
    ];
    expect(principalOf(secretOf('x', { attributes })).rule).toBe('identity.anonymous');
  });

  it('scenario 2: one database user behind a URL, a JDBC string, a Helm value and a Kubernetes Secret', () => {
    const url = secretOf('url', {
      kind: 'postgres-uri',
      locations: [
        headLocation('a/b', '.env', { account: 'ledger@db1.acme.example/journal', slot: 'postgres-url' }),
      ],
    });
    const jdbc = secretOf('jdbc', {
      kind: 'jdbc-url',
      attributes: { scheme: 'postgresql', host: 'db1.acme.example', port: '5432' },
      locations: [headLocation('a/b', 'app.properties', { account: 'ledger@', slot: 'password' })],
    });
    const helm = secretOf('helm', {
      kind: 'postgres-uri',
      locations: [
        headLocation('a/b', 'values.yaml', {
          account: 'ledger@DB1.acme.example:5432/journal',
          slot: 'postgresql-url',
        }),
      ],
    });
    const kubernetes = secretOf('k8s', {
      kind: 'kubernetes-secret-manifest',
      attributes: { scheme: 'postgres', host: 'db1.acme.example', user: 'ledger' },
    });
    const secrets = [url, jdbc, helm, kubernetes];
    const key = 'db:postgresql:db1.acme.example:5432:ledger';
    expect(secrets.map((secret) => principalOf(secret).key)).toEqual([key, key, key, key]);
  });

  it('names both users of one password, that of most copies first', () => {
    const secret = secretOf('x', {
      kind: 'mysql-uri',
      locations: [
        headLocation('a/b', 'x', { account: 'app@h1/d', slot: 'mysql-url' }),
        headLocation('a/b', 'y', { account: 'root@h1/d', slot: 'mysql-url' }),
        chatLocation('#ops', '1', { account: 'root@h1/d', slot: 'mysql-url' }),
      ],
    });
    expect(principalsOf(secret).map(({ key }) => key)).toEqual([
      'db:mysql:h1:3306:root',
      'db:mysql:h1:3306:app',
    ]);
  });

  it('believes a URL before a name that stands near the value elsewhere', () => {
    const secret = secretOf('x', {
      kind: 'postgres-uri',
      attributes: { scheme: 'postgres', host: 'h1', user: 'ledger' },
      locations: [
        headLocation('a/b', 'x', { account: 'ledger@h1/d', slot: 'postgres-url' }),
        headLocation('a/b', 'y', { account: 'jo', slot: 'password' }),
      ],
    });
    expect(principalsOf(secret).map(({ key }) => key)).toEqual(['db:postgresql:h1:5432:ledger']);
  });

  it('takes the port of no other host', () => {
    const secret = secretOf('x', {
      kind: 'postgres-uri',
      attributes: { scheme: 'postgres', host: 'h1', port: '6432' },
      locations: [headLocation('a/b', 'x', { account: 'u@h2', slot: 'postgres-url' })],
    });
    expect(principalOf(secret).key).toBe('db:postgresql:h2:5432:u');
  });

  it('keeps a user name that is a mail address whole', () => {
    const secret = secretOf('x', {
      locations: [
        headLocation('a/b', 'x', { account: 'jo@acme.example@registry.example', slot: 'https-url' }),
      ],
    });
    expect(principalOf(secret).key).toBe('registry:registry.example:jo@acme.example');
  });
});

describe('parents of a secret', () => {
  it('scenario 12: the account key of a SAS is named though it was found nowhere', () => {
    const sas = secretOf('sas', {
      attributes: { 'azure-account': 'acme', 'sas-si': 'readers', 'sas-sv': '2024-11-04' },
    });
    expect(parentPrincipalsOf(sas)).toEqual(['azure-storage:acme']);
    expect(principalOf(sas).rule).toBe('identity.anonymous');
  });

  it('a user delegation has no account key behind it', () => {
    const sas = secretOf('sas', {
      attributes: { 'azure-account': 'acme', 'sas-se': '2026-12-01', 'sas-skoid': 'o1' },
    });
    expect(parentPrincipalsOf(sas)).toEqual(['entra::o1']);
  });

  it('a presigned URL names its signer', () => {
    expect(
      parentPrincipalsOf(
        secretOf('url', { attributes: { signer: 'AKIA1', 'signed-at': '20260101T000000Z' } }),
      ),
    ).toEqual(['aws::AKIA1']);
  });
});
