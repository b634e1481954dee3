import { describe, expect, it } from 'vitest';
import { nextRun } from '../../../../src/rotation/derive/consumers/cron.js';

describe('next run of a schedule', () => {
  it.each([
    ['0 2 * * *', '2026-11-22T10:00:00Z', '2026-11-23T02:00:00Z'],
    ['*/15 * * * *', '2026-11-22T10:00:00Z', '2026-11-22T10:15:00Z'],
    ['0 0 1 1 *', '2026-11-22T10:00:00Z', '2027-01-01T00:00:00Z'],
    ['@monthly', '2026-11-22T10:00:00Z', '2026-12-01T00:00:00Z'],
    ['30 6 * * MON-FRI', '2026-11-20T10:00:00Z', '2026-11-23T06:30:00Z'],
    ['0 9 13 * 5', '2026-11-22T10:00:00Z', '2026-11-27T09:00:00Z'],
    ['0 0 29 2 *', '2026-11-22T10:00:00Z', '2028-02-29T00:00:00Z'],
    ['0 0 * * 7', '2026-11-23T00:00:00Z', '2026-11-29T00:00:00Z'],
    ['0 0 30 2 *', '2026-11-22T10:00:00Z', undefined],
    ['61 * * * *', '2026-11-22T10:00:00Z', undefined],
    ['every day', '2026-11-22T10:00:00Z', undefined],
  ])('%s after %s', (expression, now, expected) => {
    expect(nextRun(expression, now)).toBe(expected);
  });
});
