/** Certificates of X.509 and OpenSSH, built at test time from keys that are made at test time. */
import { type KeyObject, sign } from 'node:crypto';
import { derEncode, derTags, derUnsigned } from '../../src/identity/der.js';

export interface CertificatePlan {
  readonly subject: string;
  readonly publicKey: KeyObject;
  readonly issuer?: string;
  /** Ed25519. */
  readonly signer: KeyObject;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly names?: readonly string[];
  readonly uris?: readonly string[];
  readonly isAuthority?: boolean;
}

const oid = (hex: string): Buffer => derEncode(derTags.oid, Buffer.from(hex, 'hex'));
const sequence = (...parts: Buffer[]): Buffer => derEncode(derTags.sequence, ...parts);
const commonName = (name: string): Buffer =>
  sequence(derEncode(0x31, sequence(oid('550403'), derEncode(0x0c, Buffer.from(name)))));
/** GeneralizedTime. */
const time = (text: string): Buffer =>
  derEncode(0x18, Buffer.from(`${text.replace(/[-:]/g, '').replace('T', '').slice(0, 14)}Z`));

function extension(id: string, value: Buffer): Buffer {
  return sequence(oid(id), derEncode(derTags.octetString, value));
}

function extensions({ names = [], uris = [], isAuthority = false }: CertificatePlan): Buffer {
  const alternatives = [
    ...names.map((name) => derEncode(0x82, Buffer.from(name))),
    ...uris.map((uri) => derEncode(0x86, Buffer.from(uri))),
  ];
  return derEncode(
    0xa3,
    sequence(
      extension('551d13', sequence(...(isAuthority ? [derEncode(1, Buffer.of(0xff))] : []))),
      extension('551d0f', derEncode(derTags.bitString, Buffer.of(1, isAuthority ? 0x06 : 0xa0))),
      ...(alternatives.length === 0 ? [] : [extension('551d11', sequence(...alternatives))]),
    ),
  );
}

const ed25519 = sequence(oid('2b6570'));

/** DER of a certificate, signed. */
export function certificateOf(plan: CertificatePlan, serial = 7): Buffer {
  const body = sequence(
    derEncode(0xa0, derUnsigned(Buffer.of(2))),
    derUnsigned(Buffer.of(serial)),
    ed25519,
    commonName(plan.issuer ?? plan.subject),
    sequence(time(plan.notBefore), time(plan.notAfter)),
    commonName(plan.subject),
    plan.publicKey.export({ format: 'der', type: 'spki' }),
    extensions(plan),
  );
  const signature = sign(null, body, plan.signer);
  return sequence(body, ed25519, derEncode(derTags.bitString, Buffer.of(0), signature));
}

export function pemOf(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

const sshString = (bytes: Buffer | string): Buffer => {
  const content = Buffer.from(bytes as Buffer);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
};

const number64 = (value: bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
};

export interface SshCertificatePlan {
  /** Ed25519. */
  readonly publicKey: KeyObject;
  readonly authority: KeyObject;
  readonly keyId: string;
  readonly principals: readonly string[];
  readonly after: bigint;
  readonly before: bigint;
}

const rawEd25519 = (key: KeyObject): Buffer => key.export({ format: 'der', type: 'spki' }).subarray(-32);

/** The line of a `…-cert.pub` file; its signature is not one, and nothing that reads it checks it. */
export function sshCertificateLine(plan: SshCertificatePlan): string {
  const type = 'ssh-ed25519-cert-v01@openssh.com';
  const blob = Buffer.concat([
    sshString(type),
    sshString(Buffer.alloc(32, 1)),
    sshString(rawEd25519(plan.publicKey)),
    number64(3n),
    Buffer.of(0, 0, 0, 1),
    sshString(plan.keyId),
    sshString(Buffer.concat(plan.principals.map(sshString))),
    number64(plan.after),
    number64(plan.before),
    sshString(''),
    sshString(''),
    sshString(''),
    sshString(Buffer.concat([sshString('ssh-ed25519'), sshString(rawEd25519(plan.authority))])),
    sshString('signature'),
  ]);
  return `${type} ${blob.toString('base64')} someone@host\n`;
}
