import { expect, it } from 'vitest';
import { jiraDate } from '../../../../../src/sources/exports/atlassian/jira-dates.js';

it.each([
  ['25/Feb/26 10:17 PM', '2026-02-25T22:17:00', 'min'],
  ['25/Feb/26 12:05 AM', '2026-02-25T00:05:00', 'min'],
  ['3/Mär/2026 09:05', '2026-03-03T09:05:00', 'min'],
  ['14/juil./25 08:00', '2025-07-14T08:00:00', 'min'],
  ['2026-02-25 16:38:58.679', '2026-02-25T16:38:58.679', 'ms'],
  ['25.02.2026 22:17', '2026-02-25T22:17:00', 'min'],
  ['2/25/26', '2026-02-25', 'day'],
])('reads %s', (cell, text, precision) => {
  expect(jiraDate(cell)).toEqual({ text, precision });
});

it.each([
  '02/03/26 10:17 PM',
  '02/03/2026',
  '25/02/26',
  '31/Feb/26',
  '25/Foo/26',
  '25/Feb/26 13:17 PM',
  'tomorrow',
])('does not guess at %s', (cell) => {
  expect(jiraDate(cell)).toBeUndefined();
});
