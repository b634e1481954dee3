/** What was imported: inventory, vault map, people, liveness, attestations, gate results. Checked, without values. */

export type YesNo = 'yes' | 'no' | 'unknown';
export type CredentialClass = 'static' | 'renewable' | 'ephemeral' | 'unknown';
export type Privilege = 'admin' | 'write' | 'read' | 'none' | 'unknown';

export interface Party {
  readonly id: string;
  readonly type: 'person' | 'team' | 'vendor';
  readonly emails: readonly string[];
  readonly handles: readonly string[];
  readonly status: 'active' | 'left' | 'unknown';
  /** `YYYY-MM-DD`. */
  readonly leftOn?: string;
  readonly manager?: string;
  readonly successor?: string;
  readonly contact?: string;
}

/** One of these is enough for an entry to match. Most specific first: fingerprint, identity, slot, vault, path + kind, kind. */
export interface Selector {
  readonly fingerprint?: string;
  /** Key of a principal. */
  readonly identity?: string;
  /** `<place name>:<path>#<key>`. */
  readonly slot?: string;
  readonly vault?: string;
  /** Glob `<place>:<path>`. */
  readonly path?: string;
  readonly kind?: string;
}

export interface InventoryConsumer {
  readonly name: string;
  readonly kind: ConsumerKind;
  readonly environment?: string;
  readonly owner?: string;
  readonly reload?: Reload;
  /** `continuous`, `on-demand`, or `cron <expression>`. */
  readonly runs?: string;
  /** 1 (highest) to 4. */
  readonly criticality?: number;
  readonly dependsOn: readonly string[];
  readonly acceptsTwo?: YesNo;
}

export type ConsumerKind =
  | 'service'
  | 'batch'
  | 'ci'
  | 'agent'
  | 'human-tool'
  | 'third-party'
  | 'shipped-client'
  | 'test'
  | 'build'
  | 'unknown';
export type Reload = 'hot' | 'restart' | 'redeploy' | 'rebuild' | 'release' | 'manual' | 'unknown';

export interface InventoryResource {
  readonly kind: string;
  readonly address: string;
  readonly criticality?: number;
  readonly environment?: string;
}

export interface InventoryEntry {
  /** Name of the identity in the inventory. */
  readonly id: string;
  readonly match: readonly Selector[];
  readonly kind?: string;
  readonly owner?: string;
  readonly backupOwner?: string;
  readonly purpose?: string;
  readonly systemOfRecord?: string;
  readonly environment: readonly string[];
  readonly privilege?: Privilege;
  readonly class?: CredentialClass;
  readonly status?: 'active' | 'dormant' | 'retired' | 'unknown';
  readonly rotation?: {
    readonly overlap?: YesNo;
    readonly mechanism?: string;
    readonly reload?: Reload;
    /** Milliseconds. */
    readonly maxAgeMs?: number;
  };
  readonly consumersComplete: boolean;
  readonly consumers: readonly InventoryConsumer[];
  readonly resources: readonly InventoryResource[];
  readonly vault: readonly string[];
  readonly workloadIdentityAvailable?: YesNo;
  /** `own` or `other-organisation`. */
  readonly belongsTo?: string;
  /** `YYYY-MM-DD`. */
  readonly reviewed?: string;
  /** File and line (from 1) of the entry. */
  readonly origin: { readonly file: string; readonly line: number };
}

export interface EnvironmentName {
  readonly name: string;
  /** Higher is closer to production; the built-in names have 60 (prod) to 10 (local). */
  readonly rank?: number;
  readonly match: readonly string[];
}

export interface VaultPath {
  /** `path#key`. */
  readonly path: string;
  readonly version?: string;
  readonly fingerprint?: string;
  readonly slot?: string;
  readonly identity?: string;
  readonly readers: readonly string[];
}

export interface Liveness {
  readonly fingerprint: string;
  readonly checkedAt: string;
  readonly result: 'live' | 'dead' | 'unknown';
  readonly method: string;
  readonly by: string;
  readonly scopes: readonly string[];
}

/** Who says of which principal that its consumer list is complete, until when. */
export interface Attestation {
  readonly principal: string;
  readonly by: string;
  readonly at: string;
  readonly until?: string;
}

export interface GateResult {
  readonly plan: string;
  readonly step: string;
  readonly gate: string;
  readonly result: 'pass' | 'fail';
  readonly windowStart: string;
  readonly windowEnd: string;
  readonly value?: string;
  readonly source: string;
  readonly by: string;
}

export interface Imports {
  readonly parties: readonly Party[];
  readonly environments: readonly EnvironmentName[];
  readonly identities: readonly InventoryEntry[];
  readonly vault: readonly VaultPath[];
  readonly liveness: readonly Liveness[];
  readonly attestations: readonly Attestation[];
  readonly gates: readonly GateResult[];
  /** Places by key or name: what the scan cannot know. */
  readonly placeFacts: readonly PlaceFact[];
}

export interface PlaceFact {
  readonly place: string;
  readonly audience?: 'public' | 'external' | 'internal' | 'restricted' | 'unknown';
  /** True when it was public at any time. */
  readonly publicEver?: boolean;
  readonly archived?: boolean;
  readonly custodian?: string;
  /** Ids of parties that can read it, or could; absent: unknown. */
  readonly readers?: readonly string[];
}

export const noImports: Imports = {
  parties: [],
  environments: [],
  identities: [],
  vault: [],
  liveness: [],
  attestations: [],
  gates: [],
  placeFacts: [],
};
