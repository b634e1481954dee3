/** Times as exports write them, to RFC 3339. What cannot be read as a time is undefined, never a guess. */
import type { RecordTime } from './contract.js';

/** A point in time and how finely the export tells it. */
export interface Instant {
  /** RFC 3339; with an offset or `Z` only when the export says which; a bare date when it says no more. */
  readonly text: string;
  readonly precision: NonNullable<RecordTime['precision']>;
}

export type EpochUnit = 's' | 'ms' | 'us';

/** Above this many units since 1970 a number cannot be seconds (year 5138), and so on. */
const mostSeconds = 1e11;
const mostMillis = 1e14;
const mostMicros = 1e17;

/**
 * Time since 1970 in UTC: a number, or a string of digits with an optional fraction (`1503435957.000247`). Without
 * `unit` its size tells whether it is seconds, milliseconds or microseconds. Zero means "never" in exports.
 */
export function fromEpoch(value: unknown, unit?: EpochUnit): Instant | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? fromParts(value, '', unit) : undefined;
  if (typeof value !== 'string' || value.length > 24) return undefined;
  const dot = value.indexOf('.');
  const whole = dot < 0 ? value : value.slice(0, dot);
  const fraction = dot < 0 ? '' : value.slice(dot + 1);
  if (!isDigits(whole) || (dot >= 0 && !isDigits(fraction))) return undefined;
  return fromParts(Number(whole), fraction, unit);
}

function fromParts(whole: number, fraction: string, unit: EpochUnit | undefined): Instant | undefined {
  if (whole <= 0) return undefined;
  const size = unit ?? (whole < mostSeconds ? 's' : whole < mostMillis ? 'ms' : 'us');
  if (size === 's') {
    const seconds = Math.trunc(whole);
    // A float keeps microseconds for today's seconds.
    const digits = fraction || (whole === seconds ? '' : whole.toFixed(6).split('.')[1] || '');
    return fromSeconds(seconds, digits.slice(0, 6));
  }
  if (size === 'ms') return fromSeconds(Math.trunc(whole / 1000), pad(Math.trunc(whole % 1000), 3));
  return whole < mostMicros
    ? fromSeconds(Math.trunc(whole / 1e6), pad(Math.trunc(whole % 1e6), 6))
    : undefined;
}

function fromSeconds(seconds: number, fraction: string): Instant | undefined {
  if (seconds > mostSeconds) return undefined;
  const iso = isoOf(seconds);
  if (fraction === '') return { text: `${iso}Z`, precision: 's' };
  return { text: `${iso}.${fraction}Z`, precision: fraction.length > 3 ? 'us' : 'ms' };
}

const daySeconds = 86_400;
/** The day formatted last: messages of one day follow each other. */
let lastDay = -1;
let lastDate = '';

/** `2017-08-22T21:05:57`. */
function isoOf(seconds: number): string {
  const day = Math.floor(seconds / daySeconds);
  if (day !== lastDay) {
    lastDate = new Date(day * daySeconds * 1000).toISOString().slice(0, 11);
    lastDay = day;
  }
  const rest = seconds - day * daySeconds;
  const hour = twoDigits[Math.floor(rest / 3600)];
  return `${lastDate}${hour}:${twoDigits[Math.floor(rest / 60) % 60]}:${twoDigits[rest % 60]}`;
}

const twoDigits: readonly string[] = Array.from({ length: 60 }, (_, i) => pad(i, 2));

const isoTime =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)? ?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?$/i;

/**
 * ISO 8601 as it is met: blank or `T`, with or without seconds, `Z`, `UTC`, `+0000`, `+00:00` or no zone at all.
 * The offset is kept.
 */
export function fromIso(value: unknown): Instant | undefined {
  if (typeof value !== 'string' || value.length > 48) return undefined;
  const parts = isoTime.exec(value.trim());
  if (parts === null) return undefined;
  const [, year = '', month = '', day = '', hour, minute = '', second, fraction, zone] = parts;
  if (!isDate(Number(year), Number(month), Number(day))) return undefined;
  if (hour === undefined) return { text: `${year}-${month}-${day}`, precision: 'day' };
  return assemble({ date: `${year}-${month}-${day}`, hour, minute, second, fraction, zone });
}

const mailTime =
  /^(?:[A-Za-z]{3,9},? )?(\d{1,2})[ -]([A-Za-z]{3})[a-z]{0,6}[ -](\d{4}|\d\d) (\d{1,2}):(\d\d)(?::(\d\d))?(?: ([+-]\d{4}|[A-Za-z]{1,5})\b)?/;
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const zones: Readonly<Record<string, string>> = {
  EST: '-0500',
  EDT: '-0400',
  CST: '-0600',
  CDT: '-0500',
  MST: '-0700',
  MDT: '-0600',
  PST: '-0800',
  PDT: '-0700',
};

/** The date of mail and feeds: `Tue, 3 Mar 2020 10:02:03 -0500 (EST)`. */
export function fromRfc822(value: unknown): Instant | undefined {
  if (typeof value !== 'string' || value.length > 200) return undefined;
  const parts = mailTime.exec(value.trim().replace(/\s+/g, ' '));
  if (parts === null) return undefined;
  const [, day = '', name = '', shortYear = '', hour = '', minute = '', second, zone = ''] = parts;
  const month = months.indexOf(name.toLowerCase()) + 1;
  const year = shortYear.length === 4 ? Number(shortYear) : Number(shortYear) + centuryOf(Number(shortYear));
  if (month === 0 || !isDate(year, month, Number(day))) return undefined;
  const upper = zone.toUpperCase();
  const known = /^[+-]/.test(zone)
    ? zone
    : ['Z', 'UT', 'UTC', 'GMT'].includes(upper)
      ? 'Z'
      : Object.hasOwn(zones, upper)
        ? zones[upper]
        : undefined;
  return assemble({
    date: `${year}-${pad(month, 2)}-${day.padStart(2, '0')}`,
    hour: hour.padStart(2, '0'),
    minute,
    second,
    fraction: undefined,
    zone: known,
  });
}

/** Two-digit years of RFC 822, as RFC 2822 4.3 reads them. */
function centuryOf(year: number): number {
  return year < 50 ? 2000 : 1900;
}

/** Time of a record from what its export says; undefined when that is nothing. */
export function recordTime(created: Instant | undefined, edited?: Instant): RecordTime | undefined {
  if (created === undefined) return edited === undefined ? undefined : { edited: edited.text };
  return edited === undefined
    ? { created: created.text, precision: created.precision }
    : { created: created.text, edited: edited.text, precision: created.precision };
}

interface TimeParts {
  readonly date: string;
  readonly hour: string;
  readonly minute: string;
  readonly second: string | undefined;
  readonly fraction: string | undefined;
  readonly zone: string | undefined;
}

function assemble(parts: TimeParts): Instant | undefined {
  if (Number(parts.hour) > 23 || Number(parts.minute) > 59 || Number(parts.second ?? 0) > 60)
    return undefined;
  // RFC 3339 wants seconds; the precision says that they were not told.
  const clock = `${parts.date}T${parts.hour}:${parts.minute}:${parts.second ?? '00'}`;
  const fraction = parts.fraction === undefined ? '' : `.${parts.fraction.slice(0, 6)}`;
  const text = clock + fraction + offsetOf(parts.zone);
  if (parts.second === undefined) return { text, precision: 'min' };
  return { text, precision: fraction === '' ? 's' : fraction.length > 4 ? 'us' : 'ms' };
}

function offsetOf(zone: string | undefined): string {
  if (zone === undefined) return '';
  if (!/^[+-]/.test(zone)) return 'Z';
  const digits = zone.replace(':', '');
  return digits === '+0000' || digits === '-0000' || (digits.length === 3 && digits.endsWith('00'))
    ? 'Z'
    : `${digits.slice(0, 3)}:${digits.slice(3) || '00'}`;
}

function isDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function isDigits(text: string): boolean {
  if (text.length === 0) return false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 48 || code > 57) return false;
  }
  return true;
}

function pad(value: number, length: number): string {
  return String(value).padStart(length, '0');
}
