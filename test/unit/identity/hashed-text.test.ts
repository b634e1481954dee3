import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hashedAttributeNames, textHasher } from '../../../src/identity/hashed-text.js';

const hash = textHasher(Buffer.alloc(32, 7));
const texts = [
  'ledger',
  'jo@acme.example',
  'db1.acme.example',
  'https://k8s.acme.example:6443',
  'https://id.acme.example/realms/a',
  'system:serviceaccount:ci:deployer',
  'CN=api.acme.example, O=Acme',
  'DNS:a.acme.example, URI:spiffe://acme/api, IP Address:10.0.0.1',
  'deploy root',
  '#',
  '',
];

describe('hashed names', () => {
  it('are the same for one name, and different under another key', () => {
    expect(hash('user', 'ledger')).toMatch(/^#[0-9a-f]{12}$/);
    expect(hash('user', 'ledger')).toBe(hash('k8s-user', 'ledger'));
    expect(textHasher(randomBytes(32))('user', 'ledger')).not.toBe(hash('user', 'ledger'));
  });

  it('hashed once more stay as they are', () => {
    for (const name of [...hashedAttributeNames, 'account']) {
      for (const text of texts) {
        const once = hash(name, text);
        expect(hash(name, once), `${name} ${text}`).toBe(once);
      }
    }
  });

  it('show nothing of the name but its form', () => {
    for (const name of hashedAttributeNames) {
      for (const text of texts) expect(hash(name, text)).not.toMatch(/acme|ledger|jo@|deployer|10\.0\.0\.1/);
    }
    expect(hash('k8s-server', 'https://k8s.acme.example:6443')).toMatch(/^https:\/\/#[0-9a-f]{12}:6443$/);
    expect(hash('jwt-sub', 'system:serviceaccount:ci:deployer')).toMatch(
      /^system:serviceaccount:#[0-9a-f]{12}:#[0-9a-f]{12}$/,
    );
    expect(hash('x509-san', texts[7] as string)).toMatch(
      /^DNS:#[0-9a-f]{12}, URI:spiffe:\/\/#[0-9a-f]{12}\/#/,
    );
  });

  it('of an account are those of its user and its host', () => {
    const account = hash('account', 'ledger@DB1.acme.example:5432/books');
    expect(account).toBe(`${hash('user', 'ledger')}@${hash('host', 'db1.acme.example')}:5432/books`);
  });

  it('leave all other attributes alone, and ids of keys', () => {
    expect(hash('database', 'books')).toBe('books');
    expect(hash('signer', 'AKIAABCDEFGHIJKLMNOP')).toBe('AKIAABCDEFGHIJKLMNOP');
    expect(hash('signer', 'job@acme.iam.gserviceaccount.com')).toBe(
      hash('gcp-client-email', 'job@acme.iam.gserviceaccount.com'),
    );
  });
});
