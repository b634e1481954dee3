/** When a schedule runs next. Cron expressions of five fields; times are UTC. */

const minuteMs = 60_000;
/** A day of 29 February needs eight years at most. */
const maxDays = 366 * 9;

const nicknames: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};
const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const weekdays = 'sun mon tue wed thu fri sat'.split(' ');

interface Field {
  readonly low: number;
  readonly high: number;
  readonly names?: readonly string[];
  readonly firstName?: number;
}

const fields: readonly Field[] = [
  { low: 0, high: 59 },
  { low: 0, high: 23 },
  { low: 1, high: 31 },
  { low: 1, high: 12, names: months, firstName: 1 },
  { low: 0, high: 7, names: weekdays, firstName: 0 },
];

function numberOf(text: string, { names, firstName = 0 }: Field): number {
  const named = names?.indexOf(text.toLowerCase()) ?? -1;
  if (named >= 0) return named + firstName;
  return /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
}

/** Numbers of one part such as `1-5/2`; undefined when it is none. */
function rangeOf(part: string, field: Field): readonly number[] | undefined {
  const [range = '', step = '1', ...rest] = part.split('/');
  const every = /^\d{1,2}$/.test(step) ? Number(step) : 0;
  if (rest.length > 0 || every === 0) return undefined;
  const [first = '', last, ...more] = range === '*' || range === '?' ? [] : range.split('-');
  if (more.length > 0) return undefined;
  const low = first === '' ? field.low : numberOf(first, field);
  const open = first === '' || part.includes('/') ? field.high : low;
  const high = last === undefined ? open : numberOf(last, field);
  if (!(low >= field.low && high <= field.high && low <= high)) return undefined;
  return Array.from({ length: Math.floor((high - low) / every) + 1 }, (_, index) => low + index * every);
}

function setOf(text: string, field: Field): ReadonlySet<number> | undefined {
  const numbers = new Set<number>();
  for (const part of text.split(',')) {
    const range = rangeOf(part, field);
    if (range === undefined) return undefined;
    for (const number of range) numbers.add(number);
  }
  return numbers;
}

interface Schedule {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  matchesDay(date: Date): boolean;
}

const ascending = (set: ReadonlySet<number>): readonly number[] => [...set].sort((a, b) => a - b);

function parse(expression: string): Schedule | undefined {
  const text = expression.trim();
  const parts = (nicknames[text.toLowerCase()] ?? text).split(/\s+/);
  if (parts.length !== fields.length) return undefined;
  const [minutes, hours, days, inMonths, onWeekdays] = fields.map((field, at) =>
    setOf(parts[at] ?? '', field),
  );
  if (!minutes || !hours || !days || !inMonths || !onWeekdays) return undefined;
  const isFree = (at: number): boolean => /^[*?]/.test(parts[at] ?? '');
  const isDay = (date: Date): boolean => days.has(date.getUTCDate());
  const isWeekday = (date: Date): boolean =>
    onWeekdays.has(date.getUTCDay()) || (date.getUTCDay() === 0 && onWeekdays.has(7));
  return {
    minutes: ascending(minutes),
    hours: ascending(hours),
    // When both are restricted, cron runs on days that satisfy either.
    matchesDay: (date) =>
      inMonths.has(date.getUTCMonth() + 1) &&
      (isFree(2) || isFree(4) ? isDay(date) && isWeekday(date) : isDay(date) || isWeekday(date)),
  };
}

/** The run after `now` (RFC 3339), as RFC 3339 UTC; undefined for what is no cron expression of five fields. */
export function nextRun(expression: string, now: string): string | undefined {
  const schedule = parse(expression);
  const start = Date.parse(now);
  if (schedule === undefined || Number.isNaN(start)) return undefined;
  const first = Math.floor(start / minuteMs) * minuteMs + minuteMs;
  const day = new Date(first);
  day.setUTCHours(0, 0, 0, 0);
  for (let count = 0; count < maxDays; count++) {
    if (schedule.matchesDay(day)) {
      for (const hour of schedule.hours) {
        for (const minute of schedule.minutes) {
          const time = day.getTime() + (hour * 60 + minute) * minuteMs;
          if (time >= first) return new Date(time).toISOString().replace('.000Z', 'Z');
        }
      }
    }
    day.setUTCDate(day.getUTCDate() + 1);
  }
  return undefined;
}

/** `cron 0 2 * * *` of what a workload says of its runs. */
export function cronOf(runs: string): string | undefined {
  return runs.startsWith('cron ') ? runs.slice('cron '.length) : undefined;
}
