import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { ageRecipientOf } from '../../../src/identity/age-key.js';
import { bech32Bytes, bech32Text, isBech32 } from '../../../src/identity/bech32.js';

it('bech32 gives back what it was made of, and nothing under another prefix', () => {
  for (let length = 1; length < 40; length++) {
    const bytes = randomBytes(length);
    const text = bech32Text('age', bytes);
    expect(isBech32(text)).toBe(true);
    expect(bech32Bytes('age', text)?.equals(bytes)).toBe(true);
    expect(bech32Bytes('agf', text)).toBeUndefined();
  }
});

it('the recipient of an identity is its X25519 public half', () => {
  const { privateKey } = generateKeyPairSync('x25519');
  const scalar = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32);
  const point = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32);
  const identity = bech32Text('age-secret-key-', scalar).toUpperCase();
  expect(ageRecipientOf(identity)).toBe(bech32Text('age', point));
  expect(ageRecipientOf(`${identity.slice(0, -1)}Q`) ?? 'none').not.toBe(bech32Text('age', point));
  expect(ageRecipientOf('AGE-SECRET-KEY-1')).toBeUndefined();
});
