/** Dates that plans count in: months and ISO weeks, in UTC. */

const dayMs = 86_400_000;

/** Start of the next month: by then every monthly job ran once. */
export function nextMonth(time: number): number {
  const date = new Date(time);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}

/** `2026-W48`: the week of a time as ISO 8601 counts, from Monday, in the year that has its Thursday. */
export function isoWeek(time: number): string {
  const date = new Date(time);
  const weekday = (date.getUTCDay() + 6) % 7;
  const thursday = new Date(time - (weekday - 3) * dayMs);
  const year = thursday.getUTCFullYear();
  const week = Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / dayMs / 7) + 1;
  return `${year}-W${String(week).padStart(2, '0')}`;
}
