/** Which stores are read without being told to: those of the user, and those that the user declared safe. */
import { InputProblemError } from '../../model/problem.js';
import type { GitStoreLocation } from './discover.js';
import { declaredSafe, ownedBy, ownUids, userGitSettings } from './owner.js';

export interface StoreTrust {
  /** Read objects that lie in other stores. */
  readonly alternates?: boolean;
  /** Read a store that another user owns. */
  readonly trustOwner?: boolean;
  /** User ids that count as the user's own; for tests. */
  readonly ownUids?: readonly number[];
}

/**
 * @param path as the user named it
 * @throws InputProblemError when the store is another user's, or its objects lie elsewhere
 */
export async function refuseUntrusted(
  location: GitStoreLocation,
  path: string,
  trust: StoreTrust,
): Promise<void> {
  if (location.objectsOutside && trust.alternates !== true) {
    const detail = 'its objects are a link to another folder; --alternates reads them';
    throw new InputProblemError({ code: 'not-a-repository', where: path, detail });
  }
  const uids = trust.ownUids ?? ownUids();
  if (trust.trustOwner === true || uids.length === 0 || ownedBy(location, uids)) return;
  if (declaredSafe(location, (await userGitSettings()).safeDirectories)) return;
  const detail = 'owned by another user; safe.directory or --trust-owner allows it';
  throw new InputProblemError({ code: 'untrusted-owner', where: path, detail });
}
