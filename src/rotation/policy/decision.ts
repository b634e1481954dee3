/** What policy says of one secret: how to rotate it, by when, who must agree, which proof is needed. */
export const strategies = [
  'emergency',
  'automatic',
  'staged-dual',
  'staged-cutover',
  'manual',
  'split-first',
  'revoke-only',
  'purge-only',
  'notify',
  'none',
] as const;
export type Strategy = (typeof strategies)[number];

/** Proofs that a change worked. The tool cannot watch production: it says which is needed and keeps what is recorded. */
export const gateNames = [
  'auth_success',
  'error_rate',
  'queue_health',
  'next_run_ok',
  'pipeline_green',
  'old_use_zero',
  'agent_paused',
  'agent_resumed_ok',
  'rollback_rehearsed',
  'third_party_confirmed',
] as const;
export type GateName = (typeof gateNames)[number];

export interface ApprovalDemand {
  /** `owner`, `security`, or another role that an organisation names. */
  readonly role: string;
  readonly count: number;
  /** Who cannot give it. */
  readonly not: readonly ('introducer' | 'executor')[];
  /** Id of the requirement that asks for it. */
  readonly by: string;
}

export interface Decision {
  readonly strategy: Strategy;
  /** Id of the rule that matched first. */
  readonly rule: string;
  readonly reason: string;
  /** From the creation of the plan. */
  readonly deadlineMs?: number;
  readonly overlapMs: number;
  readonly soakMs: number;
  /** Types of steps that the rule adds. */
  readonly stepsAdd: readonly string[];
  readonly note?: string;
  /** Strictest of all requirements that match, sorted by role. */
  readonly approvals: readonly ApprovalDemand[];
  /** Sorted. */
  readonly gates: readonly GateName[];
  /** `Tue-Thu 09:00-16:00 UTC`; when several are given all of them must hold. */
  readonly windows: readonly string[];
  /** Periods in which nothing is changed: `2026-12-20..2027-01-04`. */
  readonly freezes: readonly string[];
  readonly maxAgeMs?: number;
  /** Rules in the order in which they were looked at, up to the one that matched: for `policy explain`. */
  readonly trace: readonly {
    readonly rule: string;
    readonly matched: boolean;
    /** The condition that decided and the fact it saw: `owner.known is true (asked: false)`. */
    readonly why: string;
  }[];
}
