/** Public halves computed from private ones, with OpenSSL doing only scalar times base point. */
import { createECDH, createPrivateKey, createPublicKey } from 'node:crypto';

const opensslCurves: Readonly<Record<string, string>> = {
  nistp256: 'prime256v1',
  nistp384: 'secp384r1',
  nistp521: 'secp521r1',
  secp256k1: 'secp256k1',
};

/** Uncompressed public point of a scalar on a curve by its SSH name; undefined when it is none of this curve. */
export function ecPointOf(curve: string, scalar: Uint8Array): Buffer | undefined {
  const name = opensslCurves[curve];
  if (name === undefined || scalar.length > 67) return undefined;
  try {
    const ecdh = createECDH(name);
    ecdh.setPrivateKey(scalar);
    return ecdh.getPublicKey();
  } catch {
    return undefined;
  }
}

const ed25519Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

/** SubjectPublicKeyInfo of an Ed25519 seed of 32 bytes. */
export function ed25519SpkiOf(seed: Uint8Array): Buffer {
  return (
    opensslPublic(Buffer.concat([ed25519Prefix, seed])) ??
    // Every 32 bytes are a seed, so this cannot be reached with one.
    Buffer.alloc(0)
  );
}

/** SubjectPublicKeyInfo by OpenSSL, for the rare algorithms that are not written out here. */
export function opensslPublic(pkcs8: Buffer): Buffer | undefined {
  try {
    const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
    return createPublicKey(key).export({ format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

/** Unsigned big-endian number. */
export function toBigInt(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}
