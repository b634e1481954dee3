/**
 * The evidence log: everything that people and the planner did, one record a line, chained by hashes. The state of plans
 * (steps, approvals, gates, exceptions) is what these records amount to; nothing else remembers it. People stand in it
 * under their pseudonym, so that they can be erased elsewhere without breaking the chain. No record holds a value.
 */
import { startOfChain } from '../../store/evidence-chain.js';
import type { StepState } from '../plan/step-state.js';
import type { GateName, Strategy } from '../policy/decision.js';

interface PlanStanding {
  readonly revision: string;
  readonly strategy: Strategy;
  readonly rule: string;
  /** RFC 3339. */
  readonly deadline?: string;
  /** Hex SHA-256 of the policy's text. */
  readonly policy: string;
}

/** What an exception was granted for; it is void when this gets worse. */
export interface ExceptionBasis {
  readonly exposureLevel: string;
  readonly consumers: readonly string[];
  readonly environments: readonly string[];
  readonly owner?: string;
  readonly strategy: Strategy;
  /** The deadline that it suspends, RFC 3339. */
  readonly deadline?: string;
}

/** What an exception covers; never everything. */
export type ExceptionScope =
  | { readonly type: 'secret'; readonly fingerprint: string }
  | { readonly type: 'slot'; readonly slot: string }
  | { readonly type: 'principal'; readonly principal: string }
  | { readonly type: 'rule-path'; readonly rule: string; readonly path: string };

interface ExceptionGrant {
  readonly scope: ExceptionScope;
  readonly reason: string;
  /** At least one. */
  readonly controls: readonly string[];
  /** Pseudonyms. */
  readonly riskOwner: string;
  readonly grantedBy: string;
  /** RFC 3339. */
  readonly expiresAt: string;
  readonly ticket?: string;
  /** By fingerprint: what was known when it was granted. */
  readonly basis: Readonly<Record<string, ExceptionBasis>>;
}

/** What a record says, by its action. `subject` is a fingerprint, a file name, or the id of an exception. */
export type LogEntry =
  | {
      readonly action: 'imported';
      readonly subject: string;
      readonly data: { readonly type: string; readonly count: number; readonly sha256: string };
    }
  | {
      readonly action: 'policy-changed';
      readonly subject: string;
      readonly data: { readonly sha256: string };
    }
  | {
      readonly action: 'plan-created';
      readonly subject: string;
      readonly plan: string;
      readonly data: PlanStanding & { readonly others: readonly string[] };
    }
  | {
      readonly action: 'plan-revised';
      readonly subject: string;
      readonly plan: string;
      readonly data: PlanStanding & { readonly others: readonly string[]; readonly previous: string };
    }
  | {
      readonly action: 'plan-approved';
      readonly subject: string;
      readonly plan: string;
      readonly data: {
        readonly revision: string;
        readonly role: string;
        readonly decision: 'approved' | 'rejected';
        readonly comment?: string;
      };
    }
  | {
      readonly action: 'step';
      readonly subject: string;
      readonly plan: string;
      readonly step: string;
      readonly data: {
        readonly state: StepState;
        readonly revision: string;
        readonly reason?: string;
        /** Fingerprint of the new value, with `issue`. */
        readonly successor?: string;
      };
    }
  | {
      readonly action: 'gate';
      readonly subject: string;
      readonly plan: string;
      readonly step: string;
      readonly data: {
        readonly gate: GateName;
        readonly result: 'pass' | 'fail';
        readonly windowStart: string;
        readonly windowEnd: string;
        readonly value?: string;
        readonly source: string;
        readonly accepted: boolean;
        /** Why it was not accepted. */
        readonly refusal?: string;
      };
    }
  | {
      readonly action: 'verdict';
      readonly subject: string;
      readonly plan?: string;
      readonly data: {
        readonly verdict: string;
        /** All that hold, worst first. */
        readonly verdicts: readonly string[];
        readonly ground: 'clean-by-value' | 'clean-by-detection';
        /** Copies by their own verdict. */
        readonly copies: Readonly<Record<string, number>>;
      };
    }
  | {
      readonly action: 'plan-closed';
      readonly subject: string;
      readonly plan: string;
      readonly data: {
        readonly revision: string;
        readonly verdict: string;
        /** Places whose remaining copies their custodian accepts. */
        readonly accepted: readonly { readonly place: string; readonly by: string }[];
      };
    }
  | {
      readonly action: 'plan-reopened';
      readonly subject: string;
      readonly plan: string;
      readonly data: { readonly why: string };
    }
  | {
      readonly action: 'exception-granted';
      readonly subject: string;
      readonly data: ExceptionGrant;
    }
  | {
      readonly action: 'exception-renewed';
      readonly subject: string;
      readonly data: ExceptionGrant & { readonly role?: string };
    }
  | {
      readonly action: 'exception-ended';
      readonly subject: string;
      readonly data: { readonly why: string };
    }
  | {
      readonly action: 'proved';
      readonly subject: string;
      readonly plan: string;
      /** Hex SHA-256 of the statement without its last line. */
      readonly data: { readonly sha256: string };
    };
export type LogAction = LogEntry['action'];

/** An entry with its place in the chain. */
export type LogRecord = LogEntry & {
  /** From 1, without holes. */
  readonly seq: number;
  /** RFC 3339 UTC. */
  readonly at: string;
  /** Pseudonym of who did it, or `sprawl`. */
  readonly actor: string;
  /** Hex SHA-256 of the record before; 64 zeros for the first. */
  readonly prevHash: string;
  /** Hex SHA-256 over the canonical JSON of the record without this field. */
  readonly hash: string;
};

/** Head of an empty log. */
export const emptyHead: string = startOfChain.hash;
