/**
 * Public halves in DER: certificate requests (PKCS#10), the certificates of PKCS#7 bundles, bare public keys. Parsed here as
 * far as the public key; OpenSSL gets no more than a key or a certificate of bounded size.
 */
import { createPublicKey } from 'node:crypto';
import type { Attribute } from '../model/finding.js';
import { attribute } from './attribute.js';
import { type DerNode, derChildren, derNodeAt, derTags } from './der.js';
import { publicKeyHash } from './spki.js';
import { maxCertificateBytes } from './x509-facts.js';

/** Bytes of a bundle, and certificates of one beyond which it is a trust store. */
export const maxBundleBytes = 262_144;
const mostBundled = 32;

export interface PublicHalf {
  /** Normal form of the alias domain `public-key`. */
  readonly publicKey: Buffer;
  readonly attributes: readonly Attribute[];
}

/** The hash of a SubjectPublicKeyInfo, brought to the form that OpenSSL writes; undefined for what is none. */
export function publicKeyHashOf(spki: Uint8Array): Buffer | undefined {
  if (spki.length > maxCertificateBytes) return undefined;
  try {
    const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
    return publicKeyHash(key.export({ format: 'der', type: 'spki' }));
  } catch {
    return undefined;
  }
}

/** A public key of PKCS#1, as `BEGIN RSA PUBLIC KEY` holds it, or a SubjectPublicKeyInfo. */
export function publicKeyFacts(der: Buffer): PublicHalf | undefined {
  const publicKey = publicKeyHashOf(der) ?? rsaPublicKeyHash(der);
  return publicKey === undefined ? undefined : { publicKey, attributes: halfAttributes(publicKey) };
}

function rsaPublicKeyHash(der: Buffer): Buffer | undefined {
  const root = derNodeAt(der, 0);
  const parts = root?.tag === derTags.sequence ? derChildren(der, root) : undefined;
  if (parts?.length !== 2 || parts.some(({ tag }) => tag !== derTags.integer)) return undefined;
  if (der.length > maxCertificateBytes) return undefined;
  try {
    const key = createPublicKey({ key: der, format: 'der', type: 'pkcs1' });
    return publicKeyHash(key.export({ format: 'der', type: 'spki' }));
  } catch {
    return undefined;
  }
}

function halfAttributes(publicKey: Buffer): Attribute[] {
  return attribute('x509-spki-sha256', publicKey.toString('hex'));
}

/** Facts of a certificate request: what it asks a certificate for, by which key. */
export function requestFacts(der: Buffer): PublicHalf | undefined {
  if (der.length > maxCertificateBytes) return undefined;
  const root = derNodeAt(der, 0);
  const [info] = (root?.tag === derTags.sequence && derChildren(der, root)) || [];
  const parts = info?.tag === derTags.sequence ? derChildren(der, info) : undefined;
  const [version, subject, spki] = parts ?? [];
  if (version?.tag !== derTags.integer || version.end - version.start !== 1 || der[version.start] !== 0)
    return undefined;
  if (subject?.tag !== derTags.sequence || spki?.tag !== derTags.sequence) return undefined;
  const publicKey = publicKeyHashOf(der.subarray(subject.end, spki.end));
  if (publicKey === undefined) return undefined;
  return {
    publicKey,
    attributes: [...attribute('csr-subject', nameOf(der, subject)), ...halfAttributes(publicKey)],
  };
}

/** Attribute types of names, the last byte of 2.5.4.x. */
const nameTypes: ReadonlyMap<number, string> = new Map([
  [3, 'CN'],
  [6, 'C'],
  [7, 'L'],
  [8, 'ST'],
  [10, 'O'],
  [11, 'OU'],
]);

/** A distinguished name on one line, as OpenSSL writes it. */
function nameOf(der: Buffer, name: DerNode): string {
  const parts: string[] = [];
  for (const set of derChildren(der, name, 32) ?? []) {
    const pair = derNodeAt(der, set.start, set.end);
    const [type, value] = (pair?.tag === derTags.sequence && derChildren(der, pair)) || [];
    if (type?.tag !== derTags.oid || value === undefined) continue;
    const isNameType = type.end - type.start === 3 && der[type.start] === 0x55 && der[type.start + 1] === 4;
    const label = isNameType ? nameTypes.get(der[type.start + 2] as number) : undefined;
    if (label !== undefined) parts.push(`${label}=${der.toString('utf8', value.start, value.end)}`);
  }
  return parts.join(', ');
}

const signedData = '2a864886f70d010702';

/** The certificates of a PKCS#7 bundle, each as DER; none where it is no bundle, or one of a trust store. */
export function bundledCertificates(der: Buffer): Buffer[] {
  if (der.length > maxBundleBytes) return [];
  const root = derNodeAt(der, 0);
  const [type, content] = (root?.tag === derTags.sequence && derChildren(der, root)) || [];
  if (type?.tag !== derTags.oid || der.toString('hex', type.start, type.end) !== signedData) return [];
  const signed = content === undefined ? undefined : derNodeAt(der, content.start, content.end);
  const parts = signed?.tag === derTags.sequence ? derChildren(der, signed) : undefined;
  // `certificates [0] IMPLICIT SET OF`.
  const list = parts?.find(({ tag }) => tag === 0xa0);
  const found = list === undefined ? [] : (derChildren(der, list, mostBundled + 1) ?? []);
  if (found.length > mostBundled) return [];
  let start = list?.start ?? 0;
  return found.map(({ end }) => {
    const certificate = der.subarray(start, end);
    start = end;
    return certificate;
  });
}
