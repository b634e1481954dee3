/** What a reading in the database means as evidence. */
import { expect, test } from 'vitest';
import { parsePlaceKey } from '../../../../src/model/ids.js';
import type { Place, System } from '../../../../src/model/place.js';
import { emptyReceipt, type Receipt } from '../../../../src/model/receipt.js';
import {
  freshnessOf,
  type RootFacts,
  rootEvidence,
  rootKey,
} from '../../../../src/rotation/verify/evidence.js';
import type { RootReading } from '../../../../src/store/store.js';
import { inputOf } from './builder.js';

const key = parsePlaceKey('git:acme/api');
const placeOf = (system: System): Place => ({ key, system, name: 'acme/api', audience: 'internal' });

function evidence(reading: Partial<RootReading>, facts: Partial<RootFacts> = {}) {
  return rootEvidence(
    {
      place: key,
      locator: '/clone',
      last: { scan: 4, at: '2026-11-04T00:00:00Z' },
      whole: { scan: 4, at: '2026-11-04T00:00:00Z' },
      receipt: emptyReceipt,
      readers: [],
      isGone: false,
      ...reading,
    },
    { place: placeOf('git'), isMissing: false, acceptedGaps: [], ...facts },
  );
}
const main = parsePlaceKey('folder:/x');
const receipt = (overrides: Partial<Receipt>): Receipt => ({ ...emptyReceipt, ...overrides });

test('a clone speaks of the time of its reading', () => {
  expect(evidence({})).toEqual({
    place: key,
    placeName: 'acme/api',
    locator: '/clone',
    nature: 'direct',
    isGone: false,
    wholeScan: 4,
    readAt: '2026-11-04T00:00:00Z',
    isUnsettled: false,
    asOf: '2026-11-04T00:00:00Z',
    gaps: {},
    leftOut: {},
    readers: [],
  });
  const never = evidence({
    whole: undefined as never,
    last: undefined as never,
    receipt: undefined as never,
  });
  expect(never).toMatchObject({ wholeScan: 0, isUnsettled: false, gaps: {}, leftOut: {} });
  expect(never).not.toHaveProperty('readAt');
  expect(never).not.toHaveProperty('asOf');
});

test('a mirror speaks of its last fetch, an export of its newest record', () => {
  const fetchedAt = '2026-10-01T00:00:00Z';
  expect(evidence({}, { fetchedAt })).toMatchObject({ nature: 'mirror', asOf: fetchedAt });
  const records = { count: 3, first: '2026-01-01T00:00:00Z', last: '2026-02-01T00:00:00Z' };
  const newestRecord = '2026-03-01T00:00:00Z';
  const slack = { place: placeOf('slack') };
  const exported = { main, records, newestRecord, readers: ['slack-messages'] };
  expect(evidence(exported, slack)).toMatchObject({
    nature: 'export',
    asOf: newestRecord,
    records,
    readers: ['slack-messages'],
  });
  expect(evidence({ main }, slack)).not.toHaveProperty('asOf');
  expect(evidence({ main }, slack)).not.toHaveProperty('records');
  expect(evidence({ main }, { place: placeOf('jira') }).nature).toBe('export');
  // What tools leave on a disk is what it is, and not what others say of something else.
  expect(evidence({ main }, { place: placeOf('jupyter') }).nature).toBe('direct');
  expect(evidence({}, slack).nature).toBe('direct');
  expect(evidence({ locator: '-', main }, slack).nature).toBe('stream');
});

test('what is not there any more is gone, but for what an export said', () => {
  expect(evidence({}, { isMissing: true }).isGone).toBe(true);
  expect(evidence({ isGone: true }).isGone).toBe(true);
  expect(evidence({ main, isGone: true }, { place: placeOf('jupyter') }).isGone).toBe(false);
  expect(evidence({ main }, { place: placeOf('jupyter'), isMissing: true }).isGone).toBe(true);
  expect(evidence({ main }, { place: placeOf('slack'), isMissing: true }).isGone).toBe(false);
});

test('gaps that were accepted do not count; skipped parts are passed on', () => {
  const gaps = { 'document-too-large': 2, 'archive-encrypted': 1, 'match-cap': 0 };
  const read = receipt({ complete: false, gaps, skipped: { 'vendor-tree': 3 } });
  expect(evidence({ receipt: read })).toMatchObject({
    gaps: { 'document-too-large': 2, 'archive-encrypted': 1 },
    leftOut: { 'vendor-tree': 3 },
    isUnsettled: false,
  });
  expect(evidence({ receipt: read }, { acceptedGaps: ['archive-encrypted'] }).gaps).toEqual({
    'document-too-large': 2,
  });
});

test('an attempt that did not get to everything is unsettled until a whole reading follows', () => {
  const broken = receipt({ complete: false, gaps: { unreadable: 1 } });
  const last = { scan: 5, at: '2026-11-05T00:00:00Z' };
  expect(evidence({ receipt: broken, last }).isUnsettled).toBe(true);
  expect(evidence({ receipt: broken, last }, { acceptedGaps: ['unreadable'] }).isUnsettled).toBe(true);
  expect(evidence({ receipt: receipt({ interrupted: true }), last }).isUnsettled).toBe(true);
  expect(evidence({ receipt: broken }).isUnsettled).toBe(false);
  expect(evidence({ receipt: receipt({ gaps: { 'match-cap': 1 } }), last }).isUnsettled).toBe(false);
  expect(evidence({ receipt: undefined as never, last }).isUnsettled).toBe(false);
  expect(evidence({ receipt: broken, whole: undefined as never }).isUnsettled).toBe(true);
  expect(evidence({ receipt: broken, last: undefined as never }).isUnsettled).toBe(false);
});

test('a place has its own purge, or the one of all', () => {
  const purgedAt = new Map([
    ['git:acme/api', 'a'],
    ['', 'b'],
  ]);
  expect(freshnessOf(inputOf({ purgedAt }), 'git:acme/api')).toEqual({ purgedAt: 'a' });
  expect(freshnessOf(inputOf({ purgedAt, sinceScan: 3 }), 'git:other')).toEqual({
    purgedAt: 'b',
    sinceScan: 3,
  });
  expect(freshnessOf(inputOf({}), 'git:other')).toEqual({});
  expect(rootKey('a', 'b')).not.toBe(rootKey('a', 'c'));
});
