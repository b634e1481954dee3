/** Facts about kinds of credentials as data (`rules/facts/*.yaml`): what rotating and revoking them takes. */
import type { YesNo } from '../imports.js';

export interface ProviderRow {
  /** Stable id, e.g. `aws.iam-access-key`. */
  readonly id: string;
  readonly provider: string;
  /** Kind ids of rules/ that are this; the most specific row wins. */
  readonly kinds: readonly string[];
  readonly class: 'static' | 'renewable' | 'ephemeral' | 'unknown';
  /** Words of the table: `1 h`, `none`, `chosen`. */
  readonly life: string;
  /** Longest possible life in milliseconds, when the table bounds it. */
  readonly maxTtlMs?: number;
  readonly twoAtOnce: string;
  readonly overlap: YesNo | 'not-applicable';
  /** How many values can be valid together, when stated. */
  readonly slots?: number;
  readonly rotate: string;
  readonly revoking: string;
  readonly reversibleDisable: boolean;
  readonly revocation: 'now' | 'grace' | 'expiry' | 'none' | 'unknown';
  readonly cascade: boolean;
  /** Dies with the account of the person it belongs to. */
  readonly userBound: boolean;
  /** Opens other secrets: a second ring. */
  readonly opener: boolean;
  readonly publishable: boolean;
  readonly privilege?: 'admin' | 'write' | 'read' | 'none';
  readonly typicalConsumers: string;
  readonly alsoBreaks: string;
  /** Command templates with `<placeholders>`, when the table has them. */
  readonly commands: {
    readonly disable?: string;
    readonly enable?: string;
    readonly issue?: string;
    readonly revoke?: string;
    /** Says whose a credential is. */
    readonly owner?: string;
  };
  readonly source: string;
  /** False: general knowledge, printed with "check with the provider". */
  readonly checked: boolean;
  /** `YYYY-MM`. */
  readonly asOf: string;
  /** File of the project that added or changed this row. */
  readonly changedBy?: string;
}

/** What a provider does by itself when a value becomes public. */
export interface ProviderReaction {
  readonly provider: string;
  readonly reaction: string;
  readonly consequence: string;
  readonly probablyDead: boolean;
  /** The principal cannot rotate itself any more. */
  readonly selfRotating: boolean;
  readonly source: string;
  readonly checked: boolean;
  /** `YYYY-MM`. */
  readonly asOf?: string;
}

export interface ProviderTable {
  /** Row of a kind; the fallback row `generic.password` for kinds without one. */
  rowOf(kind: string): ProviderRow;
  row(id: string): ProviderRow | undefined;
  readonly rows: readonly ProviderRow[];
  reactionOf(provider: string): ProviderReaction | undefined;
}
