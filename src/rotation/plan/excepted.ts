/** What exceptions mean for plans: what is accepted for a while, and what is late because a while has passed. */
import type { Dossier } from '../dossier.js';
import { type ExceptionStanding, type Expired, expiredExceptions, inForce } from '../exceptions/standing.js';
import type { ExceptionState } from '../log/state.js';

/** By fingerprint; gathered once for all plans. */
export interface ExceptionIndex {
  readonly running: ReadonlyMap<string, ExceptionState>;
  readonly expired: ReadonlyMap<string, Expired>;
}

export function exceptionIndex(standings: readonly ExceptionStanding[]): ExceptionIndex {
  return { running: inForce(standings), expired: expiredExceptions(standings) };
}

/** What a plan has to say about exceptions for its secrets. */
export interface ExceptionNotes {
  /** `EXCEPTION_EXPIRED`, or nothing. */
  readonly codes: readonly string[];
  /** The earliest deadline that an expired exception had suspended, RFC 3339. */
  readonly deadline?: string;
  readonly warnings: readonly string[];
}

const dayMs = 86_400_000;

function days(ms: number): string {
  const count = Math.ceil(ms / dayMs);
  return count === 1 ? '1 day' : `${count} days`;
}

function lateness(deadline: string | undefined, now: number): string {
  if (deadline === undefined) return 'no deadline had been set before it';
  const late = now - Date.parse(deadline);
  return late > 0
    ? `overdue by ${days(late)}, counted from the original deadline ${deadline}`
    : `the original deadline ${deadline} stands again`;
}

/** @param now milliseconds */
export function exceptionNotes(
  members: readonly Dossier[],
  { running, expired }: ExceptionIndex,
  now: number,
): ExceptionNotes {
  const warnings = new Set<string>();
  const deadlines: string[] = [];
  let isExpired = false;
  for (const { fingerprint } of members) {
    const active = running.get(fingerprint);
    if (active !== undefined) {
      const left = Date.parse(active.expiresAt) - now;
      warnings.add(`exception ${active.id} is in force until ${active.expiresAt}: ${days(left)} left`);
    }
    const ended = expired.get(fingerprint);
    if (ended === undefined) continue;
    isExpired = true;
    if (ended.deadline !== undefined) deadlines.push(ended.deadline);
    const { id, expiresAt } = ended.exception;
    warnings.add(`exception ${id} expired at ${expiresAt}: ${lateness(ended.deadline, now)}`);
  }
  const deadline = deadlines.sort((a, b) => Date.parse(a) - Date.parse(b))[0];
  return {
    codes: isExpired ? ['EXCEPTION_EXPIRED'] : [],
    ...(deadline === undefined ? {} : { deadline }),
    warnings: [...warnings],
  };
}
