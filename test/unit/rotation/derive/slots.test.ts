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
    const after = secretOf('new', { locations: [at({ introduced: second })] });
    const before = secretOf('old', { locations: [at({ introduced: first, removed: second })] });
    const { slotsOf, successions } = slotHistory([after, before]);
    const slots = [
      {
        id: 'acme/api:.env#DB_PASSWORD',
        values: [
          { fingerprint: fingerprintOf('old'), first: daysAgo(300), last: daysAgo(200) },
          { fingerprint: fingerprintOf('new'), first: daysAgo(200) },
        ],
      },
    ];
    expect(slotsOf(after)).toEqual(slots);
    expect(slotsOf(before)).toEqual(slots);
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
    const secret = secretOf('x', { locations: [headLocation('a/b', 'notes.txt')] });
    expect(slotHistory([secret]).slotsOf(secret)).toEqual([]);
  });

  it('a secret has its slots by name, those that nobody else was in as well', () => {
    const alone = (path: string): ReturnType<typeof headLocation> =>
      headLocation('acme/api', path, { ...slot, introduced: first });
    const secret = secretOf('x', { locations: [alone('z.env'), alone('a.env'), alone('shared.env')] });
    const other = secretOf('y', {
      locations: [historyLocation('acme/api', 'shared.env', { ...slot, introduced: first, removed: second })],
    });
    const { slotsOf } = slotHistory([secret, other]);
    expect(slotsOf(secret).map(({ id, values }) => [id, values.length])).toEqual([
      ['acme/api:a.env#DB_PASSWORD', 1],
      ['acme/api:shared.env#DB_PASSWORD', 2],
      ['acme/api:z.env#DB_PASSWORD', 1],
    ]);
    expect(slotsOf(other).map(({ id }) => id)).toEqual(['acme/api:shared.env#DB_PASSWORD']);
  });

  it('a column of data is no slot', () => {
    const many = Array.from({ length: 201 }, (_, n) =>
      secretOf(`row ${n}`, { locations: [headLocation('acme/api', 'rows.csv', slot)] }),
    );
    const { slotsOf, successions } = slotHistory(many);
    expect(many.flatMap((secret) => slotsOf(secret))).toEqual([]);
    expect(successions).toEqual([]);
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
