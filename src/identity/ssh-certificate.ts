/**
 * Certificates of OpenSSH (PROTOCOL.certkeys): who may log in with a key, and until when. Like those of X.509
 * they belong to the private key with the same public half.
 */
import type { Attribute } from '../model/finding.js';
import { attribute } from './attribute.js';
import { publicKeyHash } from './spki.js';
import { ecBlob, ed25519Blob, parseSshPublicBlob, rsaBlob, SshReader, sshFingerprint } from './ssh-key.js';

/** More bytes than this are no certificate. */
export const maxSshCertificateBytes = 16_384;

const certificateType = /^(ssh-rsa|ssh-ed25519|ecdsa-sha2-nistp(?:256|384|521))-cert-v01@openssh\.com$/;
const mostPrincipals = 16;
/** What stands for no end. */
const forever = 0xffff_ffff_ffff_ffffn;

export interface SshCertificateFacts {
  /** SHA-256 of the public half as SubjectPublicKeyInfo: normal form of the alias domain `public-key`. */
  readonly publicKey: Buffer;
  readonly attributes: readonly Attribute[];
}

/** The certified key as a plain public blob. */
function certifiedKey(reader: SshReader, type: string): Buffer | undefined {
  const first = reader.string();
  if (first === undefined) return undefined;
  if (type === 'ssh-ed25519') return ed25519Blob(first);
  const second = reader.string();
  if (second === undefined) return undefined;
  return type === 'ssh-rsa' ? rsaBlob(second, first) : ecBlob(first.toString('latin1'), second);
}

function principalsOf(list: Buffer): string[] {
  const reader = new SshReader(list);
  const names: string[] = [];
  while (names.length < mostPrincipals) {
    const name = reader.string();
    if (name === undefined) break;
    names.push(name.toString('utf8'));
  }
  return names;
}

function timeText(seconds: bigint): string | undefined {
  if (seconds === forever) return 'forever';
  // Beyond what a date can say it is no date that anybody meant.
  return seconds === 0n || seconds > 253_402_300_799n
    ? undefined
    : `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}Z`;
}

/** Facts of a certificate's blob; undefined when it is none. */
export function sshCertificateFacts(blob: Buffer): SshCertificateFacts | undefined {
  if (blob.length > maxSshCertificateBytes) return undefined;
  const reader = new SshReader(blob);
  const type = certificateType.exec(reader.string()?.toString('latin1') ?? '')?.[1];
  if (type === undefined || reader.string() === undefined) return undefined;
  const key = certifiedKey(reader, type);
  const spki = key === undefined ? undefined : parseSshPublicBlob(key)?.spki;
  const serial = reader.long();
  const role = reader.number();
  const keyId = reader.string();
  const principals = reader.string();
  const after = reader.long();
  const before = reader.long();
  reader.string(); // critical options
  reader.string(); // extensions
  reader.string(); // reserved
  const authority = reader.string();
  if (spki === undefined || principals === undefined || after === undefined || before === undefined) {
    return undefined;
  }
  return {
    publicKey: publicKeyHash(spki),
    attributes: [
      ...attribute('ssh-cert-key-id', keyId?.toString('utf8')),
      ...attribute('ssh-cert-type', role === 1 ? 'user' : role === 2 ? 'host' : undefined),
      ...attribute('ssh-cert-serial', serial?.toString()),
      ...attribute('ssh-cert-principals', principalsOf(principals)),
      ...attribute('ssh-valid-after', timeText(after)),
      ...attribute('ssh-valid-before', timeText(before)),
      ...attribute('ssh-ca-fingerprint', authority === undefined ? undefined : sshFingerprint(authority)),
    ],
  };
}
