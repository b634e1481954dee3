/**
 * What is public and says something of a secret elsewhere: certificates of X.509 and OpenSSH, and ciphertexts that
 * name who can read them. None of it is a finding; its facts go to the secret that has the same public half.
 */
import { ageRecipientDomain } from '../identity/age-key.js';
import { attribute } from '../identity/attribute.js';
import { pgpFingerprintDomain } from '../identity/pgp-packet.js';
import {
  bundledCertificates,
  maxBundleBytes,
  publicKeyFacts,
  requestFacts,
} from '../identity/public-containers.js';
import { publicJwkFacts } from '../identity/public-key.js';
import { publicKeyHash } from '../identity/spki.js';
import { maxSshCertificateBytes, sshCertificateFacts } from '../identity/ssh-certificate.js';
import { parseSshPublicBlob } from '../identity/ssh-key.js';
import { certificateFacts, maxCertificateBytes } from '../identity/x509-facts.js';
import type { Attribute } from '../model/finding.js';
import { readJsonObject } from '../text/jwk-block.js';
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
/** Lines of authorized keys or known hosts, and keys of a set, beyond which a text says nothing. */
const mostPublicKeys = 256;
/** Bytes of a text in which the recipients of its ciphertext are looked for. */
const recipientReach = 1 << 20;
const mostRecipients = 32;

type Reader = (bytes: Buffer, at: number) => readonly PublicItem[];

/** Keyword of each sort of item, and what reads it there. */
const readers: readonly (readonly [keyword: Buffer, reader: Reader, most: number])[] = [
  [Buffer.from('BEGIN CERTIFICATE'), x509Certificate, mostCertificates],
  [Buffer.from('-cert-v01@openssh.com'), sshCertificate, mostCertificates],
  [Buffer.from('BEGIN NEW CERTIFICATE REQUEST'), pemItems, mostCertificates],
  [Buffer.from('BEGIN PKCS7'), pemItems, mostCertificates],
  [Buffer.from('BEGIN PUBLIC KEY'), pemItems, mostCertificates],
  [Buffer.from('BEGIN RSA PUBLIC KEY'), pemItems, mostCertificates],
  [Buffer.from('AAAAB3NzaC1yc2E'), sshPublicKey, mostPublicKeys],
  [Buffer.from('AAAAC3NzaC1lZDI1NTE5'), sshPublicKey, mostPublicKeys],
  [Buffer.from('AAAAE2VjZHNhLXNoYTIt'), sshPublicKey, mostPublicKeys],
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
  // The mark of a request begins like that of a certificate.
  if (block === undefined) return pemItems(bytes, at);
  if (block.body.length > maxCertificateBytes * 1.4) return [];
  const facts = certificateFacts(Buffer.from(block.body, 'base64'));
  if (facts === undefined) return [];
  return [{ domain: publicKeyDomain, normalForm: facts.publicKey, attributes: facts.attributes }];
}

/** Requests, bundles and bare public keys in PEM. */
function pemItems(bytes: Buffer, at: number): PublicItem[] {
  const block = readPemBlock(bytes, at, 'PUBLIC');
  if (block === undefined || block.body.length > maxBundleBytes * 1.4) return [];
  return derItems(Buffer.from(block.body, 'base64'));
}

/** What DER bytes that are public tell: a certificate, a request, a bundle of certificates, a public key. */
export function derItems(der: Buffer): PublicItem[] {
  const found = [
    certificateFacts(der) ?? requestFacts(der) ?? publicKeyFacts(der),
    ...bundledCertificates(der).map(certificateFacts),
  ];
  return found.flatMap((facts) =>
    facts === undefined
      ? []
      : [{ domain: publicKeyDomain, normalForm: facts.publicKey, attributes: facts.attributes }],
  );
}

/** Bytes before a key's blob in which its line begins, and behind it for its comment. */
const lineReach = 2048;
const blobReach = 6000;
const keyType = /(?:^|[\s,"'])(ssh-(?:rsa|ed25519)|ecdsa-sha2-nistp(?:256|384|521)) $/;
const hostNames = /^(?:@(?:cert-authority|revoked) )?([^\s"']{1,1000})$/;
/** What may stand before the type in `authorized_keys`. */
const keyOptions =
  /(?:^|,)(?:(?:from|command|environment|permitopen|permitlisten|principals|tunnel|expiry-time)="|(?:no-[a-z0-9-]+|restrict|cert-authority|pty|user-rc|agent-forwarding|port-forwarding|x11-forwarding)(?:,|$))/i;

/** A line of `.pub`, `authorized_keys` or `known_hosts`: `[options or hosts] type blob [comment]`. */
function sshPublicKey(bytes: Buffer, at: number): PublicItem[] {
  const from = Math.max(bytes.lastIndexOf(0x0a, at) + 1, at - lineReach);
  const head = bytes.toString('latin1', from, at);
  const type = keyType.exec(head);
  if (type === null) return [];
  let end = at;
  const ceiling = Math.min(bytes.length, at + blobReach);
  while (end < ceiling && (base64Value[bytes[end] as number] !== 255 || bytes[end] === 0x3d)) end++;
  const key = parseSshPublicBlob(Buffer.from(bytes.toString('latin1', at, end), 'base64'));
  if (key === undefined) return [];
  const tail = bytes.toString('utf8', end, Math.min(bytes.length, end + 300));
  const comment = /^ ([^"'\r\n\\]{1,200})/.exec(tail)?.[1];
  const before = head.slice(0, head.length - type[0].length).trim();
  const hosts =
    hostNames
      .exec(before)?.[1]
      ?.split(',')
      .filter((name) => !name.startsWith('|1|')) ?? [];
  const isOption = keyOptions.test(before);
  const publicKey = publicKeyHash(key.spki);
  return [
    {
      domain: publicKeyDomain,
      normalForm: publicKey,
      attributes: [
        ...attribute('x509-spki-sha256', publicKey.toString('hex')),
        ...(isOption ? attribute('ssh-authorized', before) : []),
        ...(isOption
          ? []
          : attribute(
              'ssh-host',
              hosts.filter((name) => /[.:\]]|^[a-z0-9-]+$/i.test(name)),
            )),
        ...attribute('comment', comment),
      ],
    },
  ];
}

/** Keys of a set that have no private member, each about the secret with its public half. */
export function publicJwksAt(bytes: Buffer, hits: readonly number[]): PublicItem[] {
  if (hits.length > mostPublicKeys) return [];
  return hits.flatMap((at) => {
    const members = readJsonObject(bytes, at);
    const facts = members === undefined ? undefined : publicJwkFacts(members);
    if (facts === undefined) return [];
    const publicKey = publicKeyHash(facts.spki);
    return [
      {
        domain: publicKeyDomain,
        normalForm: publicKey,
        attributes: [
          ...attribute('x509-spki-sha256', publicKey.toString('hex')),
          ...attribute('key-id', facts.keyId),
        ],
      },
    ];
  });
}

/** Whether a hit is that of a key in JSON, which may be public. */
export function isJwkAt(bytes: Buffer, at: number): boolean {
  return bytes.subarray(at, at + jwkMark.length).equals(jwkMark);
}
const jwkMark = Buffer.from('"kty"');

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
