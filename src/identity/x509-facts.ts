/**
 * The allow-listed facts of an X.509 certificate (RFC 5280). A certificate is no secret; its facts belong to the
 * private key with the same public half. OpenSSL parses it, bounded in size: the bytes are hostile.
 */
import { X509Certificate } from 'node:crypto';
import type { Attribute } from '../model/finding.js';
import { attribute } from './attribute.js';
import { derNodeAt, derTags } from './der.js';
import { publicKeyHash } from './spki.js';

/** More bytes than this are no certificate that anybody deploys. */
export const maxCertificateBytes = 32_768;

export interface CertificateFacts {
  /** SHA-256 of its SubjectPublicKeyInfo: normal form of the alias domain `public-key`. */
  readonly publicKey: Buffer;
  readonly attributes: readonly Attribute[];
}

/** Bits of the extension keyUsage, first bit first. */
const usageBits = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
] as const;

const extendedUsages: Readonly<Record<string, string>> = {
  '1.3.6.1.5.5.7.3.1': 'serverAuth',
  '1.3.6.1.5.5.7.3.2': 'clientAuth',
  '1.3.6.1.5.5.7.3.3': 'codeSigning',
  '1.3.6.1.5.5.7.3.4': 'emailProtection',
  '1.3.6.1.5.5.7.3.8': 'timeStamping',
  '1.3.6.1.5.5.7.3.9': 'OCSPSigning',
};

const keyUsageOid = Buffer.from('0603551d0f', 'hex');

/** Names of the set bits of keyUsage; node shows only the extended ones. */
function keyUsages(der: Buffer): string[] {
  const at = der.indexOf(keyUsageOid);
  if (at < 0) return [];
  let node = derNodeAt(der, at + keyUsageOid.length);
  // `critical` comes before the value.
  if (node?.tag === 1) node = derNodeAt(der, node.end);
  const bits = node?.tag === derTags.octetString ? derNodeAt(der, node.start, node.end) : undefined;
  if (bits?.tag !== derTags.bitString || bits.end - bits.start < 2) return [];
  const first = der[bits.start + 1] as number;
  return usageBits.filter((_, bit) => (first & (0x80 >> bit)) !== 0);
}

/** RFC 3339 of `Nov 22 12:00:00 2026 GMT`; undefined for what no calendar has. */
function dateText(text: string): string | undefined {
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : `${new Date(time).toISOString().slice(0, 19)}Z`;
}

/** A distinguished name on one line. */
function nameText(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ');
}

/** Facts of DER bytes; undefined when they are no certificate. */
export function certificateFacts(der: Buffer): CertificateFacts | undefined {
  if (der.length > maxCertificateBytes || der[0] !== derTags.sequence) return undefined;
  try {
    const found = new X509Certificate(der);
    const spki = found.publicKey.export({ format: 'der', type: 'spki' });
    const publicKey = publicKeyHash(spki);
    const extended = (found.keyUsage ?? []).map((oid) => extendedUsages[oid] ?? oid);
    return {
      publicKey,
      attributes: [
        ...attribute('x509-subject', nameText(found.subject)),
        ...attribute('x509-san', found.subjectAltName),
        ...attribute('x509-issuer', nameText(found.issuer)),
        ...attribute('x509-serial', found.serialNumber.toLowerCase()),
        ...attribute('x509-not-before', dateText(found.validFrom)),
        ...attribute('x509-not-after', dateText(found.validTo)),
        ...attribute('x509-spki-sha256', publicKey.toString('hex')),
        ...attribute('x509-key-usage', [...keyUsages(found.raw), ...extended]),
        ...attribute('x509-ca', found.ca ? 'yes' : 'no'),
      ],
    };
  } catch {
    return undefined;
  }
}
