/** What sort of remainder a copy is: in use, where people read, in history, or only in objects that no ref leads to. */
import type { LocationKind } from '../../model/appearance.js';
import type { Location } from '../../model/exposure.js';
import { isHumanCopy } from '../derive/copies.js';
import type { CopyClass, VerdictName } from './verdict.js';

export const verdictOfClass: Readonly<Record<CopyClass, VerdictName>> = {
  head: 'still-at-head',
  human: 'human-copies-remain',
  history: 'history-remains',
  unreachable: 'unreachable-remains',
};

const historic: ReadonlySet<LocationKind> = new Set([
  'git-history',
  'git-stash',
  'git-note',
  'git-commit-message',
  'git-tag-message',
  'git-metadata',
]);
const unreachable: ReadonlySet<LocationKind> = new Set(['git-unreachable', 'git-reflog']);

/** Refs that a host keeps and that nobody can delete: pull and merge requests, changes under review. */
const requestRef = /^refs\/(?:pull|pull-requests|merge-requests|changes)\//;
const tagRef = /^refs\/tags\//;

export function classOf(location: Location): CopyClass {
  if (isHumanCopy(location)) return 'human';
  const { locationKind } = location.appearance;
  if (unreachable.has(locationKind) || isOnlyIn(location, requestRef)) return 'unreachable';
  if (historic.has(locationKind)) return 'history';
  // A tag is no branch: what stands in its tree alone is history that a name leads to.
  return locationKind === 'git-other-tip' && isOnlyIn(location, tagRef) ? 'history' : 'head';
}

/** True when all refs of a copy are known and of one sort. */
function isOnlyIn({ appearance }: Location, sort: RegExp): boolean {
  if (appearance.type !== 'git-blob' && appearance.type !== 'git-text') return false;
  const { refs, refCount, locationKind } = appearance;
  if (locationKind === 'git-head' || refs.length === 0 || refs.length < refCount) return false;
  return refs.every((ref) => sort.test(ref));
}
