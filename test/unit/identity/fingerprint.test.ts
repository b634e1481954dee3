import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ContentPart,
  contentIdOf,
  contentIdsOf,
  contentParts,
  digestPrefixOf,
} from '../../../src/identity/content-id.js';
import { aliasFingerprintOf, fingerprintOf } from '../../../src/identity/fingerprint.js';
import { deriveKeys } from '../../../src/identity/hkdf-keys.js';

const key = Buffer.alloc(32, 1);

describe('fingerprints', () => {
  it('are HMAC-SHA-256 over the domain, a NUL and the bytes', () => {
    const expected = createHmac('sha256', key).update('literal\0abc').digest('hex');
    expect(fingerprintOf(key, Buffer.from('abc'))).toBe(expected);
    expect(aliasFingerprintOf(key, 'hex-lower', Buffer.from('abc'))).toBe(
      createHmac('sha256', key).update('alias/hex-lower\0abc').digest('hex'),
    );
  });

  it('differ between domains and keys', () => {
    const value = Buffer.from('abc');
    const all = [
      fingerprintOf(key, value),
      fingerprintOf(Buffer.alloc(32, 2), value),
      aliasFingerprintOf(key, 'a', value),
      aliasFingerprintOf(key, 'b', value),
    ];
    expect(new Set(all).size).toBe(4);
    expect(() => aliasFingerprintOf(key, 'literal', value)).toThrow(RangeError);
  });
});

describe('sub-keys', () => {
  it('are independent, stable and need a whole key', () => {
    const keys = deriveKeys(Buffer.alloc(32, 5));
    expect(deriveKeys(Buffer.alloc(32, 5))).toEqual(keys);
    const parts = [keys.fingerprint, keys.content, keys.pseudonym].map((part) => part.toString('hex'));
    expect(new Set(parts).size).toBe(3);
    expect(keys.id).toMatch(/^[0-9a-f]{16}$/);
    expect(() => deriveKeys(Buffer.alloc(31))).toThrow(RangeError);
  });
});

describe('content ids', () => {
  it('lead back to the digest and the part, with the key only', () => {
    const parts = fc.constantFrom(...(Object.keys(contentParts) as ContentPart[]));
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), parts, (digest, part) => {
        const id = contentIdOf(key, digest, part);
        const origin = { prefix: Buffer.from(digest).toString('hex').slice(0, 30), part: contentParts[part] };
        expect(digestPrefixOf(key, id)).toEqual(origin);
        expect(id.startsWith(origin.prefix)).toBe(false);
        expect(digestPrefixOf(Buffer.alloc(32, 9), id)).not.toEqual(origin);
      }),
    );
  });

  it('of many are those of each, and differ between parts', () => {
    const digests = Buffer.from(Array.from({ length: 96 }, (_, i) => i));
    const ids = contentIdsOf(key, digests, 32, Uint8Array.of(3, 3, 1));
    const each = (['blob', 'blob', 'commit'] as const).map((part, i) =>
      contentIdOf(key, digests.subarray(i * 32, i * 32 + 32), part),
    );
    expect(ids.toString('hex')).toBe(each.join(''));
    expect(contentIdOf(key, digests, 'blob')).not.toBe(contentIdOf(key, digests, 'file'));
    expect(contentIdsOf(key, Buffer.alloc(0), 20, new Uint8Array(0))).toHaveLength(0);
  });
});
