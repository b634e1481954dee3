import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isPublicItemAt, publicItemKeywords, publicItemsAt } from '../../../src/detect/public-items.js';
import { publicKeyHash } from '../../../src/identity/spki.js';
import { sshCertificateFacts } from '../../../src/identity/ssh-certificate.js';
import { certificateFacts } from '../../../src/identity/x509-facts.js';
import { certificateOf, pemOf, sshCertificateLine } from '../../support/certificates.js';
import { builtInRules } from '../../support/fake-secret.js';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const dates = { notBefore: '2026-01-01T00:00:00Z', notAfter: '2027-01-01T00:00:00Z' };
const der = certificateOf({
  subject: 'a\nb\u0007',
  publicKey,
  signer: privateKey,
  ...dates,
  isAuthority: true,
});

function itemsIn(text: string): ReturnType<typeof publicItemsAt> {
  const bytes = Buffer.from(text);
  const hits = publicItemKeywords.flatMap((keyword) => {
    const at = bytes.indexOf(keyword);
    return at < 0 ? [] : [at];
  });
  return publicItemsAt(bytes, hits);
}

describe('public items', () => {
  it('stand on keywords that a rule of private keys names', () => {
    const known = builtInRules()
      .rules.filter(({ detector }) => detector === 'private-key')
      .flatMap(({ keywords }) => keywords.map(({ text }) => text));
    expect(known).toEqual(expect.arrayContaining([...publicItemKeywords]));
    expect(isPublicItemAt(Buffer.from('PRIVATE KEY'), 0)).toBe(false);
  });

  it('of a certificate are about the key with its public half, escaped or not', () => {
    const pem = pemOf('CERTIFICATE', der);
    for (const text of [pem, JSON.stringify({ cert: pem }), pem.replace(/^/gm, '    ')]) {
      const [item] = itemsIn(text);
      expect(item?.normalForm).toEqual(publicKeyHash(publicKey.export({ format: 'der', type: 'spki' })));
      expect(item?.attributes).toContainEqual({ name: 'x509-ca', text: 'yes' });
      expect(item?.attributes).toContainEqual({ name: 'x509-key-usage', text: 'keyCertSign cRLSign' });
    }
  });

  it('hold no control character, whatever a subject holds', () => {
    for (const { text } of certificateFacts(der)?.attributes ?? []) expect(text).not.toMatch(/\p{Cc}/u);
  });

  it('are read from no part of a certificate', () => {
    const line = sshCertificateLine({
      publicKey,
      authority: publicKey,
      keyId: 'k',
      principals: [],
      after: 0n,
      before: 2n ** 64n - 1n,
    });
    const blob = Buffer.from(line.split(' ')[1] ?? '', 'base64');
    expect(sshCertificateFacts(blob)?.attributes).toContainEqual({
      name: 'ssh-valid-before',
      text: 'forever',
    });
    for (let length = 0; length < blob.length - 90; length += 7) {
      expect(sshCertificateFacts(blob.subarray(0, length))?.attributes.length ?? 0).toBeLessThan(7);
    }
    for (let length = 0; length < der.length; length += 5) {
      expect(certificateFacts(der.subarray(0, length))).toBeUndefined();
    }
  });
});
