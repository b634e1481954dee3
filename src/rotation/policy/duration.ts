/** Durations as policy writes them: `15m`, `24h`, `90d`. */

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

export const durationGrammar = 'must be a whole number and m, h or d, as in "24h"';

/** In milliseconds; undefined when it is not written so. */
export function durationMs(text: string): number | undefined {
  const [, amount, unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const length = units[unit];
  return length === undefined ? undefined : Number(amount) * length;
}

/** In the largest unit that divides it: `24h` comes back as `1d`. What is no whole minute is rounded down. */
export function durationText(ms: number): string {
  if (ms === Number.POSITIVE_INFINITY) return 'never';
  const sign = ms < 0 ? '-' : '';
  const minutes = Math.floor(Math.abs(ms) / 60_000);
  if (minutes % 1440 === 0) return `${sign}${minutes / 1440}d`;
  return minutes % 60 === 0 ? `${sign}${minutes / 60}h` : `${sign}${minutes}m`;
}
