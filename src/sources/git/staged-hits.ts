/** Attribution of what is staged: the paths at which the index holds blobs, and those that end in a name. */
import type { AttributedName, AttributedObject, HitObject } from '../source.js';
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

/** Paths of new files up to the folder or file that bears one of the names. */
export function stagedNames(
  names: readonly Uint8Array[],
  entries: readonly IndexEntry[],
): readonly AttributedName[] {
  const numbers = new Map(names.map((name, number) => [Buffer.from(name).toString('latin1'), number]));
  const found = new Map<number, Set<string>>();
  for (const { path } of entries.filter(({ isNew }) => isNew)) {
    const parts = path.toString('latin1').split('/');
    for (const [depth, part] of parts.entries()) {
      const name = numbers.get(part);
      if (name === undefined) continue;
      const up = parts.slice(0, depth + 1).join('/');
      found.set(name, (found.get(name) ?? new Set()).add(up));
    }
  }
  return [...found].map(([name, paths]) => ({
    name,
    appearances: [...paths].map((path) => ({
      type: 'git-blob' as const,
      locationKind: 'git-metadata' as const,
      path: pathNameOf(Buffer.from(path, 'latin1')),
      refs: [],
      refCount: 0,
    })),
  }));
}
