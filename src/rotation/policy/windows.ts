/**
 * Working windows (`Tue-Thu 09:00-16:00 UTC`) and freezes (`2026-12-20..2027-01-04`, both days included), and when
 * something may be done next. Everything is UTC and whole minutes or days, computed on integers: no time zone of the
 * machine and no clock.
 */

const minuteMs = 60_000;
const dayMs = 86_400_000;
const minutesADay = 1440;
const minutesAWeek = 7 * minutesADay;

const dayNames: readonly string[] = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** Half-open, in minutes from Monday 00:00 UTC; `to` may lie beyond the week's end and goes on at its start then. */
interface WeekSpan {
  readonly from: number;
  readonly to: number;
}

/** Half-open, milliseconds. */
interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

export const windowGrammar = 'must be days, hours and UTC, as in "Tue-Thu 09:00-16:00 UTC"';
export const freezeGrammar = 'must be a day or two, as in "2026-12-20..2027-01-04"';

function dayNumber(name: string): number {
  return dayNames.indexOf(name);
}

/** Days of `Mon-Wed,Sat`, from 0 for Monday; `Sat-Mon` goes over the end of the week. */
function daysOf(text: string): number[] | undefined {
  const days: number[] = [];
  for (const part of text.split(',')) {
    const [first = '', last = first, ...rest] = part.split('-');
    const [from, to] = [dayNumber(first), dayNumber(last)];
    if (from < 0 || to < 0 || rest.length > 0) return undefined;
    for (let day = from; ; day = (day + 1) % 7) {
      days.push(day);
      if (day === to) break;
    }
  }
  return days;
}

/** Minutes of `09:30`; `24:00` is the end of the day. */
function minutesOf(text: string): number | undefined {
  const [, hours, minutes] = /^(\d{2}):([0-5]\d)$/.exec(text) ?? [];
  const total = Number(hours) * 60 + Number(minutes);
  return total <= minutesADay ? total : undefined;
}

/** Hours that end before they begin end on the next day. Undefined when it is not written so. */
export function parseWindow(text: string): readonly WeekSpan[] | undefined {
  const [, dayText = '', begin = '', end = ''] = /^(\S+) (\d\d:\d\d)-(\d\d:\d\d) UTC$/.exec(text) ?? [];
  const days = dayText === 'daily' ? [0, 1, 2, 3, 4, 5, 6] : daysOf(dayText);
  const [from, to] = [minutesOf(begin), minutesOf(end)];
  if (days === undefined || from === undefined || to === undefined || from === to) return undefined;
  if (from === minutesADay) return undefined;
  const length = to > from ? to - from : to + minutesADay - from;
  return days.map((day) => ({ from: day * minutesADay + from, to: day * minutesADay + from + length }));
}

function startOfDay(text: string): number | undefined {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  if (year === undefined) return undefined;
  const time = Date.UTC(Number(year), Number(month) - 1, Number(day));
  // The 31st of a month of 30 days is none.
  return new Date(time).toISOString().startsWith(text) ? time : undefined;
}

/** Undefined when it is not written so, or ends before it begins. */
export function parseFreeze(text: string): TimeSpan | undefined {
  const [first = '', last = first, ...rest] = text.split('..');
  const [from, to] = [startOfDay(first), startOfDay(last)];
  if (from === undefined || to === undefined || to < from || rest.length > 0) return undefined;
  return { from, to: to + dayMs };
}

/** Minute of the week, from Monday 00:00 UTC; 1 January 1970 was a Thursday. */
function minuteOfWeek(time: number): number {
  return (Math.floor(time / minuteMs) + 3 * minutesADay) % minutesAWeek;
}

/** For each minute of the week whether all windows hold; undefined when there are none. */
function openMinutes(windows: readonly string[]): Uint8Array | undefined {
  if (windows.length === 0) return undefined;
  const held = new Uint16Array(minutesAWeek);
  windows.forEach((window, index) => {
    for (const { from, to } of parseWindow(window) ?? []) {
      // Days of one window may overlap after midnight: a minute counts once for each window.
      for (let at = from; at < to; at++) {
        if (held[at % minutesAWeek] === index) held[at % minutesAWeek] = index + 1;
      }
    }
  });
  return Uint8Array.from(held, (count) => Number(count === windows.length));
}

/** The first minute from a time on at which all windows hold; undefined when they never do. */
function nextOpen(time: number, open: Uint8Array | undefined): number | undefined {
  if (open === undefined) return time;
  const minute = minuteOfWeek(time);
  if (open[minute] === 1) return time;
  for (let ahead = 1; ahead <= minutesAWeek; ahead++) {
    if (open[(minute + ahead) % minutesAWeek] === 1) return (Math.floor(time / minuteMs) + ahead) * minuteMs;
  }
  return undefined;
}

/** The freeze that holds at a time, as written; of several the one that ends last. */
export function freezeAt(time: number, freezes: readonly string[]): string | undefined {
  let found: { readonly text: string; readonly to: number } | undefined;
  for (const text of freezes) {
    const span = parseFreeze(text);
    if (span === undefined || time < span.from || time >= span.to) continue;
    if (found === undefined || span.to > found.to) found = { text, to: span.to };
  }
  return found?.text;
}

/**
 * The earliest time, from the given one on, that lies in all windows and in no freeze; undefined when the windows have no
 * minute in common. Without windows every time is good that is not frozen.
 *
 * @param time milliseconds since 1970
 * @param windows each as {@link parseWindow} reads it
 * @param freezes each as {@link parseFreeze} reads it
 */
export function nextAllowed(
  time: number,
  windows: readonly string[],
  freezes: readonly string[],
): number | undefined {
  const open = openMinutes(windows);
  const spans = freezes
    .flatMap((text) => parseFreeze(text) ?? [])
    .sort((a, b) => a.from - b.from || a.to - b.to);
  let at = nextOpen(time, open);
  // In the order of their beginnings one pass is enough: a later freeze never sends back into an earlier one.
  for (const { from, to } of spans) {
    if (at === undefined) return undefined;
    if (at >= from && at < to) at = nextOpen(to, open);
  }
  return at;
}
