/** What the records of the evidence log amount to: where each plan and each exception stands. */

import { startOfChain } from '../../store/evidence-chain.js';
import type { StepState } from '../plan/step-state.js';
import type { GateName, Strategy } from '../policy/decision.js';
import type { ExceptionBasis, ExceptionScope } from './record.js';

export interface StepRecord {
  readonly state: StepState;
  /** Pseudonym. */
  readonly by: string;
  readonly at: string;
  /** Of the plan as it was then. */
  readonly revision?: string;
  readonly reason?: string;
  /** Fingerprint of the new value. */
  readonly successor?: string;
}

export interface GateRecord {
  readonly step: string;
  readonly gate: GateName;
  readonly result: 'pass' | 'fail';
  readonly windowStart: string;
  readonly windowEnd: string;
  readonly by: string;
  readonly at: string;
  readonly accepted: boolean;
}

export interface ApprovalRecord {
  readonly role: string;
  readonly by: string;
  readonly at: string;
  readonly revision: string;
  readonly decision: 'approved' | 'rejected';
  readonly comment?: string;
}

export interface PlanState {
  readonly plan: string;
  readonly fingerprint: string;
  /** Further secrets that it replaces, as last recorded. */
  readonly others: readonly string[];
  readonly createdAt: string;
  /** As last recorded. */
  readonly revision: string;
  readonly strategy: Strategy;
  /** The first that was recorded: being late is counted from it. */
  readonly deadline?: string;
  readonly approvals: readonly ApprovalRecord[];
  /** By step id: the latest record. */
  readonly steps: ReadonlyMap<string, StepRecord>;
  /** Pseudonyms of all who ever recorded that they began, did or failed a step, in the order of the log. */
  readonly executors: readonly string[];
  /** In the order of the log. */
  readonly gates: readonly GateRecord[];
  readonly closedAt?: string;
  readonly accepted: readonly { readonly place: string; readonly by: string }[];
}

export interface VerdictState {
  readonly at: string;
  readonly verdict: string;
  readonly verdicts: readonly string[];
  readonly ground: string;
}

export interface ExceptionState {
  readonly id: string;
  readonly scope: ExceptionScope;
  readonly reason: string;
  readonly controls: readonly string[];
  readonly riskOwner: string;
  readonly grantedBy: string;
  readonly grantedAt: string;
  readonly expiresAt: string;
  readonly ticket?: string;
  readonly renewals: number;
  readonly basis: Readonly<Record<string, ExceptionBasis>>;
  /** When it was ended by hand. */
  readonly endedAt?: string;
}

export interface LogState {
  /** Hash of the last record. */
  readonly head: string;
  /** Number of the last record; 0 for an empty log. */
  readonly seq: number;
  /** By plan id. */
  readonly plans: ReadonlyMap<string, PlanState>;
  /** By id, sorted. */
  readonly exceptions: readonly ExceptionState[];
  /** By fingerprint, oldest first. */
  readonly verdicts: ReadonlyMap<string, readonly VerdictState[]>;
  /** Hex SHA-256 of the policy that was recorded last. */
  readonly policy?: string;
}

export const emptyState: LogState = {
  head: startOfChain.hash,
  seq: 0,
  plans: new Map(),
  exceptions: [],
  verdicts: new Map(),
};
