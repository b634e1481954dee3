/** Roots and held copies for tests of verdicts; a test names only what it is about. */
import type { Location } from '../../../../src/model/exposure.js';
import type { HeldCopy, RootEvidence, VerifyInput } from '../../../../src/rotation/verify/evidence.js';
import { fingerprintOf, type LocationDraft, secretOf } from '../../../support/exposure-builder.js';

/** Start of the reading that counts, of the purge before it, and of what was before that. */
export const readAt = '2026-11-20T08:00:00Z';
export const purgedAt = '2026-11-10T08:00:00Z';
export const before = '2026-11-01T08:00:00Z';

export function locationOf(draft: LocationDraft): Location {
  const [location] = secretOf('old', { locations: [draft] }).locations;
  if (location === undefined) throw new RangeError('a secret with a location has one');
  return location;
}

/** The root of a location: read whole by scan 5, nothing left out. */
export function rootOf(draft: LocationDraft, overrides: Partial<RootEvidence> = {}): RootEvidence {
  return {
    place: draft.place,
    placeName: draft.placeName,
    locator: '/clone',
    nature: 'direct',
    isGone: false,
    wholeScan: 5,
    readAt,
    isUnsettled: false,
    asOf: overrides.readAt ?? readAt,
    gaps: {},
    leftOut: {},
    readers: [],
    ...overrides,
  };
}

/** An export of a place with records from one time to another. */
export function exportOf(
  draft: LocationDraft,
  [first, last]: readonly [string, string],
  overrides: Partial<RootEvidence> = {},
): RootEvidence {
  return rootOf(draft, {
    locator: '/export.zip',
    nature: 'export',
    asOf: last,
    records: { count: 9, first, last },
    readers: ['slack-messages'],
    ...overrides,
  });
}

/** Seen by scan 5. */
export function heldOf(draft: LocationDraft, overrides: Partial<HeldCopy> = {}): HeldCopy {
  const location = locationOf(draft);
  return {
    locator: '/clone',
    location,
    isThere: true,
    isByValue: false,
    isInVendorTree: false,
    ...overrides,
  };
}

export function inputOf(overrides: Partial<VerifyInput>): VerifyInput {
  return {
    fingerprint: fingerprintOf('old'),
    held: [],
    roots: [],
    purgedAt: new Map(),
    isByValue: false,
    earlier: [],
    isReturned: false,
    refCounts: new Map(),
    ...overrides,
  };
}
