/** What commands that speak of rotation get: everything that was imported, decided and recorded, and dossiers to ask for. */
import type { Dossier } from '../../rotation/dossier.js';
import type { ExceptionStanding } from '../../rotation/exceptions/standing.js';
import type { ProviderTable } from '../../rotation/facts/provider-table.js';
import type { IdleStatements } from '../../rotation/import/idle-statements.js';
import type { Imports } from '../../rotation/imports.js';
import type { People } from '../../rotation/log/people.js';
import type { LogState } from '../../rotation/log/state.js';
import type { PlanningInput } from '../../rotation/plan/plan.js';
import type { Policy } from '../../rotation/policy/policy.js';
import type { EvidenceLog } from '../../store/evidence-log.js';

export interface RotationOptions {
  /** RFC 3339; the clock's time when left out. */
  readonly now?: string;
  /** Policy file as typed. */
  readonly policy?: string;
  /** Inventory files as typed, on top of what was imported. */
  readonly inventory?: readonly string[];
  /** `append` for commands that record something. */
  readonly log?: 'read' | 'append';
  /** Fingerprints that are looked at whatever their status. */
  readonly wanted?: readonly string[];
}

/** Some secrets that belong together, with all that plans are made of. */
export interface RotationLook {
  /** By priority, last sighting, fingerprint. */
  readonly dossiers: readonly Dossier[];
  /** For `makePlans`: of these dossiers. */
  readonly input: PlanningInput;
}

export interface Rotation {
  readonly now: string;
  readonly policy: Policy;
  readonly imports: Imports;
  readonly providers: ProviderTable;
  readonly log: EvidenceLog;
  readonly state: LogState;
  readonly people: People;
  readonly standings: readonly ExceptionStanding[];
  /** Names of places whose files cannot be read now. */
  readonly unread: readonly string[];
  /** Names of places that no scan has read: other tools' reports tell of them. */
  readonly unscanned: readonly string[];
  /** Checks and attestations about nothing that is known. */
  readonly idle: IdleStatements;
  /** Of all secrets that are looked at, sorted. */
  readonly fingerprints: readonly string[];
  /** Batch by batch, related secrets together; with `wanted` only the batches that hold one of these. */
  look(wanted?: ReadonlySet<string>): AsyncIterable<RotationLook>;
  close(): void;
}
