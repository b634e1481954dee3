/**
 * Which value of a document made the signature of a token in it: a shared secret beside the tokens that it signs
 * can be told for certain, and only while both are in memory (RFC 7515, RFC 7518 §3.2).
 */
import { createHmac } from 'node:crypto';

/** Pairs that are tried in one document; a crafted one holds thousands of both. */
const mostTokens = 16;
const mostSecrets = 64;
/** A secret is no shorter than a word and no longer than a key. */
const [leastBytes, mostBytes] = [4, 1024];

const digests: Readonly<Record<string, string>> = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' };

interface SignedToken {
  readonly digest: string;
  readonly input: string;
  readonly signature: Buffer;
}

/** The parts of a token that a shared secret signs; undefined for all other algorithms. */
export function hmacTokenOf(text: string): SignedToken | undefined {
  const [header, body, signature, ...others] = text.split('.');
  if (header === undefined || body === undefined || signature === undefined || others.length > 0)
    return undefined;
  const algorithm = algorithmOf(header);
  const digest = digests[algorithm ?? ''];
  return digest === undefined
    ? undefined
    : { digest, input: `${header}.${body}`, signature: Buffer.from(signature, 'base64url') };
}

function algorithmOf(header: string): string | undefined {
  try {
    const { alg } = JSON.parse(Buffer.from(header, 'base64url').toString('utf8')) as { alg?: unknown };
    return typeof alg === 'string' ? alg : undefined;
  } catch {
    return undefined;
  }
}

/** The ways in which a configuration writes a key: as text, in base64, in hex. */
function keysOf(secret: Buffer): Buffer[] {
  const text = secret.toString('latin1');
  const keys = [secret];
  if (/^[A-Za-z0-9+/_-]{16,}={0,2}$/.test(text)) keys.push(Buffer.from(text, 'base64'));
  if (/^(?:[0-9a-fA-F]{2}){16,}$/.test(text)) keys.push(Buffer.from(text, 'hex'));
  return keys;
}

function signs(secret: Buffer, { digest, input, signature }: SignedToken): boolean {
  return keysOf(secret).some((key) => createHmac(digest, key).update(input).digest().equals(signature));
}

/** Positions of the tokens that each secret signs, by position of the secret. @param most tokens that are tried */
export function signedBy(
  secrets: readonly Buffer[],
  tokens: readonly string[],
  most: number = mostTokens,
): ReadonlyMap<number, readonly number[]> {
  const signed = new Map<number, readonly number[]>();
  const parsed = tokens.slice(0, most).map(hmacTokenOf);
  for (const [number, secret] of secrets.slice(0, mostSecrets).entries()) {
    if (secret.length < leastBytes || secret.length > mostBytes) continue;
    const own = parsed.flatMap((token, i) => (token !== undefined && signs(secret, token) ? [i] : []));
    if (own.length > 0) signed.set(number, own);
  }
  return signed;
}
