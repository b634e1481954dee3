/**
 * Public checksum algorithms of token formats. Each was recomputed on the providers' published samples
 * before it came here; the names are those of rules/rule-set.ts.
 */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { isBech32 } from '../identity/bech32.js';
import type { Checksum } from '../rules/rule-set.js';
import { hasMarvinTail } from './marvin32.js';

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function inAlphabet(value: number, alphabet: string, width: number): string {
  let rest = value;
  let text = '';
  while (rest > 0) {
    text = alphabet.charAt(rest % alphabet.length) + text;
    rest = Math.floor(rest / alphabet.length);
  }
  return text.padStart(width, '0');
}

/** What follows the prefix: a few letters and the first `_`. Later ones belong to the body (Vercel's may hold them). */
function bodyOf(token: string): string {
  return token.slice(token.indexOf('_') + 1);
}

/** GitHub, npm, Vercel: the last 6 characters are base62(CRC-32(rest of the body)), padded with zeros. */
function hasBase62Crc(token: string): boolean {
  const body = bodyOf(token);
  if (body.length < 12) return false;
  return inAlphabet(crc32(body.slice(0, -6)), base62, 6) === body.slice(-6);
}

/** GitLab routable tokens: the last 7 are base36(CRC-32(everything before, prefix included)). */
function hasGitlabCrc(token: string): boolean {
  const sum = token.slice(-7);
  return crc32(token.slice(0, -7)).toString(36).padStart(7, '0') === sum;
}

/** Atlassian: the last 8 are upper-case hex CRC-32 of everything before, `=` included. */
function hasAtlassianCrc(token: string): boolean {
  return crc32(token.slice(0, -8)).toString(16).toUpperCase().padStart(8, '0') === token.slice(-8);
}

/** Grafana service accounts: `glsa_` + 32 characters, `_`, then the CRC-32 of the first part, little-endian hex. */
function hasGrafanaCrc(token: string): boolean {
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(crc32(token.slice(0, token.lastIndexOf('_'))));
  return sum.toString('hex') === token.slice(-8).toLowerCase();
}

/** Zuplo: `zpka_` + 32 characters + `_` + 8 hex of the CRC-32 of the 32. */
function hasZuploCrc(token: string): boolean {
  const parts = token.split('_');
  const body = parts.at(-2) ?? '';
  return crc32(body).toString(16).padStart(8, '0') === token.slice(-8).toLowerCase();
}

/** Confluent: `cflt` + 54 characters + the first 6 of base64(CRC-32, little-endian). */
function hasConfluentCrc(token: string): boolean {
  const body = token.slice(0, -6).replace(/^cflt/, '');
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(crc32(body));
  return sum.toString('base64').slice(0, 6) === token.slice(-6);
}

/** Parameters of a JOSE header beside `alg` (RFC 7515 §4.1, RFC 7516 §4.1, RFC 7519 §5.3, RFC 7797). */
const joseParameters =
  'enc zip jku jwk kid x5u x5c x5t x5t#S256 typ cty crit b64 epk apu apv iv tag p2s p2c iss sub aud svt ppt url nonce iat exp ver kty'.split(
    ' ',
  );

/** The header of three or five dot-separated parts: with `alg` a token, with other parameters alone a doubt. */
export function jwtHeader(token: string): 'algorithm' | 'parameters' | undefined {
  const parts = token.split('.');
  if (parts.length !== 3 && parts.length !== 5) return undefined;
  try {
    const header: unknown = JSON.parse(Buffer.from(parts[0] ?? '', 'base64url').toString('utf8'));
    if (typeof header !== 'object' || header === null) return undefined;
    if ('alg' in header) return 'algorithm';
    return joseParameters.some((name) => name in header) ? 'parameters' : undefined;
  } catch {
    return undefined;
  }
}

/** Three or five dot-separated parts of which the first is a JSON header with `alg`. */
export function hasJwtStructure(token: string): boolean {
  return jwtHeader(token) === 'algorithm';
}

const base58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** Base58Check (Bitcoin WIF and others): the last 4 bytes are the start of SHA-256(SHA-256(rest)). */
function isBase58Check(text: string): boolean {
  if (text.length > 128) return false;
  let number = 0n;
  for (const char of text) {
    const digit = base58.indexOf(char);
    if (digit < 0) return false;
    number = number * 58n + BigInt(digit);
  }
  const hex = number.toString(16);
  const zeros = /^1*/.exec(text)?.[0].length ?? 0;
  const bytes = Buffer.concat([
    Buffer.alloc(zeros),
    Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex'),
  ]);
  if (bytes.length < 8) return false;
  const once = createHash('sha256').update(bytes.subarray(0, -4)).digest();
  return createHash('sha256').update(once).digest().subarray(0, 4).equals(bytes.subarray(-4));
}

/** Luhn: every second digit from the right doubled, digits summed, divisible by ten. */
function isLuhn(text: string): boolean {
  const digits = text.replace(/[ -]/g, '');
  if (!/^\d{12,19}$/.test(digits)) return false;
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    sum += i % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return sum % 10 === 0;
}

const verifiers: Readonly<Record<Checksum, (token: string) => boolean>> = {
  'github-crc32': hasBase62Crc,
  'npm-crc32': hasBase62Crc,
  'vercel-crc32': hasBase62Crc,
  'gitlab-routable': hasGitlabCrc,
  'atlassian-crc32': hasAtlassianCrc,
  'grafana-crc32': hasGrafanaCrc,
  'zuplo-crc32': hasZuploCrc,
  'confluent-crc32': hasConfluentCrc,
  'azure-marvin': hasMarvinTail,
  'jwt-structure': hasJwtStructure,
  base58check: isBase58Check,
  bech32: isBech32,
  luhn: isLuhn,
};

/** Whether the token's own checksum holds. */
export function isChecksumValid(checksum: Checksum, token: string): boolean {
  return verifiers[checksum](token);
}
