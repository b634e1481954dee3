/** The allow-listed claims of a JSON Web Token (RFC 7519); the signature is not looked at. */
import type { Attribute } from '../model/finding.js';
import { type AttributeName, attribute } from './attribute.js';

const headerClaims: readonly (readonly [string, AttributeName])[] = [
  ['alg', 'jwt-alg'],
  ['kid', 'jwt-kid'],
];
const bodyClaims: readonly (readonly [string, AttributeName])[] = [
  ['iss', 'jwt-iss'],
  ['aud', 'jwt-aud'],
  ['sub', 'jwt-sub'],
  ['azp', 'jwt-azp'],
  ['client_id', 'jwt-client-id'],
  ['iat', 'jwt-iat'],
  ['nbf', 'jwt-nbf'],
  ['exp', 'jwt-exp'],
  ['scope', 'jwt-scope'],
  ['scp', 'jwt-scope'],
  ['role', 'jwt-roles'],
  ['roles', 'jwt-roles'],
  ['jti', 'jwt-jti'],
];

function objectOf(part: string | undefined): Readonly<Record<string, unknown>> {
  if (part === undefined || part.length > 65_536) return {};
  try {
    const parsed: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

export function jwtAttributes(token: string): Attribute[] {
  const [header, body] = token.split('.');
  const facts: Attribute[] = [];
  for (const [part, claims] of [
    [objectOf(header), headerClaims],
    [objectOf(body), bodyClaims],
  ] as const) {
    for (const [claim, name] of claims) {
      if (Object.hasOwn(part, claim)) facts.push(...attribute(name, part[claim]));
    }
  }
  return facts;
}
