/** Where each exception stands, computed from what was known when it was granted and what is known now. */
import type { Dossier } from '../dossier.js';
import type { ExceptionState, LogState } from '../log/state.js';
import { codePointOrder, sortedSet } from '../order.js';
import { breachesOf } from './basis.js';
import { scopeTest } from './scope.js';

const dayMs = 86_400_000;
/** How long before its end an exception is listed. */
export const warningMs: number = 14 * dayMs;

export interface ExceptionStanding {
  readonly exception: ExceptionState;
  /**
   * `expiring`: in force, and ends within 14 days. `void`: what it was granted for has become worse. `ended`: by hand.
   */
  readonly standing: 'active' | 'expiring' | 'expired' | 'void' | 'ended';
  /** Why it is void, for people; empty otherwise. */
  readonly why: readonly string[];
  /** Fingerprints it was granted for that lie within its scope still, sorted. */
  readonly covered: readonly string[];
}

/** Dossiers by every fingerprint they are known under. */
function byFingerprint(dossiers: Iterable<Dossier>): ReadonlyMap<string, Dossier> {
  const known = new Map<string, Dossier>();
  for (const dossier of dossiers) {
    for (const { fingerprint } of dossier.exposure.aliases) known.set(fingerprint, dossier);
  }
  for (const dossier of dossiers) known.set(dossier.fingerprint, dossier);
  return known;
}

function standingOf(
  exception: ExceptionState,
  known: ReadonlyMap<string, Dossier>,
  nowMs: number,
): ExceptionStanding {
  const isWithin = scopeTest(exception.scope);
  const why: string[] = [];
  const covered: string[] = [];
  for (const fingerprint of Object.keys(exception.basis).sort(codePointOrder)) {
    const dossier = known.get(fingerprint);
    const basis = exception.basis[fingerprint];
    if (dossier === undefined || basis === undefined) continue;
    if (isWithin(dossier)) covered.push(dossier.fingerprint);
    else if (exception.scope.type === 'rule-path')
      why.push(`${fingerprint.slice(0, 12)}: it has a copy outside of the path`);
    why.push(...breachesOf(basis, dossier).map((breach) => `${fingerprint.slice(0, 12)}: ${breach}`));
  }
  const endsIn = Date.parse(exception.expiresAt) - nowMs;
  const about = { exception, covered: sortedSet(covered) };
  if (exception.endedAt !== undefined) return { ...about, standing: 'ended', why: [] };
  if (endsIn <= 0) return { ...about, standing: 'expired', why: [] };
  if (why.length > 0) return { ...about, standing: 'void', why };
  return { ...about, standing: endsIn <= warningMs ? 'expiring' : 'active', why: [] };
}

/** All exceptions of the log, by id. @param now RFC 3339 */
export function exceptionStandings(
  state: LogState,
  dossiers: readonly Dossier[],
  now: string,
): readonly ExceptionStanding[] {
  if (state.exceptions.length === 0) return [];
  const known = byFingerprint(dossiers);
  return state.exceptions.map((exception) => standingOf(exception, known, Date.parse(now)));
}

/** Of several that cover one secret: the one that ends last, then by id. */
function later(a: ExceptionState, b: ExceptionState | undefined): ExceptionState {
  if (b === undefined) return a;
  return Date.parse(a.expiresAt) > Date.parse(b.expiresAt) ? a : b;
}

/** The exception in force for each secret that has one. */
export function inForce(standings: readonly ExceptionStanding[]): ReadonlyMap<string, ExceptionState> {
  const found = new Map<string, ExceptionState>();
  for (const { exception, standing, covered } of standings) {
    if (standing !== 'active' && standing !== 'expiring') continue;
    for (const fingerprint of covered) found.set(fingerprint, later(exception, found.get(fingerprint)));
  }
  return found;
}

/** By fingerprint: what is excepted from policy now. */
export function activeExceptions(
  state: LogState,
  dossiers: readonly Dossier[],
  now: string,
): ReadonlyMap<string, ExceptionState> {
  return inForce(exceptionStandings(state, dossiers, now));
}

export interface Expired {
  readonly exception: ExceptionState;
  /** The deadline that was suspended, RFC 3339: being late is counted from it. */
  readonly deadline?: string;
}

/** Secrets that returned to their rule because time ran out (`EXCEPTION_EXPIRED`), with the deadline from before. */
export function expiredExceptions(standings: readonly ExceptionStanding[]): ReadonlyMap<string, Expired> {
  const covered = inForce(standings);
  const found = new Map<string, Expired>();
  for (const { exception, standing, covered: fingerprints } of standings) {
    if (standing !== 'expired') continue;
    for (const fingerprint of fingerprints) {
      if (covered.has(fingerprint)) continue;
      const before = found.get(fingerprint);
      if (before !== undefined && later(before.exception, exception) === before.exception) continue;
      const deadline = exception.basis[fingerprint]?.deadline;
      found.set(fingerprint, { exception, ...(deadline !== undefined && { deadline }) });
    }
  }
  return found;
}
