/** The public half of an age identity: the recipient that its ciphertexts are made for (age-encryption.org/v1). */
import { bech32Bytes, bech32Text } from './bech32.js';
import { opensslPublic } from './derive-public.js';

const secretPrefix = 'age-secret-key-';
const recipientPrefix = 'age';
/** PKCS#8 of an X25519 scalar up to its 32 bytes (RFC 8410). */
const x25519Prefix = Buffer.from('302e020100300506032b656e04220420', 'hex');

/** `age1…` of `AGE-SECRET-KEY-1…`; undefined when the text is none. */
export function ageRecipientOf(secretKey: string): string | undefined {
  const scalar = bech32Bytes(secretPrefix, secretKey);
  if (scalar?.length !== 32) return undefined;
  const spki = opensslPublic(Buffer.concat([x25519Prefix, scalar]));
  return spki === undefined ? undefined : bech32Text(recipientPrefix, spki.subarray(-32));
}

/** Alias domain under which an age key and the ciphertexts that name its recipient meet. */
export const ageRecipientDomain = 'age-recipient';
