/**
 * What a private key's container shows without its pass-phrase: algorithm, size, whether it is encrypted,
 * and the public half as SubjectPublicKeyInfo, which is one for all containers of a key (PKCS#1, PKCS#8,
 * SEC1, OpenSSH, PuTTY, JWK, OpenPGP apart).
 *
 * Where the private half is readable, the public half is computed from it or checked against it, so that
 * nobody can write a container that joins two secrets. For encrypted ones the stored public half is
 * believed. Containers are parsed here and not by OpenSSL, which gets only scalars of known curves: the bytes
 * are hostile.
 */
import { announcedLength, type DerNode, derChildren, derNodeAt, derTags } from './der.js';
import { ecPointOf, ed25519SpkiOf, opensslPublic, toBigInt } from './derive-public.js';
import { dsaSpki, ecSpki, edSpki, namedCurves, rsaSpki } from './spki.js';
import {
  bitLength,
  ecBlob,
  ed25519Blob,
  isOpenSshContainer,
  parseOpenSshKey,
  parseSshPublicBlob,
  rsaBlob,
  sshFingerprint,
} from './ssh-key.js';

export const keyContainers = [
  'pkcs1',
  'pkcs8',
  'pkcs8-encrypted',
  'sec1',
  'dsa',
  'openssh',
  'putty',
  'jwk',
  'pgp',
  'pkcs12',
  'jks',
] as const;
export type KeyContainer = (typeof keyContainers)[number];

export interface KeyFacts {
  readonly container: KeyContainer;
  /** `rsa`, `dsa`, `ec`, `ed25519`, `ed448`, `x25519`, `x448`; absent when encryption hides it. */
  readonly algorithm?: string;
  readonly bits?: number;
  readonly curve?: string;
  readonly isEncrypted: boolean;
  readonly comment?: string;
  /** Public half; absent when hidden, or when it does not belong to the private half. */
  readonly spki?: Buffer;
  readonly sshFingerprint?: string;
  /** Hex. */
  readonly pgpFingerprint?: string;
}

/** More bytes than this are no key: RSA with 16,384 bits has 10 KB. */
export const maxKeyBytes = 65_536;

const curveBits: Readonly<Record<string, number>> = {
  nistp256: 256,
  nistp384: 384,
  nistp521: 521,
  secp256k1: 256,
};
const curveByOid = new Map(Object.entries(namedCurves).map(([name, hex]) => [hex, name]));

function content(bytes: Buffer, node: DerNode): Buffer {
  return bytes.subarray(node.start, node.end);
}

function tagsOf(nodes: readonly DerNode[]): string {
  return nodes.map((node) => node.tag.toString(16)).join(' ');
}

function rsaFacts(
  modulus: Buffer,
  exponent: Buffer,
  p: Buffer,
  q: Buffer,
): Omit<KeyFacts, 'container' | 'isEncrypted'> {
  const bits = bitLength(modulus);
  const facts = { algorithm: 'rsa', bits };
  if (bits > 16_384 || toBigInt(p) * toBigInt(q) !== toBigInt(modulus)) return facts;
  const spki = rsaSpki(modulus, exponent);
  return { ...facts, spki, sshFingerprint: sshFingerprint(rsaBlob(modulus, exponent)) };
}

function ecFacts(curve: string | undefined, scalar: Buffer): Omit<KeyFacts, 'container' | 'isEncrypted'> {
  if (curve === undefined) return { algorithm: 'ec' };
  const point = ecPointOf(curve, scalar);
  const spki = point === undefined ? undefined : ecSpki(curve, point);
  const bits = curveBits[curve];
  return {
    algorithm: 'ec',
    curve,
    ...(bits === undefined ? {} : { bits }),
    ...(spki === undefined ? {} : { spki }),
    ...(point === undefined || curve === 'secp256k1'
      ? {}
      : { sshFingerprint: sshFingerprint(ecBlob(curve, point)) }),
  };
}

/** PKCS#1: version, n, e, d, p, q, dp, dq, qi (RFC 8017 A.1.2). */
function pkcs1Facts(bytes: Buffer, nodes: readonly DerNode[]): KeyFacts | undefined {
  const [, n, e, , p, q] = nodes;
  if (n === undefined || e === undefined || p === undefined || q === undefined) return undefined;
  const facts = rsaFacts(content(bytes, n), content(bytes, e), content(bytes, p), content(bytes, q));
  return { container: 'pkcs1', isEncrypted: false, ...facts };
}

/** OpenSSL's DSA form: version, p, q, g, y, x. */
function dsaFacts(bytes: Buffer, nodes: readonly DerNode[]): KeyFacts | undefined {
  const [, p, q, g, y] = nodes;
  if (p === undefined || q === undefined || g === undefined || y === undefined) return undefined;
  const spki = dsaSpki(content(bytes, p), content(bytes, q), content(bytes, g), content(bytes, y));
  return { container: 'dsa', isEncrypted: false, algorithm: 'dsa', bits: bitLength(content(bytes, p)), spki };
}

/** SEC1: version 1, scalar, [0] curve, [1] point (RFC 5915). The curve may stand outside (PKCS#8). */
function sec1Facts(bytes: Buffer, nodes: readonly DerNode[], outerCurve?: string): KeyFacts | undefined {
  const scalar = nodes[1];
  if (scalar === undefined) return undefined;
  let curve = outerCurve;
  for (const node of nodes) {
    if (node.tag !== 0xa0) continue;
    const inner = derNodeAt(bytes, node.start, node.end);
    if (inner?.tag === derTags.oid) curve = curveByOid.get(content(bytes, inner).toString('hex'));
  }
  return { container: 'sec1', isEncrypted: false, ...ecFacts(curve, content(bytes, scalar)) };
}

const smallCurves: Readonly<Record<string, string>> = {
  '2b656e': 'x25519',
  '2b656f': 'x448',
  '2b6570': 'ed25519',
  '2b6571': 'ed448',
};
const smallCurveBits: Readonly<Record<string, number>> = { x25519: 253, x448: 448, ed25519: 256, ed448: 456 };
const rsaOids = new Set(['2a864886f70d010101', '2a864886f70d01010a']);

/** PKCS#8: version, algorithm, key in an octet string (RFC 5958). */
function pkcs8Facts(bytes: Buffer, nodes: readonly DerNode[]): KeyFacts | undefined {
  const [, algorithm, wrapped] = nodes;
  if (algorithm === undefined || wrapped === undefined) return undefined;
  const parts = derChildren(bytes, algorithm);
  const oidNode = parts?.[0];
  if (oidNode?.tag !== derTags.oid) return undefined;
  const oid = content(bytes, oidNode).toString('hex');
  const small = smallCurves[oid];
  const base = { container: 'pkcs8', isEncrypted: false } as const;
  if (small !== undefined) return { ...base, ...smallCurveFacts(bytes, small, wrapped) };
  const inner = derNodeAt(bytes, wrapped.start, wrapped.end);
  const innerNodes = inner?.tag === derTags.sequence ? derChildren(bytes, inner) : undefined;
  if (rsaOids.has(oid)) {
    const facts = innerNodes === undefined ? undefined : pkcs1Facts(bytes, innerNodes);
    return facts === undefined ? { ...base, algorithm: 'rsa' } : { ...facts, ...base };
  }
  if (oid === '2a8648ce3d0201') {
    const curveNode = parts?.[1];
    const curve =
      curveNode?.tag === derTags.oid ? curveByOid.get(content(bytes, curveNode).toString('hex')) : undefined;
    const facts = innerNodes === undefined ? undefined : sec1Facts(bytes, innerNodes, curve);
    return facts === undefined ? { ...base, algorithm: 'ec' } : { ...facts, ...base };
  }
  if (oid !== '2a8648ce380401') return base;
  const spki = opensslPublic(bytes);
  return { ...base, algorithm: 'dsa', ...(spki === undefined ? {} : { spki }) };
}

function smallCurveFacts(
  bytes: Buffer,
  algorithm: string,
  wrapped: DerNode,
): Omit<KeyFacts, 'container' | 'isEncrypted'> {
  const bits = smallCurveBits[algorithm];
  const facts = { algorithm, ...(bits === undefined ? {} : { bits }) };
  const seed = derNodeAt(bytes, wrapped.start, wrapped.end);
  if (seed?.tag !== derTags.octetString) return facts;
  if (algorithm === 'ed25519' && seed.end - seed.start === 32) {
    const spki = ed25519SpkiOf(content(bytes, seed));
    return { ...facts, spki, sshFingerprint: sshFingerprint(ed25519Blob(spki.subarray(-32))) };
  }
  const spki = opensslPublic(bytes);
  return spki === undefined ? facts : { ...facts, spki };
}

const int = '2';

/** Facts of the DER or `openssh-key-v1` bytes inside a PEM block; undefined when they are no private key. */
export function inspectPrivateKey(bytes: Buffer): KeyFacts | undefined {
  if (bytes.length > maxKeyBytes) return undefined;
  if (isOpenSshContainer(bytes)) return openSshFacts(bytes);
  const root = derNodeAt(bytes, 0);
  if (root?.tag !== derTags.sequence) return undefined;
  const nodes = derChildren(bytes, root);
  if (nodes === undefined) return undefined;
  const tags = tagsOf(nodes);
  if (tags.startsWith(`${int} ${int} ${int} ${int} ${int} ${int} ${int} ${int} ${int}`)) {
    return pkcs1Facts(bytes, nodes);
  }
  if (tags === `${int} ${int} ${int} ${int} ${int} ${int}`) return dsaFacts(bytes, nodes);
  if (tags.startsWith(`${int} 30 4`)) return pkcs8Facts(bytes, nodes);
  if (tags.startsWith(`${int} 4`)) return sec1Facts(bytes, nodes);
  if (tags === '30 4' && isPasswordBased(bytes, nodes))
    return { container: 'pkcs8-encrypted', isEncrypted: true };
  return undefined;
}

/** The algorithm of EncryptedPrivateKeyInfo starts with an arc of PKCS#5 or PKCS#12. */
function isPasswordBased(bytes: Buffer, nodes: readonly DerNode[]): boolean {
  const algorithm = nodes[0];
  const oid = algorithm === undefined ? undefined : derNodeAt(bytes, algorithm.start, algorithm.end);
  if (oid?.tag !== derTags.oid) return false;
  const hex = content(bytes, oid).toString('hex');
  return hex.startsWith('2a864886f70d0105') || hex.startsWith('2a864886f70d010c01');
}

function openSshFacts(bytes: Buffer): KeyFacts | undefined {
  const key = parseOpenSshKey(bytes);
  if (key === undefined) return undefined;
  const { publicKey, comment, isEncrypted } = key;
  return {
    container: 'openssh',
    isEncrypted,
    ...(publicKey === undefined
      ? {}
      : { algorithm: publicKey.algorithm, bits: publicKey.bits, spki: publicKey.spki }),
    ...(publicKey?.curve === undefined ? {} : { curve: publicKey.curve }),
    ...(comment === undefined || comment === '' ? {} : { comment }),
    sshFingerprint: sshFingerprint(key.blob),
  };
}

/** True when the container announces more bytes than there are. */
export function isCutOff(bytes: Buffer): boolean {
  if (isOpenSshContainer(bytes)) return parseOpenSshKey(bytes)?.isWhole !== true;
  const announced = announcedLength(bytes);
  return bytes[0] === derTags.sequence && announced !== undefined && announced > bytes.length;
}

/** Facts of a PuTTY key from its public blob. */
export function inspectPuttyKey(publicBlob: Buffer, isEncrypted: boolean, comment: string): KeyFacts {
  const key = parseSshPublicBlob(publicBlob);
  return {
    container: 'putty',
    isEncrypted,
    ...(key === undefined ? {} : { algorithm: key.algorithm, bits: key.bits, spki: key.spki }),
    ...(key?.curve === undefined ? {} : { curve: key.curve }),
    ...(comment === '' ? {} : { comment }),
    sshFingerprint: sshFingerprint(publicBlob),
  };
}

const jwkCurves: Readonly<Record<string, string>> = {
  'P-256': 'nistp256',
  'P-384': 'nistp384',
  'P-521': 'nistp521',
  secp256k1: 'secp256k1',
};

/** Facts of a private JWK (RFC 7517, 7518 §6, 8037); undefined for public ones and other objects. */
export function inspectJwk(jwk: Readonly<Record<string, unknown>>): KeyFacts | undefined {
  const member = (name: string): Buffer => {
    const text = jwk[name];
    return typeof text === 'string' ? Buffer.from(text, 'base64url') : Buffer.alloc(0);
  };
  const base = { container: 'jwk', isEncrypted: false } as const;
  if (jwk['kty'] === 'oct') {
    const bits = member('k').length * 8;
    return bits === 0 ? undefined : { ...base, algorithm: 'oct', bits };
  }
  if (member('d').length === 0) return undefined;
  const curve = String(jwk['crv'] ?? '');
  switch (jwk['kty']) {
    case 'RSA':
      return { ...base, ...rsaFacts(member('n'), member('e'), member('p'), member('q')) };
    case 'EC':
      return { ...base, ...ecFacts(jwkCurves[curve], member('d')) };
    case 'OKP': {
      const algorithm = curve.toLowerCase();
      if (curve !== 'Ed25519' || member('d').length !== 32) return { ...base, algorithm };
      return { ...base, algorithm, bits: 256, spki: ed25519SpkiOf(member('d')) };
    }
    default:
      return undefined;
  }
}

export interface PublicJwkFacts {
  readonly spki: Buffer;
  /** Its `kid`. */
  readonly keyId?: string;
}

/** The public half of a public JWK; undefined for private ones, which {@link inspectJwk} reads, and for other objects. */
export function publicJwkFacts(jwk: Readonly<Record<string, unknown>>): PublicJwkFacts | undefined {
  if (jwk['d'] !== undefined || jwk['k'] !== undefined) return undefined;
  const member = (name: string): Buffer => {
    const text = jwk[name];
    return typeof text === 'string' ? Buffer.from(text, 'base64url') : Buffer.alloc(0);
  };
  const spki = publicJwkSpki(jwk['kty'], String(jwk['crv'] ?? ''), member);
  if (spki === undefined) return undefined;
  const keyId = jwk['kid'];
  return typeof keyId === 'string' ? { spki, keyId } : { spki };
}

function publicJwkSpki(kind: unknown, curve: string, member: (name: string) => Buffer): Buffer | undefined {
  if (kind === 'RSA') {
    const modulus = member('n');
    return modulus.length < 64 || modulus.length > 2049 ? undefined : rsaSpki(modulus, member('e'));
  }
  if (kind === 'EC') {
    const [x, y] = [member('x'), member('y')];
    const name = jwkCurves[curve];
    if (name === undefined || x.length === 0 || x.length !== y.length || x.length > 66) return undefined;
    return ecSpki(name, Buffer.concat([Buffer.of(4), x, y]));
  }
  if (kind !== 'OKP' || curve !== 'Ed25519' || member('x').length !== 32) return undefined;
  return edSpki('ed25519', member('x'));
}
