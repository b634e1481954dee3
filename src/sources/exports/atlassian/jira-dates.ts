/**
 * Dates of Jira's CSV, which are written in the format of whoever exported: `25/Feb/26 10:17 PM`. What could be read in
 * two ways is not read. There is never a zone.
 */
import { fromIso, type Instant } from '../times.js';

/** Beginnings of month names, without accents, of languages that Jira comes in. */
const monthNames: readonly (readonly string[])[] = [
  ['jan', 'ene', 'gen'],
  ['feb', 'fev'],
  ['mar', 'mrz', 'maa', 'mrt'],
  ['apr', 'abr', 'avr'],
  ['may', 'mai', 'mei', 'mag', 'maj'],
  ['jun', 'giu', 'juin'],
  ['jul', 'lug', 'juil'],
  ['aug', 'ago', 'aou'],
  ['sep', 'set'],
  ['oct', 'okt', 'ott', 'out'],
  ['nov'],
  ['dec', 'dez', 'dic'],
];

const named = /^(\d{1,2})[/. -]{1,2}(\p{L}{3,9})\.?[/. -]{1,2}(\d{4}|\d\d)(?:,? (.{1,16}))?$/u;
const numbered = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d\d)(?:,? (.{1,16}))?$/;
const clock = /^(\d{1,2}):(\d\d)(?::(\d\d))?(?: ?([AP])\.?M\.?)?$/i;

/** The time that a cell tells, to the minute or as finely as it says. */
export function jiraDate(cell: string): Instant | undefined {
  if (cell.length < 6 || cell.length > 40) return undefined;
  const first = cell.charCodeAt(0);
  if (first < 48 || first > 57) return undefined;
  return fromIso(cell) ?? namedDate(cell) ?? numberedDate(cell);
}

function namedDate(cell: string): Instant | undefined {
  const parts = named.exec(cell);
  if (parts === null) return undefined;
  const [, day = '', name = '', year = '', time] = parts;
  const folded = name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  // June and July need a fourth letter in French.
  const month = monthNames.findIndex((beginnings) =>
    beginnings.some((beginning) => folded.startsWith(beginning)),
  );
  return month < 0 ? undefined : assembled(year, month + 1, Number(day), time);
}

function numberedDate(cell: string): Instant | undefined {
  const parts = numbered.exec(cell);
  if (parts === null) return undefined;
  const [, first = '', separator, second = '', year = '', time] = parts;
  const [a, b] = [Number(first), Number(second)];
  // `2/25/26` has one reading. `25/02/26` may begin with the year, so that it needs all four digits.
  if (a <= 12 && b > 12) return assembled(year, a, b, time);
  const isDayFirst = year.length === 4 && (a > 12 || separator === '.');
  return isDayFirst ? assembled(year, b, a, time) : undefined;
}

function assembled(year: string, month: number, day: number, time: string | undefined): Instant | undefined {
  const date = [year.length === 2 ? `20${year}` : year, two(month), two(day)].join('-');
  if (time === undefined) return fromIso(date);
  const parts = clock.exec(time);
  if (parts === null) return undefined;
  const [, hour = '', minute = '', second, half] = parts;
  const written = Number(hour);
  if (half !== undefined && (written < 1 || written > 12)) return undefined;
  const hours = half === undefined ? written : (written % 12) + (half.toUpperCase() === 'P' ? 12 : 0);
  return fromIso(`${date}T${two(hours)}:${minute}${second === undefined ? '' : `:${second}`}`);
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
