/**
 * The sub-keys of one master key, one per purpose, derived by HKDF-SHA-256 (RFC 5869). A leak of one
 * purpose's key says nothing about the others.
 */
import { hkdfSync } from 'node:crypto';

export interface IdentityKeys {
  /** HMAC key of fingerprints and aliases, 32 bytes. */
  readonly fingerprint: Buffer;
  /** AES-256 key of content ids, 32 bytes. */
  readonly content: Buffer;
  /** SipHash key of sweep tags, 16 bytes. */
  readonly sweep: Buffer;
  /** Pseudonyms of people and hashed attributes, 32 bytes. */
  readonly pseudonym: Buffer;
  /** Names the key without helping to guess it: 16 hex characters. */
  readonly id: string;
}

/** Length of the master key in bytes. */
export const masterKeyBytes = 32;

function subKey(master: Buffer, purpose: string, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', master, 'sprawl/v1', purpose, bytes));
}

export function deriveKeys(master: Buffer): IdentityKeys {
  if (master.length !== masterKeyBytes) throw new RangeError(`a key has ${masterKeyBytes} bytes`);
  return {
    fingerprint: subKey(master, 'identity', 32),
    content: subKey(master, 'content-id', 32),
    sweep: subKey(master, 'sweep', 16),
    pseudonym: subKey(master, 'pseudonym', 32),
    id: subKey(master, 'key-id', 8).toString('hex'),
  };
}
