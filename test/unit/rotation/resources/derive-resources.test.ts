import { describe, expect, it } from 'vitest';
import { deriveResources } from '../../../../src/rotation/derive/resources/derive-resources.js';
import type { Resource } from '../../../../src/rotation/dossier.js';
import {
  type EstateOptions,
  estateOf,
  filesOf,
  fingerprintOf,
  headLocation,
  providerRow,
  providerTableOf,
  type SecretOptions,
  secretOf,
} from '../../../support/exposure-builder.js';

async function resourcesOf(secret: SecretOptions, options: EstateOptions = {}): Promise<readonly Resource[]> {
  return (await deriveResources(estateOf([secretOf('it', secret)], options))).get(fingerprintOf('it')) ?? [];
}

const value = `${'not'}-a-real-value-0123456789`;

/** A file with one copy, at the line of the value. */
async function besideIn(path: string, text: string): Promise<readonly Resource[]> {
  const line = text.split('\n').findIndex((one) => one.includes(value)) + 1;
  const found = await resourcesOf(
    { locations: [headLocation('acme/api', path, { line })] },
    { files: [filesOf('git:acme/api', { [path]: text })] },
  );
  expect(JSON.stringify(found)).not.toContain(value);
  return found;
}

describe('downstream resources', () => {
  it('R1: the server and database of each copy', async () => {
    const locations = ['app@db-prod-1.acme.example:5432/ledger', 'app@db-dev.acme.example/ledger'].map(
      (account) => headLocation('acme/api', '.env', { slot: 'postgres-url', account }),
    );
    expect(await resourcesOf({ locations })).toEqual([
      { kind: 'database', address: 'db-dev.acme.example/ledger', rule: 'R1', environment: 'dev' },
      { kind: 'database', address: 'db-prod-1.acme.example:5432/ledger', rule: 'R1', environment: 'prod' },
    ]);
  });

  it('R1: united attributes are put together only when all copies agree', async () => {
    const attributes = { scheme: 'amqp', host: 'mq.acme.example', port: '5672', database: 'jobs' };
    expect(await resourcesOf({ attributes })).toEqual([
      { kind: 'queue', address: 'mq.acme.example:5672/jobs', rule: 'R1' },
    ]);
    const several = Object.entries({ ...attributes }).map(([name, text]) => ({ name, text }));
    expect(
      await resourcesOf({ attributes: [...several, { name: 'host', text: 'mq2.acme.example' }] }),
    ).toEqual([
      { kind: 'queue', address: 'mq.acme.example', rule: 'R1' },
      { kind: 'queue', address: 'mq2.acme.example', rule: 'R1' },
    ]);
  });

  it.each([
    [{ 'aws-account': '123456789012' }, { kind: 'other', address: 'aws:123456789012', rule: 'R2' }],
    [
      { 'jwt-aud': 'https://api.acme.example' },
      { kind: 'api', address: 'https://api.acme.example', rule: 'R4' },
    ],
    [
      { host: 'b.s3.amazonaws.com', object: 'exports/2026/all.csv', scheme: 'https' },
      { kind: 'bucket', address: 'b.s3.amazonaws.com/exports/2026', rule: 'R4' },
    ],
  ])('R2, R4: %o', async (attributes, expected) => {
    expect(await resourcesOf({ attributes })).toEqual([expected]);
  });

  it.each([
    ['.npmrc', `//npm.acme.example/:_authToken=${value}`, 'registry', 'npm.acme.example'],
    [
      'kubeconfig',
      `clusters:\n- cluster:\n    server: https://k8s.acme.example:6443\nusers:\n- user:\n    token: ${value}`,
      'cluster',
      'k8s.acme.example:6443',
    ],
    [
      'config/a.yml',
      `pay:\n  base_url: https://pay.acme.example/v1\n  key: ${value}`,
      'api',
      'pay.acme.example',
    ],
    ['a.env', `VAULT_ADDR=https://vault.acme.example\nVAULT_TOKEN=${value}`, 'vault', 'vault.acme.example'],
  ])('R3: beside the value in %s', async (path, text, kind, address) => {
    expect(await besideIn(path, text)).toEqual([{ kind, address, rule: 'R3' }]);
  });

  it('R3: another object is not beside it', async () => {
    expect(await besideIn('a.ini', `[other]\nurl = https://x.example\n\n[own]\nkey = ${value}`)).toEqual([]);
  });

  it('R5: the account at the provider, when nothing nearer is known', async () => {
    const providers = providerTableOf(
      providerRow({ id: 'stripe.secret-key', provider: 'Stripe', kinds: ['generic-api-key'] }),
    );
    expect(await resourcesOf({}, { providers })).toEqual([
      { kind: 'payment', address: 'account at Stripe', rule: 'R5' },
    ]);
    expect(await resourcesOf({})).toEqual([]);
  });
});
