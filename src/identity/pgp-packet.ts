/** The first packet of an OpenPGP secret key (RFC 4880 §5.5, RFC 9580): enough to name the key. */
import { createHash } from 'node:crypto';

/** Alias domain under which a key and the ciphertexts that name its fingerprint meet. */
export const pgpFingerprintDomain = 'pgp-fingerprint';

export interface PgpKey {
  readonly algorithm: string;
  readonly bits?: number;
  readonly isEncrypted: boolean;
  /** The public fields: equal for every export of the key, whatever its pass-phrase. */
  readonly publicPart: Buffer;
  /** Hex, as `gpg --fingerprint` prints it without blanks, in lower case. */
  readonly fingerprint: string;
}

const algorithms: Readonly<Record<number, { readonly name: string; readonly numbers: number }>> = {
  1: { name: 'rsa', numbers: 2 },
  2: { name: 'rsa', numbers: 2 },
  3: { name: 'rsa', numbers: 2 },
  16: { name: 'elgamal', numbers: 3 },
  17: { name: 'dsa', numbers: 4 },
};
const curveAlgorithms: Readonly<Record<number, string>> = { 18: 'ecdh', 19: 'ecdsa', 22: 'eddsa' };
const fixedAlgorithms: Readonly<Record<number, { readonly name: string; readonly bytes: number }>> = {
  25: { name: 'x25519', bytes: 32 },
  26: { name: 'x448', bytes: 56 },
  27: { name: 'ed25519', bytes: 32 },
  28: { name: 'ed448', bytes: 57 },
};

const secretKeyTag = 5;

/** Content of the first packet when it is a secret key. */
function secretKeyPacket(bytes: Buffer): Buffer | undefined {
  const head = bytes[0] ?? 0;
  if ((head & 0x80) === 0) return undefined;
  const isNew = (head & 0x40) !== 0;
  if ((isNew ? head & 0x3f : (head >> 2) & 0x0f) !== secretKeyTag) return undefined;
  const first = bytes[1] ?? 0;
  const second = bytes[2] ?? 0;
  if (!isNew) {
    const lengthType = head & 3;
    return lengthType === 3 ? undefined : bytes.subarray(1 + (1 << lengthType));
  }
  if (first < 192) return bytes.subarray(2, 2 + first);
  if (first < 224) return bytes.subarray(3, 3 + ((first - 192) << 8) + second + 192);
  return first === 255 ? bytes.subarray(6) : undefined;
}

/** End of `count` multi-precision integers from `at`; -1 when they reach past the end. */
function skipNumbers(bytes: Buffer, at: number, count: number): number {
  let end = at;
  for (let i = 0; i < count; i++) {
    if (end + 2 > bytes.length) return -1;
    end += 2 + ((bytes.readUInt16BE(end) + 7) >> 3);
  }
  return end < bytes.length ? end : -1;
}

/** Undefined when the bytes are no secret key packet of version 4 or 6. */
export function parsePgpSecretKey(bytes: Buffer): PgpKey | undefined {
  const packet = secretKeyPacket(bytes);
  const version = packet?.[0];
  if (packet === undefined || (version !== 4 && version !== 6)) return undefined;
  const algorithm = packet[5] ?? 0;
  const start = version === 4 ? 6 : 10;
  const simple = algorithms[algorithm];
  const curve = curveAlgorithms[algorithm];
  const fixed = fixedAlgorithms[algorithm];
  let end = -1;
  if (simple !== undefined) end = skipNumbers(packet, start, simple.numbers);
  else if (curve !== undefined) {
    end = skipNumbers(packet, start + 1 + (packet[start] ?? 0), 1);
    // ECDH appends parameters of the key derivation.
    if (curve === 'ecdh' && end > 0) end += 1 + (packet[end] ?? 0);
  } else if (fixed !== undefined) end = start + fixed.bytes;
  if (end < 0 || end >= packet.length) return undefined;
  const publicPart = packet.subarray(0, end);
  return {
    algorithm: simple?.name ?? curve ?? fixed?.name ?? 'unknown',
    ...(simple === undefined ? {} : { bits: packet.readUInt16BE(start) }),
    isEncrypted: packet[end] !== 0,
    publicPart,
    fingerprint: fingerprintOf(version, publicPart),
  };
}

/** RFC 9580 §5.5.4: the hash of the public packet as it would be written with a length of two or four bytes. */
function fingerprintOf(version: 4 | 6, publicPart: Buffer): string {
  const head = Buffer.alloc(version === 4 ? 3 : 5);
  head[0] = version === 4 ? 0x99 : 0x9b;
  if (version === 4) head.writeUInt16BE(publicPart.length & 0xffff, 1);
  else head.writeUInt32BE(publicPart.length, 1);
  return createHash(version === 4 ? 'sha1' : 'sha256')
    .update(head)
    .update(publicPart)
    .digest('hex');
}
