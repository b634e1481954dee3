import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freezeAt, nextAllowed, parseFreeze, parseWindow } from '../../../../src/rotation/policy/windows.js';

/** 22 November 2026 is a Sunday. */
function next(from: string, windows: readonly string[], freezes: readonly string[] = []): string | undefined {
  const at = nextAllowed(Date.parse(from), windows, freezes);
  return at === undefined ? undefined : new Date(at).toISOString();
}

describe('working windows', () => {
  it.each([
    ['Tue-Thu 09:00-16:00 UTC', true],
    ['Mon,Wed-Thu 09:00-16:00 UTC', true],
    ['Sat-Mon 22:00-04:00 UTC', true],
    ['daily 00:00-24:00 UTC', true],
    ['Tue-Thu 09:00-16:00', false],
    ['Tue-Thu 09:00-16:00 CET', false],
    ['Tue 9:00-16:00 UTC', false],
    ['Tue 09:00-09:00 UTC', false],
    ['Tue 09:60-10:00 UTC', false],
    ['Tue 24:00-10:00 UTC', false],
    ['Tue 09:00-25:00 UTC', false],
    ['Die 09:00-10:00 UTC', false],
    ['Tue-Wed-Thu 09:00-10:00 UTC', false],
    [',Tue 09:00-10:00 UTC', false],
    ['', false],
  ])('%j is one: %s', (text, isOne) => {
    expect(parseWindow(text) !== undefined).toBe(isOne);
  });

  it.each([
    ['2026-12-20..2027-01-04', true],
    ['2026-12-24', true],
    ['2028-02-29', true],
    ['2026-02-29', false],
    ['2027-01-04..2026-12-20', false],
    ['2026-12-20..', false],
    ['2026-12-20..2026-12-21..2026-12-22', false],
    ['20 December', false],
  ])('%j is a freeze: %s', (text, isOne) => {
    expect(parseFreeze(text) !== undefined).toBe(isOne);
  });

  it.each([
    ['2026-11-22T10:00:00Z', [], [], '2026-11-22T10:00:00.000Z'],
    ['2026-11-22T10:00:00Z', ['Tue-Thu 09:00-16:00 UTC'], [], '2026-11-24T09:00:00.000Z'],
    ['2026-11-24T09:30:17.250Z', ['Tue-Thu 09:00-16:00 UTC'], [], '2026-11-24T09:30:17.250Z'],
    ['2026-11-24T16:00:00Z', ['Tue-Thu 09:00-16:00 UTC'], [], '2026-11-25T09:00:00.000Z'],
    ['2026-11-26T16:00:30Z', ['Tue-Thu 09:00-16:00 UTC'], [], '2026-12-01T09:00:00.000Z'],
    // Over midnight, and over the end of the week.
    ['2026-11-22T23:00:00Z', ['Sun 22:00-02:00 UTC'], [], '2026-11-22T23:00:00.000Z'],
    ['2026-11-23T01:59:00Z', ['Sun 22:00-02:00 UTC'], [], '2026-11-23T01:59:00.000Z'],
    ['2026-11-23T02:00:00Z', ['Sun 22:00-02:00 UTC'], [], '2026-11-29T22:00:00.000Z'],
    // All windows hold together.
    [
      '2026-11-23T00:00:00Z',
      ['Mon-Wed 09:00-12:00 UTC', 'Tue-Fri 11:00-16:00 UTC'],
      [],
      '2026-11-24T11:00:00.000Z',
    ],
    ['2026-11-23T00:00:00Z', ['Mon 09:00-12:00 UTC', 'Tue 09:00-12:00 UTC'], [], undefined],
    // Both days of a freeze are frozen.
    ['2026-12-20T00:00:00Z', [], ['2026-12-20..2027-01-04'], '2027-01-05T00:00:00.000Z'],
    ['2026-12-19T23:59:59Z', [], ['2026-12-20..2027-01-04'], '2026-12-19T23:59:59.000Z'],
    [
      '2026-12-18T17:00:00Z',
      ['Tue-Thu 09:00-16:00 UTC'],
      ['2026-12-20..2027-01-04'],
      '2027-01-05T09:00:00.000Z',
    ],
    // One freeze within, and one behind another.
    [
      '2026-12-21T00:00:00Z',
      [],
      ['2026-12-22', '2026-12-20..2026-12-24', '2026-12-25'],
      '2026-12-26T00:00:00.000Z',
    ],
    [
      '2026-12-21T00:00:00Z',
      ['Mon 09:00-10:00 UTC'],
      ['2026-12-21', '2026-12-28', '2027-01-04'],
      '2027-01-11T09:00:00.000Z',
    ],
  ])('after %s in %j without %j comes %s', (from, windows, freezes, expected) => {
    expect(next(from, windows, freezes)).toBe(expected);
  });

  it('name the freeze that ends last', () => {
    const time = Date.parse('2026-12-24T12:00:00Z');
    expect(freezeAt(time, ['2026-12-24', '2026-12-20..2027-01-04'])).toBe('2026-12-20..2027-01-04');
    expect(freezeAt(time, ['2026-12-25'])).toBeUndefined();
  });

  it('give the earliest time that is in all windows and in no freeze', () => {
    const minute = 60_000;
    const start = Date.parse('2026-11-22T00:00:00Z');
    const days = ['Mon', 'Tue-Wed', 'Fri-Mon', 'daily', 'Thu,Sat'];
    const hours = ['00:00-24:00', '09:00-16:00', '22:00-03:00', '06:30-07:15'];
    const window = fc
      .tuple(fc.constantFrom(...days), fc.constantFrom(...hours))
      .map(([day, hour]) => `${day} ${hour} UTC`);
    const freeze = fc
      .tuple(fc.nat({ max: 6 }), fc.nat({ max: 3 }))
      .map(([from, length]) => [22 + from, 22 + from + length].map((day) => `2026-11-${day}`).join('..'))
      .filter((text) => parseFreeze(text) !== undefined);
    const isOpen = (time: number, windows: readonly string[], freezes: readonly string[]): boolean =>
      nextAllowed(time, windows, []) === time && freezeAt(time, freezes) === undefined;
    fc.assert(
      fc.property(
        fc.array(window, { maxLength: 2 }),
        fc.array(freeze, { maxLength: 3 }),
        fc.nat({ max: 10_000 }),
        (windows, freezes, after) => {
          const from = start + after * minute;
          const found = nextAllowed(from, windows, freezes);
          if (found === undefined) return;
          expect(isOpen(found, windows, freezes)).toBe(true);
          for (let time = from; time < found; time += 15 * minute) {
            expect(isOpen(time, windows, freezes)).toBe(false);
          }
        },
      ),
      { numRuns: 30 },
    );
  });
});
