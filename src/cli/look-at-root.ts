/** What is to be found at a root's locator now, and how a scan is told to read it again. */
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { System } from '../model/place.js';
import { isEmbeddedLocator, parseEmbeddedLocator } from '../sources/embedded/embedded-path.js';
import { lastValue } from '../sources/git/config-file.js';
import { discoverGitStore, type GitStoreLocation } from '../sources/git/discover.js';
import { makeNeutralDir, removeNeutralDir } from '../sources/git/neutral-dir.js';
import { GitError, gitOutput } from '../sources/git/process.js';
import { readRefs } from '../sources/git/refs.js';

export interface RootLook {
  /** Nothing is there any more, or no repository where one was. */
  readonly isMissing: boolean;
  /** What a scan is given so that it reads this root. */
  readonly target: string;
  /** For our mirror of a remote: its URL, and when it was fetched (RFC 3339 UTC). */
  readonly mirror?: { readonly url: string; readonly fetchedAt: string };
}

/** @param mirrors folder of mirrored URLs */
export function lookAtRoot(locator: string, system: System, mirrors: string): RootLook {
  if (locator === '-') return { isMissing: true, target: locator };
  if (isEmbeddedLocator(locator)) {
    const at = parseEmbeddedLocator(locator);
    const target = at === undefined ? locator : Buffer.from(at.file, 'base64').toString();
    return { isMissing: at === undefined, target };
  }
  if (!existsSync(locator)) return { isMissing: true, target: locator };
  if (system !== 'git') return { isMissing: false, target: locator };
  const store = discoverGitStore(locator);
  if (store === undefined || !isAt(store, locator)) return { isMissing: true, target: locator };
  const target = store.workTree ?? locator;
  const url = locator.startsWith(`${mirrors}/`) ? lastValue(store.config, 'remote.origin.url') : undefined;
  return url === undefined
    ? { isMissing: false, target }
    : { isMissing: false, target, mirror: { url, fetchedAt: fetchTime(locator) } };
}

/** False when the locator lies in another repository: its own is gone. */
function isAt(store: GitStoreLocation, locator: string): boolean {
  return [store.commonDir, store.gitDir, store.workTree].includes(locator);
}

/** A clone without a fetch since has no `FETCH_HEAD`. */
function fetchTime(mirror: string): string {
  const fetched =
    statSync(join(mirror, 'FETCH_HEAD'), { throwIfNoEntry: false }) ?? statSync(join(mirror, 'HEAD'));
  return fetched.mtime.toISOString();
}

/** How many refs of a repository lead to each commit; commits that it does not have are left out. */
export async function refsReaching(
  locator: string,
  commits: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  const store = discoverGitStore(locator);
  if (store === undefined) return counts;
  const neutralDir = makeNeutralDir(store);
  try {
    // The folder shows objects only: it is given the refs, without what else a store may say of itself.
    const { refs } = await readRefs(store, () => neutralDir);
    const named = refs.filter(({ name }) => name.startsWith('refs/'));
    writeFileSync(join(neutralDir, 'packed-refs'), named.map(({ oid, name }) => `${oid} ${name}\n`).join(''));
    for (const commit of commits) {
      try {
        const args = ['for-each-ref', '--format=%(refname)', '--contains', commit];
        const listed = (await gitOutput({ neutralDir }, args)).toString('utf8');
        counts.set(commit, listed.split('\n').filter((line) => line !== '').length);
      } catch (error) {
        if (!(error instanceof GitError)) throw error;
      }
    }
  } finally {
    removeNeutralDir(neutralDir);
  }
  return counts;
}
