/** How long to watch before a retired credential is deleted: one full round of the longest schedule that may use it. */
import { cronOf, nextRun } from '../derive/consumers/cron.js';
import { rfc3339, timeOf } from '../derive/sighting-dates.js';
import type { Consumer } from '../dossier.js';

export interface Soak {
  /** RFC 3339 UTC. */
  readonly until: string;
  readonly why: string;
}

const hourMs = 3_600_000;

/** The same time a month later; the last day where that month is shorter. */
function monthLater(now: number): number {
  const date = new Date(now);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + 1);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
  return date.getTime();
}

/**
 * At least a month: jobs at the end of a month are those that nobody lists, and one falls into every month.
 *
 * @param soakMs least time that the policy asks for
 */
export function soakOf(consumers: readonly Consumer[], now: string, soakMs: number): Soak {
  const start = timeOf(now) ?? 0;
  let until = Math.max(start + soakMs, monthLater(start));
  let why = 'one month, with a month end in it';
  if (start + soakMs > monthLater(start)) why = 'the soak that the policy asks for';
  for (const { name, runs } of consumers) {
    const cron = cronOf(runs);
    const next = cron === undefined ? undefined : timeOf(nextRun(cron, now));
    // An hour for the run itself.
    if (next === undefined || next + hourMs <= until) continue;
    until = next + hourMs;
    why = `the next run of ${name} (${cron})`;
  }
  return { until: rfc3339(until), why };
}
