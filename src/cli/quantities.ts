/** Parsers of flag values with units; commander turns a throw into a usage error that names the flag. */
import { InvalidArgumentError } from 'commander';

const sizeUnits: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  m: 1e6,
  g: 1e9,
  ki: 1024,
  mi: 1048576,
  gi: 2 ** 30,
};

/** `512m`, `1g`, `2GiB` in bytes. */
export function parseSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([kmg]i?)?b?$/i.exec(text.trim());
  const factor = sizeUnits[(match?.[2] ?? '').toLowerCase()];
  const size = Number(match?.[1]) * (factor ?? Number.NaN);
  if (!Number.isFinite(size) || size <= 0) throw new InvalidArgumentError('Give a size such as 512m or 1g.');
  return Math.floor(size);
}

export function parseCount(text: string): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) === 0) throw new InvalidArgumentError('Give a number from 1.');
  return Number(text);
}

const timeUnits: Readonly<Record<string, number>> = { '': 1000, ms: 1, s: 1000, m: 60_000 };

/** `90`, `90s`, `1.5m` or `500ms` in milliseconds; a number alone is seconds. */
export function parseDuration(text: string): number {
  const match = /^(\d{1,7}(?:\.\d+)?)\s*(ms|s|m)?$/i.exec(text.trim());
  const factor = timeUnits[(match?.[2] ?? '').toLowerCase()];
  const ms = Math.ceil(Number(match?.[1]) * (factor ?? Number.NaN));
  // Timers end at 2^31 ms.
  if (!(ms > 0 && ms < 2 ** 31)) throw new InvalidArgumentError('Give a time such as 30s or 2m.');
  return ms;
}

const dayMs = 86_400_000;

/** Days of `30d`, `4w`; undefined when the text is no such age. */
function daysOf(text: string): number | undefined {
  const match = /^(\d{1,5})\s*(d|w)$/i.exec(text.trim());
  if (match === null) return undefined;
  return Number(match[1]) * (match[2]?.toLowerCase() === 'w' ? 7 : 1);
}

/** Days of `30d` or `4w`. */
export function parseDays(text: string): number {
  const days = daysOf(text);
  if (days === undefined) throw new InvalidArgumentError('Give an age such as 30d or 4w.');
  return days;
}

/** RFC 3339 UTC of a date (`2027-01-31`, its end), a time, or an age counted from `now` with `sign`. */
export function parseMoment(text: string, now: string, sign: 1 | -1): string {
  const days = daysOf(text);
  if (days !== undefined) return new Date(Date.parse(now) + sign * days * dayMs).toISOString();
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const time = Date.parse(isDate ? `${text}T${sign === 1 ? '23:59:59' : '00:00:00'}Z` : text);
  if (Number.isNaN(time) || !/^\d{4}-\d{2}-\d{2}/.test(text)) {
    throw new InvalidArgumentError('Give a date such as 2027-01-31, or an age such as 30d.');
  }
  return new Date(time).toISOString();
}

/** Copies that `show` and `where` print for people unless asked for all. */
export const shownCopies = 100;
