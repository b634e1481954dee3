/**
 * Private keys: PEM of all containers, OpenSSH, OpenPGP, SSH.com, PuTTY, JWK, and DER that stands bare in
 * base64.
 *
 * The literal value of a key is what its armour encodes (the DER, the `openssh-key-v1` bytes, the packets),
 * so that one fingerprint holds through every wrapping, escaping and joining; a JWK's is the text of its
 * `d` or `k`, which is also how it is copied. The public half is the alias that joins containers.
 */

import { keyAttributes } from '../identity/attributes.js';
import { announcedLength, derTags } from '../identity/der.js';
import { keyBodyBytes } from '../identity/key-body.js';
import { parsePgpSecretKey, pgpFingerprintDomain } from '../identity/pgp-packet.js';
import {
  inspectJwk,
  inspectPrivateKey,
  inspectPuttyKey,
  isCutOff,
  type KeyFacts,
} from '../identity/public-key.js';
import { publicKeyHash } from '../identity/spki.js';
import type { Attribute, Confidence, Spelling } from '../model/finding.js';
import { type KindId, parseKindId } from '../model/ids.js';
import { SecretValue } from '../model/secret-value.js';
import type { Span } from '../model/span.js';
import { readJwkBlock } from '../text/jwk-block.js';
import { joinLines } from '../text/line-join.js';
import { type PemBlock, readPemBlock } from '../text/pem-block.js';
import { readPuttyBlock } from '../text/putty-block.js';
import { base64Value } from '../text/run-classes.js';
import type { TextView } from '../text/view.js';

/** Literals of which each private key holds at least one: what a hit may stand on. */
export const privateKeyKeywords: readonly string[] = [
  'PRIVATE KEY',
  'PRIVATE+KEY',
  'PuTTY-User-Key-File-',
  '"kty"',
  '\\"kty',
  "'kty'",
  'kty:',
  // Bare base64, each from a constant part of the structure: OpenSSH; PKCS#8 with RSA; PKCS#1; SEC1 and
  // PKCS#8 on P-256, P-384, P-521; Ed25519; PBES2.
  'b3BlbnNzaC1rZXktdjE',
  'ADANBgkqhkiG9w0BAQEFAASC',
  'IBAAKC',
  'IBAAKBgQ',
  'MHcCAQEEI',
  'MIGkAgEBBD',
  'MIHcAgEBBE',
  'MBMGByqGSM49AgEGCCqGSM49AwEH',
  'MEECAQAwEwYHKoZIzj0CAQYIKoZIzj0DAQcE',
  'MBAGByqGSM49AgEGBSuBBAAi',
  'MBAGByqGSM49AgEGBSuBBAAj',
  'MC4CAQAwBQYDK2VwBCIEI',
  'BgkqhkiG9w0BBQ0w',
];

/** A normal form whose fingerprint under `domain` is an alias (identity/fingerprint.ts). */
export interface KeyAlias {
  readonly domain: string;
  readonly normalForm: Buffer;
}

export interface PrivateKeyMatch {
  readonly kind: KindId;
  /** In the view: the whole block, marks included; of a JWK the private member's text. */
  readonly span: Span;
  readonly value: SecretValue;
  readonly spelling: readonly Spelling[];
  readonly confidence: Confidence;
  readonly reasons: readonly string[];
  readonly aliases: readonly KeyAlias[];
  readonly attributes: readonly Attribute[];
}

/** Bodies shorter than this without a key's structure are placeholders. */
const minBodyCharacters = 64;
/** A real body of 64 characters or more has more distinct ones than this, and none makes up 30 % of it. */
const minDistinct = 16;

/** Keys at or round the hits, in order, each once. @param hits ascending offsets of keywords in the view */
export function detectPrivateKeys(view: TextView, hits: readonly number[]): PrivateKeyMatch[] {
  const found: PrivateKeyMatch[] = [];
  // Offsets before which nothing of a form is looked for again: each byte is parsed once for each form,
  // so that a document made of keywords costs no more than its length.
  const free: FreeOffsets = { all: 0, jwk: 0, bare: 0 };
  for (const hit of hits) {
    if (hit < free.all) continue;
    const match = matchAt(view.bytes, hit, free);
    if (match === undefined || match.span.start < free.all) continue;
    found.push(match);
    free.all = match.span.end;
  }
  return found;
}

interface FreeOffsets {
  all: number;
  jwk: number;
  bare: number;
}

function matchAt(bytes: Buffer, hit: number, free: FreeOffsets): PrivateKeyMatch | undefined {
  const block = readPemBlock(bytes, hit);
  if (block !== undefined) {
    const match = pemMatch(block);
    // A block that is a placeholder is not looked at again from its END mark.
    if (match === undefined) free.all = block.span.end;
    return match;
  }
  const near = bytes.toString('latin1', Math.max(0, hit - 24), hit + 24);
  if (near.includes('PuTTY-User-Key-File-')) return puttyMatch(bytes, hit);
  if (near.includes('kty') && hit >= free.jwk) {
    const match = jwkMatch(bytes, hit);
    if (match !== undefined) return match;
    const close = bytes.indexOf(0x7d, hit);
    free.jwk = close < 0 ? bytes.length : close;
  }
  if (hit < free.bare) return undefined;
  const run = runAround(bytes, hit);
  free.bare = run.end;
  return bareMatch(bytes, run);
}

function kindOf(label: string, facts: KeyFacts | undefined, isEncrypted: boolean): KindId {
  if (label.startsWith('PGP ')) return parseKindId('pgp-private-key');
  if (label.startsWith('SSH2 ')) return parseKindId('ssh2-private-key');
  if (facts?.container === 'openssh' || label.startsWith('OPENSSH '))
    return parseKindId('openssh-private-key');
  if (isEncrypted) return parseKindId('pem-encrypted-private-key');
  if (facts?.container === 'pkcs1' || label.startsWith('RSA ')) return parseKindId('pem-rsa-private-key');
  if (facts?.container === 'sec1' || label.startsWith('EC ')) return parseKindId('pem-ec-private-key');
  if (facts?.container === 'dsa' || label.startsWith('DSA ')) return parseKindId('pem-dsa-private-key');
  return parseKindId('pem-private-key');
}

function publicKeyAlias(facts: KeyFacts | undefined): KeyAlias[] {
  if (facts?.spki === undefined) return [];
  return [{ domain: 'public-key', normalForm: publicKeyHash(facts.spki) }];
}

function looksInvented(body: string): boolean {
  const counts = new Map<string, number>();
  for (const char of body) counts.set(char, (counts.get(char) ?? 0) + 1);
  if (counts.size < minDistinct) return true;
  return Math.max(...counts.values()) > body.length * 0.3 || /EXAMPLE|PLACEHOLDER|REDACTED|YOUR/.test(body);
}

function pemMatch(block: PemBlock): PrivateKeyMatch | undefined {
  if (block.label.startsWith('PGP ')) return pgpMatch(block);
  const bytes = keyBodyBytes(block.body);
  const facts = inspectPrivateKey(bytes);
  if (facts === undefined && (block.body.length < minBodyCharacters || looksInvented(block.body)))
    return undefined;
  const isEncrypted =
    facts?.isEncrypted === true ||
    block.headers.get('proc-type')?.includes('ENCRYPTED') === true ||
    block.label.includes('ENCRYPTED');
  // Between whole marks, a key that lacks a few characters is damaged and still worth a look.
  const isCut = facts === undefined ? !block.hasEnd || isMostlyMissing(bytes) : isCutOff(bytes);
  if (facts === undefined && !block.hasEnd && !startsLikeKey(bytes)) return undefined;
  const comment = block.headers.get('comment');
  return {
    kind: kindOf(block.label, facts, isEncrypted),
    span: block.span,
    value: new SecretValue(bytes),
    spelling: [block.isEscaped ? 'pem-escaped' : 'pem'],
    ...judge(facts, isEncrypted, isCut),
    aliases: publicKeyAlias(facts),
    attributes: keyAttributes({
      ...(comment === undefined ? {} : { comment }),
      ...(facts ?? { container: containerOf(block.label), ...algorithmOf(block.label) }),
      isEncrypted,
    }),
  };
}

/** What the label says of a body that cannot be parsed, such as one that its header says is encrypted. */
function containerOf(label: string): KeyFacts['container'] {
  if (label.startsWith('OPENSSH ')) return 'openssh';
  if (label.startsWith('ENCRYPTED ')) return 'pkcs8-encrypted';
  if (label.startsWith('RSA ')) return 'pkcs1';
  if (label.startsWith('EC ')) return 'sec1';
  return label.startsWith('DSA ') ? 'dsa' : 'pkcs8';
}

function algorithmOf(label: string): { readonly algorithm?: string } {
  const name = /^(RSA|EC|DSA) /.exec(label)?.[1];
  return name === undefined ? {} : { algorithm: name.toLowerCase() };
}

function isMostlyMissing(bytes: Buffer): boolean {
  return isCutOff(bytes) && bytes.length < (announcedLength(bytes) ?? 0) * 0.9;
}

function startsLikeKey(bytes: Buffer): boolean {
  return bytes[0] === derTags.sequence && (bytes[1] ?? 0) > 0x7f;
}

function judge(
  facts: KeyFacts | undefined,
  isEncrypted: boolean,
  isCut: boolean,
): { readonly confidence: Confidence; readonly reasons: readonly string[] } {
  if (isCut) return { confidence: 'low', reasons: ['truncated'] };
  if (isEncrypted) return { confidence: 'high', reasons: ['encrypted'] };
  if (facts === undefined) return { confidence: 'medium', reasons: ['structure-unknown'] };
  return { confidence: 'proven', reasons: ['key-structure'] };
}

function pgpMatch(block: PemBlock): PrivateKeyMatch | undefined {
  // The CRC-24 line, `=` and four characters, is armour and no body.
  const bytes = Buffer.from(block.body.replace(/=.*$/s, ''), 'base64');
  const key = parsePgpSecretKey(bytes);
  if (key === undefined && (block.body.length < minBodyCharacters || looksInvented(block.body)))
    return undefined;
  const isEncrypted = key?.isEncrypted === true;
  const facts =
    key === undefined ? undefined : ({ ...key, container: 'pgp', pgpFingerprint: key.fingerprint } as const);
  return {
    kind: kindOf(block.label, undefined, isEncrypted),
    span: block.span,
    value: new SecretValue(bytes),
    spelling: [block.isEscaped ? 'pem-escaped' : 'pem'],
    ...judge(facts, isEncrypted, !block.hasEnd),
    aliases:
      key === undefined
        ? []
        : [
            { domain: 'pgp-public-key', normalForm: key.publicPart },
            { domain: pgpFingerprintDomain, normalForm: Buffer.from(key.fingerprint, 'hex') },
          ],
    attributes: facts === undefined ? [] : keyAttributes(facts),
  };
}

function puttyMatch(bytes: Buffer, hit: number): PrivateKeyMatch | undefined {
  const block = readPuttyBlock(bytes, hit);
  if (block === undefined || block.privateBlob.length < 16) return undefined;
  const facts = inspectPuttyKey(block.publicBlob, block.isEncrypted, block.comment);
  return {
    kind: parseKindId('putty-private-key'),
    span: block.span,
    value: new SecretValue(block.privateBlob),
    spelling: ['pem'],
    ...judge(facts, block.isEncrypted, !block.isWhole),
    aliases: publicKeyAlias(facts),
    attributes: keyAttributes(facts),
  };
}

function jwkMatch(bytes: Buffer, hit: number): PrivateKeyMatch | undefined {
  const block = readJwkBlock(bytes, hit);
  const facts = block === undefined ? undefined : inspectJwk(block.members);
  if (block === undefined || facts === undefined) return undefined;
  const isSymmetric = facts.algorithm === 'oct';
  const kid = block.members['kid'];
  return {
    kind: parseKindId('jwk-private-key'),
    span: block.span,
    value: new SecretValue(Buffer.from(block.secret, 'latin1')),
    spelling: ['plain'],
    confidence: facts.spki === undefined && !isSymmetric ? 'medium' : isSymmetric ? 'high' : 'proven',
    reasons: ['key-structure'],
    aliases: isSymmetric
      ? [{ domain: 'base64-bytes', normalForm: Buffer.from(block.secret, 'base64url') }]
      : publicKeyAlias(facts),
    attributes: keyAttributes(typeof kid === 'string' ? { comment: kid, ...facts } : facts),
  };
}

/** Bytes that a bare run may reach back from a keyword: all keywords start within the first 32 of a key. */
const maxLeadBytes = 64;

/** Longest bare run: base64 of the largest key. */
const maxRunBytes = 90_000;

/** The base64 run that a hit stands in. */
function runAround(bytes: Buffer, hit: number): Span {
  let start = hit;
  const least = Math.max(0, hit - maxLeadBytes);
  while (start > least && base64Value[bytes[start - 1] as number] !== 255) start--;
  let end = hit;
  while (end < bytes.length && end - start < maxRunBytes && base64Value[bytes[end] as number] !== 255) end++;
  return { start, end };
}

/** Base64 of DER or `openssh-key-v1` without armour, as in `KEY=MII…`. Only a whole, parsed structure counts. */
function bareMatch(bytes: Buffer, { start, end }: Span): PrivateKeyMatch | undefined {
  // `M` begins each DER sequence, `b` the magic of OpenSSH.
  if (end - start < 40 || (bytes[start] !== 0x4d && bytes[start] !== 0x62)) return undefined;
  const pieces = joinLines(bytes, start, end, maxRunBytes);
  const body = pieces.map((piece) => bytes.toString('latin1', piece.start, piece.end)).join('');
  const value = keyBodyBytes(body);
  const facts = inspectPrivateKey(value);
  if (facts === undefined || isCutOff(value)) return undefined;
  let last = pieces[pieces.length - 1]?.end ?? end;
  while (bytes[last] === 0x3d) last++;
  return { ...derMatch(value, facts), span: { start, end: last }, spelling: ['base64', 'der'] };
}

function derMatch(value: Buffer, facts: KeyFacts): Omit<PrivateKeyMatch, 'span' | 'spelling'> {
  return {
    kind: kindOf('', facts, facts.isEncrypted),
    value: new SecretValue(value),
    ...judge(facts, facts.isEncrypted, false),
    aliases: publicKeyAlias(facts),
    attributes: keyAttributes(facts),
  };
}

/** The key that a whole document is: DER or `openssh-key-v1` without any wrapping. */
export function wholeKeyMatch(bytes: Buffer): PrivateKeyMatch | undefined {
  const facts = inspectPrivateKey(bytes);
  if (facts === undefined || isCutOff(bytes)) return undefined;
  return { ...derMatch(bytes, facts), span: { start: 0, end: bytes.length }, spelling: ['der'] };
}

/** A key that was taken out of a container: it is what the container is worth. */
export function containedKeyMatch(
  key: Buffer,
  container: KeyFacts['container'],
): Omit<PrivateKeyMatch, 'span' | 'spelling'> | undefined {
  const facts = inspectPrivateKey(key);
  return facts === undefined ? undefined : derMatch(key, { ...facts, container });
}
