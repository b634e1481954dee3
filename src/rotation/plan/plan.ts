/** Plans: what to do in which order, who must agree, how to go back, and what proves that it is done. */

import type { Consumer, Question, Resource, ScoreSheet, SecretRelation } from '../dossier.js';
import type { ApprovalDemand, Decision } from '../policy/decision.js';

export const stepTypes = [
  'assign',
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
  'purge',
  'rescan',
  'redesign',
  'notify',
  'close',
] as const;
export type StepType = (typeof stepTypes)[number];

export interface Step {
  /** Stable within a plan's revision: `update.2`. */
  readonly id: string;
  readonly type: StepType;
  readonly title: string;
  /** Party, or `unassigned`. */
  readonly who: string;
  /** Ids of the steps that must be done before. */
  readonly needs: readonly string[];
  readonly wave?: number;
  /** Consumer, copy or resource that it is about. */
  readonly target?: string;
  /** Instruction, and a command template with `<placeholders>`. */
  readonly how: string;
  readonly command?: string;
  readonly reversible: boolean;
  readonly rollback?: string;
  readonly gates: readonly string[];
  /** RFC 3339 UTC. */
  readonly due?: string;
  readonly state: 'todo' | 'doing' | 'done' | 'failed' | 'skipped';
}

export interface Plan {
  /** Handle that survives rescans: hex, 12 characters. */
  readonly id: string;
  /** Hash over strategy, consumers, waves and point of no return: hex, 12 characters. */
  readonly revision: string;
  readonly createdAt: string;
  readonly fingerprint: string;
  readonly kind: string;
  readonly principal: string;
  readonly decision: Decision;
  readonly status: 'ready' | 'needs-approval' | 'blocked';
  /** Reason codes, sorted. */
  readonly reasons: readonly string[];
  readonly priority: ScoreSheet & { readonly band: string };
  readonly readiness: number;
  readonly questions: readonly Question[];
  /** What changing it breaks. */
  readonly blastRadius: { readonly consumers: readonly Consumer[]; readonly unknown: readonly string[] };
  /** What somebody who has it can do. */
  readonly abuseRadius: {
    readonly resources: readonly Resource[];
    readonly secondRing: readonly string[];
    readonly unknown: readonly string[];
  };
  readonly relations: readonly SecretRelation[];
  readonly steps: readonly Step[];
  readonly approvals: readonly ApprovalDemand[];
  /** RFC 3339 UTC. */
  readonly deadline?: string;
  /** Id of the last reversible step. */
  readonly rollbackUntil?: string;
  /** Which strategy would apply if an unknown audience turned out to be public. */
  readonly ifPublic?: string;
  readonly controls: readonly string[];
  readonly providerRow: { readonly id: string; readonly checked: boolean; readonly source: string };
  /** What the provider does by itself, when the secret was public. */
  readonly providerReaction?: string;
  /** Head of the evidence log when the plan was made. */
  readonly logHead: string;
}
