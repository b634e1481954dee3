/**
 * SSH wire format (RFC 4251 §5, RFC 4253 §6.6, OpenSSH PROTOCOL.key): the public blob of a key, the
 * container `openssh-key-v1`, and the fingerprint that `ssh-keygen -l` prints.
 */
import { createHash } from 'node:crypto';
import { ecPointOf, ed25519SpkiOf, toBigInt } from './derive-public.js';
import { dsaSpki, ecSpki, edSpki, rsaSpki } from './spki.js';

/** Reads length-prefixed strings; every read past the end gives undefined. */
export class SshReader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get offset(): number {
    return this.#at;
  }

  number(): number | undefined {
    if (this.#at + 4 > this.#bytes.length) return undefined;
    const value = this.#bytes.readUInt32BE(this.#at);
    this.#at += 4;
    return value;
  }

  /** Eight bytes as one number. */
  long(): bigint | undefined {
    if (this.#at + 8 > this.#bytes.length) return undefined;
    const value = this.#bytes.readBigUInt64BE(this.#at);
    this.#at += 8;
    return value;
  }

  string(): Buffer | undefined {
    const length = this.number();
    if (length === undefined || this.#at + length > this.#bytes.length) return undefined;
    const value = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return value;
  }
}

export interface SshPublicKey {
  /** `rsa`, `dsa`, `ec` or `ed25519`. */
  readonly algorithm: string;
  readonly bits: number;
  readonly curve?: string;
  readonly spki: Buffer;
}

/** Bits of a big-endian number. */
export function bitLength(value: Uint8Array): number {
  let start = 0;
  while (start < value.length && value[start] === 0) start++;
  const first = value[start];
  return first === undefined ? 0 : (value.length - start) * 8 - (Math.clz32(first) - 24);
}

/** Parses a public blob (`string type, …`); security-key (`sk-`) types have no private half worth anything. */
export function parseSshPublicBlob(blob: Buffer): SshPublicKey | undefined {
  const reader = new SshReader(blob);
  const type = reader.string()?.toString('latin1');
  if (type === 'ssh-rsa') {
    const exponent = reader.string();
    const modulus = reader.string();
    if (exponent === undefined || modulus === undefined || modulus.length > 2049) return undefined;
    return { algorithm: 'rsa', bits: bitLength(modulus), spki: rsaSpki(modulus, exponent) };
  }
  if (type === 'ssh-ed25519') {
    const key = reader.string();
    if (key?.length !== 32) return undefined;
    return { algorithm: 'ed25519', bits: 256, spki: edSpki('ed25519', key) };
  }
  if (type === 'ssh-dss') {
    const [p, q, g, y] = [reader.string(), reader.string(), reader.string(), reader.string()];
    if (p === undefined || q === undefined || g === undefined || y === undefined) return undefined;
    return { algorithm: 'dsa', bits: bitLength(p), spki: dsaSpki(p, q, g, y) };
  }
  if (type?.startsWith('ecdsa-sha2-') !== true) return undefined;
  const curve = reader.string()?.toString('latin1') ?? '';
  const point = reader.string();
  const spki = point === undefined ? undefined : ecSpki(curve, point);
  if (spki === undefined) return undefined;
  return { algorithm: 'ec', bits: Number(/\d+/.exec(curve)?.[0] ?? 0), curve, spki };
}

/** `SHA256:…` as OpenSSH prints it. */
export function sshFingerprint(blob: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

function sshString(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** RFC 4251 `mpint` of an unsigned number. */
function sshNumber(value: Uint8Array): Buffer {
  let start = 0;
  while (start < value.length && value[start] === 0) start++;
  const trimmed = value.subarray(start);
  return sshString(((trimmed[0] ?? 0) & 0x80) === 0 ? trimmed : Buffer.concat([Buffer.of(0), trimmed]));
}

export function ed25519Blob(key: Uint8Array): Buffer {
  return Buffer.concat([sshString(Buffer.from('ssh-ed25519')), sshString(key)]);
}

export function rsaBlob(modulus: Uint8Array, exponent: Uint8Array): Buffer {
  return Buffer.concat([sshString(Buffer.from('ssh-rsa')), sshNumber(exponent), sshNumber(modulus)]);
}

export function ecBlob(curve: string, point: Uint8Array): Buffer {
  const names = [Buffer.from(`ecdsa-sha2-${curve}`), Buffer.from(curve)];
  return Buffer.concat([...names.map(sshString), sshString(point)]);
}

export interface OpenSshKey {
  readonly isEncrypted: boolean;
  readonly blob: Buffer;
  readonly publicKey: SshPublicKey | undefined;
  readonly comment: string | undefined;
  /** False when the container ends early. */
  readonly isWhole: boolean;
}

const opensshMagic = Buffer.from('openssh-key-v1\0', 'latin1');

export function isOpenSshContainer(bytes: Buffer): boolean {
  return bytes.subarray(0, opensshMagic.length).equals(opensshMagic);
}

/** Reads the container; undefined when not even the public blob is there. */
export function parseOpenSshKey(bytes: Buffer): OpenSshKey | undefined {
  if (!isOpenSshContainer(bytes)) return undefined;
  const reader = new SshReader(bytes, opensshMagic.length);
  const cipher = reader.string()?.toString('latin1');
  reader.string(); // name of the key derivation
  reader.string(); // its options
  const count = reader.number();
  const blob = reader.string();
  if (cipher === undefined || count !== 1 || blob === undefined) return undefined;
  const secret = reader.string();
  const isEncrypted = cipher !== 'none';
  const claimed = parseSshPublicBlob(blob);
  if (isEncrypted || secret === undefined) {
    return { isEncrypted, blob, publicKey: claimed, comment: undefined, isWhole: secret !== undefined };
  }
  const inner = readPrivateSection(secret, claimed?.algorithm);
  const isProven = claimed !== undefined && inner?.proves(claimed) === true;
  return {
    isEncrypted,
    blob,
    publicKey: isProven ? claimed : undefined,
    comment: inner?.comment,
    isWhole: inner !== undefined,
  };
}

interface PrivateSection {
  readonly comment: string | undefined;
  /** Whether the private half belongs to the claimed public one, so that no crafted blob joins two secrets. */
  readonly proves: (claimed: SshPublicKey) => boolean;
}

function readPrivateSection(secret: Buffer, algorithm: string | undefined): PrivateSection | undefined {
  const reader = new SshReader(secret);
  const check = reader.number();
  if (check === undefined || check !== reader.number()) return undefined;
  reader.string(); // the type again
  const counts: Readonly<Record<string, number>> = { rsa: 6, ed25519: 2, dsa: 5, ec: 3 };
  const fields: Buffer[] = [];
  for (let i = 0; i < (counts[algorithm ?? ''] ?? 0); i++) {
    const field = reader.string();
    if (field === undefined) return undefined;
    fields.push(field);
  }
  const comment = reader.string()?.toString('utf8');
  return { comment, proves: (claimed) => provesPublic(claimed, fields) };
}

function provesPublic(claimed: SshPublicKey, fields: readonly Buffer[]): boolean {
  const at = (index: number): Buffer => fields[index] ?? Buffer.alloc(0);
  switch (claimed.algorithm) {
    case 'rsa':
      return (
        claimed.spki.equals(rsaSpki(at(0), at(1))) && toBigInt(at(4)) * toBigInt(at(5)) === toBigInt(at(0))
      );
    case 'ed25519': {
      const seed = at(1).subarray(0, 32);
      return seed.length === 32 && claimed.spki.equals(ed25519SpkiOf(seed));
    }
    case 'ec': {
      const curve = at(0).toString('latin1');
      const scalar = at(2)[0] === 0 ? at(2).subarray(1) : at(2);
      const point = ecPointOf(curve, scalar);
      return point !== undefined && claimed.spki.equals(ecSpki(curve, point) ?? Buffer.alloc(0));
    }
    default:
      return claimed.spki.equals(dsaSpki(at(0), at(1), at(2), at(3)));
  }
}
