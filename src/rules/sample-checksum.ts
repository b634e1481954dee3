/**
 * Gives a sampled token the checksum that its provider would have given it. Written apart from the check in
 * detect/, from the same public descriptions, so that the two prove each other.
 */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

import type { Random } from './random.js';
import type { Checksum, CompiledRule } from './rule-set.js';

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const base58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const bech32Alphabet = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

function inBase62(value: number, width: number): string {
  let text = '';
  for (let rest = value; text.length < width; rest = Math.floor(rest / 62))
    text = base62.charAt(rest % 62) + text;
  return text;
}

function littleEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

/** Prefix of four characters (`ghp_`), body, then CRC32 of the body in base62, width 6. */
function prefixedCrc(token: string): string {
  const head = token.slice(0, -6);
  return head + inBase62(crc32(Buffer.from(head.slice(head.indexOf('_') + 1))), 6);
}

function gitlabRoutable(token: string): string {
  const head = token.slice(0, -7);
  return head + crc32(Buffer.from(head)).toString(36).padStart(7, '0');
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}

function base58Check(version: readonly number[], payload: Buffer): string {
  const body = Buffer.concat([Buffer.from(version), payload]);
  const sum = createHash('sha256').update(createHash('sha256').update(body).digest()).digest();
  let rest = BigInt(`0x${Buffer.concat([body, sum.subarray(0, 4)]).toString('hex')}`);
  let text = '';
  for (; rest > 0n; rest /= 58n) text = base58.charAt(Number(rest % 58n)) + text;
  return text;
}

/** WIF (51 or 52 characters) and extended private keys, by their first letters. */
function sampleBase58(token: string, random: Random): string {
  if (/^[xyzt]prv/.test(token)) {
    const versions: Readonly<Record<string, number>> = {
      x: 0x0488ade4,
      y: 0x049d7878,
      z: 0x04b2430c,
      t: 0x04358394,
    };
    const version = Buffer.alloc(4);
    version.writeUInt32BE(versions[token.charAt(0)] ?? 0x0488ade4);
    return base58Check(
      [...version],
      Buffer.concat([Buffer.alloc(9), random.bytes(32), Buffer.alloc(1), random.bytes(32)]),
    );
  }
  const compressed = token.startsWith('K') || token.startsWith('L');
  return base58Check([0x80], Buffer.concat([random.bytes(32), Buffer.from(compressed ? [1] : [])]));
}

/** age identity: human-readable part, 32 bytes as 52 symbols, 6 checksum symbols, in upper case (BIP 173). */
function sampleBech32(random: Random): string {
  const prefix = 'age-secret-key-';
  const data = Array.from({ length: 52 }, (_, index) =>
    index === 51 ? 16 * random.below(2) : random.below(32),
  );
  const generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
  const expanded = [...prefix].map((char) => char.charCodeAt(0) >> 5);
  expanded.push(0, ...[...prefix].map((char) => char.charCodeAt(0) & 31));
  let sum = 1;
  for (const value of [...expanded, ...data, 0, 0, 0, 0, 0, 0]) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    generator.forEach((term, index) => {
      if (((top >>> index) & 1) === 1) sum ^= term;
    });
  }
  sum ^= 1;
  const tail = Array.from({ length: 6 }, (_, index) => (sum >>> (5 * (5 - index))) & 31);
  return `${prefix}1${[...data, ...tail].map((value) => bech32Alphabet.charAt(value)).join('')}`.toUpperCase();
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

/** Marvin32 with an eight-character seed read big-endian; the two halves are folded by XOR. */
function marvin32(data: Buffer, seed: string): number {
  const key = Buffer.from(seed, 'latin1');
  let low = key.readUInt32BE(4) | 0;
  let high = key.readUInt32BE(0) | 0;
  const mix = (): void => {
    high ^= low;
    low = (rotate(low, 20) + high) | 0;
    high = rotate(high, 9) ^ low;
    low = (rotate(low, 27) + high) | 0;
    high = rotate(high, 19);
  };
  for (let at = 0; at + 4 <= data.length; at += 4) {
    low = (low + data.readUInt32LE(at)) | 0;
    mix();
  }
  low = (low + 0x80) | 0;
  mix();
  mix();
  return (low ^ high) >>> 0;
}

// Seeds as published for the 64-byte identifiable keys, by the signature that stands at offset 76.
const marvinSeeds: readonly (readonly [string, string])[] = [
  ['+ASt', 'Default0'],
  ['ACDb', 'MastRW00'],
];

function azureKey(token: string): string {
  const seed = marvinSeeds.find(([signature]) => token.slice(76, 80) === signature)?.[1];
  if (seed === undefined) return token;
  const bytes = Buffer.from(token, 'base64');
  const body = bytes.subarray(0, 60);
  return Buffer.concat([body, littleEndian(marvin32(body, seed))]).toString('base64');
}

function base64urlJson(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** A structurally valid JWT with a random signature. */
export function sampleJwt(random: Random): string {
  const payload = {
    sub: String(random.below(1e9)),
    iat: 1_700_000_000 + random.below(1e7),
    jti: random.bytes(9).toString('base64url'),
  };
  return `${base64urlJson({ alg: 'HS256', typ: 'JWT' })}.${base64urlJson(payload)}.${random.bytes(32).toString('base64url')}`;
}

const fixers: Readonly<Record<Checksum, (token: string, random: Random) => string>> = {
  'github-crc32': prefixedCrc,
  'npm-crc32': prefixedCrc,
  'vercel-crc32': prefixedCrc,
  'gitlab-routable': gitlabRoutable,
  'atlassian-crc32': (token) => {
    const head = token.slice(0, -8);
    return head + hex(crc32(Buffer.from(head))).toUpperCase();
  },
  'grafana-crc32': (token) => {
    const head = token.slice(0, 37);
    return `${head}_${littleEndian(crc32(Buffer.from(head))).toString('hex')}`;
  },
  'zuplo-crc32': (token) => {
    const body = token.slice(5, 37);
    return `zpka_${body}_${hex(crc32(Buffer.from(body)))}`;
  },
  'confluent-crc32': (token) => {
    const body = token.slice(4, 58);
    return `cflt${body}${littleEndian(crc32(Buffer.from(body)))
      .toString('base64')
      .slice(0, 6)}`;
  },
  'azure-marvin': azureKey,
  'jwt-structure': (_token, random) => sampleJwt(random),
  base58check: sampleBase58,
  bech32: (_token, random) => sampleBech32(random),
  luhn: (token) => token,
};

/** The token with a valid checksum, unchanged for a rule without one. */
export function withChecksum(rule: CompiledRule, token: string, random: Random): string {
  const { checksum } = rule.checks;
  return checksum === undefined ? token : fixers[checksum](token, random);
}
