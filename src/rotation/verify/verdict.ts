/**
 * Verdicts: what a look at all places says of a value that should be gone. A copy is present, gone or unproven; a secret
 * has every verdict that one of its copies gives it, the worst first.
 */
import type { Location } from '../../model/exposure.js';

/** Worst first. */
export const verdictNames = [
  'reappeared',
  'still-at-head',
  'human-copies-remain',
  'history-remains',
  'unreachable-remains',
  'unproven',
  'clean',
] as const;
export type VerdictName = (typeof verdictNames)[number];

/** Whether the value itself was looked for, or what detectors recognise. */
export type CleanGround = 'clean-by-value' | 'clean-by-detection';

/** Which verdict a copy gives when it is there. */
export type CopyClass = 'head' | 'human' | 'history' | 'unreachable';

/** Why a copy is present, gone or unproven. */
export const copyReasons = [
  'found',
  'not-found-any-more',
  'newer-export-lacks-it',
  'standard-input',
  'source-gone',
  'not-read',
  'not-rescanned',
  'not-fetched',
  'read-incompletely',
  'left-out',
  'export-older',
  'export-undated',
  'export-not-around',
  'copy-undated',
] as const;
export type CopyReason = (typeof copyReasons)[number];

export type CopyState = 'present' | 'gone' | 'unproven';

/** What one root says of a copy. */
export interface RootStanding {
  readonly locator: string;
  readonly state: CopyState;
  readonly reason: CopyReason;
  /** Since when that is known, RFC 3339: start of the reading, newest record of the export. */
  readonly asOf?: string;
}

export interface CopyVerdict {
  readonly location: Location;
  readonly class: CopyClass;
  readonly state: CopyState;
  readonly reason: CopyReason;
  readonly ground: 'by-value' | 'by-detection';
  /** Every root that has or had it, by locator. */
  readonly roots: readonly RootStanding[];
}

/** Where history still holds it. */
export interface HistoryRemain {
  readonly place: string;
  readonly placeName: string;
  /** Absent for messages of commits and tags, and objects that no tree names. */
  readonly path?: string;
  /** Commit that brought it in, and the one that took it out. */
  readonly firstCommit?: string;
  readonly lastCommit?: string;
  /** Refs that lead to it. */
  readonly refCount: number;
}

/** A root that cannot speak for its place, and what to do about it. */
export interface OpenRoot {
  readonly place: string;
  readonly placeName: string;
  readonly locator: string;
  readonly reason: CopyReason;
  /** When it was read whole, RFC 3339. */
  readonly readAt?: string;
  /** Gaps of its last reading by code. */
  readonly gaps: Readonly<Record<string, number>>;
}

/** What a person should know although no verdict rests on it. */
export type VerifyNote =
  | {
      readonly type: 'history-rewritten';
      readonly place: string;
      readonly placeName: string;
      /** Host that may still serve them; absent for a clone without a remote. */
      readonly host?: string;
      /** Ids that vanished, sorted. */
      readonly commits: readonly string[];
    }
  | { readonly type: 'export-file-holds-it'; readonly locator: string };

export interface SecretVerdict {
  readonly fingerprint: string;
  /** The worst. */
  readonly verdict: VerdictName;
  /** All that hold, worst first. */
  readonly verdicts: readonly VerdictName[];
  readonly ground: CleanGround;
  readonly copies: readonly CopyVerdict[];
  readonly history: readonly HistoryRemain[];
  readonly open: readonly OpenRoot[];
  readonly notes: readonly VerifyNote[];
  /** Why `reappeared` holds. */
  readonly returned: readonly Reappearance[];
}

/** What brought a value back that was clean, or in history only. */
export interface Reappearance {
  readonly why: 'at-head-again' | 'newer-message' | 'old-value-returned';
  /** When an earlier look did not find it, RFC 3339. */
  readonly cleanAt?: string;
  readonly location: Location;
}

/** Sorted from the worst, each once. */
export function worstFirst(verdicts: Iterable<VerdictName>): VerdictName[] {
  const held = new Set(verdicts);
  return verdictNames.filter((name) => held.has(name));
}

/** 0 clean, 1 not clean, 3 unproven; what is known to be there comes before what is not known. */
export function verdictExitCode(verdicts: Iterable<VerdictName>): 0 | 1 | 3 {
  const held = worstFirst(verdicts);
  if (held.some((name) => name !== 'unproven' && name !== 'clean')) return 1;
  return held.length === 0 || held.includes('unproven') ? 3 : 0;
}
