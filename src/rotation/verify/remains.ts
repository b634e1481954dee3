/** What remains where: history by repository and path, roots that cannot speak for their place, and notes for people. */
import type { CommitFacts } from '../../model/appearance.js';
import { pathOf } from '../derive/slots.js';
import { codePointOrder, sortedSet } from '../order.js';
import { freshnessOf, type RootEvidence, rootKey, type VerifyInput } from './evidence.js';
import { type Freshness, isAfter, staleReason } from './judge-root.js';
import type { CopyReason, CopyVerdict, HistoryRemain, OpenRoot, VerifyNote } from './verdict.js';

/** Copies in history, one entry a repository and path, by both. */
export function historyOf(
  copies: readonly CopyVerdict[],
  refCounts: VerifyInput['refCounts'],
): HistoryRemain[] {
  const byPath = new Map<string, CopyVerdict[]>();
  for (const copy of copies) {
    if (copy.state !== 'present' || copy.class !== 'history') continue;
    const key = rootKey(copy.location.place, pathOf(copy.location) ?? '');
    byPath.set(key, [...(byPath.get(key) ?? []), copy]);
  }
  const sorted = [...byPath].sort(([a], [b]) => codePointOrder(a, b));
  return sorted.map(([, group]) => remainOf(group, refCounts));
}

function remainOf(group: readonly CopyVerdict[], refCounts: VerifyInput['refCounts']): HistoryRemain {
  const { location } = group[0] as CopyVerdict;
  const path = pathOf(location);
  const first = group.flatMap(commitsOf('introduced')).sort(commitOrder)[0];
  const last = group.flatMap(commitsOf('removed')).sort(commitOrder).at(-1);
  const counts = group.flatMap((copy) => [
    shownRefs(copy),
    ...commitsOf('introduced')(copy).map(({ id }) => refCounts.get(id) ?? 0),
  ]);
  return {
    place: location.place,
    placeName: location.placeName,
    ...(path === undefined ? {} : { path }),
    ...(first === undefined ? {} : { firstCommit: first.id }),
    ...(last === undefined ? {} : { lastCommit: last.id }),
    refCount: Math.max(0, ...counts),
  };
}

function shownRefs({ location: { appearance } }: CopyVerdict): number {
  return appearance.type === 'git-blob' || appearance.type === 'git-text' ? appearance.refCount : 0;
}

/** Reader of the commits of a copy; a message has but its own. */
function commitsOf(end: 'introduced' | 'removed'): (copy: CopyVerdict) => CommitFacts[] {
  return ({ location: { appearance } }) => {
    const commit =
      appearance.type === 'git-blob'
        ? appearance[end]
        : appearance.type === 'git-text'
          ? appearance.commit
          : undefined;
    return commit === undefined ? [] : [commit];
  };
}

function commitOrder(a: CommitFacts, b: CommitFacts): number {
  const [x, y] = [Date.parse(a.committerDate), Date.parse(b.committerDate)];
  return x === y || Number.isNaN(x) || Number.isNaN(y) ? codePointOrder(a.id, b.id) : x - y;
}

/** Roots of the places that have or had a copy, and that were not read since, or not whole; by place and locator. */
export function openRoots(input: VerifyInput): OpenRoot[] {
  return input.roots
    .flatMap((root): OpenRoot[] => {
      const reason = openReason(root, freshnessOf(input, root.place));
      if (reason === undefined) return [];
      const { place, placeName, locator, readAt, gaps } = root;
      return [{ place, placeName, locator, reason, ...(readAt === undefined ? {} : { readAt }), gaps }];
    })
    .sort((a, b) => codePointOrder(a.place, b.place) || codePointOrder(a.locator, b.locator));
}

function openReason(root: RootEvidence, fresh: Freshness): CopyReason | undefined {
  const { nature, asOf } = root;
  if (nature === 'stream') return 'standard-input';
  if (root.isGone) return 'source-gone';
  const isIncomplete = root.isUnsettled || Object.keys(root.gaps).length > 0;
  if (nature !== 'export') return isIncomplete ? 'read-incompletely' : staleReason(root, fresh);
  if (asOf === undefined) return 'export-undated';
  const { purgedAt } = fresh;
  if (purgedAt !== undefined && !isAfter(asOf, purgedAt)) return 'export-older';
  return isIncomplete ? 'read-incompletely' : undefined;
}

/** Key of a repository that is named by its remote: a host, and a path on it. */
const remoteKey = /^git:([^/:]+\.[^/:]+)(?:\/|:)/;

export function notesOf(copies: readonly CopyVerdict[], input: VerifyInput): VerifyNote[] {
  return [...rewritten(copies), ...exportFiles(input)];
}

/** Commits that a place had once and does not show any more, though it was read: hosts keep such objects by id. */
function rewritten(copies: readonly CopyVerdict[]): VerifyNote[] {
  const byPlace = new Map<string, { placeName: string; commits: string[] }>();
  for (const copy of copies) {
    const { place, placeName } = copy.location;
    const isLost = copy.state === 'gone' || (copy.state === 'present' && copy.class === 'unreachable');
    const commits = commitsOf('introduced')(copy).map(({ id }) => id);
    if (!isLost || commits.length === 0) continue;
    const entry = byPlace.get(place) ?? { placeName, commits: [] };
    entry.commits.push(...commits);
    byPlace.set(place, entry);
  }
  const sorted = [...byPlace].sort(([a], [b]) => codePointOrder(a, b));
  return sorted.map(([place, { placeName, commits }]): VerifyNote => {
    const host = remoteKey.exec(place)?.[1];
    const note = { type: 'history-rewritten', place, placeName, commits: sortedSet(commits) } as const;
    return host === undefined ? note : { ...note, host };
  });
}

/** Exports on our own disk that hold the value are copies too, whatever their system says now. */
function exportFiles({ held, roots }: VerifyInput): VerifyNote[] {
  const exports = new Set(
    roots.flatMap((root) => (root.nature === 'export' ? [rootKey(root.place, root.locator)] : [])),
  );
  const holding = held.filter(
    ({ isThere, location, locator }) => isThere && exports.has(rootKey(location.place, locator)),
  );
  return sortedSet(holding.map(({ locator }) => locator)).map((locator) => ({
    type: 'export-file-holds-it',
    locator,
  }));
}
