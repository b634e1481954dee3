/** Attribution of staged blobs: the paths at which the index holds them. */
import type { AttributedObject, HitObject } from '../source.js';
import type { IndexEntry } from './index-entries.js';
import { pathNameOf } from './path-name.js';

export function stagedHits(
  hits: readonly HitObject[],
  entries: readonly IndexEntry[],
): readonly AttributedObject[] {
  const paths = new Map<string, Buffer[]>();
  for (const { oid, path } of entries) {
    const there = paths.get(oid);
    if (there === undefined) paths.set(oid, [path]);
    else there.push(path);
  }
  return hits.map((hit) => {
    const oid = Buffer.from(hit.oid).toString('hex');
    const appearances = (paths.get(oid) ?? []).map((path) => ({
      type: 'git-blob' as const,
      locationKind: 'git-staged' as const,
      path: pathNameOf(path),
      refs: [],
      refCount: 0,
    }));
    return { oid, appearances };
  });
}
