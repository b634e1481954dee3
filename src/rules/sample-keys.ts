/**
 * Makes private keys from a seed, real ones where that is cheap, so that examples of the private-key rules
 * can be parsed by anybody's software. None of these keys protects anything.
 */
import { checkPrimeSync, createECDH, createPrivateKey, createPublicKey } from 'node:crypto';
import type { Random } from './random.js';

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const { length } = body;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
}

function integer(value: bigint): Buffer {
  const text = value.toString(16);
  const bytes = Buffer.from(text.length % 2 === 1 ? `0${text}` : text, 'hex');
  return der(2, (bytes[0] ?? 0) > 127 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes);
}

function prime(random: Random): bigint {
  const bytes = random.bytes(64);
  bytes[0] = (bytes[0] ?? 0) | 0xc0;
  bytes[63] = (bytes[63] ?? 0) | 1;
  let candidate = BigInt(`0x${bytes.toString('hex')}`);
  while (candidate % 65537n === 1n || !checkPrimeSync(candidate)) candidate += 2n;
  return candidate;
}

function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [value % modulus, modulus, 1n, 0n];
  while (a > 1n) {
    const quotient = a / b;
    [a, b] = [b, a % b];
    [x, y] = [y, x - quotient * y];
  }
  return x < 0n ? x + modulus : x;
}

/** PKCS#1 of 1,024 bits: too short to be of use, long enough to be parsed. */
function rsaDer(random: Random): Buffer {
  const p = prime(random);
  const q = prime(random);
  const d = inverse(65537n, (p - 1n) * (q - 1n));
  const values = [0n, p * q, 65537n, d, p, q, d % (p - 1n), d % (q - 1n), inverse(q, p)];
  return der(0x30, ...values.map(integer));
}

function ecDer(random: Random): Buffer {
  const scalar = random.bytes(32);
  scalar[0] = (scalar[0] ?? 0) & 0x7f;
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(scalar);
  const oid = Buffer.from('06082a8648ce3d030107', 'hex');
  const point = der(3, Buffer.alloc(1), curve.getPublicKey());
  return der(0x30, integer(1n), der(4, scalar), der(0xa0, oid), der(0xa1, point));
}

function ed25519Der(seed: Buffer): Buffer {
  return der(0x30, integer(0n), der(0x30, Buffer.from('06032b6570', 'hex')), der(4, der(4, seed)));
}

function sshText(value: Buffer | string): Buffer {
  const bytes = Buffer.from(value);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(bytes.length);
  return Buffer.concat([size, bytes]);
}

/** openssh-key-v1 without pass-phrase (OpenSSH, PROTOCOL.key). */
function openSsh(random: Random): Buffer {
  const seed = random.bytes(32);
  const pkcs8 = createPrivateKey({ key: ed25519Der(seed), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(pkcs8).export({ format: 'der', type: 'spki' }).subarray(-32);
  const check = random.bytes(4);
  const secret = Buffer.concat([
    check,
    check,
    sshText('ssh-ed25519'),
    sshText(publicKey),
    sshText(Buffer.concat([seed, publicKey])),
    sshText('a@b'),
  ]);
  const padding = Buffer.from(Array.from({ length: (8 - (secret.length % 8)) % 8 }, (_, index) => index + 1));
  return Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    sshText('none'),
    sshText('none'),
    sshText(''),
    Buffer.from([0, 0, 0, 1]),
    sshText(Buffer.concat([sshText('ssh-ed25519'), sshText(publicKey)])),
    sshText(Buffer.concat([secret, padding])),
  ]);
}

function armor(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`].join('\n');
}

/** A PEM text by the words of its label, e.g. `RSA PRIVATE KEY`. */
export function samplePem(label: string, random: Random): string {
  switch (label) {
    case 'RSA PRIVATE KEY':
      return armor(label, rsaDer(random));
    case 'EC PRIVATE KEY':
      return armor(label, ecDer(random));
    case 'OPENSSH PRIVATE KEY':
      return armor(label, openSsh(random));
    case 'PRIVATE KEY':
      return armor(label, ed25519Der(random.bytes(32)));
    default:
      return armor(label, Buffer.concat([Buffer.from([0x30, 0x82, 0x01, 0x9a]), random.bytes(410)]));
  }
}

/** A private JWK (RFC 8037) and its member `d`. */
export function sampleJwk(random: Random): { readonly text: string; readonly secret: string } {
  const secret = random.bytes(32).toString('base64url');
  const x = random.bytes(32).toString('base64url');
  return { text: JSON.stringify({ kty: 'OKP', crv: 'Ed25519', x, d: secret }), secret };
}
