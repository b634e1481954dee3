/** What one root that is not an export says of a copy: whether it has it still, and whether that can be believed. */
import { timeOf } from '../derive/sighting-dates.js';
import type { HeldCopy, RootEvidence } from './evidence.js';
import type { CopyReason, RootStanding } from './verdict.js';

/** What a reading must be newer than to count. */
export interface Freshness {
  /** When copies of the place were removed, RFC 3339. */
  readonly purgedAt?: string;
  /** Number of the first scan of this look; absent when nothing was read for it. */
  readonly sinceScan?: number;
}

export function judgeRoot(copy: HeldCopy, root: RootEvidence, fresh: Freshness): RootStanding {
  const { locator, asOf } = root;
  const [state, reason] = stateOf(copy, root, fresh);
  return { locator, state, reason, ...(asOf === undefined ? {} : { asOf }) };
}

type State = readonly [RootStanding['state'], CopyReason];

function stateOf(copy: HeldCopy, root: RootEvidence, fresh: Freshness): State {
  if (root.nature === 'stream') return ['unproven', 'standard-input'];
  if (root.isGone) return ['unproven', 'source-gone'];
  const stale = staleReason(root, fresh);
  if (copy.isThere) {
    if (wasSeen(copy, root, fresh)) return ['present', 'found'];
    return ['unproven', root.isUnsettled ? 'read-incompletely' : (stale ?? 'not-rescanned')];
  }
  if (root.isUnsettled || Object.keys(root.gaps).length > 0) return ['unproven', 'read-incompletely'];
  if (stale !== undefined) return ['unproven', stale];
  if (wasLeftOut(copy, root)) return ['unproven', 'left-out'];
  return ['gone', 'not-found-any-more'];
}

/** Why the last whole reading of a root is no evidence of what is there now; undefined when it is. */
export function staleReason(root: RootEvidence, { purgedAt, sinceScan }: Freshness): CopyReason | undefined {
  const [unread, old] =
    root.nature === 'mirror'
      ? (['not-fetched', 'not-fetched'] as const)
      : (['not-read', 'not-rescanned'] as const);
  if (root.asOf === undefined) return unread;
  if (purgedAt !== undefined && !isSince(root.asOf, purgedAt)) return old;
  return sinceScan !== undefined && root.wholeScan < sinceScan ? 'not-rescanned' : undefined;
}

/** True when a reading that counts saw the copy, be it a reading that did not get to everything. */
function wasSeen({ location }: HeldCopy, root: RootEvidence, { purgedAt, sinceScan }: Freshness): boolean {
  const seenAt = root.nature === 'mirror' ? root.asOf : location.lastSeen;
  if (purgedAt !== undefined && !isSince(seenAt, purgedAt)) return false;
  if (sinceScan !== undefined && location.lastScan < sinceScan) return false;
  // The last attempt did not get to it, and could not say that it is gone.
  return !root.isUnsettled || location.lastScan > root.wholeScan;
}

/** True when the scan chose not to look where the copy stood: that is no sign that it is gone. */
function wasLeftOut(
  { location: { appearance }, isInVendorTree }: HeldCopy,
  { leftOut }: RootEvidence,
): boolean {
  if (isInVendorTree && (leftOut['vendor-tree'] ?? 0) > 0) return true;
  if (appearance.type === 'file') return (leftOut.excluded ?? 0) > 0;
  return (leftOut['alternate-object'] ?? 0) > 0;
}

/** True when the first time is the second or later: what was recorded as done was done before it was recorded. */
function isSince(time: string | undefined, other: string): boolean {
  const [a, b] = [timeOf(time), timeOf(other)];
  return a !== undefined && b !== undefined && a >= b;
}

/** True when the first time is later; one that cannot be read is not. */
export function isAfter(time: string | undefined, other: string | undefined): boolean {
  const [a, b] = [timeOf(time), timeOf(other)];
  return a !== undefined && b !== undefined && a > b;
}
