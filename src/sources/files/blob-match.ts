/** Compares a file with the blob that git's index holds for it, without asking git. */
import { createHash } from 'node:crypto';

/** True when `bytes` have the git blob id `oid` (hex, SHA-1 or SHA-256). Filters such as autocrlf make them differ. */
export function isBlob(bytes: Uint8Array, oid: string): boolean {
  const hash = createHash(oid.length === 40 ? 'sha1' : 'sha256');
  return hash.update(`blob ${bytes.length}\0`).update(bytes).digest('hex') === oid;
}
