/** What policy says of one secret. */
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

export interface ApprovalDemand {
  readonly role: string;
  readonly count: number;
  readonly not: readonly ('introducer' | 'executor')[];
  /** Id of the requirement. */
  readonly by: string;
}

export interface Decision {
  readonly strategy: Strategy;
  /** Id of the rule that matched first. */
  readonly rule: string;
  readonly reason: string;
  readonly deadlineMs?: number;
  readonly overlapMs: number;
  readonly soakMs: number;
  readonly stepsAdd: readonly string[];
  readonly note?: string;
  readonly approvals: readonly ApprovalDemand[];
  readonly gates: readonly string[];
  readonly windows: readonly string[];
  readonly freezes: readonly string[];
  readonly maxAgeMs?: number;
  /** Rules that were looked at before, and why they did not match: for `policy explain`. */
  readonly trace: readonly { readonly rule: string; readonly matched: boolean; readonly why: string }[];
}
