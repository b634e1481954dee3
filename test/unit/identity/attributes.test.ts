import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attributeNames, maxAttributeLength } from '../../../src/identity/attribute.js';
import { attributesOf, keyAttributes, serviceAccountAttributes } from '../../../src/identity/attributes.js';
import { awsAccountOf } from '../../../src/identity/aws-facts.js';
import { inspectPrivateKey } from '../../../src/identity/public-key.js';

function facts(kind: string, detector: string, value: string, whole?: string): Record<string, string> {
  const found = attributesOf(kind, detector, value, whole === undefined ? {} : { whole });
  for (const { name } of found) expect(attributeNames).toContain(name);
  return Object.fromEntries(found.map(({ name, text }) => [name, text]));
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('attributes', () => {
  it('keeps the claims of a JWT', () => {
    const token = [
      part({ alg: 'RS256', kid: 'k1', typ: 'JWT' }),
      part({
        iss: 'https://id.example',
        aud: ['a', 'b'],
        sub: 'svc',
        exp: 1700000000,
        password: 'no',
        nested: { a: 1 },
      }),
      'c2ln',
    ].join('.');
    expect(facts('jwt', 'jwt', token)).toEqual({
      'jwt-alg': 'RS256',
      'jwt-kid': 'k1',
      'jwt-iss': 'https://id.example',
      'jwt-aud': 'a b',
      'jwt-sub': 'svc',
      'jwt-exp': '1700000000',
    });
    expect(facts('jwt', 'jwt', 'not.a.token')).toEqual({});
  });

  it('decodes the account of an AWS key id', () => {
    // Published example of the encoding.
    expect(awsAccountOf(['ASIA', 'QNZGKIQY56JQ7WML'].join(''))).toBe('029608264753');
    expect(awsAccountOf(['AKIA', 'IOSFODNN7EXAMPLE'].join(''))).toBeUndefined();
    expect(facts('aws-access-key-id', 'pattern', ['AKIA', 'IOSFODNN7EXAMPLE'].join(''))).toMatchObject({
      'aws-key-type': 'long-lived',
    });
  });

  it('keeps everything of a connection URL but the password', () => {
    const found = facts(
      'postgres-uri',
      'connection-string',
      'p@ss',
      'postgresql://app%2Dx:p@ss@DB.example:5432/main?sslmode=require&x=1',
    );
    expect(found).toEqual({
      scheme: 'postgresql',
      user: 'app-x',
      host: 'db.example',
      port: '5432',
      database: 'main',
      parameters: 'sslmode x',
    });
  });

  it('never records a password from a URL', () => {
    const password = fc.string({
      unit: fc.constantFrom(...'abcXYZ019!$&*+,;=.~@:%-'),
      minLength: 6,
      maxLength: 20,
    });
    fc.assert(
      fc.property(
        password,
        fc.constantFrom('mongodb+srv', 'redis', 'amqps', 'jdbc:mysql'),
        (secret, scheme) => {
          const url = `${scheme}://user:${secret}Zq9@host.example/db`;
          expect(
            JSON.stringify(attributesOf('x-uri', 'connection-string', secret, { whole: url })),
          ).not.toContain(`${secret.slice(-4)}Zq9`);
          const inner = secret.split(/[@:]/).find((piece) => piece.length >= 6);
          if (inner !== undefined)
            expect(
              JSON.stringify(attributesOf('x-uri', 'connection-string', secret, { whole: url })),
            ).not.toContain(inner);
        },
      ),
    );
  });

  it('keeps names of ADO and Azure strings', () => {
    expect(
      facts(
        'mssql-connection-string',
        'connection-string',
        'x',
        'Server=tcp:db,1433;User ID=sa;Password=secretvalue;Database=m',
      ),
    ).toEqual({ host: 'db', port: '1433', user: 'sa', database: 'm' });
    expect(
      facts(
        'azure-messaging-connection-string',
        'pattern',
        'x',
        'Endpoint=sb://ns.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=abc=',
      ),
    ).toEqual({ 'azure-namespace': 'ns.servicebus.windows.net', 'azure-key-name': 'Root' });
  });

  it('keeps what a signed URL grants, not its signature', () => {
    const sas =
      'https://acct.blob.core.windows.net/box/a.txt?sv=2022-11-02&sr=b&sp=rw&se=2026-01-01T00%3A00%3A00Z&sig=abc%2Fdef%3D';
    expect(facts('azure-storage-sas-token', 'pattern', 'abc/def=', sas)).toEqual({
      'sas-sv': '2022-11-02',
      'sas-sr': 'b',
      'sas-sp': 'rw',
      'sas-se': '2026-01-01T00:00:00Z',
      host: 'acct.blob.core.windows.net',
      'azure-account': 'acct',
      'container-name': 'box',
    });
    const s3 =
      'https://b.s3.amazonaws.com/dir/f?X-Amz-Credential=KEYID%2F20260101%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Date=20260101T000000Z&X-Amz-Expires=600&X-Amz-Signature=feed';
    expect(facts('amazon-presigned-url', 'pattern', 'feed', s3)).toEqual({
      signer: 'KEYID',
      'signed-at': '20260101T000000Z',
      'expires-seconds': '600',
      host: 'b.s3.amazonaws.com',
      object: 'dir/',
    });
  });

  it('names workspace and app of a Slack webhook, prefix and mode of a token', () => {
    const hook = `https://hooks.slack.com/${['services', 'T0AAAAAAA', 'B0BBBBBBB', 'x'.repeat(24)].join('/')}`;
    expect(facts('slack-webhook-url', 'pattern', hook)).toEqual({
      'slack-workspace': 'T0AAAAAAA',
      'slack-app': 'B0BBBBBBB',
    });
    expect(facts('stripe-secret-key', 'pattern', ['sk', 'test', 'a1'.repeat(12)].join('_'))).toEqual({
      prefix: 'sk_test_',
      mode: 'test',
    });
  });

  it('reads a service account, escaped or not', () => {
    const file = {
      client_email: 'a@p.iam.gserviceaccount.com',
      project_id: 'p',
      private_key_id: 'ab'.repeat(20),
      private_key: 'x',
    };
    for (const text of [
      JSON.stringify(file),
      JSON.stringify(file, null, 2),
      JSON.stringify(JSON.stringify(file)),
    ]) {
      expect(serviceAccountAttributes(text).map(({ text: value }) => value)).toEqual([
        file.client_email,
        'p',
        file.private_key_id,
      ]);
    }
  });

  it('cuts long texts and removes control characters', () => {
    const token = `${part({ alg: 'x'.repeat(500), kid: 'a\u0000\nb' })}.${part({})}.`;
    const found = facts('jwt', 'jwt', token);
    expect(found['jwt-alg']).toHaveLength(maxAttributeLength);
    expect(found['jwt-kid']).toBe('a b');
  });

  it('holds nothing of a private key but its public half', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = inspectPrivateKey(privateKey.export({ format: 'der', type: 'sec1' }));
    const names = key === undefined ? [] : keyAttributes(key).map(({ name }) => name);
    expect(names).toEqual([
      'algorithm',
      'bits',
      'curve',
      'encrypted',
      'container',
      'public-key-sha256',
      'ssh-fingerprint',
    ]);
  });
});
