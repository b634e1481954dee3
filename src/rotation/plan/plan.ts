/** Plans: what to do in which order, who must agree, how to go back, and what proves that it is done. */
import type { Consumer, Copy, Dossier, Question, Resource, ScoreSheet, SecretRelation } from '../dossier.js';
import type { RotationSettings } from '../estate.js';
import type { ExceptionStanding } from '../exceptions/standing.js';
import type { ProviderTable } from '../facts/provider-table.js';
import type { GraphFacts } from '../graph/graph-facts.js';
import type { Imports } from '../imports.js';
import type { People } from '../log/people.js';
import type { LogState } from '../log/state.js';
import type { ApprovalDemand, Decision, GateName } from '../policy/decision.js';
import type { StepState } from './step-state.js';

export const stepTypes = [
  'assign',
  /** Makes room where the provider's number of values that are valid together is reached. */
  'free-slot',
  'contain',
  'preserve',
  'split',
  'issue',
  'update',
  'verify-new',
  'overlap',
  'freeze',
  'switch',
  'rollback',
  'disable-old',
  'soak',
  'revoke-old',
  'children',
  /** Of what is dead: whether that which made it is exposed as well. */
  'parents',
  'purge',
  'rescan',
  'redesign',
  'notify',
  'close',
] as const;
export type StepType = (typeof stepTypes)[number];

export type { StepState } from './step-state.js';

export interface Step {
  /**
   * Its type; with six hex digits of its target's hash (`update-3f9a0c`) where a plan may have several of the type. What
   * was recorded of a step still means the same step when a rescan adds others.
   */
  readonly id: string;
  /** From 1, in the order of this revision; people may say this instead of the id. */
  readonly number: number;
  readonly type: StepType;
  readonly title: string;
  /** Party, or `unassigned`. */
  readonly who: string;
  /** Ids of the steps that must be done before, sorted. */
  readonly needs: readonly string[];
  /** 1: one non-production consumer, 2: the rest of these, 3: one of production, 4: the rest. In emergencies 1 and 2. */
  readonly wave?: number;
  /** Consumer, copy or resource that it is about. */
  readonly target?: string;
  /** Of a purge: the copies that it cleans. */
  readonly copies?: readonly Copy[];
  /** Of an update: number of other plans that the same restart serves. */
  readonly sharedWith?: number;
  /** Of a rescan: names of all places that ever held a copy, sorted. */
  readonly sources?: readonly string[];
  /** What to do, in words. */
  readonly how: string;
  /** Command template with `<placeholders>`. */
  readonly command?: string;
  readonly reversible: boolean;
  /** How to go back, and until when that is possible. */
  readonly rollback?: string;
  readonly gates: readonly GateName[];
  /** RFC 3339 UTC: for waiting steps the earliest end, for others the latest. */
  readonly due?: string;
  readonly state: StepState;
  /** Why it was skipped or failed, who says so (pseudonym) and when. */
  readonly record?: { readonly by: string; readonly at: string; readonly reason?: string };
}

/** An approval that a requirement asks for, and what was recorded for it. */
export interface ApprovalStatus extends ApprovalDemand {
  readonly given: readonly {
    /** Pseudonym. */
    readonly by: string;
    readonly at: string;
    readonly revision: string;
    /** `stale`: of another revision (`APPROVAL_STALE`); `excluded`: by somebody who cannot give it. */
    readonly standing: 'valid' | 'stale' | 'excluded' | 'rejected';
  }[];
  readonly isMet: boolean;
  /** Emergency: the approval may follow until then, RFC 3339. */
  readonly afterTheFactUntil?: string;
}

export interface Plan {
  /** Handle that survives rescans: 12 hex digits. */
  readonly id: string;
  /** Hash over strategy, consumers, waves and point of no return: 12 hex digits. */
  readonly revision: string;
  /** When it was first recorded; `now` for one that was not yet. RFC 3339. */
  readonly createdAt: string;
  /** The secret it is about. */
  readonly fingerprint: string;
  /** Further secrets that it replaces as well (halves of a pair, older values of one principal), sorted. */
  readonly others: readonly string[];
  readonly kind: string;
  readonly principal: string;
  readonly owner?: string;
  readonly decision: Decision;
  readonly status: 'ready' | 'needs-approval' | 'blocked' | 'closed';
  /** Reason codes, sorted. Those that block come first in `blockedBy`. */
  readonly reasons: readonly string[];
  readonly blockedBy: readonly string[];
  readonly priority: ScoreSheet & { readonly band: string };
  readonly readiness: number;
  /** Which to answer first. */
  readonly questions: readonly Question[];
  /** What changing it breaks: consumers of it, of its children, and what depends on these. */
  readonly blastRadius: { readonly consumers: readonly Consumer[]; readonly unknown: readonly string[] };
  /** What somebody who has it can do. */
  readonly abuseRadius: {
    readonly resources: readonly Resource[];
    readonly secondRing: readonly string[];
    readonly unknown: readonly string[];
  };
  readonly relations: readonly SecretRelation[];
  /** Ids of plans that come before this one (`PARENT_FIRST`, or children that would outlive it), sorted. */
  readonly prerequisites: readonly string[];
  readonly steps: readonly Step[];
  readonly approvals: readonly ApprovalStatus[];
  /** RFC 3339 UTC. */
  readonly deadline?: string;
  /** Id of the last reversible step. */
  readonly rollbackUntil?: string;
  /** Id of the point of no return. */
  readonly pointOfNoReturn?: string;
  /** Which strategy would apply if an unknown audience turned out to be public. */
  readonly ifPublic?: string;
  /** Things a person must know before the first step: what will probably break, ways out of a cycle, what cascades. */
  readonly warnings: readonly string[];
  readonly controls: readonly string[];
  readonly conditions: readonly string[];
  readonly providerRow: { readonly id: string; readonly checked: boolean; readonly source: string };
  /** What the provider does by itself, when the secret was public. */
  readonly providerReaction?: string;
  /** Head of the evidence log when the plan was made: 64 hex digits. */
  readonly logHead: string;
}

/** All that plans are made of. The same input gives the same plans, whatever the order of its lists. */
export interface PlanningInput {
  /** RFC 3339 UTC. */
  readonly now: string;
  /** Of every secret that is looked at, not only those that a plan is wanted for. */
  readonly dossiers: readonly Dossier[];
  /** By fingerprint. */
  readonly graph: ReadonlyMap<string, GraphFacts>;
  /** By fingerprint. */
  readonly decisions: ReadonlyMap<string, Decision>;
  /** What policy would say if the audience were public; for secrets whose audience is unknown. */
  readonly ifPublic: ReadonlyMap<string, Decision>;
  readonly state: LogState;
  /** Who the pseudonyms of the log are: an introducer cannot approve where that is excluded. */
  readonly people: People;
  /**
   * Where exceptions stand (`exceptionStandings`). `expiredExceptions` of them gives the secrets with
   * `EXCEPTION_EXPIRED` and the deadlines from which being late is counted.
   */
  readonly exceptions: readonly ExceptionStanding[];
  readonly imports: Imports;
  readonly providers: ProviderTable;
  readonly settings: RotationSettings;
  /**
   * By fingerprint: consumers of all secrets, where the dossiers are only some of them. What depends on a consumer is
   * looked up here; without it among the dossiers.
   */
  readonly consumers?: ReadonlyMap<string, readonly Consumer[]>;
}

/** One restart that serves several plans. */
export interface MergedUpdate {
  readonly consumer: string;
  readonly wave: number;
  /** Sorted by plan. */
  readonly steps: readonly { readonly plan: string; readonly step: string }[];
}

/** What a portfolio looks at in a plan. */
export interface PortfolioPlan
  extends Pick<Plan, 'id' | 'fingerprint' | 'kind' | 'status' | 'blockedBy' | 'questions' | 'prerequisites'> {
  readonly owner?: string | undefined;
  readonly deadline?: string | undefined;
  readonly decision: Pick<Decision, 'strategy'>;
  readonly priority: Pick<Plan['priority'], 'score' | 'band'>;
  readonly steps: readonly {
    readonly id: string;
    readonly type: StepType;
    readonly target?: string | undefined;
    readonly wave?: number | undefined;
  }[];
}

export interface Portfolio<P extends PortfolioPlan = Plan> {
  /** By priority (highest first), last sighting, fingerprint. */
  readonly plans: readonly P[];
  readonly merged: readonly MergedUpdate[];
  /** Blocked plans by the question whose answer frees most of them, most first. */
  readonly blocked: readonly {
    readonly question: Question;
    /** Plan ids, by priority. */
    readonly plans: readonly string[];
  }[];
  /** Expiries that lie ahead, by ISO week (`2026-W48`). */
  readonly expiries: readonly {
    readonly week: string;
    readonly secrets: readonly { readonly fingerprint: string; readonly expiresAt: string }[];
  }[];
}
