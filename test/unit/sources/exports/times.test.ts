import { describe, expect, it } from 'vitest';
import { fromEpoch, fromIso, fromRfc822, recordTime } from '../../../../src/sources/exports/times.js';

describe('fromEpoch', () => {
  it.each([
    ['1503435957.000247', '2017-08-22T21:05:57.000247Z', 'us'],
    [1503435957, '2017-08-22T21:05:57Z', 's'],
    [1503435957.25, '2017-08-22T21:05:57.250000Z', 'us'],
    ['1503435957', '2017-08-22T21:05:57Z', 's'],
    [1503435957089, '2017-08-22T21:05:57.089Z', 'ms'],
    ['1503435957089012', '2017-08-22T21:05:57.089012Z', 'us'],
  ])('%s', (value, text, precision) => {
    expect(fromEpoch(value)).toEqual({ text, precision });
  });

  it('is told the unit where the size would mislead', () => {
    expect(fromEpoch(86_400_000, 'ms')?.text).toBe('1970-01-02T00:00:00.000Z');
  });

  it.each([0, -1, '', 'soon', '1.2.3', Number.NaN, null, 1e30])('gives nothing for %s', (value) => {
    expect(fromEpoch(value)).toBeUndefined();
  });
});

describe('fromIso', () => {
  it.each([
    ['2021-03-01T10:02:03.123+0000', '2021-03-01T10:02:03.123Z', 'ms'],
    ['2021-03-01T10:02:03-05:30', '2021-03-01T10:02:03-05:30', 's'],
    ['2021-03-01 10:02:03 UTC', '2021-03-01T10:02:03Z', 's'],
    ['2021-03-01T10:02:03', '2021-03-01T10:02:03', 's'],
    ['2021-03-01 10:02', '2021-03-01T10:02:00', 'min'],
    ['2021-03-01', '2021-03-01', 'day'],
    ['2021-03-01T10:02:03.123456789Z', '2021-03-01T10:02:03.123456Z', 'us'],
    ['2021-03-01T10:02:03+02', '2021-03-01T10:02:03+02:00', 's'],
  ])('%s', (value, text, precision) => {
    expect(fromIso(value)).toEqual({ text, precision });
  });

  it.each(['2021-02-30', '2021-13-01T00:00:00Z', '2021-03-01T25:00:00Z', 'x', 3])(
    'nothing for %s',
    (value) => {
      expect(fromIso(value)).toBeUndefined();
    },
  );
});

describe('fromRfc822', () => {
  it.each([
    ['Tue, 3 Mar 2020 10:02:03 -0500 (EST)', '2020-03-03T10:02:03-05:00'],
    ['03 Mar 20 10:02 GMT', '2020-03-03T10:02:00Z'],
    ['Tue,  3 Mar 2020 10:02:03 PDT', '2020-03-03T10:02:03-07:00'],
    ['Tue, 3 Mar 2020 10:02:03', '2020-03-03T10:02:03'],
  ])('%s', (value, text) => {
    expect(fromRfc822(value)?.text).toBe(text);
  });

  it('gives nothing for other dates', () => {
    expect(fromRfc822('Thursday at noon')).toBeUndefined();
  });
});

describe('recordTime', () => {
  it('has the precision of the creation', () => {
    expect(recordTime(fromEpoch(1503435957), fromEpoch(1503435958089))).toEqual({
      created: '2017-08-22T21:05:57Z',
      edited: '2017-08-22T21:05:58.089Z',
      precision: 's',
    });
  });
});
