/** What a scan looks for once more: copies of secrets that became known after a root's contents were analysed. */
import { contentParts, digestPrefixOf } from '../identity/content-id.js';
import type { IdentityKeys } from '../identity/hkdf-keys.js';
import type { KnownAnchor } from '../model/finding.js';
import type { RootRef, ScanWriter } from '../store/store.js';

export interface Sweep {
  readonly anchors: readonly KnownAnchor[];
  /** First 30 hex digits of the ids of git objects that may hold a copy, whichever store they were read from. */
  readonly prefixes: ReadonlySet<string>;
  /** Names ({@link rootName}) of the roots from which contents that may hold a copy were read. */
  readonly roots: ReadonlySet<string>;
}

export function rootName({ place, locator }: RootRef): string {
  return `${place}\0${locator}`;
}

/** What a root that was swept through the scan before `since` has to be swept for. */
export async function sweepOf(writer: ScanWriter, keys: IdentityKeys, since: number): Promise<Sweep> {
  const anchors = await writer.anchors(since);
  const tags = new Set(anchors.map(({ tag }) => tag));
  const candidates = tags.size === 0 ? [] : await writer.sweepCandidates(Float64Array.from(tags));
  const prefixes = new Set<string>();
  for (const content of new Set(candidates.map((candidate) => candidate.content))) {
    const { prefix, part } = digestPrefixOf(keys.content, content);
    if (part !== contentParts.file && part !== contentParts.metadata) prefixes.add(prefix);
  }
  return { anchors, prefixes, roots: new Set(candidates.map(rootName)) };
}
