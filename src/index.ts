/** The library's whole public surface. It never prints, reads the environment or ends the process. */

export { lookupsOf as fingerprints } from './identity/canonical.js';
export { fingerprintOf as fingerprint } from './identity/fingerprint.js';
export { textHasher } from './identity/hashed-text.js';
export { deriveKeys, type IdentityKeys } from './identity/hkdf-keys.js';
export { type LoadedKey, loadOrCreateKey, readKeyFile } from './identity/keys.js';
export type {
  Appearance,
  CommitFacts,
  FileAppearance,
  GitBlobAppearance,
  GitTextAppearance,
  LocationKind,
  PathName,
  Person,
  RecordAppearance,
} from './model/appearance.js';
export type {
  Exposure,
  KindLabel,
  Location,
  PlaceCoverage,
  Relation,
  SecretSummary,
  Status,
  StatusDetail,
} from './model/exposure.js';
export type { Attribute, Confidence, KnownAnchor, RelationKind, Spelling, View } from './model/finding.js';
export {
  type CommitId,
  type Fingerprint,
  type KindId,
  type PlaceKey,
  parseFingerprint,
  parseKindId,
  parsePlaceKey,
  parseRuleId,
  type RuleId,
} from './model/ids.js';
export type { PeopleMode } from './model/people-mode.js';
export type { Audience, Place, System } from './model/place.js';
export { type FatalProblem, type InputProblem, ProblemError } from './model/problem.js';
export type { Receipt, SkipReason } from './model/receipt.js';
export type { Position, Span } from './model/span.js';
export type { ScanEvent, ScanOptions, ScanResult } from './scan/messages.js';
export { type ReadExportOptions, type ReadRecord, readExport } from './scan/records/read-export.js';
export {
  type IngestedReport,
  type IngestReportOptions,
  ingestReport,
} from './scan/reports/ingest-report.js';
export type { ReportSummary } from './scan/reports/take-report.js';
export { type ScanDeps, scan } from './scan/scan.js';
export { type ScanStreamDeps, type ScanStreamEvent, scanEvents } from './scan/scan-events.js';
export type { ExportRecord, RecordText } from './sources/exports/contract.js';
export { openStore as openDatabase } from './store/open-store.js';
export type {
  AllowEntry,
  CheckResult,
  OpenOptions,
  RootCopy,
  RootReading,
  SecretFilter,
  Store,
  StoreStats,
} from './store/store.js';
