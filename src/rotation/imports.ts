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
  /** What it can read: systems (`slack`), keys or names of places, or `*`. Absent: nobody said. */
  readonly canRead?: readonly string[];
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
  /** `continuous`, `scheduled`, `on-demand`, or `cron <expression>`. */
  readonly runs?: string;
  /** RFC 3339 UTC of the next run, where somebody says when that is. */
  readonly nextRun?: string;
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
  /** What its consumers need of it. */
  readonly privilegeNeeded?: Privilege;
  readonly class?: CredentialClass;
  readonly status?: 'active' | 'dormant' | 'retired' | 'unknown';
  readonly rotation?: {
    readonly overlap?: YesNo;
    readonly mechanism?: string;
    readonly reload?: Reload;
    /** Milliseconds. */
    readonly maxAgeMs?: number;
    /**
     * Who carries its rotation out, sorted: names of consumers, ids of entries or keys of principals. A secret that is
     * rotated through itself, or through something that needs it, is `SELF_ROTATING` or in a cycle.
     */
    readonly through?: readonly string[];
  };
  readonly consumersComplete: boolean;
  readonly consumers: readonly InventoryConsumer[];
  readonly resources: readonly InventoryResource[];
  readonly vault: readonly string[];
  readonly workloadIdentityAvailable?: YesNo;
  readonly belongsTo?: 'own' | 'other-organisation';
  /** Id of the party of type vendor that issued it or works with it. */
  readonly vendor?: string;
  /** `YYYY-MM-DD`. */
  readonly reviewed?: string;
  /** RFC 3339 UTC: stands for the review of an entry that names none. */
  readonly importedAt?: string;
  /** File of the entry and, while it is being read, its line (from 1): what was imported does not depend on row order. */
  readonly origin: { readonly file: string; readonly line?: number };
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
  /** Whose it is, as the check saw it: key of a principal, or an ARN. */
  readonly principal?: string;
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

/**
 * A CI secret that is kept for a whole organisation: the same name means the same value in all its repositories (N4).
 * `organisation` is that of the places (`acme` of `github.com/acme/api`); absent: wherever the name is asked for.
 */
export interface OrganisationSecret {
  readonly name: string;
  readonly organisation?: string;
  /** Id of the entry of the inventory whose secret it holds; absent: that seen under the same name. */
  readonly entry?: string;
}

export interface Imports {
  readonly parties: readonly Party[];
  readonly environments: readonly EnvironmentName[];
  readonly identities: readonly InventoryEntry[];
  readonly vault: readonly VaultPath[];
  readonly liveness: readonly Liveness[];
  readonly attestations: readonly Attestation[];
  /** Of a file that is read; what is stored has none. */
  readonly gates: readonly GateResult[];
  /** Places by key or name: what the scan cannot know. */
  readonly placeFacts: readonly PlaceFact[];
  readonly organisationSecrets: readonly OrganisationSecret[];
}

export interface PlaceFact {
  readonly place: string;
  readonly audience?: 'public' | 'external' | 'internal' | 'restricted' | 'unknown';
  /** True when it was public at any time. */
  readonly publicEver?: boolean;
  /** True when it is closed for good: nothing runs from it any more. */
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
  organisationSecrets: [],
};
