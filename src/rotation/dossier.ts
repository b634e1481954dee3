/**
 * All that is known about one secret, facts chosen and measures taken: what policy decides on, plans are made of, and
 * `explain` and `incident` print. Every list is sorted; every number comes with its terms.
 */
import type { Exposure, Location } from '../model/exposure.js';
import type { Fact } from './fact.js';
import type { ProviderRow } from './facts/provider-table.js';
import type { ConsumerKind, CredentialClass, Party, Privilege, Reload, YesNo } from './imports.js';

/** One attribute with the fact that was chosen, and those that lost. */
export interface Resolved<T> {
  /** Undefined: unknown. */
  readonly value: T | undefined;
  readonly chosen?: Fact;
  readonly losers: readonly Fact[];
  /** Two facts of equal rank disagree: unknown for policy. */
  readonly conflict: boolean;
  readonly stale: boolean;
}

export interface Consumer {
  /** `gha:acme/api/deploy.yml#build`, `k8s:prod/Deployment/api`. */
  readonly name: string;
  readonly kind: ConsumerKind;
  readonly environment: string;
  readonly owner?: string;
  /** Who answered for it and left; the owner stands in, where there is one. */
  readonly formerOwner?: string;
  readonly how: 'literal' | 'reference' | 'imported';
  readonly reload: Reload;
  readonly runs: string;
  /** RFC 3339 of the next scheduled run, when a schedule is known. */
  readonly nextRun?: string;
  readonly criticality?: number;
  readonly dependsOn: readonly string[];
  readonly acceptsTwo: YesNo;
  readonly current: 'yes' | 'former' | 'unknown';
  /** Rules `C1` ... `C23`, `N1` ... `N4`. */
  readonly rules: readonly string[];
  /** `strong`, `probable`, `weak`, or `asserted` when imported. */
  readonly confidence: Fact['confidence'];
  readonly evidence: Fact['evidence'];
  /**
   * Fingerprints of secrets whose stored value it replaces, sorted: a job that runs `gh secret set NAME`, code that manages
   * the variables of a CI. A secret among the ones that it rotates itself authorises its own replacement.
   */
  readonly rotates?: readonly string[];
}

export interface Resource {
  readonly kind: string;
  readonly address: string;
  readonly environment?: string;
  readonly criticality?: number;
  readonly rule: string;
}

export interface SecretRelation {
  readonly relation: string;
  /** Fingerprint of the other secret. */
  readonly to: string;
  /** `from`: this one signs, mints, opens ... the other; `to`: the other way round; `both`: no direction. */
  readonly direction: 'from' | 'to' | 'both';
  readonly evidence: string;
  readonly confidence: Fact['confidence'];
}

export type ExposureLevel =
  | 'public-present'
  | 'public-history'
  | 'external'
  | 'internal-human'
  | 'internal-head'
  | 'internal-history'
  | 'vault-only';

/** A printed sum: the terms add up to `sum`; caps and floors say what became of it. */
export interface ScoreSheet {
  readonly score: number;
  readonly sum: number;
  readonly terms: readonly { readonly name: string; readonly points: number; readonly why: string }[];
  /** `floor public-static 85`, `cap lapsed 10`. */
  readonly adjusted?: string;
}

/** A copy as a planner sees it. */
export interface Copy {
  readonly location: Location;
  readonly presence: 'head' | 'history-only' | 'present' | 'edited-out' | 'gone' | 'unproven';
  readonly audience: 'public' | 'external' | 'internal' | 'restricted' | 'unknown';
  /** Container rule `C1` ... `C23` of its file. */
  readonly container?: string;
  readonly environments: readonly string[];
  /** Owner of the place: who must clean it. */
  readonly custodian?: string;
  /** Who had to clean it and left; the custodian stands in, where there is one. */
  readonly formerCustodian?: string;
  readonly isHuman: boolean;
}

/** A named position that holds secrets over time. */
export interface Slot {
  /** `<place name>:<path>#<key>`. */
  readonly id: string;
  /** Fingerprints in the order of their first commit. */
  readonly values: readonly {
    readonly fingerprint: string;
    readonly first?: string;
    readonly last?: string;
  }[];
}

export interface Dossier {
  readonly exposure: Exposure;
  readonly fingerprint: string;
  readonly kind: string;
  readonly provider: ProviderRow;
  readonly copies: readonly Copy[];
  readonly principal: { readonly key: string; readonly kind: string; readonly rule: string };
  /** Keys of further principals that the same value opens, sorted. */
  readonly otherPrincipals?: readonly string[];
  /** Keys of the principals whose secret made this one, found or not: the account of a SAS, the signer of a URL. */
  readonly parents?: readonly string[];
  readonly class: Resolved<CredentialClass>;
  /** RFC 3339. */
  readonly expiresAt: Resolved<string>;
  readonly issuedAt: Resolved<string>;
  readonly lapsed: Resolved<'yes' | 'no'>;
  readonly liveness: Resolved<'live' | 'dead'>;
  readonly publishable: boolean;
  readonly belongsTo: Resolved<string>;
  readonly owner: Resolved<string>;
  readonly ownerParty?: Party;
  readonly backupOwner: Resolved<string>;
  readonly introducer: Resolved<string>;
  readonly posters: readonly string[];
  readonly privilege: Resolved<Privilege>;
  readonly overlap: Resolved<YesNo | 'not-applicable'>;
  readonly principalStatus: Resolved<string>;
  readonly workloadIdentity: Resolved<YesNo>;
  /** Names, highest rank first. */
  readonly environments: readonly string[];
  readonly consumers: readonly Consumer[];
  readonly coverage: 'attested' | 'derived' | 'none';
  readonly resources: readonly Resource[];
  readonly relations: readonly SecretRelation[];
  readonly slots: readonly Slot[];
  readonly vault: readonly string[];
  readonly exposureLevel: ExposureLevel;
  /** The widest audience of a copy; `unknown` is never read as internal. */
  readonly audience: Copy['audience'];
  readonly publicEver: boolean;
  readonly age: { readonly days: number; readonly isLowerBound: boolean };
  /** From the earliest sighting, RFC 3339. */
  readonly exposedSince: string;
  /** Since when the widest of its audiences could read a copy, RFC 3339. */
  readonly widestSince?: string;
  readonly duplication?: Duplication;
  readonly sharing: ScoreSheet & { readonly name: 'single' | 'bearer' | 'shared' | 'spread' | 'universal' };
  readonly readiness: {
    readonly score: number;
    readonly missing: readonly string[];
    readonly questions: readonly Question[];
  };
  readonly priority: ScoreSheet & { readonly band: 'critical' | 'high' | 'medium' | 'low' | 'info' };
  /** Condition ids (measure/controls.ts) that hold, sorted. */
  readonly conditions: readonly string[];
  /** Reason codes that concern this secret, sorted. */
  readonly reasons: readonly string[];
  /** Every fact about the secret, its principal and its consumers, sorted. */
  readonly facts: readonly Fact[];
}

/** How many copies there are; what is in the vault is counted apart. */
export interface Duplication {
  /** Copies that somebody who reads their place now sees. */
  readonly current: number;
  /** Distinct places with a current copy: repositories and folders, then exports. */
  readonly repositories: number;
  readonly exports: number;
  readonly slots: number;
  readonly vaulted: number;
}

export interface Question {
  /** Stable code: `OWNER_UNKNOWN`, `AUDIENCE_UNKNOWN`. */
  readonly code: string;
  readonly text: string;
  /** Whom to ask, when known. */
  readonly to?: string;
}
