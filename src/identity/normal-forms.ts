/**
 * Normal forms of values, each the input of an alias fingerprint with a domain of its own. All are
 * idempotent, and two values share one only when every program that accepts the first accepts the second.
 */

import { parsePgpSecretKey } from './pgp-packet.js';
import { inspectPrivateKey } from './public-key.js';
import { publicKeyHash } from './spki.js';

export const aliasForms = [
  'hex-lower',
  'uuid-lower',
  'base64-bytes',
  'no-spaces',
  'percent-decoded',
  'private-key',
] as const;
/** Forms that {@link normalFormOf} knows: those of rules, and `private-key` for key containers. */
export type AliasForm = (typeof aliasForms)[number];

export interface NormalForm {
  readonly domain: string;
  readonly bytes: Buffer;
}

const hexText = /^[0-9a-fA-F]+$/;
const uuidText = /^[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$/;
const base64Text = /^(?:[A-Za-z0-9+/]+|[A-Za-z0-9_-]+)={0,2}$/;

/**
 * Bytes behind a base64 text of either alphabet, padded or not. Only when nothing is lost: one alphabet,
 * right padding if any, and unused bits zero, so that encoding gives the text back.
 */
export function losslessBase64(text: string): Buffer | undefined {
  if (!base64Text.test(text)) return undefined;
  const body = text.replace(/=+$/, '');
  const padding = text.length - body.length;
  if (padding > 0 && text.length % 4 !== 0) return undefined;
  const bytes = Buffer.from(body, 'base64');
  const standard = body.replace(/-/g, '+').replace(/_/g, '/');
  return bytes.toString('base64').replace(/=+$/, '') === standard ? bytes : undefined;
}

type FormFunction = (value: Buffer) => NormalForm | undefined;

function lowerCased(domain: string, pattern: RegExp): FormFunction {
  return (value) => {
    const text = value.toString('latin1');
    return pattern.test(text) ? { domain, bytes: Buffer.from(text.toLowerCase(), 'latin1') } : undefined;
  };
}

function base64Bytes(value: Buffer): NormalForm | undefined {
  const bytes = losslessBase64(value.toString('latin1'));
  return bytes === undefined || bytes.length === 0 ? undefined : { domain: 'base64-bytes', bytes };
}

function noSpaces(value: Buffer): NormalForm | undefined {
  const bytes = value.filter((byte) => byte !== 0x20);
  return bytes.length === 0 ? undefined : { domain: 'no-spaces', bytes: Buffer.from(bytes) };
}

const percentEncoded = /^(?:[\w.~+/=-]|%[0-9A-Fa-f]{2})+$/;

/** A value of a query, whose reader decodes it once. Only what nobody has to encode may stand as it is. */
function percentDecoded(value: Buffer): NormalForm | undefined {
  const text = value.toString('latin1');
  if (!percentEncoded.test(text)) return undefined;
  const decoded = text.replace(/%([0-9A-Fa-f]{2})/g, (_code, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
  // A sign that is encoded itself would be decoded again by the next form.
  if (decoded.includes('%')) return undefined;
  return { domain: 'percent-decoded', bytes: Buffer.from(decoded, 'latin1') };
}

/** The public half, whatever the container. @param value DER, `openssh-key-v1` bytes or OpenPGP packets */
function publicHalf(value: Buffer): NormalForm | undefined {
  const spki = inspectPrivateKey(value)?.spki;
  if (spki !== undefined) return { domain: 'public-key', bytes: publicKeyHash(spki) };
  const pgp = parsePgpSecretKey(value);
  return pgp === undefined ? undefined : { domain: 'pgp-public-key', bytes: Buffer.from(pgp.publicPart) };
}

const forms: Readonly<Record<AliasForm, FormFunction>> = {
  'hex-lower': lowerCased('hex-lower', hexText),
  'uuid-lower': lowerCased('uuid-lower', uuidText),
  'base64-bytes': base64Bytes,
  'no-spaces': noSpaces,
  'percent-decoded': percentDecoded,
  'private-key': publicHalf,
};

/** The normal form of a value, or undefined when it is not of that form. */
export function normalFormOf(form: AliasForm, value: Buffer): NormalForm | undefined {
  return forms[form](value);
}
