/**
 * Keyed content ids. A one-line password file's git blob id equals `git hash-object` of a guess, so no
 * plain digest is ever stored.
 *
 * Id = AES-256(sub-key, first 15 bytes of the digest ‖ part): one block, so a pseudo-random permutation.
 * Without the key it confirms nothing; with it, it can be undone to the first 30 hex digits of the object
 * id, which is enough for git to find the object again. AES over a whole array runs at several GB/s, an
 * HMAC for each object took 2.4 µs.
 */
import { type Cipher, createCipheriv, createDecipheriv } from 'node:crypto';
import { type ContentId, parseContentId } from '../model/ids.js';

/** Bytes of one content id. */
export const contentIdBytes = 16;
/** Bytes of the digest that go into an id. */
const digestBytes = 15;

/**
 * What an id stands for, as one byte. `blob`, `commit` (its message) and `tag` (its message) carry git's own
 * type numbers; `file` is the SHA-256 of a file or archive entry; headers are the part before a message.
 */
export const contentParts = {
  file: 0,
  commit: 1,
  blob: 3,
  tag: 4,
  commitHeader: 17,
  tagHeader: 20,
  metadata: 32,
} as const;
export type ContentPart = keyof typeof contentParts;

/**
 * Turns digests lying back to back into content ids lying back to back.
 * @param digests `parts.length` digests of `stride` bytes each
 * @param parts one byte of {@link contentParts} for each digest
 */
export function contentIdsOf(key: Buffer, digests: Uint8Array, stride: number, parts: Uint8Array): Buffer {
  const blocks = Buffer.allocUnsafe(parts.length * contentIdBytes);
  for (let i = 0; i < parts.length; i++) {
    const at = i * contentIdBytes;
    for (let byte = 0; byte < digestBytes; byte++) blocks[at + byte] = digests[i * stride + byte] as number;
    blocks[at + digestBytes] = parts[i] as number;
  }
  return cipherOf(key).update(blocks);
}

let lastKey: Buffer | undefined;
let lastCipher: Cipher | undefined;

/** Blocks are enciphered each by itself, so one cipher serves for all: making it took half the time of an id. */
function cipherOf(key: Buffer): Cipher {
  if (lastCipher === undefined || key !== lastKey) {
    lastCipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
    lastKey = key;
  }
  return lastCipher;
}

export function contentIdOf(key: Buffer, digest: Uint8Array, part: ContentPart): ContentId {
  return parseContentId(
    contentIdsOf(key, digest, digest.length, Uint8Array.of(contentParts[part])).toString('hex'),
  );
}

/** First 30 hex digits of the digest that an id was made from, and its part byte. */
export function digestPrefixOf(
  key: Buffer,
  id: ContentId,
): { readonly prefix: string; readonly part: number } {
  const decipher = createDecipheriv('aes-256-ecb', key, null);
  decipher.setAutoPadding(false);
  const block = Buffer.concat([decipher.update(Buffer.from(id, 'hex')), decipher.final()]);
  return { prefix: block.toString('hex', 0, digestBytes), part: block[digestBytes] as number };
}
