/** Decides which place a store is: `--place`, else its origin, else its root commits, else where it lies. */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { parsePlaceKey } from '../../model/ids.js';
import type { Place } from '../../model/place.js';
import type { GitStoreLocation } from './discover.js';
import { normaliseRemoteUrl } from './origin.js';
import { gitOutput } from './process.js';
import type { GitRefs } from './refs.js';

/** Refs whose roots count: notes, stash and pull requests have roots of their own that not every clone has. */
const rootRefs = /^(?:HEAD$|refs\/(?:heads|remotes|tags)\/)/;

/** Place by what the config says; undefined when only the history can tell. */
export function placeByName(
  location: GitStoreLocation,
  named: string | undefined,
  assumedOrigin?: string,
): Place | undefined {
  if (named !== undefined) return placeFor(named, named);
  const origin =
    originOf(location) ?? (assumedOrigin === undefined ? undefined : normaliseRemoteUrl(assumedOrigin));
  return origin === undefined ? undefined : placeFor(origin, origin);
}

/** Place of a store without a usable origin. */
export function placeByRoots(location: GitStoreLocation, roots: readonly string[]): Place {
  const folder = basename(location.workTree ?? location.commonDir).replace(/\.git$/, '');
  const name = folder === '' ? 'repository' : folder;
  if (roots.length === 0) return placeFor(`local:${digest(location.commonDir)}`, name);
  return { ...placeFor(`roots:${digest(roots.join('\n'))}`, name), rootCommits: roots };
}

/** Ids that the refs name whose roots tell one repository from another. */
export function rootTips(refs: GitRefs): ReadonlySet<string> {
  return new Set(refs.refs.filter(({ name }) => rootRefs.test(name)).map(({ oid }) => oid));
}

/** Sorted hex ids of the commits without parents that the tips lead to, as git knows them. */
export async function rootCommitsByGit(
  neutralDir: string,
  tips: ReadonlySet<string>,
): Promise<readonly string[]> {
  const output = await gitOutput(
    { neutralDir },
    ['rev-list', '--max-parents=0', '--ignore-missing', '--stdin'],
    {
      input: Buffer.from(`${[...tips].join('\n')}\n`),
      // A damaged history has no roots that could be trusted, but may still be scanned.
      accept: [0, 128],
    },
  );
  return output
    .toString('latin1')
    .split('\n')
    .filter((line) => line !== '')
    .sort();
}

function originOf(location: GitStoreLocation): string | undefined {
  const urls = new Map<string, string>();
  for (const [key, values] of location.config) {
    const remote = /^remote\.(.+)\.url$/s.exec(key)?.[1];
    const url = values[0];
    if (remote !== undefined && url !== undefined) urls.set(remote, url);
  }
  // Without an `origin`, one lone remote says the same; several would be a guess.
  const url = urls.get('origin') ?? (urls.size === 1 ? [...urls.values()][0] : undefined);
  return url === undefined ? undefined : normaliseRemoteUrl(url);
}

function placeFor(key: string, name: string): Place {
  return { key: parsePlaceKey(`git:${key}`), system: 'git', name, audience: 'unknown' };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
