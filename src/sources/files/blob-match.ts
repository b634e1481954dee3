/** Compares a file with the blob that git's index holds for it, without asking git. */
import { createHash, type Hash } from 'node:crypto';

/** Hash that gives the id of a blob of `size` bytes when it has been fed them; `oid` tells which kind of id. */
export function blobHash(size: number, oid: string): Hash {
  return createHash(oid.length === 40 ? 'sha1' : 'sha256').update(`blob ${size}\0`);
}

/** True when `bytes` have the git blob id `oid` (hex, SHA-1 or SHA-256). Filters such as autocrlf make them differ. */
export function isBlob(bytes: Uint8Array, oid: string): boolean {
  return blobHash(bytes.length, oid).update(bytes).digest('hex') === oid;
}
