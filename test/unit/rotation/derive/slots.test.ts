import { describe, expect, it } from 'vitest';
import { slotHistory, slotRhythm } from '../../../../src/rotation/derive/slots.js';
import {
  commitOf,
  daysAgo,
  fileLocation,
  fingerprintOf,
  type GitOptions,
  headLocation,
  historyLocation,
  secretOf,
} from '../../../support/exposure-builder.js';

const slot = { slot: 'DB_PASSWORD' };
const first = commitOf('first', { daysAgo: 300 });
const second = commitOf('second', { daysAgo: 200 });
const third = commitOf('third', { daysAgo: 100 });
const at = (options: GitOptions): ReturnType<typeof headLocation> =>
  (options.removed === undefined ? headLocation : historyLocation)('acme/api', '.env', {
    ...slot,
    ...options,
  });

describe('slots', () => {
  it('scenario 36: a new value in the old slot is a rotation in place', () => {
    const { slots, successions } = slotHistory([
      secretOf('new', { locations: [at({ introduced: second })] }),
      secretOf('old', { locations: [at({ introduced: first, removed: second })] }),
    ]);
    expect(slots).toEqual([
      {
        id: 'acme/api:.env#DB_PASSWORD',
        values: [
          { fingerprint: fingerprintOf('old'), first: daysAgo(300), last: daysAgo(200) },
          { fingerprint: fingerprintOf('new'), first: daysAgo(200) },
        ],
      },
    ]);
    expect(successions).toEqual([
      {
        slot: 'acme/api:.env#DB_PASSWORD',
        from: fingerprintOf('old'),
        to: fingerprintOf('new'),
        isExact: true,
      },
    ]);
  });

  it.each([
    ['in the very content that it was', [at({ introduced: first })]],
    ['in a changed file', [at({ introduced: first, removed: second }), at({ introduced: third })]],
  ])('scenario 37: a revert brings the old value back, %s', (_, locations) => {
    const { returned } = slotHistory([
      secretOf('old', { locations }),
      secretOf('new', { locations: [at({ introduced: second, removed: third })] }),
    ]);
    expect([...(returned.get('acme/api:.env#DB_PASSWORD') ?? [])]).toEqual([fingerprintOf('old')]);
  });

  it('a name that a file repeats is no rotation', () => {
    const { successions, returned } = slotHistory([
      secretOf('a', { locations: [at({ introduced: first })] }),
      secretOf('b', { locations: [at({ introduced: first, removed: second })] }),
      secretOf('c', { locations: [at({ introduced: third })] }),
    ]);
    expect(successions).toEqual([]);
    expect(returned.size).toBe(0);
  });

  it('a commit that swaps one of several values of a name is one', () => {
    const { successions } = slotHistory([
      secretOf('kept', {
        locations: [at({ introduced: first, removed: second }), at({ introduced: second })],
      }),
      secretOf('old', { locations: [at({ introduced: first, removed: second })] }),
      secretOf('new', { locations: [at({ introduced: second })] }),
    ]);
    expect(successions.map(({ from, to }) => [from, to])).toEqual([
      [fingerprintOf('old'), fingerprintOf('new')],
    ]);
  });

  it('two values on two branches did not follow each other', () => {
    const { successions } = slotHistory([
      secretOf('main', { locations: [at({ introduced: first })] }),
      secretOf('branch', { locations: [at({ introduced: second, locationKind: 'git-other-tip' })] }),
    ]);
    expect(successions).toEqual([]);
  });

  it('knows of folders what two scans saw', () => {
    const { successions } = slotHistory([
      secretOf('old', {
        locations: [
          fileLocation('home', '.env', {
            ...slot,
            firstSeen: daysAgo(60),
            lastSeen: daysAgo(50),
            status: { status: 'vanished' },
          }),
        ],
      }),
      secretOf('new', { locations: [fileLocation('home', '.env', { ...slot, firstSeen: daysAgo(40) })] }),
    ]);
    expect(successions).toHaveLength(1);
  });

  it('needs a name', () => {
    expect(slotHistory([secretOf('x', { locations: [headLocation('a/b', 'notes.txt')] })]).slots).toEqual([]);
  });

  it('tells how often it was rotated', () => {
    const values = [400, 300, 290, 10].map((days, index) => ({
      fingerprint: String(index),
      first: daysAgo(days),
      ...(index === 3 ? {} : { last: daysAgo(days - 1) }),
    }));
    expect(slotRhythm({ id: 's', values })).toEqual({
      rotations: 3,
      longestDays: 280,
      medianDays: 100,
      currentSince: daysAgo(10),
    });
  });
});
