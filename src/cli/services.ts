/**
 * What the commands need from the other folders. Each is loaded when first called, so that `--help`, a
 * usage error or `key init` load neither SQLite nor the engine; tests pass their own.
 */

import type { KnownLiteral } from '../detect/literal-search.js';
import type { IdentityKeys } from '../identity/hkdf-keys.js';
import type { Exposure, Location } from '../model/exposure.js';
import type { Finding, KnownAnchor } from '../model/finding.js';
import type { Fingerprint, KeyId } from '../model/ids.js';
import type { System } from '../model/place.js';
import type { SecretValue } from '../model/secret-value.js';
import type { RotationSettings } from '../rotation/estate.js';
import type { ProviderTable } from '../rotation/facts/provider-table.js';
import type { Imports } from '../rotation/imports.js';
import type { RuleSet } from '../rules/rule-set.js';
import type { CompiledUserRule } from '../rules/user-rules.js';
import type { BaselinedFinding } from '../scan/baseline-entries.js';
import type { SecretPosition } from '../scan/find-secrets.js';
import type { DeepEvents } from '../scan/locate-deep.js';
import type { MaskWith } from '../scan/mask-secrets.js';
import type { ScanEvent, ScanOptions, ScanResult } from '../scan/messages.js';
import type { ReportSummary, TakeReportOptions } from '../scan/reports/take-report.js';
import type { ReportRow } from '../sources/reports/contract.js';
import type { OpenOptions, Store, SweepCandidate } from '../store/store.js';
import type { BaselineHeader } from '../suppress/baseline.js';

import type { Context } from './context.js';
import type { FoundDossier } from './dossiers.js';
import type { RootLook } from './look-at-root.js';
import type { Rotation, RotationOptions } from './rotation/rotation.js';
import type { Session } from './session.js';

/** What every run over sources gets. */
export interface RunDeps {
  readonly store: Store;
  readonly keys: IdentityKeys;
  readonly onEvent: (event: ScanEvent) => void;
  readonly signal: AbortSignal;
}

/** One way in which a value given by hand may be known. */
export interface ValueForm {
  readonly fingerprint: Fingerprint;
  /** Which form it is: `literal`, or the domain of an alias. */
  readonly domain: string;
  /** For literal forms: how to find bare copies; absent when the form is too short or too weak. */
  readonly anchor?: KnownAnchor;
}

/** Where git looks for hooks in a repository. */
export interface HookFolder {
  /** Absolute. */
  readonly folder: string;
  /** Root of the work tree. */
  readonly workTree: string;
  /** True when `core.hooksPath` leads out of this repository, so that other repositories share it. */
  readonly shared: boolean;
  /** True when `core.hooksPath` is set. */
  readonly configured: boolean;
}

/** The rules that hold somewhere, and which of them a configuration added. */
export interface OwnRules {
  readonly rules: RuleSet;
  readonly compiled: readonly CompiledUserRule[];
  /** Ids of built-in rules whose findings the configuration hides. */
  readonly disabled: readonly string[];
  /** Lines for people: what of the configuration has no effect. */
  readonly notes: readonly string[];
}

export interface OwnRuleFaults {
  readonly rules: number;
  readonly faults: readonly string[];
  /** What a rule cannot see, and what it costs; no faults. */
  readonly limits: readonly string[];
  readonly notes: readonly string[];
}

export interface RuleFaults {
  readonly rules: number;
  readonly kinds: number;
  /** Provider facts: rows, kinds that have one, kinds that fall back to `generic.password`. */
  readonly facts: { readonly rows: number; readonly kinds: number; readonly fallingBack: number };
  readonly faults: readonly string[];
}

export interface Services {
  openStore(options: OpenOptions): Promise<Store>;
  /** Which key a database was made with; undefined when it is new. */
  readKeyId(path: string): Promise<KeyId | undefined>;
  /** Root of the work tree that holds a path; the path itself outside of one. */
  targetRoot(path: string): Promise<string>;
  /** Baseline entries of a secret's copies; their values are read again. */
  baselineFindings(
    header: BaselineHeader,
    exposure: Exposure,
    locations: readonly Location[],
    deps: RunDeps,
  ): Promise<readonly BaselinedFinding[]>;
  scan(options: ScanOptions, deps: RunDeps): Promise<ScanResult>;
  /** Takes what another scanner reported over into the database. */
  takeReport(rows: readonly ReportRow[], options: TakeReportOptions, deps: RunDeps): Promise<ReportSummary>;
  /** Verifies contents of the sweep index by reading them again. */
  locate(
    candidates: readonly SweepCandidate[],
    known: readonly KnownAnchor[],
    deps: RunDeps,
  ): AsyncIterable<Location>;
  /** Reads every known root again for a value, in every spelling. */
  locateDeep(
    known: readonly KnownAnchor[],
    literals: readonly KnownLiteral[],
    deps: RunDeps,
    events: DeepEvents,
  ): AsyncIterable<Location>;
  /** A value as it is looked for byte by byte. */
  literalOf(value: SecretValue, keys: IdentityKeys): Promise<KnownLiteral>;
  /** All forms of a value, by every canonicaliser. */
  formsOf(value: Buffer, keys: IdentityKeys): Promise<readonly ValueForm[]>;
  loadRuleSet(): Promise<RuleSet>;
  /** The rules with those of the folder's checkout, or of the named configuration instead. */
  ownRules(cwd: string, configFile: string | undefined): Promise<OwnRules>;
  /** Checks the rule files, their examples included. */
  checkRules(folder: string | undefined): Promise<RuleFaults>;
  /** All secrets with what was imported, decided and recorded of them; to be closed. */
  rotation(context: Context, session: Session, options: RotationOptions): Promise<Rotation>;
  /** Facts about providers, with those of the folder's checkout. */
  providerTable(cwd: string): Promise<ProviderTable>;
  /** Checks the rules that a configuration added. */
  checkOwnRules(own: OwnRules): Promise<OwnRuleFaults>;
  /** What the engine finds in a text, under an ephemeral key. */
  tryRules(text: Buffer, own: OwnRules): Promise<readonly Finding[]>;
  /** What is at a root's locator now. */
  lookAtRoot(locator: string, system: System, mirrors: string): Promise<RootLook>;
  /** How many refs of a repository lead to each commit. */
  refsReaching(locator: string, commits: readonly string[]): Promise<ReadonlyMap<string, number>>;
  isTracked(workTree: string, path: string): Promise<boolean>;
  hookFolder(cwd: string): Promise<HookFolder>;
  /** `2.43.0`, or undefined when git cannot be started. */
  gitVersion(): Promise<string | undefined>;
  /** The text without what rules call a secret: errors repeat paths that were typed, and a path can hold one. */
  maskSecrets(text: string, given?: MaskWith): Promise<string>;
  /** Where a text holds secrets; for files that must hold none. */
  findSecrets(text: string, given?: MaskWith): Promise<readonly SecretPosition[]>;
  /** All that is known of a secret: what uses it, whose it is, how urgent it is. */
  dossier(
    store: Store,
    exposure: Exposure,
    imports: Imports,
    now: string,
    cwd: string,
    settings?: RotationSettings,
  ): Promise<FoundDossier>;
  /** Re-reads the value of a location for `--show-secrets`. */
  reveal(location: Location, deps: RunDeps): Promise<string | undefined>;
}
