/** All that a continuity statement is made of. */
import type { Dossier } from '../dossier.js';
import type { People } from '../log/people.js';
import type { LogRecord } from '../log/record.js';
import type { PlanState, VerdictState } from '../log/state.js';
import type { Plan } from '../plan/plan.js';

/** A source that was read, and when. */
export interface StatementSource {
  /** Key of its place; several roots may be one place. */
  readonly place: string;
  readonly placeName: string;
  readonly system: string;
  /** Start of the last whole reading, RFC 3339. */
  readonly readAt?: string;
  /** When the newest record of an export was written. */
  readonly newestRecord?: string;
  readonly isComplete: boolean;
}

export interface StatementInput {
  /** RFC 3339 UTC. */
  readonly now: string;
  readonly plan: Plan;
  readonly recorded: PlanState;
  /** All of the log that is understood, in its order. */
  readonly records: readonly LogRecord[];
  /** Of the plan's secret, then of the others that it replaces. */
  readonly dossiers: readonly Dossier[];
  readonly verdicts: ReadonlyMap<string, readonly VerdictState[]>;
  readonly sources: readonly StatementSource[];
  /** Of the evidence log when the statement is made. */
  readonly head: { readonly hash: string; readonly seq: number };
  readonly policySha256: string;
  readonly toolVersion: string;
  /** Ids of the rules (with engine, decoders and limits) that the sources were read by, sorted. */
  readonly ruleVersions: readonly string[];
  readonly people: People;
}
