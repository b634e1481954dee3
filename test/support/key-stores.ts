/** PKCS#12 files and Java key stores round a key that is made at test time. */
import { createHash, type KeyObject } from 'node:crypto';
import { derEncode, derTags, derUnsigned } from '../../src/identity/der.js';

const oid = (hex: string): Buffer => derEncode(derTags.oid, Buffer.from(hex, 'hex'));
const sequence = (...parts: Buffer[]): Buffer => derEncode(derTags.sequence, ...parts);
const octets = (bytes: Buffer): Buffer => derEncode(derTags.octetString, bytes);
const tagged = (bytes: Buffer): Buffer => derEncode(0xa0, bytes);

const dataOid = '2a864886f70d010701';
const data = (bytes: Buffer): Buffer => sequence(oid(dataOid), tagged(octets(bytes)));

/** PKCS#8 under a password, as OpenSSL and Java write it. */
export function encryptedPkcs8(key: KeyObject, passphrase: string): Buffer {
  return key.export({ type: 'pkcs8', format: 'der', cipher: 'aes-256-cbc', passphrase });
}

/** @param shrouded PKCS#8 under a password */
export function pkcs12Of(shrouded: Buffer): Buffer {
  const bag = sequence(oid('2a864886f70d010c0a0102'), tagged(shrouded));
  return sequence(derUnsigned(Buffer.of(3)), data(sequence(data(sequence(bag)))));
}

/** As Java writes what it trusts: certificates alone, encrypted as a whole. */
export function pkcs12TrustStore(): Buffer {
  const encryptedData = sequence(oid('2a864886f70d010706'), tagged(sequence(octets(Buffer.alloc(400, 7)))));
  return sequence(derUnsigned(Buffer.of(3)), data(sequence(encryptedData)));
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function javaText(text: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(text.length);
  return Buffer.concat([length, Buffer.from(text)]);
}

const block = (bytes: Buffer): Buffer => Buffer.concat([number(bytes.length), bytes]);

function protectedKey(plain: Buffer, password: string): Buffer {
  const secret = Buffer.from(password, 'utf16le').swap16();
  const salt = createHash('sha1').update('salt').digest();
  const hidden = Buffer.from(plain);
  let mask: Buffer = salt;
  for (let at = 0; at < hidden.length; at += 20) {
    mask = createHash('sha1').update(secret).update(mask).digest();
    for (let i = 0; i < 20 && at + i < hidden.length; i++)
      hidden[at + i] = (hidden[at + i] ?? 0) ^ (mask[i] ?? 0);
  }
  const digest = createHash('sha1').update(secret).update(plain).digest();
  return sequence(
    sequence(oid('2b060104012a021101'), Buffer.of(5, 0)),
    octets(Buffer.concat([salt, hidden, digest])),
  );
}

/** A JKS with a key and its certificate, or, without a key, with the certificate alone. */
export function javaKeyStore(
  certificate: Buffer,
  key?: { readonly key: KeyObject; readonly password: string },
): Buffer {
  const chain = [javaText('X.509'), block(certificate)];
  const time = Buffer.alloc(8);
  const entry =
    key === undefined
      ? [number(2), javaText('ca'), time, ...chain]
      : [
          number(1),
          javaText('api'),
          time,
          block(protectedKey(key.key.export({ type: 'pkcs8', format: 'der' }), key.password)),
          number(1),
          ...chain,
        ];
  return Buffer.concat([number(0xfeedfeed), number(2), number(1), ...entry, Buffer.alloc(20)]);
}
