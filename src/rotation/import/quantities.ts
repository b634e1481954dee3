/** Durations, dates and times as imported files write them. */

const unitMs: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};

/** Milliseconds of `90d`, `24h`, `15m`, `2w`; undefined for anything else. */
export function durationMs(text: string): number | undefined {
  const match = /^(\d{1,6})\s?([mhdw])$/.exec(text);
  const unit = unitMs[match?.[2] ?? ''];
  if (match === null || unit === undefined) return undefined;
  const ms = Number(match[1]) * unit;
  return ms > 0 ? ms : undefined;
}

/** True for `2026-11-01`, a day that there is. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** A time of RFC 3339 in UTC with seconds, whatever offset it was written with; undefined when it is none. */
export function timeInUtc(text: string): string | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:[Zz]|[+-]\d{2}:\d{2})$/.exec(
    text,
  );
  if (match === null || !isDate(match[1] ?? '')) return undefined;
  const time = Date.parse(text.replace(' ', 'T').toUpperCase());
  return Number.isNaN(time) ? undefined : new Date(time).toISOString().replace(/\.000Z$/, 'Z');
}
