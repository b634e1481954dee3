/** SubjectPublicKeyInfo: the one form that the public half of every key container is brought to. */
import { createHash } from 'node:crypto';
import { derEncode, derTags, derUnsigned } from './der.js';

const derNull = Buffer.of(5, 0);

/** Object identifiers, DER content bytes in hex. */
const oids = {
  rsa: '2a864886f70d010101',
  dsa: '2a8648ce380401',
  ec: '2a8648ce3d0201',
  ed25519: '2b6570',
  ed448: '2b6571',
} as const;

export const namedCurves: Readonly<Record<string, string>> = {
  nistp256: '2a8648ce3d030107',
  nistp384: '2b81040022',
  nistp521: '2b81040023',
  secp256k1: '2b8104000a',
};

function oid(hex: string): Buffer {
  return derEncode(derTags.oid, Buffer.from(hex, 'hex'));
}

function spki(algorithm: Buffer, key: Uint8Array): Buffer {
  return derEncode(derTags.sequence, algorithm, derEncode(derTags.bitString, Buffer.of(0), key));
}

export function rsaSpki(modulus: Uint8Array, exponent: Uint8Array): Buffer {
  const key = derEncode(derTags.sequence, derUnsigned(modulus), derUnsigned(exponent));
  return spki(derEncode(derTags.sequence, oid(oids.rsa), derNull), key);
}

export function dsaSpki(p: Uint8Array, q: Uint8Array, g: Uint8Array, y: Uint8Array): Buffer {
  const parameters = derEncode(derTags.sequence, derUnsigned(p), derUnsigned(q), derUnsigned(g));
  return spki(derEncode(derTags.sequence, oid(oids.dsa), parameters), derUnsigned(y));
}

/** @param point uncompressed, as SSH and JWK write it */
export function ecSpki(curve: string, point: Uint8Array): Buffer | undefined {
  const curveOid = namedCurves[curve];
  if (curveOid === undefined) return undefined;
  return spki(derEncode(derTags.sequence, oid(oids.ec), oid(curveOid)), point);
}

export function edSpki(curve: 'ed25519' | 'ed448', key: Uint8Array): Buffer {
  return spki(derEncode(derTags.sequence, oid(oids[curve])), key);
}

/** Normal form of the alias domain `public-key`: SHA-256 of the SubjectPublicKeyInfo. */
export function publicKeyHash(subjectPublicKeyInfo: Uint8Array): Buffer {
  return createHash('sha256').update(subjectPublicKeyInfo).digest();
}
