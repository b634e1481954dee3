/** What one root says of a copy: each condition of a reading that counts, by itself. */
import { describe, expect, test } from 'vitest';
import type { HeldCopy, RootEvidence } from '../../../../src/rotation/verify/evidence.js';
import { type Freshness, isAfter, judgeRoot } from '../../../../src/rotation/verify/judge-root.js';
import { fileLocation, headLocation, type LocationDraft } from '../../../support/exposure-builder.js';
import { before, heldOf, purgedAt, readAt, rootOf } from './builder.js';

const head = headLocation('acme/api', '.env', { lastScan: 5, lastSeen: readAt });

/** State and reason. */
function judged(
  root: Partial<RootEvidence>,
  copy: Partial<HeldCopy> = {},
  fresh: Freshness = {},
  draft: LocationDraft = head,
): string {
  const { state, reason } = judgeRoot(heldOf(draft, copy), rootOf(draft, root), fresh);
  return `${state} ${reason}`;
}
const missed = { isThere: false } as const;

test('what a whole reading shows is there or gone', () => {
  expect(judged({})).toBe('present found');
  expect(judged({}, missed)).toBe('gone not-found-any-more');
  expect(judgeRoot(heldOf(head), rootOf(head), {})).toMatchObject({ locator: '/clone', asOf: readAt });
});

test('what cannot be read proves nothing, whatever was seen', () => {
  for (const copy of [{}, missed]) {
    expect(judged({ nature: 'stream' }, copy)).toBe('unproven standard-input');
    expect(judged({ isGone: true }, copy)).toBe('unproven source-gone');
  }
  expect(judged({ asOf: undefined as never, wholeScan: 0 }, missed)).toBe('unproven not-read');
  expect(judged({ asOf: undefined as never, nature: 'mirror' }, missed)).toBe('unproven not-fetched');
});

describe('a purge', () => {
  test('makes readings from before it worthless', () => {
    expect(judged({ readAt: before, asOf: before }, missed, { purgedAt })).toBe('unproven not-rescanned');
    expect(judged({}, missed, { purgedAt })).toBe('gone not-found-any-more');
    expect(judged({}, missed, { purgedAt: readAt })).toBe('gone not-found-any-more');
    const older = { ...head, lastSeen: before };
    expect(judged({ readAt: before, asOf: before }, {}, { purgedAt }, older)).toBe('unproven not-rescanned');
    expect(judged({}, {}, { purgedAt }, older)).toBe('unproven not-rescanned');
    expect(judged({}, {}, { purgedAt })).toBe('present found');
    expect(judged({}, {}, { purgedAt: readAt })).toBe('present found');
  });

  test('is compared with the fetch of a mirror, not with our reading of it', () => {
    const mirror = { nature: 'mirror', asOf: before } as const;
    expect(judged(mirror, missed, { purgedAt })).toBe('unproven not-fetched');
    expect(judged(mirror, {}, { purgedAt })).toBe('unproven not-fetched');
    expect(judged({ ...mirror, asOf: readAt }, {}, { purgedAt })).toBe('present found');
    expect(judged({ ...mirror, asOf: readAt }, missed, { purgedAt })).toBe('gone not-found-any-more');
    expect(judged(mirror, missed)).toBe('gone not-found-any-more');
  });
});

test('a look counts its own readings only', () => {
  expect(judged({}, {}, { sinceScan: 5 })).toBe('present found');
  expect(judged({}, {}, { sinceScan: 6 })).toBe('unproven not-rescanned');
  expect(judged({}, missed, { sinceScan: 5 })).toBe('gone not-found-any-more');
  expect(judged({}, missed, { sinceScan: 6 })).toBe('unproven not-rescanned');
  expect(judged({ nature: 'mirror' }, missed, { sinceScan: 6 })).toBe('unproven not-rescanned');
});

describe('a reading that was not whole', () => {
  test('shows what it met, and nothing of what it did not', () => {
    const unsettled = { isUnsettled: true, wholeScan: 4 } as const;
    expect(judged(unsettled)).toBe('present found');
    expect(judged({ ...unsettled, wholeScan: 5 })).toBe('unproven read-incompletely');
    expect(judged({ ...unsettled, wholeScan: 5 }, {}, { sinceScan: 5 })).toBe('unproven read-incompletely');
    expect(judged(unsettled, missed)).toBe('unproven read-incompletely');
    expect(judged(unsettled, {}, { sinceScan: 5 })).toBe('present found');
    expect(judged({ isUnsettled: false, wholeScan: 5 })).toBe('present found');
  });

  test('with gaps leaves open whether something is gone, and not that it is there', () => {
    const gaps = { gaps: { 'document-too-large': 1 } };
    expect(judged(gaps, missed)).toBe('unproven read-incompletely');
    expect(judged(gaps)).toBe('present found');
  });
});

describe('what a scan left out by choice', () => {
  const file = fileLocation('share', 'vendor/a.env', { lastScan: 5, lastSeen: readAt });
  const vendor = { ...missed, isInVendorTree: true };

  test('in vendor trees concerns copies in them', () => {
    const root = { leftOut: { 'vendor-tree': 1 } };
    expect(judged(root, vendor, {}, file)).toBe('unproven left-out');
    expect(judged(root, missed, {}, file)).toBe('gone not-found-any-more');
    expect(judged({ leftOut: { 'vendor-tree': 0 } }, vendor, {}, file)).toBe('gone not-found-any-more');
    expect(judged({}, vendor, {}, file)).toBe('gone not-found-any-more');
    expect(judged(root, { isInVendorTree: true }, {}, file)).toBe('present found');
  });

  test('by patterns concerns files, in alternates objects', () => {
    expect(judged({ leftOut: { excluded: 1 } }, missed, {}, file)).toBe('unproven left-out');
    expect(judged({ leftOut: { excluded: 0 } }, missed, {}, file)).toBe('gone not-found-any-more');
    expect(judged({ leftOut: { excluded: 1 } }, missed)).toBe('gone not-found-any-more');
    expect(judged({ leftOut: { 'alternate-object': 1 } }, missed)).toBe('unproven left-out');
    expect(judged({ leftOut: { 'alternate-object': 0 } }, missed)).toBe('gone not-found-any-more');
    expect(judged({ leftOut: { 'alternate-object': 1 } }, missed, {}, file)).toBe('gone not-found-any-more');
  });
});

test('times compare as instants; what is no time is after nothing', () => {
  expect(isAfter('2026-01-02T00:00:00+05:00', '2026-01-01T20:00:00Z')).toBe(false);
  expect(isAfter('2026-01-02T00:00:00', '2026-01-01T23:59:59Z')).toBe(true);
  expect(isAfter(readAt, readAt)).toBe(false);
  expect(isAfter(undefined, readAt)).toBe(false);
  expect(isAfter(readAt, undefined)).toBe(false);
  expect(isAfter('soon', readAt)).toBe(false);
  expect(judged({ asOf: 'soon' }, missed, { purgedAt })).toBe('unproven not-rescanned');
  expect(judged({}, missed, { purgedAt: 'soon' })).toBe('unproven not-rescanned');
});
