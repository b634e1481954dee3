/**
 * What is public and says something of a secret elsewhere: certificates of X.509 and OpenSSH, and ciphertexts that
 * name who can read them. None of it is a finding; its facts go to the secret that has the same public half.
 */
import { ageRecipientDomain } from '../identity/age-key.js';
import { attribute } from '../identity/attribute.js';
import { pgpFingerprintDomain } from '../identity/pgp-packet.js';
import { maxSshCertificateBytes, sshCertificateFacts } from '../identity/ssh-certificate.js';
import { certificateFacts, maxCertificateBytes } from '../identity/x509-facts.js';
import type { Attribute } from '../model/finding.js';
import { readPemBlock } from '../text/pem-block.js';
import { base64Value } from '../text/run-classes.js';

/** A public item before its alias is keyed. */
export interface PublicItem {
  readonly domain: string;
  readonly normalForm: Buffer;
  readonly attributes: readonly Attribute[];
}

/** Alias domain of private keys, whatever their container. */
const publicKeyDomain = 'public-key';

/** Certificates of one text beyond which it is a trust store: nobody's key belongs to those. */
const mostCertificates = 32;
/** Bytes of a text in which the recipients of its ciphertext are looked for. */
const recipientReach = 1 << 20;
const mostRecipients = 32;

type Reader = (bytes: Buffer, at: number) => readonly PublicItem[];

/** Keyword of each sort of item, and what reads it there. */
const readers: readonly (readonly [keyword: Buffer, reader: Reader, most: number])[] = [
  [Buffer.from('BEGIN CERTIFICATE'), x509Certificate, mostCertificates],
  [Buffer.from('-cert-v01@openssh.com'), sshCertificate, mostCertificates],
  // One value is enough: all of a file are for the same recipients.
  [Buffer.from('ENC[AES256_GCM,'), sopsRecipients, 1],
];

/** Literals on which public items stand; a rule of the detector `private-key` must name them. */
export const publicItemKeywords: readonly string[] = readers.map(([keyword]) => keyword.toString('latin1'));

function readerAt(bytes: Buffer, at: number): number {
  return readers.findIndex(([keyword]) => bytes.subarray(at, at + keyword.length).equals(keyword));
}

/** Whether a hit is one of {@link publicItemKeywords} and no private key's. */
export function isPublicItemAt(bytes: Buffer, at: number): boolean {
  return readerAt(bytes, at) >= 0;
}

/** The items at the hits. @param hits offsets at which {@link isPublicItemAt} holds, ascending */
export function publicItemsAt(bytes: Buffer, hits: readonly number[]): PublicItem[] {
  const byReader = new Map<number, number[]>();
  for (const at of hits) {
    const reader = readerAt(bytes, at);
    byReader.set(reader, [...(byReader.get(reader) ?? []), at]);
  }
  return readers.flatMap(([, read, most], number) => {
    const own = byReader.get(number) ?? [];
    // What a change shows of a trust store must not depend on how much of it was looked at.
    if (most > 1 && own.length > most) return [];
    return own.slice(0, most).flatMap((at) => read(bytes, at));
  });
}

function x509Certificate(bytes: Buffer, at: number): PublicItem[] {
  const block = readPemBlock(bytes, at, 'CERTIFICATE');
  if (block === undefined || block.body.length > maxCertificateBytes * 1.4) return [];
  const facts = certificateFacts(Buffer.from(block.body, 'base64'));
  if (facts === undefined) return [];
  return [{ domain: publicKeyDomain, normalForm: facts.publicKey, attributes: facts.attributes }];
}

/** `ssh-ed25519-cert-v01@openssh.com AAAA… comment`. */
function sshCertificate(bytes: Buffer, at: number): PublicItem[] {
  const mark = bytes.indexOf(0x20, at);
  if (mark < 0 || mark > at + 24) return [];
  const start = mark + 1;
  const ceiling = Math.min(bytes.length, start + maxSshCertificateBytes * 1.4);
  let end = start;
  while (end < ceiling && base64Value[bytes[end] as number] !== 255) end++;
  const facts = sshCertificateFacts(Buffer.from(bytes.toString('latin1', start, end), 'base64'));
  if (facts === undefined) return [];
  return [{ domain: publicKeyDomain, normalForm: facts.publicKey, attributes: facts.attributes }];
}

const ageRecipient = /\bage1[02-9ac-hj-np-z]{58}\b/g;
const pgpRecipient = /\bfp["']?\s{0,4}[:=]\s{0,4}["']?([0-9A-Fa-f]{40})\b/g;

/** Values under `sops` are ciphertext; its metadata names the keys that open them. */
function sopsRecipients(bytes: Buffer): PublicItem[] {
  const text = bytes.toString('latin1', Math.max(0, bytes.length - recipientReach));
  const attributes = [...attribute('ciphertext', true), ...attribute('ciphertext-form', 'sops')];
  const distinct = (names: Iterable<string>): string[] => [...new Set(names)].sort().slice(0, mostRecipients);
  const age = distinct([...text.matchAll(ageRecipient)].map(([name]) => name));
  const pgp = distinct([...text.matchAll(pgpRecipient)].map((match) => (match[1] ?? '').toLowerCase()));
  return [
    ...age.map((name) => ({ domain: ageRecipientDomain, normalForm: Buffer.from(name), attributes })),
    ...pgp.map((name) => ({
      domain: pgpFingerprintDomain,
      normalForm: Buffer.from(name, 'hex'),
      attributes,
    })),
  ];
}
